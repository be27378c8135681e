//! An organization that acts on members and invites people.

use diesel::pg::PgConnection;
use diesel::prelude::*;

use crate::audit::event::Actor;
use crate::schema::user;
use crate::values::account_kind::AccountKind;
use crate::values::email_address::EmailAddress;
use crate::values::id::UserId;
use crate::web::visitor::client::Client;

/// An organization that is signed in.
#[derive(Clone, Debug)]
pub struct Employer {
    /// Its account.
    pub id: UserId,
    /// Its verified address.
    pub email: EmailAddress,
    /// Where it acts from.
    pub client: Client,
}

impl Employer {
    /// The organization as events name it.
    #[must_use]
    pub fn actor(&self) -> Actor {
        Actor::new(&self.id, &self.client)
    }
}

/// Whether the organization may invite. It may not once it is deactivated or its owner deleted it: its invitations end
/// with it.
pub(super) fn may_invite(conn: &mut PgConnection, organization: &UserId) -> QueryResult<bool> {
    Ok(inviting(organization).first::<String>(conn).optional()?.is_some())
}

/// The same, with the row locked against changes until the end of the transaction.
pub(super) fn lock_shared(conn: &mut PgConnection, organization: &UserId) -> QueryResult<bool> {
    Ok(inviting(organization).for_share().first::<String>(conn).optional()?.is_some())
}

/// The same, with the row locked so that nobody else locks it before the end of the transaction.
pub(super) fn lock(conn: &mut PgConnection, organization: &UserId) -> QueryResult<bool> {
    Ok(inviting(organization).for_update().first::<String>(conn).optional()?.is_some())
}

#[diesel::dsl::auto_type(no_type_alias)]
fn inviting<'a>(id: &'a UserId) -> _ {
    let (id, kind): (&'a str, &'static str) = (id.as_str(), AccountKind::Organization.as_str());
    user::table
        .find(id)
        .filter(user::type_.eq(kind))
        .filter(user::is_active.is_distinct_from(false))
        .filter(user::purge_at.is_null())
        .select(user::id)
}
