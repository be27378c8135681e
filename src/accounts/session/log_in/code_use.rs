//! Using up the code of a second factor, and telling the owner of a recovery code that is gone.

use diesel::pg::PgConnection;
use diesel::prelude::*;

use crate::accounts::one_time_code::authenticator::AppCode;
use crate::accounts::one_time_code::typed_code::TypedCode;
use crate::accounts::session::security_notice::{NoticeKind, SecurityNotice};
use crate::accounts::user::user::User;
use crate::audit::event::{Action, Actor};
use crate::db::sliding_window::{self, Window};
use crate::mail::mail_context::MailContext;
use crate::values::clock::Timestamp;
use crate::web::visitor::client::Client;

/// A code that somebody typed who is known to be at the account of this user.
#[derive(Clone, Copy, Debug)]
pub struct CodeUse<'a> {
    /// What was typed.
    pub code: &'a TypedCode,
    /// Whose code it should be.
    pub user: &'a User,
    /// Who typed it.
    pub client: &'a Client,
}

impl CodeUse<'_> {
    /// Uses it up; false when it does not work. A recovery code is recorded, and its owner gets a mail.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn redeem(&self, conn: &mut PgConnection, now: Timestamp, mail: &MailContext) -> QueryResult<bool> {
        let Self { code, user, client } = *self;
        let code = match code {
            TypedCode::App(digits) => {
                return AppCode { owner: &user.id, digits, keys: &mail.keys }.redeem(conn, now);
            }
            TypedCode::Recovery(code) => code,
        };
        if !code.redeem(conn, &user.id)? {
            return Ok(false);
        }
        Action::RecoveryCodeUsed.by(&Actor::new(&user.id, client), &user.id).record(conn, now)?;
        SecurityNotice { kind: NoticeKind::RecoveryCodeUsed, user, client }.send(conn, now, mail)?;
        Ok(true)
    }
}
