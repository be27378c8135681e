//! What happened: who did what to whom, when and from where.

use chrono::TimeDelta;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Text};
use serde_json::Value;

pub use super::action::Action;
use crate::db::{BATCH, names_any};
use crate::schema::{audit_event, audit_event_entry};
use crate::values::clock::Timestamp;
use crate::values::id::{EntryId, EventId, UserId};
use crate::web::retention;
use crate::web::visitor::client::Client;

/// How long events are kept, as the privacy page says.
const KEPT: TimeDelta = retention::EVENT;

/// Who acts, and from where.
#[derive(Clone, Debug)]
pub struct Actor {
    /// Their account. Without an account and a client it is the operator at the command line, or the application
    /// itself.
    pub id: Option<UserId>,
    /// Where they act from.
    pub client: Option<Client>,
    /// The key of the API by which a program acts, as admins know it.
    pub key_name: Option<String>,
}

impl Actor {
    /// Somebody who is signed in.
    #[must_use]
    pub fn new(id: &UserId, client: &Client) -> Self {
        Self { id: Some(id.clone()), client: Some(client.clone()), ..Self::application() }
    }

    /// A visitor who is not signed in and has the link of a mail.
    #[must_use]
    pub fn visitor(client: &Client) -> Self {
        Self { client: Some(client.clone()), ..Self::application() }
    }

    /// A program with this key of the API, named as admins know it.
    #[must_use]
    pub fn key(name: String, client: &Client) -> Self {
        Self { client: Some(client.clone()), key_name: Some(name), ..Self::application() }
    }

    /// The application itself. The details of its events say why it acted.
    #[must_use]
    pub const fn application() -> Self {
        Self { id: None, client: None, key_name: None }
    }

    /// The operator at the command line.
    #[must_use]
    pub const fn operator() -> Self {
        Self::application()
    }
}

/// Something that happens now.
#[derive(Clone, Debug)]
pub struct NewEvent<'a> {
    /// What.
    pub action: Action,
    /// Who does it.
    pub actor: &'a Actor,
    /// The account that it concerns, if any.
    pub user: Option<&'a UserId>,
    /// The place on the waitlist that it concerns, if any.
    pub entry: Option<EntryId>,
    /// The values before and after, or what else belongs to the event.
    pub details: Option<Value>,
}

impl Action {
    /// The event of this action, by `actor`, on the account of `user`.
    #[must_use]
    pub const fn by<'a>(self, actor: &'a Actor, user: &'a UserId) -> NewEvent<'a> {
        NewEvent { action: self, actor, user: Some(user), entry: None, details: None }
    }

    /// The event of this action, by `actor`, on a place on the waitlist.
    #[must_use]
    pub const fn to_entry(self, actor: &Actor, entry: EntryId) -> NewEvent<'_> {
        NewEvent { action: self, actor, user: None, entry: Some(entry), details: None }
    }

    /// The event of this action, by `actor`, on many at once or on none in particular.
    #[must_use]
    pub const fn to_many(self, actor: &Actor) -> NewEvent<'_> {
        NewEvent { action: self, actor, user: None, entry: None, details: None }
    }
}

