//! Everything about one place that admins see.

use diesel::dsl::sql;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, Text, Timestamptz};

use crate::audit::event::Action;
use crate::schema::waitlist;
use crate::values::clock::Timestamp;
use crate::values::id::EntryId;
use crate::waitlist::joining::entry::Entry;
use crate::waitlist::joining::entry_mail::EntryMail;

/// Entries with the same mailbox that the page shows.
const MOST_OF_MAILBOX: i64 = 10;
/// Events that the page shows.
const MOST_EVENTS: i64 = 50;

/// What happened to it, the newest first.
const EVENTS: &str = "SELECT event.action, event.happened_at, coalesce(nullif(actor.name, ''), actor.email) AS actor \
                      FROM audit_event AS event LEFT JOIN \"user\" AS actor ON actor.id = event.actor_id \
                      WHERE event.entry_id = $1 ORDER BY event.happened_at DESC, event.id DESC LIMIT $2";

/// A place and its history.
#[derive(Debug)]
pub struct EntryRecord {
    /// The place.
    pub entry: Entry,
    /// What suggested a bot when it joined.
    pub signals: Vec<String>,
    /// Mails about it, the newest first.
    pub mails: Vec<EntryMail>,
    /// Places whose address leads to the same mailbox, most likely.
    pub same_mailbox: Vec<(EntryId, String)>,
    /// What was done to it, the newest first.
    pub events: Vec<PlaceEvent>,
}

/// Something that was done to a place.
#[derive(Debug, QueryableByName)]
pub struct PlaceEvent {
    #[diesel(sql_type = Text)]
    action: String,
    /// When.
    #[diesel(sql_type = Timestamptz)]
    pub happened_at: Timestamp,
    /// By whom, when it was somebody with an account.
    #[diesel(sql_type = Nullable<Text>)]
    pub actor: Option<String>,
}

impl PlaceEvent {
    /// What was done.
    #[must_use]
    pub fn action(&self) -> Option<Action> {
        Action::parse(&self.action)
    }
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
        let (mails, same_mailbox, events) = (entry.mails(conn)?, same_mailbox(conn, &entry)?, events(conn, id)?);
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

fn events(conn: &mut PgConnection, id: EntryId) -> QueryResult<Vec<PlaceEvent>> {
    diesel::sql_query(EVENTS).bind::<BigInt, _>(id.as_i64()).bind::<BigInt, _>(MOST_EVENTS).load(conn)
}
