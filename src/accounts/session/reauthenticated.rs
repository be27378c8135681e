//! Somebody signed in who has just given the password again, to change what it protects.

use diesel::pg::PgConnection;
use diesel::prelude::*;

use super::session::Session;
use crate::accounts::user::user::User;
use crate::values::clock::Timestamp;
use crate::values::id::SessionId;
use crate::values::secret_token::SecretToken;
use crate::web::visitor::client::Client;

/// Who it is, as read when the password was checked.
#[derive(Clone, Debug)]
pub struct Reauthenticated {
    /// The account.
    pub user: User,
    /// The session.
    pub session: SessionId,
    /// The token that the session gets.
    pub token: SecretToken,
    /// From where.
    pub client: Client,
}

impl Reauthenticated {
    /// Locks the account and gives the session its new token. False when the password or the second
    /// factor has changed or the session has ended since: then what was given is no proof any more.
    ///
    /// # Errors
    /// When a statement fails.
    pub(in crate::accounts) fn still_holds(&self, conn: &mut PgConnection, now: Timestamp) -> QueryResult<bool> {
        self.user.lock(conn)?;
        let user = User::find(conn, &self.user.id)?;
        let is_same = |user: User| {
            user.password == self.user.password && user.second_factor_since == self.user.second_factor_since
        };
        let is_proved = user.filter(|user| user.is_active).is_some_and(is_same);
        Ok(is_proved && Session::rotate(conn, now, &self.session, &self.token)?)
    }
}
