//! Asking somebody who is signed in, and gave the password again, for a code.

use diesel::pg::PgConnection;
use diesel::prelude::*;

use super::code_use::CodeUse;
use crate::accounts::one_time_code::typed_code::TypedCode;
use crate::accounts::user::user::User;
use crate::db::sliding_window::{self, Window};
use crate::mail::mail_context::MailContext;
use crate::values::clock::Timestamp;
use crate::web::protection::limits;
use crate::web::visitor::client::Client;
use crate::web::{self, Error};

/// What was typed for a code, counted for the account.
pub(in crate::accounts) struct CountedCode {
    user: User,
    client: Client,
    mail: MailContext,
    /// Nothing where the account asks for no code.
    typed: Option<TypedCode>,
    counts: Vec<Window>,
}

impl CountedCode {
    /// Counts it; nothing when it is not written like a code.
    pub(in crate::accounts) async fn of(
        request: &web::Request,
        user: &User,
        typed: &str,
    ) -> Result<Option<Self>, Error> {
        let web::Request { app, layout, client, .. } = request;
        let mail = MailContext::of(app, layout.locale);
        let code = Self { user: user.clone(), client: client.clone(), mail, typed: None, counts: Vec::new() };
        if user.second_factor_since.is_none() {
            return Ok(Some(code));
        }
        let Some(typed) = TypedCode::parse(typed) else { return Ok(None) };
        let counts = [limits::CODES.for_user(&user.id)];
        app.limits.count(&app.db, &counts).await?;
        Ok(Some(Self { typed: Some(typed), counts: app.limits.provisional(&counts), ..code }))
    }

    /// Uses it up and gives its count back; false when it does not work.
    ///
    /// # Errors
    /// When a statement fails.
    pub(in crate::accounts) fn redeem(&self, conn: &mut PgConnection, now: Timestamp) -> QueryResult<bool> {
        let Self { user, client, mail, typed, counts } = self;
        let Some(code) = typed else { return Ok(true) };
        let is_redeemed = CodeUse { code, user, client }.redeem(conn, now, mail)?;
        if is_redeemed {
            sliding_window::refund(conn, &counts.iter().collect::<Vec<_>>())?;
        }
        Ok(is_redeemed)
    }
}

/// Whether the account asks for no code, or this one works, which is then used up. Wrong ones count for the account.
pub(in crate::accounts) async fn prove_code(request: &web::Request, user: &User, typed: &str) -> Result<bool, Error> {
    let Some(code) = CountedCode::of(request, user, typed).await? else { return Ok(false) };
    if user.second_factor_since.is_none() {
        return Ok(true);
    }
    let now = request.app.clock.now();
    Ok(request.app.db.write(move |conn| code.redeem(conn, now)).await?)
}
