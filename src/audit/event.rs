//! What happened: who did what to whom, when and from where.

use chrono::TimeDelta;
use diesel::dsl::sql;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Text};
use serde_json::Value;

pub use super::action::Action;
use crate::db::BATCH;
use crate::schema::audit_event;
use crate::values::clock::Timestamp;
use crate::values::id::{EntryId, EventId, UserId};
use crate::web::visitor::client::Client;

/// How long events are kept, as the privacy page says.
const KEPT: TimeDelta = TimeDelta::days(365);

/// Who acts, and from where.
#[derive(Clone, Debug)]
pub struct Actor {
    /// Their account; without one and without a client it is the operator at the command line.
    pub id: Option<UserId>,
    /// Where they act from.
    pub client: Option<Client>,
}

impl Actor {
    /// Somebody with a browser.
    #[must_use]
    pub fn new(id: &UserId, client: &Client) -> Self {
        Self { id: Some(id.clone()), client: Some(client.clone()) }
    }

    /// Whoever has the link of a mail.
    #[must_use]
    pub fn visitor(client: &Client) -> Self {
        Self { id: None, client: Some(client.clone()) }
    }

    /// The application itself: the details of such an event say why.
    #[must_use]
    pub const fn itself() -> Self {
        Self { id: None, client: None }
    }

    /// Whoever runs commands.
    #[must_use]
    pub const fn operator() -> Self {
        Self { id: None, client: None }
    }
}

/// Something that happens now.
#[derive(Clone, Debug)]
pub struct NewEvent<'a> {
    /// What.
    pub action: Action,
    /// Who does it.
    pub actor: &'a Actor,
    /// Whose account it concerns, if one's.
    pub user: Option<&'a UserId>,
    /// Which place on the waitlist it concerns, if one.
    pub entry: Option<EntryId>,
    /// Before and after, or what else tells it from others.
    pub details: Option<Value>,
}

impl Action {
    /// This, done by `actor` to the account of `user`.
    #[must_use]
    pub const fn by<'a>(self, actor: &'a Actor, user: &'a UserId) -> NewEvent<'a> {
        NewEvent { action: self, actor, user: Some(user), entry: None, details: None }
    }

    /// This, done by `actor` to a place on the waitlist.
    #[must_use]
    pub const fn to_entry(self, actor: &Actor, entry: EntryId) -> NewEvent<'_> {
        NewEvent { action: self, actor, user: None, entry: Some(entry), details: None }
    }

    /// This, done by `actor` to many at once, or to none in particular.
    #[must_use]
    pub const fn to_many(self, actor: &Actor) -> NewEvent<'_> {
        NewEvent { action: self, actor, user: None, entry: None, details: None }
    }
}

impl NewEvent<'_> {
    /// With what tells it from others. No secret belongs here.
    #[must_use]
    pub fn with(self, details: Value) -> Self {
        Self { details: Some(details), ..self }
    }

    /// Keeps it, in the transaction of what happened.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn record(&self, conn: &mut PgConnection, now: Timestamp) -> QueryResult<()> {
        let client = self.actor.client.as_ref();
        let row = (
            audit_event::id.eq(EventId::generate().to_string()),
            audit_event::happened_at.eq(now),
            audit_event::action.eq(self.action.as_str()),
            audit_event::actor_id.eq(self.actor.id.as_ref().map(UserId::as_str)),
            audit_event::user_id.eq(self.user.map(UserId::as_str)),
            audit_event::entry_id.eq(self.entry.map(EntryId::as_i64)),
            audit_event::ip_address.eq(client.map(|client| client.address.to_string())),
            audit_event::user_agent.eq(client.map(|client| client.user_agent.as_str())),
            audit_event::details.eq(&self.details),
        );
        diesel::insert_into(audit_event::table).values(row).execute(conn)?;
        let (user, actor) = (self.user.map(UserId::as_str), self.actor.id.as_ref().map(UserId::as_str));
        tracing::info!(event = self.action.as_str(), user, entry = self.entry.map(EntryId::as_i64), actor);
        Ok(())
    }
}

/// What names people.
#[derive(Default, AsChangeset)]
#[diesel(table_name = audit_event, treat_none_as_null = true)]
struct Forgotten {
    ip_address: Option<String>,
    user_agent: Option<String>,
    details: Option<Value>,
}

/// Forgets what is older than a year, a batch at a time.
///
/// # Errors
/// When the statement fails.
pub fn sweep(conn: &mut PgConnection, now: Timestamp) -> QueryResult<usize> {
    let over = audit_event::table.filter(audit_event::happened_at.lt(now - KEPT)).select(audit_event::id);
    let batch: Vec<String> = over.limit(BATCH).load(conn)?;
    diesel::delete(audit_event::table.filter(audit_event::id.eq_any(batch))).execute(conn)
}

/// Keeps of accounts that are erased only what was done and when, under ids that name nobody any more.
///
/// # Errors
/// When the statement fails.
pub fn forget_users(conn: &mut PgConnection, ids: &[String]) -> QueryResult<usize> {
    let theirs = audit_event::user_id.eq_any(ids).or(audit_event::actor_id.eq_any(ids));
    diesel::update(audit_event::table.filter(theirs)).set(Forgotten::default()).execute(conn)
}

/// The same for places on the waitlist.
///
/// # Errors
/// When the statement fails.
pub fn forget_entries(conn: &mut PgConnection, ids: &[i64]) -> QueryResult<usize> {
    let theirs = audit_event::entry_id.is_not_null().and(audit_event::entry_id.eq_any(ids));
    diesel::update(audit_event::table.filter(theirs)).set(Forgotten::default()).execute(conn)
}

/// Forgets whom others named, such as those whom they invited: that they did so stays.
///
/// # Errors
/// When the statement fails.
pub fn forget_addresses(conn: &mut PgConnection, addresses: &[String]) -> QueryResult<usize> {
    // Written as `audit_event_details_email_idx` has it.
    let named = sql::<Bool>("details ->> 'email' IS NOT NULL AND details ->> 'email' = ANY (")
        .bind::<Array<Text>, _>(addresses)
        .sql(")");
    let forgotten = audit_event::details.eq(None::<Value>);
    diesel::update(audit_event::table.filter(named)).set(forgotten).execute(conn)
}
