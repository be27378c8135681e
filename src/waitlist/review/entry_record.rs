//! Everything about one place that admins see.

use diesel::dsl::sql;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};

use crate::audit::entry_history::EntryEvent;
use crate::mail::letter_history::WrittenLetter;
use crate::schema::waitlist;
use crate::values::id::EntryId;
use crate::waitlist::joining::entry::Entry;

/// Entries with the same mailbox that the page shows.
const MOST_OF_MAILBOX: i64 = 10;
/// Events that the page shows.
const MOST_EVENTS: i64 = 50;

/// A place and its history.
#[derive(Debug)]
pub struct EntryRecord {
    /// The place.
    pub entry: Entry,
    /// What suggested a bot when it joined.
    pub signals: Vec<String>,
    /// Mails about it, the newest first.
    pub mails: Vec<WrittenLetter>,
    /// Places whose address leads to the same mailbox, most likely.
    pub same_mailbox: Vec<(EntryId, String)>,
    /// What was done to it, the newest first.
    pub events: Vec<EntryEvent>,
}

impl EntryRecord {
    /// The place of this id, with all of that.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn find(conn: &mut PgConnection, id: EntryId) -> QueryResult<Option<Self>> {
        let row = waitlist::table.find(id.as_i64()).select(Entry::as_select()).first(conn).optional()?;
        let Some(entry): Option<Entry> = row else { return Ok(None) };
        let signals = entry.signals.iter().flatten().flatten().cloned().collect();
        let (mails, same_mailbox) = (entry.mails(conn)?, same_mailbox(conn, &entry)?);
        let events = EntryEvent::recent(conn, id, MOST_EVENTS)?;
        Ok(Some(Self { entry, signals, mails, same_mailbox, events }))
    }
}

/// The other entries whose address most likely leads to the same mailbox.
fn same_mailbox(conn: &mut PgConnection, entry: &Entry) -> QueryResult<Vec<(EntryId, String)>> {
    let same = sql::<Bool>("waitlist_twin_key(email) = waitlist_twin_key(")
        .bind::<Text, _>(entry.email.as_str().to_owned())
        .sql(")");
    let others = waitlist::table.filter(same).filter(waitlist::id.ne(entry.id.as_i64())).limit(MOST_OF_MAILBOX);
    let rows: Vec<(i64, String)> = others.order(waitlist::id).select((waitlist::id, waitlist::email)).load(conn)?;
    Ok(rows.into_iter().map(|(id, email)| (id.into(), email)).collect())
}
