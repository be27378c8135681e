//! Whether an admin is the last one who can log in: somebody must always be able to run the site.

use diesel::dsl::{exists, sql};
use diesel::expression::SqlLiteral;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use crate::accounts::user::user::has_password;
use crate::schema::user;
use crate::values::id::UserId;

/// Whether this is an admin who may log in, and no other one can. If it is an admin, locks every admin's row first: of two
/// admins who go at once, each could otherwise take the other for the one who stays. Whoever changes another account has
/// locked it already, and would wait with it for an admin who is about to change the same one.
pub(in crate::accounts) fn is_last(conn: &mut PgConnection, id: &UserId) -> QueryResult<bool> {
    if !diesel::select(exists(user::table.find(id.as_str()).filter(is_admin()))).get_result(conn)? {
        return Ok(false);
    }
    let admins = user::table.filter(is_admin()).order(user::id).for_update();
    let admins: Vec<(String, bool, bool)> = admins.select((user::id, may_log_in(), has_password())).load(conn)?;
    let mut allowed = admins.iter().filter(|(_, is_allowed, _)| *is_allowed);
    // One of the old application may have no password: nobody can count on an admin who is not able to log in.
    let can_others = allowed.clone().any(|(admin, _, has_password)| admin != id.as_str() && *has_password);
    Ok(!can_others && allowed.any(|(admin, ..)| admin == id.as_str()))
}

/// Locks every admin's row, in the order of [`is_last`].
pub(in crate::accounts) fn lock_all(conn: &mut PgConnection) -> QueryResult<()> {
    let admins = user::table.filter(is_admin()).order(user::id).select(user::id).for_update();
    admins.load::<String>(conn).map(|_| ())
}

/// Whether there is an admin who may log in, be it with a password that a mail sets first.
pub(in crate::accounts) fn any(conn: &mut PgConnection) -> QueryResult<bool> {
    diesel::select(exists(user::table.filter(is_admin()).filter(may_log_in()))).get_result(conn)
}

/// The addresses and languages of all admins who may log in.
pub(in crate::accounts) fn all(conn: &mut PgConnection) -> QueryResult<Vec<(String, Option<String>)>> {
    let admins = user::table.filter(is_admin()).filter(may_log_in()).order(user::email);
    admins.select((user::email, user::locale)).load(conn)
}

/// An admin who asked to be deleted may log in no more.
#[diesel::dsl::auto_type]
fn may_log_in() -> _ {
    user::is_active.is_distinct_from(false).and(user::purge_at.is_null())
}

/// A literal, as in `user_admin_idx`: a plan for any type would not use it.
fn is_admin() -> SqlLiteral<Bool> {
    sql("\"user\".type = 'admin'")
}
