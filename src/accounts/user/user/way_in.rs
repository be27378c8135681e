//! What opens a new account: a password, or who its owner is at another provider.

use diesel::pg::PgConnection;
use diesel::result::QueryResult;

use super::identity::Identity;
use super::{User, set_password};
use crate::accounts::user::password::PasswordHash;
use crate::values::clock::Timestamp;
use crate::values::id::UserId;

/// What opens an account.
#[derive(Clone, Debug)]
pub enum WayIn {
    /// The password with this hash.
    Password(PasswordHash),
    /// A log-in with another provider.
    Provider(Identity),
}

impl WayIn {
    /// The hash, if it is a password.
    #[must_use]
    pub const fn password(&self) -> Option<&PasswordHash> {
        match self {
            Self::Password(password) => Some(password),
            Self::Provider(_) => None,
        }
    }

    /// Lets it open the account.
    pub(in crate::accounts) fn add(&self, conn: &mut PgConnection, now: Timestamp, owner: &UserId) -> QueryResult<()> {
        match self {
            Self::Password(password) => set_password(conn, now, owner.as_str(), password.as_str()).map(|_| ()),
            Self::Provider(identity) => identity.connect(conn, now, owner).map(|_| ()),
        }
    }

    /// Makes it all that opens the account, whose address was just proved and which has no provider any more: a password
    /// that a stranger may have set before ends.
    pub(in crate::accounts) fn replace_password(
        &self,
        conn: &mut PgConnection,
        now: Timestamp,
        owner: &UserId,
    ) -> QueryResult<()> {
        if self.password().is_none() {
            User::remove_password(conn, now, owner)?;
        }
        self.add(conn, now, owner)
    }
}
