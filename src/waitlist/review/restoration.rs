//! Bringing deleted entries back as they were: one, or all of a deletion.

use chrono::TimeDelta;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use serde_json::json;

use crate::audit::entry_history;
use crate::audit::event::{Action, Actor};
use crate::db::binds::Binds;
use crate::mail::link::{self, Purpose, WAITLIST_INVITATION};
use crate::mail::outbox;
use crate::schema::waitlist;
use crate::values::clock::Timestamp;
use crate::values::id::{DeletionId, EntryId};
use crate::waitlist::joining::links::CONFIRM;
use crate::web::{Subject, Submission, retention};

/// How long a deletion can be undone.
pub(super) const UNDOABLE: TimeDelta = retention::DELETED_PLACE;
/// The links that would still bring a letter or an account about. A deleted entry's are set aside.
pub(super) const ENDED_LINKS: [Purpose; 2] = [CONFIRM, WAITLIST_INVITATION];

#[derive(QueryableByName)]
struct Restored {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

/// A deletion of many places, as what a form changed.
pub(super) fn deletion_of_places(id: &DeletionId) -> Subject {
    Subject::new("places deleted", id.as_str())
}

/// That places were brought back, whichever, as what forms changed: a deletion may delete any number of them again.
pub(super) fn places_restored() -> Subject {
    Subject::new("places restored", "")
}

/// Brings one entry back and records that; returns whether it was there, deleted less than 30 days ago.
///
/// # Errors
/// When a statement fails.
pub fn restore(conn: &mut PgConnection, now: Timestamp, actor: &Actor, id: EntryId) -> QueryResult<bool> {
    let deleted = waitlist::table.find(id.as_i64()).filter(waitlist::deleted_at.gt(now - UNDOABLE));
    let deletion: Option<Option<String>> = deleted.select(waitlist::deletion_id).for_update().first(conn).optional()?;
    let Some(deletion) = deletion else { return Ok(false) };
    let mut binds = Binds::default();
    binds.add(now);
    let condition = format!("id = {}", binds.add(id.as_i64()));
    run(conn, binds, &condition)?;
    // Else the same form, sent once more, would get the answer of the deletion that this has taken back.
    if let Some(deletion) = &deletion {
        Submission::forget(conn, &[deletion_of_places(&DeletionId::from(deletion.clone()))])?;
    }
    Action::EntriesRestored.to_entry(actor, id).with(json!({ "deletion": deletion })).record(conn, now)?;
    Ok(true)
}

/// Brings back what is still deleted by a deletion, without those whose import was undone meanwhile; returns the ids.
///
/// # Errors
/// When the statement fails.
pub(super) fn restore_all(conn: &mut PgConnection, now: Timestamp, deletion: &DeletionId) -> QueryResult<Vec<i64>> {
    let mut binds = Binds::default();
    binds.add(now);
    let of_deletion = format!("deletion_id = {}", binds.add(deletion.to_string()));
    let was_acted_on = entry_history::has_any_but(Action::EntriesDeleted, "waitlist.id");
    let went = include_str!("restoration/went_with_import.sql").replace("{was_acted_on}", &was_acted_on);
    let condition = format!("{of_deletion} AND NOT ({went})");
    run(conn, binds, &condition)
}

fn run(conn: &mut PgConnection, binds: Binds, condition: &str) -> QueryResult<Vec<i64>> {
    let resume_links = link::resume_all_sql(&ENDED_LINKS, "$1", "back");
    let statement = include_str!("restoration/restore_entries.sql");
    let statement = statement.replace("{condition}", condition).replace("{resume_links}", &resume_links);
    let statement = statement.replace("{resume_letters}", &outbox::resume_letters_sql("resumed"));
    let restored: Vec<Restored> = binds.query(statement).load(conn)?;
    Ok(restored.into_iter().map(|row| row.id).collect())
}
