//! Changes of a user that cached views must not outlive: how other replicas learn of them.

use diesel::dsl::{IntervalDsl, now};
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::Timestamptz;

use crate::schema::viewer_change;
use crate::values::id::UserId;

/// Changes are kept this long; nothing cached lives longer than 5 minutes.
const KEPT_MINUTES: i32 = 10;

/// Tells every replica that this user's view has changed, when the caller's transaction commits.
///
/// # Errors
/// When the statement fails.
pub fn record(conn: &mut PgConnection, user: &UserId) -> QueryResult<()> {
    diesel::insert_into(viewer_change::table).values(viewer_change::user_id.eq(user.as_str())).execute(conn)?;
    Ok(())
}

/// Whose view has changed within the last `seconds` by the database's clock. Ask for more than has passed since the
/// last time: a transaction may commit seconds after it wrote its row.
///
/// # Errors
/// When the statement fails.
pub fn within(conn: &mut PgConnection, seconds: i32) -> QueryResult<Vec<UserId>> {
    let recent = viewer_change::changed_at.gt(now.into_sql::<Timestamptz>() - seconds.seconds());
    let users: Vec<String> =
        viewer_change::table.filter(recent).select(viewer_change::user_id).distinct().load(conn)?;
    Ok(users.into_iter().map(UserId::from).collect())
}

/// Forgets what no cache can still hold.
///
/// # Errors
/// When the statement fails.
pub fn sweep(conn: &mut PgConnection) -> QueryResult<usize> {
    let over = viewer_change::changed_at.lt(now.into_sql::<Timestamptz>() - KEPT_MINUTES.minutes());
    diesel::delete(viewer_change::table.filter(over)).execute(conn)
}
