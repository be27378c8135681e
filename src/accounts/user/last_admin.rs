//! Whether an admin is the last one who can log in: somebody must always be able to run the site.

use diesel::dsl::{exists, sql};
use diesel::expression::SqlLiteral;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use crate::schema::user;
use crate::values::id::UserId;

/// Whether this is the only admin who can log in. If it is an admin, locks every admin's row first: of two admins who go
/// at once, each could otherwise take the other for the one who stays. Whoever changes another account has locked it
/// already, and would wait with it for an admin who is about to change the same one.
pub(in crate::accounts) fn is_last(conn: &mut PgConnection, id: &UserId) -> QueryResult<bool> {
    if !diesel::select(exists(user::table.find(id.as_str()).filter(is_admin()))).get_result(conn)? {
        return Ok(false);
    }
    let admins = user::table.filter(is_admin()).order(user::id).for_update();
    let admins: Vec<(String, bool)> = admins.select((user::id, can_log_in())).load(conn)?;
    let mut able = admins.iter().filter(|(_, is_able)| *is_able).map(|(admin, _)| admin);
    Ok(able.next().is_some_and(|only| only == id.as_str()) && able.next().is_none())
}

/// Locks every admin's row, in the order of [`is_last`].
pub(in crate::accounts) fn lock_all(conn: &mut PgConnection) -> QueryResult<()> {
    let admins = user::table.filter(is_admin()).order(user::id).select(user::id).for_update();
    admins.load::<String>(conn).map(|_| ())
}

/// How many admins can log in.
pub(in crate::accounts) fn count(conn: &mut PgConnection) -> QueryResult<i64> {
    user::table.filter(is_admin()).filter(can_log_in()).count().get_result(conn)
}

/// An admin who asked to be deleted can log in no more.
#[diesel::dsl::auto_type]
fn can_log_in() -> _ {
    user::is_active.is_distinct_from(false).and(user::purge_at.is_null())
}

/// A literal, as in `user_admin_idx`: a plan for any type would not use it.
fn is_admin() -> SqlLiteral<Bool> {
    sql("\"user\".type = 'admin'")
}