impl NewEvent<'_> {
    /// The same event with details. They must hold no secret.
    #[must_use]
    pub fn with(self, details: Value) -> Self {
        Self { details: Some(details), ..self }
    }

    /// Writes the event, in the transaction of what happened.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn record(&self, conn: &mut PgConnection, now: Timestamp) -> QueryResult<()> {
        self.insert(conn, now)?;
        Ok(())
    }

    /// The same of an event on these places, some ten thousand at most: the history of each shows it.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn record_on(self, conn: &mut PgConnection, now: Timestamp, entries: &[i64]) -> QueryResult<()> {
        if let [entry] = entries {
            return Self { entry: Some(EntryId::from(*entry)), ..self }.record(conn, now);
        }
        let id = self.insert(conn, now)?;
        diesel::sql_query("INSERT INTO audit_event_entry (event_id, entry_id) SELECT $1, unnest($2)")
            .bind::<Text, _>(id.to_string())
            .bind::<Array<BigInt>, _>(entries)
            .execute(conn)?;
        Ok(())
    }

    fn insert(&self, conn: &mut PgConnection, now: Timestamp) -> QueryResult<EventId> {
        let (id, client) = (EventId::generate(), self.actor.client.as_ref());
        let row = (
            audit_event::id.eq(id.to_string()),
            audit_event::happened_at.eq(now),
            audit_event::action.eq(self.action.as_str()),
            audit_event::actor_id.eq(self.actor.id.as_ref().map(UserId::as_str)),
            audit_event::user_id.eq(self.user.map(UserId::as_str)),
            audit_event::entry_id.eq(self.entry.map(EntryId::as_i64)),
            audit_event::ip_address.eq(client.map(|client| client.address.to_string())),
            audit_event::user_agent.eq(client.map(|client| client.user_agent.as_str())),
            audit_event::details.eq(&self.details),
            audit_event::key_name.eq(&self.actor.key_name),
        );
        diesel::insert_into(audit_event::table).values(row).execute(conn)?;
        let (user, actor) = (self.user.map(UserId::as_str), self.actor.id.as_ref().map(UserId::as_str));
        tracing::info!(event = self.action.as_str(), user, entry = self.entry.map(EntryId::as_i64), actor);
        Ok(id)
    }
}

/// The columns that can name people, each without a value.
#[derive(Default, AsChangeset)]
#[diesel(table_name = audit_event, treat_none_as_null = true)]
struct Anonymized {
    ip_address: Option<String>,
    user_agent: Option<String>,
    details: Option<Value>,
}

/// Deletes one batch of the events that are older than a year; returns how many.
///
/// # Errors
/// When the statement fails.
pub fn sweep(conn: &mut PgConnection, now: Timestamp) -> QueryResult<usize> {
    let over = audit_event::table.filter(audit_event::happened_at.lt(now - KEPT)).select(audit_event::id);
    let batch: Vec<String> = over.limit(BATCH).load(conn)?;
    diesel::delete(audit_event::table.filter(audit_event::id.eq_any(batch))).execute(conn)
}

/// Anonymizes the events of accounts that are erased: what was done and when stays, under ids that name nobody any
/// more.
///
/// # Errors
/// When the statement fails.
pub fn forget_users(conn: &mut PgConnection, ids: &[String]) -> QueryResult<usize> {
    let theirs = audit_event::user_id.eq_any(ids).or(audit_event::actor_id.eq_any(ids));
    diesel::update(audit_event::table.filter(theirs)).set(Anonymized::default()).execute(conn)
}

/// Anonymizes the events of places on the waitlist that are erased; those that were about others too tell of them no more.
///
/// # Errors
/// When the statement fails.
pub fn forget_entries(conn: &mut PgConnection, ids: &[i64]) -> QueryResult<usize> {
    diesel::delete(audit_event_entry::table.filter(audit_event_entry::entry_id.eq_any(ids))).execute(conn)?;
    let theirs = audit_event::entry_id.is_not_null().and(audit_event::entry_id.eq_any(ids));
    diesel::update(audit_event::table.filter(theirs)).set(Anonymized::default()).execute(conn)
}

/// Removes from every event the details that name one of these addresses, whose spellings are given. The events stay.
///
/// # Errors
/// When the statement fails.
pub fn forget_addresses(conn: &mut PgConnection, spellings: &[String]) -> QueryResult<usize> {
    forget_names(conn, spellings, "true")
}

/// The same for events that concern no account: what was done with the waitlist.
///
/// # Errors
/// When the statement fails.
pub fn forget_addresses_of_places(conn: &mut PgConnection, spellings: &[String]) -> QueryResult<usize> {
    forget_names(conn, spellings, "user_id IS NULL")
}

/// An event with a filter keeps how many it was about.
fn forget_names(conn: &mut PgConnection, spellings: &[String], which: &str) -> QueryResult<usize> {
    let names = names_any("details::text", "$1");
    let statement = format!(include_str!("event/forget_names.sql"), which = which, names = names);
    diesel::sql_query(statement).bind::<Array<Text>, _>(spellings).execute(conn)
}
