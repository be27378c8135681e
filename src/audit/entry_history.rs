//! What happened to one place on the waitlist.

use std::cmp::Reverse;

use diesel::pg::{Pg, PgConnection};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Jsonb, Nullable, Text, Timestamptz};
use serde::Serialize;
use serde_json::Value;

use super::account_name;
use super::action::Action;
use crate::schema::{audit_event, audit_event_entry};
use crate::values::clock::Timestamp;
use crate::values::id::EntryId;

/// Something that was done to a place.
#[derive(Debug, QueryableByName)]
pub struct EntryEvent {
    #[diesel(sql_type = Text)]
    action: String,
    /// When.
    #[diesel(sql_type = Timestamptz)]
    pub happened_at: Timestamp,
    /// By whom, when it was somebody with an account or a program with a key.
    #[diesel(sql_type = Nullable<Text>)]
    pub actor: Option<String>,
    /// The values before and after, or what else belongs to the event.
    #[diesel(sql_type = Nullable<Jsonb>)]
    pub details: Option<Value>,
}

impl EntryEvent {
    /// What was done to a place, the newest first, at most `most` events.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn recent(conn: &mut PgConnection, entry: EntryId, most: i64) -> QueryResult<Vec<Self>> {
        let statement = format!(include_str!("entry_history.sql"), actor = account_name::name_of("event.actor_id"));
        diesel::sql_query(statement).bind::<BigInt, _>(entry.as_i64()).bind::<BigInt, _>(most).load(conn)
    }

    /// What was done.
    #[must_use]
    pub fn action(&self) -> Option<Action> {
        Action::parse(&self.action)
    }

    /// Whether the owner of the place did it, by the link of a mail.
    #[must_use]
    pub fn is_by_owner(&self) -> bool {
        self.actor.is_none() && self.action().is_some_and(Action::is_by_link)
    }
}

/// Something that was done to a place, as its owner's export shows it.
#[derive(Debug, Queryable, Selectable, Serialize)]
#[diesel(table_name = audit_event, check_for_backend(Pg))]
pub struct ExportedEntryEvent {
    #[serde(skip)]
    entry_id: Option<i64>,
    #[serde(skip)]
    actor_id: Option<String>,
    #[serde(skip)]
    key_name: Option<String>,
    happened_at: Timestamp,
    action: String,
    ip_address: Option<String>,
    user_agent: Option<String>,
    details: Option<Value>,
}

impl ExportedEntryEvent {
    /// What was done to these places, the newest first, at most `most` events.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn all_of(conn: &mut PgConnection, entries: &[i64], most: i64) -> QueryResult<Vec<Self>> {
        let theirs = audit_event::entry_id.is_not_null().and(audit_event::entry_id.eq_any(entries));
        let newest_first = (audit_event::happened_at.desc(), audit_event::id.desc());
        let rows = audit_event::table.filter(theirs).order(newest_first).select(Self::as_select()).limit(most);
        let mut events: Vec<Self> = rows.load(conn)?;
        events.extend(Self::with_others(conn, entries, most)?);
        events.sort_by_key(|event| Reverse(event.happened_at));
        events.truncate(usize::try_from(most).unwrap_or_default());
        // The address and the device of an admin or an admin's program are not the owner's to know.
        for event in events.iter_mut().filter(|event| event.actor_id.is_some() || event.key_name.is_some()) {
            (event.ip_address, event.user_agent) = (None, None);
        }
        Ok(events)
    }

    /// What was done to these places and others at once. Its details may name others.
    fn with_others(conn: &mut PgConnection, entries: &[i64], most: i64) -> QueryResult<Vec<Self>> {
        let theirs = audit_event_entry::table.filter(audit_event_entry::entry_id.eq_any(entries));
        let columns =
            (audit_event_entry::entry_id, audit_event::actor_id, audit_event::happened_at, audit_event::action);
        let rows = theirs.inner_join(audit_event::table).order(audit_event::happened_at.desc()).select(columns);
        let rows: Vec<(i64, Option<String>, Timestamp, String)> = rows.limit(most).load(conn)?;
        let event = |(entry, actor_id, happened_at, action)| Self {
            entry_id: Some(entry),
            actor_id,
            key_name: None,
            happened_at,
            action,
            ip_address: None,
            user_agent: None,
            details: None,
        };
        Ok(rows.into_iter().map(event).collect())
    }

    /// Whether it was done to this place.
    #[must_use]
    pub fn is_of(&self, entry: i64) -> bool {
        self.entry_id == Some(entry)
    }
}

/// SQL for whether anything was done to the place with this id, for statements that pass over such places. `id` is SQL
/// too, such as `waitlist.id`.
#[must_use]
pub fn has_any(id: &str) -> String {
    format!(
        "(EXISTS (SELECT FROM audit_event AS event WHERE event.entry_id = {id}) \
          OR EXISTS (SELECT FROM audit_event_entry AS many WHERE many.entry_id = {id}))"
    )
}

/// The same for whether anything but this was done to it.
#[must_use]
pub fn has_any_but(action: Action, id: &str) -> String {
    let other = format!("event.action <> '{}'", action.as_str());
    format!(
        "(EXISTS (SELECT FROM audit_event AS event WHERE event.entry_id = {id} AND {other}) \
          OR EXISTS (SELECT FROM audit_event_entry AS many JOIN audit_event AS event ON event.id = many.event_id \
                     WHERE many.entry_id = {id} AND {other}))"
    )
}
