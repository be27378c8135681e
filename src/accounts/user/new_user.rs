//! A new user: the row and the password of somebody who signs up.

use diesel::pg::PgConnection;
use diesel::prelude::*;

use super::unverified;
use super::user::way_in::WayIn;
use super::user::{User, UserRow};
use crate::audit::event::{Action, Actor};
use crate::schema::user;
use crate::values::account_kind::AccountKind;
use crate::values::clock::Timestamp;
use crate::values::email_address::EmailAddress;
use crate::values::id::UserId;
use crate::values::locale::Locale;
use crate::values::single_line::{OrganizationName, Profession};

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
    /// What opens it.
    pub way_in: WayIn,
    /// The language of the page; nothing for an account that the operator makes.
    pub locale: Option<Locale>,
}

impl NewUser {
    /// Makes an account whose address needs no proof, for the command line and for whoever followed an invitation to it.
    /// Nothing when the address has one.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn insert_verified(&self, conn: &mut PgConnection, now: Timestamp) -> QueryResult<Option<User>> {
        if User::find_by_email(conn, &self.email)?.is_some() {
            return Ok(None);
        }
        let user = self.insert(conn, now, &Address { is_email_verified: true, purge_at: None })?;
        user.iter().try_for_each(|user| self.way_in.add(conn, now, &user.id))?;
        Ok(user)
    }

    /// Makes an account that waits for its address to be verified. Nothing when the address has one.
    pub(in crate::accounts) fn insert_unverified(
        &self,
        conn: &mut PgConnection,
        now: Timestamp,
    ) -> QueryResult<Option<User>> {
        let address = Address { is_email_verified: false, purge_at: Some(now + unverified::KEPT) };
        let user = self.insert(conn, now, &address)?;
        // Another provider opens it once the address is verified: until then it could be a stranger's.
        if let (Some(user), WayIn::Password(_)) = (&user, &self.way_in) {
            self.way_in.add(conn, now, &user.id)?;
        }
        Ok(user)
    }

    fn insert(&self, conn: &mut PgConnection, now: Timestamp, address: &Address) -> QueryResult<Option<User>> {
        let row = (
            user::id.eq(UserId::generate().to_string()),
            user::email.eq(self.email.as_str()),
            user::name.eq(self.name.as_str()),
            user::created_at.eq(now),
            user::updated_at.eq(now),
            user::is_active.eq(true),
            user::profession.eq(self.profession()),
            user::type_.eq(self.kind.as_str()),
            user::locale.eq(self.locale.map(Locale::code)),
            address,
        );
        let inserted = diesel::insert_into(user::table).values(row).on_conflict(user::email).do_nothing();
        let inserted = inserted.returning(UserRow::as_returning()).get_result(conn).optional()?;
        let Some(user) = inserted.map(User::from) else { return Ok(None) };
        Action::SignedUp
            .by(&Actor { id: Some(user.id.clone()), ..Actor::application() }, &user.id)
            .record(conn, now)?;
        Ok(Some(user))
    }

    fn profession(&self) -> &str {
        self.profession.as_ref().map_or("", Profession::as_str)
    }
}

/// Whether the address of a new account is verified, and when the account is erased if nobody verifies it.
#[derive(Insertable)]
#[diesel(table_name = user, treat_none_as_default_value = false)]
struct Address {
    is_email_verified: bool,
    purge_at: Option<Timestamp>,
}
