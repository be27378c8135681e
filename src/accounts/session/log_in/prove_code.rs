//! Asking somebody who is signed in for the password again, and for a code.

use diesel::pg::PgConnection;
use diesel::prelude::*;

use super::code_use::{CodeUse, WrongCodes};
use crate::accounts::one_time_code::typed_code::TypedCode;
use crate::accounts::one_time_code::words::Words as CodeWords;
use crate::accounts::user::password_hashing::check;
use crate::accounts::user::user::User;
use crate::accounts::user::words::Words as CommonWords;
use crate::db::sliding_window::{self, Window};
use crate::mail::mail_context::MailContext;
use crate::values::clock::Timestamp;
use crate::web::protection::limits::{self, Rule};
use crate::web::visitor::client::Client;
use crate::web::{self, App, Error, FieldErrors, Layout, Viewer};

/// The field of the password, where another one is asked for beside it.
pub(in crate::accounts) const CURRENT_PASSWORD: &str = "current_password";

/// What somebody types who is signed in and proves it again.
#[derive(Clone, Copy)]
pub(in crate::accounts) struct Typed<'a> {
    pub(in crate::accounts) password: &'a str,
    /// Of the second factor, where the account has one.
    pub(in crate::accounts) code: &'a str,
}

/// What was wrong with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::accounts) enum Wrong {
    Password,
    Code,
    RecoveryCode,
    NoCode,
}

impl Wrong {
    /// What is wrong with a field that should have a code that works, and has none.
    pub(in crate::accounts) fn code_of(typed: &str) -> Self {
        match TypedCode::parse(typed) {
            _ if typed.trim().is_empty() => Self::NoCode,
            Some(TypedCode::Recovery(_)) => Self::RecoveryCode,
            _ => Self::Code,
        }
    }

    /// The error of its field, where this one has the password.
    pub(in crate::accounts) fn errors(self, layout: &Layout, password: &'static str) -> FieldErrors {
        let common = CommonWords::of(layout.locale);
        let mut errors = FieldErrors::default();
        match self {
            Self::Password if password == CURRENT_PASSWORD => errors.add(password, common.wrong_current_password),
            Self::Password => errors.add(password, common.wrong_password),
            Self::Code => errors.add("code", CodeWords::of(layout.locale).wrong),
            Self::RecoveryCode => errors.add("code", CodeWords::of(layout.locale).wrong_recovery),
            Self::NoCode => errors.add("code", CodeWords::of(layout.locale).empty),
        }
        errors
    }
}

/// The viewer's own row with what was typed for a code, if the password is theirs. Every attempt counts before it is checked,
/// so that nobody who finds a browser signed in can guess the password. The code is not used up yet.
pub(in crate::accounts) async fn prove(
    request: &web::Request,
    viewer: &Viewer,
    typed: Typed<'_>,
) -> Result<Result<CountedCode, Wrong>, Error> {
    count_attempt(&request.app, viewer).await?;
    let Some(user) = check_counted(request, viewer, typed.password).await? else {
        return Ok(Err(Wrong::Password));
    };
    Ok(CountedCode::of(request, &user, typed.code, limits::CODES_WITHIN)
        .await?
        .ok_or_else(|| Wrong::code_of(typed.code)))
}

/// Counts an attempt, for a form whose other fields are costly to read.
pub(in crate::accounts) async fn count_attempt(app: &App, viewer: &Viewer) -> Result<(), Error> {
    app.limits.count(&app.db, &[limits::PROOFS.for_user(&viewer.id)]).await
}

/// The viewer's own row, if the password is theirs, in an attempt that was counted.
pub(in crate::accounts) async fn check_counted(
    request: &web::Request,
    viewer: &Viewer,
    typed: &str,
) -> Result<Option<User>, Error> {
    let id = viewer.id.clone();
    let found = request.app.db.read(move |conn| User::find(conn, &id)).await?;
    check(&request.app, &request.client, found, typed).await
}

/// What was typed for a code, counted for the account. It is used up in the transaction of what it allows: an act that fails
/// leaves it as it is.
#[derive(Clone, Debug)]
pub struct CountedCode {
    /// Whose password was right.
    pub(in crate::accounts) user: User,
    client: Client,
    mail: MailContext,
    /// Nothing where the account asks for no code.
    typed: Option<TypedCode>,
    counts: Vec<Window>,
    wrong: WrongCodes,
}

impl CountedCode {
    /// Counts it by this rule; nothing when it is not written like a code.
    pub(in crate::accounts) async fn of(
        request: &web::Request,
        user: &User,
        typed: &str,
        rule: Rule,
    ) -> Result<Option<Self>, Error> {
        let web::Request { app, layout, client, .. } = request;
        let mail = MailContext::of(app, layout.locale);
        let wrong = WrongCodes::of(&app.limits, &user.id)?;
        let code = Self { user: user.clone(), client: client.clone(), mail, typed: None, counts: Vec::new(), wrong };
        if user.second_factor_since.is_none() {
            return Ok(Some(code));
        }
        let Some(typed) = TypedCode::parse(typed) else { return Ok(None) };
        let counts = [rule.for_user(&user.id)];
        app.limits.count(&app.db, &counts).await?;
        Ok(Some(Self { typed: Some(typed), counts: app.limits.provisional(&counts), ..code }))
    }

    /// Whether the account asks for the second factor for which this was typed, or still for none.
    pub(in crate::accounts) fn is_asked_by(&self, user: &User) -> bool {
        self.user.second_factor_since == user.second_factor_since
    }

    /// Uses it up and gives its count back; false when it does not work.
    ///
    /// # Errors
    /// When a statement fails.
    pub(in crate::accounts) fn redeem(&self, conn: &mut PgConnection, now: Timestamp) -> QueryResult<bool> {
        let Self { user, client, mail, typed, counts, wrong } = self;
        let Some(code) = typed else { return Ok(true) };
        let is_redeemed = CodeUse { code, user, client, wrong }.redeem(conn, now, mail)?;
        if is_redeemed {
            sliding_window::refund(conn, &counts.iter().collect::<Vec<_>>())?;
        }
        Ok(is_redeemed)
    }
}
