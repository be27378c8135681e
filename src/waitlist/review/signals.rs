//! The signals of an entry, which an admin takes off once they have looked at it.

use diesel::pg::PgConnection;
use diesel::prelude::*;
use serde_json::json;

use crate::audit::event::{Action, Actor};
use crate::schema::waitlist;
use crate::values::clock::Timestamp;
use crate::values::id::EntryId;

/// Takes the signals off, so that it waits for no review, and records which they were; returns whether there were any.
///
/// # Errors
/// When a statement fails.
pub fn review(conn: &mut PgConnection, now: Timestamp, actor: &Actor, id: EntryId) -> QueryResult<bool> {
    let row = waitlist::table.find(id.as_i64());
    let signals = row.select(waitlist::signals).for_update().first::<Option<Vec<Option<String>>>>(conn).optional()?;
    let signals: Vec<_> = signals.flatten().into_iter().flatten().flatten().collect();
    if signals.is_empty() {
        return Ok(false);
    }
    diesel::update(row).set(waitlist::signals.eq(Vec::<String>::new())).execute(conn)?;
    let details = json!({ "signals": signals.join(" ") });
    Action::EntryReviewed.to_entry(actor, id).with(details).record(conn, now)?;
    Ok(true)
}
