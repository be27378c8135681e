//! Somebody signed in who has just given the password again, to change what it protects.

use diesel::pg::PgConnection;
use diesel::prelude::*;

use super::log_in::prove_code::CountedCode;
use super::session::Session;
use crate::accounts::user::user::User;
use crate::schema::session;
use crate::values::clock::Timestamp;
use crate::values::id::SessionId;
use crate::values::secret_token::SecretToken;
use crate::web::visitor::client::Client;
use crate::web::{Answer, Submission};

/// Who it is, as read when the password was checked.
#[derive(Clone, Debug)]
pub struct Reauthenticated {
    /// The account.
    pub user: User,
    /// What was typed for a code; nothing where none is asked for.
    pub code: Option<CountedCode>,
    /// The form that it came by.
    pub submission: Submission,
    /// The session.
    pub session: SessionId,
    /// The token that the session gets.
    pub token: SecretToken,
    /// From where.
    pub client: Client,
}

/// What became of the session of somebody who proved who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Renewed {
    /// It has its new token, and the code is used up.
    Done,
    /// The code does not work.
    WrongCode,
    /// The session has ended, or what was given is no proof of the account any more.
    Ended,
}

impl Reauthenticated {
    /// Locks the account, uses up the code and gives the session its new token: the first step of the transaction of what
    /// that allows. Nothing is changed when the code does not work, or when the password or the second factor has changed
    /// or the session has ended since. Rolls back when an equal form took effect, which may have used the code up.
    ///
    /// # Errors
    /// When an equal form took effect, or a statement fails.
    pub(in crate::accounts) fn renew(&self, conn: &mut PgConnection, now: Timestamp) -> QueryResult<Renewed> {
        self.user.lock(conn)?;
        self.submission.refuse_equal(conn)?;
        let is_same = |user: User| {
            user.password == self.user.password && user.second_factor_since == self.user.second_factor_since
        };
        let is_proved = User::find(conn, &self.user.id)?.filter(|user| user.is_active).is_some_and(is_same);
        if !is_proved || !lock_session(conn, now, &self.session)? {
            return Ok(Renewed::Ended);
        }
        if let Some(code) = &self.code
            && !code.redeem(conn, now)?
        {
            return Ok(Renewed::WrongCode);
        }
        Session::rotate(conn, now, &self.session, &self.token)?;
        Ok(Renewed::Done)
    }

    /// Stores what the form is answered with, as the last step of that transaction; nothing where nothing was changed.
    ///
    /// # Errors
    /// When an equal form took effect, or the statement fails.
    pub(in crate::accounts) fn record(
        &self,
        conn: &mut PgConnection,
        renewed: Renewed,
        answer: &Answer,
    ) -> QueryResult<Renewed> {
        if renewed == Renewed::Done {
            self.submission.record(conn, answer)?;
        }
        Ok(renewed)
    }
}

/// Locks a session, so that it does not end before the transaction does; false when it has ended. Lock its account first.
pub(in crate::accounts) fn lock_session(
    conn: &mut PgConnection,
    now: Timestamp,
    session: &SessionId,
) -> QueryResult<bool> {
    let live = session::table.find(session.as_str()).filter(session::expires_at.gt(now));
    Ok(live.select(session::id).for_update().first::<String>(conn).optional()?.is_some())
}
