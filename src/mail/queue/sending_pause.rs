//! Pausing all mail, and resuming it.

use diesel::pg::PgConnection;
use diesel::prelude::*;

use crate::schema::outbox_pause;
use crate::values::clock::Timestamp;
use crate::values::id::UserId;

/// Pauses all mail; returns whether it was running.
///
/// # Errors
/// When the statement fails.
pub fn pause(conn: &mut PgConnection, now: Timestamp, by: &UserId) -> QueryResult<bool> {
    let row =
        (outbox_pause::is_paused.eq(true), outbox_pause::paused_at.eq(now), outbox_pause::paused_by.eq(by.as_str()));
    Ok(diesel::insert_into(outbox_pause::table).values(row).on_conflict_do_nothing().execute(conn)? > 0)
}

/// Resumes it; returns whether it was paused.
///
/// # Errors
/// When the statement fails.
pub fn resume(conn: &mut PgConnection) -> QueryResult<bool> {
    Ok(diesel::delete(outbox_pause::table).execute(conn)? > 0)
}
