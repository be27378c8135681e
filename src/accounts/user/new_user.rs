//! A new user: the row and the password of somebody who signs up.

use chrono::TimeDelta;
use diesel::pg::PgConnection;
use diesel::prelude::*;

use super::password::PasswordHash;
use super::unverified;
use super::user::{User, UserRow, set_password};
use crate::audit::event::{Action, Actor};
use crate::schema::user;
use crate::values::account_kind::AccountKind;
use crate::values::clock::Timestamp;
use crate::values::email_address::EmailAddress;
use crate::values::id::UserId;
use crate::values::single_line::{OrganizationName, Profession};

/// An owner is told at most this often that somebody tried to sign up with their address.
pub(in crate::accounts) const TELL_OWNER: TimeDelta = TimeDelta::hours(1);

/// Somebody who signs up; the kind comes from the route.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// What the account is for.
    pub kind: AccountKind,
    /// The name of the person or the organization.
    pub name: OrganizationName,
    /// The address, not verified yet.
    pub email: EmailAddress,
    /// The profession; organizations may give none.
    pub profession: Option<Profession>,
    /// The password's hash.
    pub password: PasswordHash,
}

impl NewUser {
    /// Makes an account whose address needs no proof, for the command line. Nothing when the address has one.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn insert_verified(&self, conn: &mut PgConnection, now: Timestamp) -> QueryResult<Option<User>> {
        if User::find_by_email(conn, &self.email)?.is_some() { Ok(None) } else { self.insert(conn, now, true) }
    }

    /// Makes an account that waits for its address to be verified. Nothing when the address has one.
    pub(in crate::accounts) fn insert_unverified(
        &self,
        conn: &mut PgConnection,
        now: Timestamp,
    ) -> QueryResult<Option<User>> {
        self.insert(conn, now, false)
    }

    fn insert(&self, conn: &mut PgConnection, now: Timestamp, verified: bool) -> QueryResult<Option<User>> {
        let row = (
            user::id.eq(UserId::generate().to_string()),
            user::email.eq(self.email.as_str()),
            user::name.eq(self.name.as_str()),
            user::is_email_verified.eq(verified),
            user::created_at.eq(now),
            user::updated_at.eq(now),
            user::is_active.eq(true),
            user::profession.eq(self.profession()),
            user::type_.eq(self.kind.as_str()),
            user::purge_at.eq((!verified).then(|| now + unverified::KEPT)),
        );
        let inserted = diesel::insert_into(user::table).values(row).on_conflict(user::email).do_nothing();
        let inserted = inserted.returning(UserRow::as_returning()).get_result(conn).optional()?;
        let Some(user) = inserted.map(User::from) else { return Ok(None) };
        set_password(conn, now, user.id.as_str(), self.password.as_str())?;
        Action::SignedUp.by(&Actor { id: Some(user.id.clone()), client: None }, &user.id).record(conn, now)?;
        Ok(Some(user))
    }

    fn profession(&self) -> &str {
        self.profession.as_ref().map_or("", Profession::as_str)
    }
}
