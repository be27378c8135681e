//! What happened to an account: who did what to whom, when and from where.

use chrono::TimeDelta;
use diesel::dsl::sql;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Jsonb, Nullable, Text, Timestamptz};
use serde_json::Value;

pub use super::action::Action;
use crate::db::BATCH;
use crate::schema::audit_event;
use crate::values::clock::Timestamp;
use crate::values::id::{EventId, UserId};
use crate::web::client::Client;

/// How many of them an account's page shows.
const SHOWN: i64 = 50;
/// How long they are kept, as the privacy page says.
const KEPT: TimeDelta = TimeDelta::days(365);

/// Who acts, and from where.
#[derive(Clone, Debug)]
pub struct Actor {
    /// Their account; none is the operator at the command line.
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
    /// Whose account it concerns.
    pub user: &'a UserId,
    /// Before and after, or what else tells it from others.
    pub details: Option<Value>,
}

impl Action {
    /// This, done by `actor` to the account of `user`.
    #[must_use]
    pub const fn by<'a>(self, actor: &'a Actor, user: &'a UserId) -> NewEvent<'a> {
        NewEvent { action: self, actor, user, details: None }
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
            audit_event::user_id.eq(self.user.as_str()),
            audit_event::ip_address.eq(client.map(|client| client.address.to_string())),
            audit_event::user_agent.eq(client.map(|client| client.user_agent.as_str())),
            audit_event::details.eq(&self.details),
        );
        diesel::insert_into(audit_event::table).values(row).execute(conn)?;
        tracing::info!(event = self.action.as_str(), user = %self.user, actor = self.actor.id.as_ref().map(UserId::as_str));
        Ok(())
    }
}

/// Who did something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum By {
    /// The account itself.
    Owner,
    /// An admin, by name or address: to everybody but admins, Biovity.
    Admin(String),
    /// Another account, by name or address.
    Other(String),
    /// Another account, which is gone.
    Gone,
    /// The operator at the command line.
    Operator,
}

/// Something that happened.
#[derive(Clone, Debug)]
pub struct Event {
    /// What; nothing when a later version wrote it.
    pub action: Option<Action>,
    /// When.
    pub happened_at: Timestamp,
    /// Who did it.
    pub by: By,
    /// The name or address of the account that it concerned, when that is another one.
    pub concerned: Option<String>,
    /// The client's address.
    pub ip_address: Option<String>,
    /// Its `User-Agent`.
    pub user_agent: Option<String>,
    /// What tells it from others.
    pub details: Option<Value>,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    action: String,
    #[diesel(sql_type = Timestamptz)]
    happened_at: Timestamp,
    #[diesel(sql_type = Nullable<Text>)]
    actor_id: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    actor: Option<String>,
    #[diesel(sql_type = Bool)]
    by_admin: bool,
    #[diesel(sql_type = Nullable<Text>)]
    user_id: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    concerned: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    ip_address: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    user_agent: Option<String>,
    #[diesel(sql_type = Nullable<Jsonb>)]
    details: Option<Value>,
}

/// What names people.
#[derive(Default, AsChangeset)]
#[diesel(table_name = audit_event, treat_none_as_null = true)]
struct Forgotten {
    ip_address: Option<String>,
    user_agent: Option<String>,
    details: Option<Value>,
}

impl Event {
    /// The last 50 things that happened to an account or that it did to others, newest first.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn recent_of(conn: &mut PgConnection, user: &UserId) -> QueryResult<Vec<Self>> {
        let recent = diesel::sql_query(include_str!("recent_events.sql")).bind::<Text, _>(user.as_str());
        let rows = recent.bind::<BigInt, _>(SHOWN).load::<Row>(conn)?;
        Ok(rows.into_iter().map(|row| Self::from_row(row, user)).collect())
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

    fn from_row(row: Row, of: &UserId) -> Self {
        let by = match (row.actor_id, row.actor) {
            (None, _) => By::Operator,
            (Some(id), _) if Some(&id) == row.user_id.as_ref() => By::Owner,
            (_, Some(name)) if row.by_admin => By::Admin(name),
            (_, Some(name)) => By::Other(name),
            (_, None) => By::Gone,
        };
        Self {
            action: Action::parse(&row.action),
            happened_at: row.happened_at,
            by,
            concerned: row.concerned.filter(|_| row.user_id.as_deref() != Some(of.as_str())),
            ip_address: row.ip_address,
            user_agent: row.user_agent,
            details: row.details,
        }
    }
}
