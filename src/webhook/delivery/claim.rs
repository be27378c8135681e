//! Claiming deliveries: each that is due goes to one worker, for as long as a lease lasts.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Interval, Text};
use serde_json::Value;
use uuid::Uuid;

use super::message::{body, has_address, numbered, unaddressed};
use crate::db::binds::prepared::Prepared;
use crate::db::work_queue::LEASE;
use crate::schema::webhook_delivery;
use crate::values::clock::Timestamp;
use crate::values::id::WebhookId;
use crate::webhook::endpoint::Endpoint;

/// Deliveries of joins that are made at a time at most: more than are sent until the next time, and little work.
const MOST_MADE: i64 = 256;
/// The same for each endpoint while requests use the database: as many as are claimed, so that none is made before its turn.
const MADE_FOR_ONE: i64 = 16;

/// A delivery to send before its lease ends.
#[derive(Clone, Debug, QueryableByName)]
#[diesel(table_name = webhook_delivery)]
pub struct Due {
    /// Its id, which is the sequence of the event.
    pub id: i64,
    webhook_id: String,
    /// The id that stays over all attempts.
    pub message_id: String,
    event: String,
    data: Value,
    happened_at: Timestamp,
    /// How often it was sent before.
    pub attempts: i32,
}

/// What is due for one endpoint.
#[derive(Clone, Debug)]
pub struct Batch {
    /// The endpoint.
    pub endpoint: Endpoint,
    /// What it is to be told, oldest first.
    pub deliveries: Vec<Due>,
    /// The token of their lease.
    pub token: String,
}

/// How many deliveries of joins are made at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// Many.
    Full,
    /// As few as are sent until the next time.
    BesideRequests,
}

/// Makes deliveries of places that joined: the statement that adds many writes only which they are.
///
/// # Errors
/// When the statement fails.
pub fn deliver_joins(conn: &mut PgConnection, pace: Pace) -> QueryResult<()> {
    let for_one = if pace == Pace::Full { MOST_MADE } else { MADE_FOR_ONE };
    let most = "SELECT webhook_deliver_joins(least($1, $2 * (SELECT count(*) + 1 FROM webhook)))";
    diesel::sql_query(most).bind::<BigInt, _>(MOST_MADE).bind::<BigInt, _>(for_one).execute(conn).map(|_| ())
}

/// Claims what is due for each endpoint that is on and not among the busy ones. `ahead` is how far a test has moved its clock.
///
/// # Errors
/// When a statement fails.
pub fn claim(conn: &mut PgConnection, ahead: TimeDelta, busy: &[WebhookId]) -> QueryResult<Vec<Batch>> {
    let token = Uuid::now_v7().to_string();
    let claimed: Vec<Due> = Prepared::new(include_str!("claim.sql"))
        .bind::<Interval, _>(ahead)
        .bind::<Array<Text>, _>(busy.iter().map(WebhookId::as_str).collect::<Vec<_>>())
        .bind::<Text, _>(&token)
        .bind::<Interval, _>(LEASE)
        .load(conn)?;
    if claimed.is_empty() {
        return Ok(Vec::new());
    }
    let mut by_endpoint: BTreeMap<String, Vec<Due>> = BTreeMap::new();
    for due in claimed {
        by_endpoint.entry(due.webhook_id.clone()).or_default().push(due);
    }
    let batches = Endpoint::all(conn)?.into_iter().filter_map(|endpoint| {
        let mut deliveries = by_endpoint.remove(endpoint.id.as_str())?;
        deliveries.sort_by_key(|due| due.id);
        Some(Batch { endpoint, deliveries, token: token.clone() })
    });
    Ok(batches.collect())
}

impl Due {
    /// The same without the address. An admin may have taken that back since it was written.
    #[must_use]
    pub fn without_address(self) -> Self {
        Self { data: unaddressed(self.data), ..self }
    }

    /// Whether it holds the address.
    #[must_use]
    pub fn has_address(&self) -> bool {
        has_address(&self.data)
    }

    /// What is sent: the same text at every attempt.
    #[must_use]
    pub fn body(&self) -> String {
        body(&self.event, self.happened_at, &numbered(self.data.clone(), self.id))
    }
}
