//! Asking somebody who is signed in, and gave the password again, for a code.

use super::code_use::CodeUse;
use crate::accounts::one_time_code::typed_code::TypedCode;
use crate::accounts::user::user::User;
use crate::db::sliding_window;
use crate::mail::mail_context::MailContext;
use crate::web::protection::limits;
use crate::web::{self, Error};

/// Whether the account asks for no code, or this one works, which is then used up. Wrong ones count for the account.
pub(in crate::accounts) async fn prove_code(request: &web::Request, user: &User, typed: &str) -> Result<bool, Error> {
    if user.second_factor_since.is_none() {
        return Ok(true);
    }
    let web::Request { app, layout, client, .. } = request.clone();
    let Some(code) = TypedCode::parse(typed) else { return Ok(false) };
    let counts = [limits::CODES.for_user(&user.id)];
    app.limits.count(&app.db, &counts).await?;
    let (now, mail, counted) = (app.clock.now(), MailContext::of(&app, layout.locale), app.limits.provisional(&counts));
    let user = user.clone();
    let redeemed = app.db.write(move |conn| {
        let redeemed = CodeUse { code: &code, user: &user, client: &client }.redeem(conn, now, &mail)?;
        if redeemed {
            sliding_window::refund(conn, &counted.iter().collect::<Vec<_>>())?;
        }
        Ok(redeemed)
    });
    Ok(redeemed.await?)
}
