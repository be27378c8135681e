//! Clearing the bounce of an entry, so that mail goes there again.

use diesel::pg::PgConnection;
use diesel::prelude::*;

use crate::audit::event::{Action, Actor};
use crate::schema::waitlist;
use crate::values::clock::Timestamp;
use crate::values::id::EntryId;

/// Clears the bounce and records that; returns whether there was one to clear. An entry that is gone gets no mail anyway.
///
/// # Errors
/// When a statement fails.
pub fn clear(conn: &mut PgConnection, now: Timestamp, actor: &Actor, id: EntryId) -> QueryResult<bool> {
    let listed = waitlist::left_at.is_null().and(waitlist::deleted_at.is_null());
    let bounced = waitlist::table.find(id.as_i64()).filter(waitlist::bounced_at.is_not_null().and(listed));
    if diesel::update(bounced).set(waitlist::bounced_at.eq(None::<Timestamp>)).execute(conn)? == 0 {
        return Ok(false);
    }
    Action::EntryBounceCleared.to_entry(actor, id).record(conn, now)?;
    Ok(true)
}
