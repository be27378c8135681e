//! Which accounts an organization manages: a column of the member's row says so.

use diesel::pg::PgConnection;
use diesel::prelude::*;

use crate::schema::user;
use crate::values::id::UserId;

/// Whether this account manages any other.
///
/// # Errors
/// When the statement fails.
pub fn manages_any(conn: &mut PgConnection, organization: &UserId) -> QueryResult<bool> {
    let members = user::table.filter(user::organization_id.eq(organization.as_str()));
    diesel::select(diesel::dsl::exists(members)).get_result(conn)
}
