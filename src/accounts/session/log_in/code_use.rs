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
use crate::values::id::UserId;
use crate::web::Error;
use crate::web::protection::limits::{self, Limits};
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
    /// What is counted when it does not work.
    pub wrong: &'a WrongCodes,
}

/// The counts of wrong codes of an account, by which its owner learns that somebody else has got as far as the code. Without
/// limits there are none.
#[derive(Clone, Debug)]
pub struct WrongCodes {
    codes: Option<Window>,
    notices: Option<Window>,
}

impl WrongCodes {
    /// Where no code is given.
    pub const UNCOUNTED: Self = Self { codes: None, notices: None };

    /// Those of this account.
    ///
    /// # Errors
    /// [`Error::TooMany`] when one was refused a moment ago.
    pub fn of(limits: &Limits, user: &UserId) -> Result<Self, Error> {
        let codes = limits.window(&limits::WRONG_CODES.for_user(user))?;
        Ok(Self { codes, notices: limits.window(&limits::WRONG_CODES_NOTICES.for_user(user))? })
    }

    /// Counts one; true when the owner is to be told.
    fn count(&self, conn: &mut PgConnection) -> QueryResult<bool> {
        let (Some(codes), Some(notices)) = (&self.codes, &self.notices) else { return Ok(false) };
        let is_full = !sliding_window::hit(conn, std::slice::from_ref(codes))?.is_empty();
        Ok(is_full && sliding_window::hit(conn, std::slice::from_ref(notices))?.is_empty())
    }
}

impl CodeUse<'_> {
    /// Uses it up; false when it does not work. A recovery code is recorded, and its owner gets a mail. After several wrong
    /// codes they get one too, once a day at most: only a right password, a link of ours or a provider leads here.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn redeem(&self, conn: &mut PgConnection, now: Timestamp, mail: &MailContext) -> QueryResult<bool> {
        let Self { user, client, wrong, .. } = *self;
        if self.use_up(conn, now, mail)? {
            return Ok(true);
        }
        if wrong.count(conn)? {
            Action::WrongCodes.by(&Actor::visitor(client), &user.id).record(conn, now)?;
            SecurityNotice { kind: NoticeKind::WrongCodes, user, client }.send(conn, now, mail)?;
        }
        Ok(false)
    }

    fn use_up(&self, conn: &mut PgConnection, now: Timestamp, mail: &MailContext) -> QueryResult<bool> {
        let Self { code, user, client, .. } = *self;
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
