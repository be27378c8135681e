//! An endpoint: where deliveries go, of which events, and whether they do now.

use chrono::TimeDelta;
use diesel::pg::{Pg, PgConnection};
use diesel::prelude::*;
use serde_json::Value;
use url::Url;

use super::event::Event;
use super::signing_secret::SigningSecret;
use crate::schema::webhook;
use crate::values::clock::Timestamp;
use crate::values::id::WebhookId;
use crate::values::secret_key::SecretKeys;

pub mod signatures;
pub mod unticking;

/// Endpoints at most: each may have four calls under way in every process that delivers.
pub const MOST: i64 = 20;
/// How long one may fail before that is said: its program may just be starting again.
const FAILS_TOO_LONG: TimeDelta = TimeDelta::minutes(10);

/// Whether an endpoint is told what happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It was never switched on: nothing is kept for it.
    New,
    /// It is told at once.
    Active,
    /// An admin paused it: what happens waits.
    Paused,
    /// It was switched off, since it failed: what happens waits.
    Off,
}

impl State {
    /// The state as its column holds it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Active => "active",
            Self::Paused => "paused",
            Self::Off => "off",
        }
    }
}

impl From<String> for State {
    fn from(column: String) -> Self {
        [Self::New, Self::Active, Self::Paused].into_iter().find(|state| state.as_str() == column).unwrap_or(Self::Off)
    }
}

/// What an endpoint is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Of which events.
    pub events: Vec<Event>,
    /// Whether with the address of whom they are about.
    pub with_address: bool,
}

impl Choice {
    /// Whether anything is ticked in it that the other one lacks.
    #[must_use]
    pub fn holds_more_than(&self, other: &Self) -> bool {
        self.with_address && !other.with_address || self.events.iter().any(|event| !other.events.contains(event))
    }
}

/// An endpoint as its row has it.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = webhook, check_for_backend(Pg))]
pub struct Endpoint {
    /// Its id.
    #[diesel(deserialize_as = String)]
    pub id: WebhookId,
    /// Where it is.
    pub url: String,
    events: Vec<Option<String>>,
    with_address: bool,
    /// Whether it is told what happens.
    #[diesel(deserialize_as = String)]
    pub state: State,
    /// The number of its secret, which only grows, also over a backup that was restored.
    pub generation: i32,
    secret_hash: String,
    former_hash: Option<String>,
    former_generation: Option<i32>,
    /// Until when the former secret signs too.
    pub former_until: Option<Timestamp>,
    /// Failures since the last success.
    pub failures: i32,
    /// When the first of them was.
    pub failing_since: Option<Timestamp>,
    /// Until when nothing is sent to it, as it asked or since it fails.
    pub rests_until: Option<Timestamp>,
    /// When it was switched off.
    pub off_at: Option<Timestamp>,
    /// The status that it last answered before.
    pub off_status: Option<i32>,
    /// Why there was no answer then.
    pub off_problem: Option<String>,
    /// When it was added.
    pub created_at: Timestamp,
    /// Up to which delivery what was unticked is still forgotten, by its name.
    unticked: Value,
}

impl Endpoint {
    /// Adds an endpoint, which is told nothing yet; nothing when there are [`MOST`].
    ///
    /// # Errors
    /// When a statement fails.
    pub fn add(
        conn: &mut PgConnection,
        now: Timestamp,
        keys: &SecretKeys,
        new: &NewEndpoint,
    ) -> QueryResult<Option<WebhookId>> {
        if webhook::table.count().get_result::<i64>(conn)? >= MOST {
            return Ok(None);
        }
        let row = (
            webhook::id.eq(new.id.as_str()),
            webhook::url.eq(&new.url),
            webhook::events.eq(names(&new.choice.events)),
            webhook::with_address.eq(new.choice.with_address),
            webhook::state.eq(State::New.as_str()),
            webhook::generation.eq(1),
            webhook::secret_hash.eq(SigningSecret::derive(&keys.current, &new.id, 1).hash()),
            webhook::created_at.eq(now),
        );
        diesel::insert_into(webhook::table).values(row).execute(conn)?;
        Ok(Some(new.id.clone()))
    }

