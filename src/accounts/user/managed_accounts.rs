//! The accounts that an organization manages.

use diesel::dsl::exists;
use diesel::pg::PgConnection;
use diesel::prelude::*;

use crate::schema::user;
use crate::values::id::UserId;

/// Whether there are any.
pub(in crate::accounts) fn any(conn: &mut PgConnection, organization: &UserId) -> QueryResult<bool> {
    let members = user::table.filter(user::organization_id.eq(organization.as_str()));
    diesel::select(exists(members)).get_result(conn)
}
