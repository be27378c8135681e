//! Everything about one place, as admins see it.

use diesel::dsl::sql;
use diesel::pg::{Pg, PgConnection};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, Text, Timestamptz};

use super::entry::Entry;
use crate::schema::{outbox_letter, waitlist};
use crate::values::clock::Timestamp;
use crate::values::id::EntryId;
use crate::web::event::Action;

/// Likely twins that are shown.
const MOST_TWINS: i64 = 10;
/// Mails and events that are shown.
const MOST_ROWS: i64 = 50;

/// What happened to it, the newest first.
const EVENTS: &str = "SELECT event.action, event.happened_at, coalesce(nullif(actor.name, ''), actor.email) AS actor \
                      FROM audit_event AS event LEFT JOIN \"user\" AS actor ON actor.id = event.actor_id \
                      WHERE event.entry_id = $1 ORDER BY event.happened_at DESC, event.id DESC LIMIT $2";

/// A place and its story.
#[derive(Debug)]
pub struct EntryRecord {
    /// The place.
    pub entry: Entry,
    /// What spoke against a person when it was taken.
    pub signals: Vec<String>,
    /// The import that brought it.
    pub import_id: Option<String>,
    /// Mails about it, the newest first.
    pub mails: Vec<Mail>,
    /// Places whose address leads to the same mailbox, most likely.
    pub twins: Vec<(EntryId, String)>,
    /// What was done to it, the newest first.
    pub events: Vec<PlaceEvent>,
}

/// A mail about a place.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = outbox_letter, check_for_backend(Pg))]
pub struct Mail {
    /// Its subject.
    pub subject: String,
    /// What became of it.
    pub status: String,
    /// When it was written.
    pub created_at: Timestamp,
    /// When it was sent.
    pub sent_at: Option<Timestamp>,
    /// What the relay said last.
    pub last_reply: Option<String>,
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
    /// A place.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn find(conn: &mut PgConnection, id: EntryId) -> QueryResult<Option<Self>> {
        let columns = (Entry::as_select(), waitlist::signals, waitlist::import_id);
        let row = waitlist::table.find(id.as_i64()).select(columns).first(conn).optional()?;
        let Some((entry, signals, import_id)): Option<(Entry, Option<Vec<Option<String>>>, _)> = row else {
            return Ok(None);
        };
        let signals = signals.unwrap_or_default().into_iter().flatten().collect();
        let (mails, twins, events) = (mails(conn, &entry)?, twins(conn, &entry)?, events(conn, id)?);
        Ok(Some(Self { entry, signals, import_id, mails, twins, events }))
    }
}

fn mails(conn: &mut PgConnection, entry: &Entry) -> QueryResult<Vec<Mail>> {
    let of = outbox_letter::recipient.eq(entry.email.as_str()).and(outbox_letter::kind.like("waitlist-%"));
    let newest_first = outbox_letter::created_at.desc();
    outbox_letter::table.filter(of).order(newest_first).limit(MOST_ROWS).select(Mail::as_select()).load(conn)
}

fn twins(conn: &mut PgConnection, entry: &Entry) -> QueryResult<Vec<(EntryId, String)>> {
    let same = sql::<Bool>("waitlist_twin_key(email) = waitlist_twin_key(")
        .bind::<Text, _>(entry.email.as_str().to_owned())
        .sql(")");
    let others = waitlist::table.filter(same).filter(waitlist::id.ne(entry.id.as_i64())).limit(MOST_TWINS);
    let rows: Vec<(i64, String)> = others.order(waitlist::id).select((waitlist::id, waitlist::email)).load(conn)?;
    Ok(rows.into_iter().map(|(id, email)| (id.into(), email)).collect())
}

fn events(conn: &mut PgConnection, id: EntryId) -> QueryResult<Vec<PlaceEvent>> {
    diesel::sql_query(EVENTS).bind::<BigInt, _>(id.as_i64()).bind::<BigInt, _>(MOST_ROWS).load(conn)
}
