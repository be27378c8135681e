//! Changes of a user after which no cached viewer is valid: how other replicas learn of them.

use diesel::dsl::{IntervalDsl, now};
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::Timestamptz;

use crate::db::{BATCH, clock_timestamp};
use crate::schema::viewer_change;
use crate::values::clock::Timestamp;
use crate::values::id::UserId;

/// Changes are kept this long; no cached viewer is valid for longer than 5 minutes.
const KEPT_MINUTES: i32 = 10;

/// Tells every replica, when the caller's transaction commits, that what is cached of this user is no longer valid.
///
/// # Errors
/// When the statement fails.
pub fn record(conn: &mut PgConnection, user: &UserId) -> QueryResult<()> {
    diesel::insert_into(viewer_change::table).values(viewer_change::user_id.eq(user.as_str())).execute(conn)?;
    Ok(())
}

/// The same for many users at once.
///
/// # Errors
/// When the statement fails.
pub fn record_all(conn: &mut PgConnection, users: &[String]) -> QueryResult<()> {
    let rows: Vec<_> = users.iter().map(|user| viewer_change::user_id.eq(user)).collect();
    diesel::insert_into(viewer_change::table).values(rows).execute(conn)?;
    Ok(())
}

/// The changes of the last `seconds` by the database's clock, each with its number, and what that clock says after them.
/// Ask for more than has passed since the last time: a transaction may commit seconds after it wrote its row, and after one
/// with a higher number.
///
/// # Errors
/// When the statement fails.
pub fn within(conn: &mut PgConnection, seconds: i32) -> QueryResult<(Vec<(i64, UserId)>, Timestamp)> {
    let recent = viewer_change::changed_at.gt(now.into_sql::<Timestamptz>() - seconds.seconds());
    let columns = (viewer_change::id, viewer_change::user_id);
    let changes: Vec<(i64, String)> = viewer_change::table.filter(recent).select(columns).load(conn)?;
    let at = diesel::select(clock_timestamp()).get_result(conn)?;
    Ok((changes.into_iter().map(|(number, user)| (number, UserId::from(user))).collect(), at))
}

/// Deletes the changes that no cached viewer can be older than, a batch at a time.
///
/// # Errors
/// When the statement fails.
pub fn sweep(conn: &mut PgConnection) -> QueryResult<usize> {
    let over = viewer_change::changed_at.lt(now.into_sql::<Timestamptz>() - KEPT_MINUTES.minutes());
    let batch: Vec<i64> = viewer_change::table.filter(over).select(viewer_change::id).limit(BATCH).load(conn)?;
    diesel::delete(viewer_change::table.filter(viewer_change::id.eq_any(batch))).execute(conn)
}