    /// All of them, oldest first.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn all(conn: &mut PgConnection) -> QueryResult<Vec<Self>> {
        webhook::table.order((webhook::created_at, webhook::id)).select(Self::as_select()).load(conn)
    }

    /// Those that were switched off, and those that are on and fail.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn in_trouble(conn: &mut PgConnection) -> QueryResult<Vec<Self>> {
        let fails = webhook::state.eq(State::Active.as_str()).and(webhook::failing_since.is_not_null());
        let troubled = webhook::table.filter(webhook::state.eq(State::Off.as_str()).or(fails));
        troubled.order((webhook::created_at, webhook::id)).select(Self::as_select()).load(conn)
    }

    /// One of them.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn find(conn: &mut PgConnection, id: &WebhookId) -> QueryResult<Option<Self>> {
        webhook::table.find(id.as_str()).select(Self::as_select()).first(conn).optional()
    }

    /// The same, locked until the transaction ends.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn lock(conn: &mut PgConnection, id: &WebhookId) -> QueryResult<Option<Self>> {
        webhook::table.find(id.as_str()).select(Self::as_select()).for_update().first(conn).optional()
    }

    /// The server that it is on, which can be told: the rest of its address may hold a key.
    #[must_use]
    pub fn host(&self) -> String {
        Url::parse(&self.url).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default()
    }

    /// The same with its port and path, by which admins tell endpoints apart.
    #[must_use]
    pub fn name(&self) -> String {
        let Ok(url) = Url::parse(&self.url) else { return String::new() };
        let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
        format!("{}{port}{}", url.host_str().unwrap_or_default(), url.path().trim_end_matches('/'))
    }

    /// Until when it is left alone, while it is.
    #[must_use]
    pub fn is_left_alone_until(&self, now: Timestamp) -> Option<&Timestamp> {
        self.rests_until.as_ref().filter(|until| now < **until && self.state == State::Active)
    }

    /// Whether it is on, and its last call failed.
    #[must_use]
    pub fn is_failing(&self) -> bool {
        self.state == State::Active && self.failing_since.is_some()
    }

    /// Whether it has been failing for so long that somebody should look.
    #[must_use]
    pub fn fails_for_long(&self, now: Timestamp) -> bool {
        self.is_failing() && self.failing_since.is_some_and(|since| since + FAILS_TOO_LONG < now)
    }

    /// What it is told. Names that a later version wrote are left out.
    #[must_use]
    pub fn choice(&self) -> Choice {
        let events = self.events.iter().flatten().filter_map(|name| Event::parse(name)).collect();
        Choice { events, with_address: self.with_address }
    }

    /// Ends its rest: somebody who knows better has it called now.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn end_rest(&self, conn: &mut PgConnection) -> QueryResult<()> {
        let rested = webhook::rests_until.eq(None::<Timestamp>);
        diesel::update(webhook::table.find(self.id.as_str())).set(rested).execute(conn).map(|_| ())
    }

    /// Forgets its failures, since it works, and ends its rest.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn works(&self, conn: &mut PgConnection) -> QueryResult<()> {
        let working = (
            webhook::failures.eq(0),
            webhook::failing_since.eq(None::<Timestamp>),
            webhook::rests_until.eq(None::<Timestamp>),
        );
        diesel::update(webhook::table.find(self.id.as_str())).set(working).execute(conn).map(|_| ())
    }

    /// Pauses it, or switches it on with its failures forgotten.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn switch(&self, conn: &mut PgConnection, state: State) -> QueryResult<()> {
        let switched = (webhook::state.eq(state.as_str()), webhook::off_at.eq(None::<Timestamp>));
        diesel::update(webhook::table.find(self.id.as_str())).set(switched).execute(conn)?;
        self.works(conn)
    }

    /// Deletes it: nothing more is sent to it. Its deliveries go with the next
    /// [sweep](super::past_delivery::sweep_orphans), within a minute: there may be any number, and a worker may hold some.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn delete(&self, conn: &mut PgConnection) -> QueryResult<()> {
        diesel::delete(webhook::table.find(self.id.as_str())).execute(conn).map(|_| ())
    }
}

/// An endpoint before it has its row.
#[derive(Clone, Debug)]
pub struct NewEndpoint {
    /// Its id, from which its secret is derived.
    pub id: WebhookId,
    /// Where it is.
    pub url: String,
    /// What it is told.
    pub choice: Choice,
}

fn names(events: &[Event]) -> Vec<&'static str> {
    events.iter().map(|event| event.as_str()).collect()
}
