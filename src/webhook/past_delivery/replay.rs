//! Sending deliveries once more, or before their time.

use chrono::TimeDelta;
use diesel::dsl::sql;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Interval, Text, Timestamptz};

use crate::db::batch::BATCH;
use crate::schema::webhook_delivery;
use crate::values::clock::Timestamp;
use crate::values::id::{DeliveryId, WebhookId};
use crate::webhook::event::PROBE;

/// Has a delivery sent once more, before all others and with the same id, or one that waits before its time; tells whether there
/// was one that could be: of an event that is still ticked.
///
/// # Errors
/// When the statement fails.
pub fn one(conn: &mut PgConnection, ahead: TimeDelta, endpoint: &WebhookId, delivery: DeliveryId) -> QueryResult<bool> {
    let replay = diesel::sql_query(include_str!("replay_one.sql")).bind::<Text, _>(endpoint.as_str());
    let replay = replay.bind::<BigInt, _>(delivery.as_i64()).bind::<Interval, _>(ahead).bind::<Text, _>(PROBE);
    Ok(replay.execute(conn)? > 0)
}

/// Has all that waits for a later time, of what happened since then, sent at once, at most [`BATCH`] at a time; returns how
/// many.
///
/// # Errors
/// When the statement fails.
pub fn make_due(
    conn: &mut PgConnection,
    ahead: TimeDelta,
    endpoint: &WebhookId,
    since: Timestamp,
) -> QueryResult<usize> {
    let due = diesel::sql_query(include_str!("make_due.sql")).bind::<Text, _>(endpoint.as_str());
    due.bind::<Interval, _>(ahead).bind::<BigInt, _>(BATCH).bind::<Timestamptz, _>(since).execute(conn)
}

/// Has all that failed for good of what happened since then, and is still ticked, sent once more, at most [`BATCH`] at a time;
/// returns how many.
///
/// # Errors
/// When the statement fails.
pub fn failed(conn: &mut PgConnection, ahead: TimeDelta, endpoint: &WebhookId, since: Timestamp) -> QueryResult<usize> {
    let replay = diesel::sql_query(include_str!("replay_failed.sql")).bind::<Text, _>(endpoint.as_str());
    let replay = replay.bind::<Timestamptz, _>(since).bind::<Interval, _>(ahead);
    replay.bind::<BigInt, _>(BATCH).bind::<Text, _>(PROBE).execute(conn)
}

/// Whether anything waits for the endpoint, due or not.
///
/// # Errors
/// When the statement fails.
pub fn anything_waits(conn: &mut PgConnection, endpoint: &WebhookId) -> QueryResult<bool> {
    let waiting = webhook_delivery::webhook_id.eq(endpoint.as_str()).and(sql::<Bool>("state = 'waiting'"));
    diesel::select(diesel::dsl::exists(webhook_delivery::table.filter(waiting))).get_result(conn)
}

/// Whether anything waits for it that happened since then and was not accepted when it was tried. The condition is a literal,
/// as in the index `webhook_delivery_refused_idx`.
///
/// # Errors
/// When the statement fails.
pub fn anything_refused_waits(conn: &mut PgConnection, endpoint: &WebhookId, since: Timestamp) -> QueryResult<bool> {
    let refused =
        "state = 'waiting' AND attempted_at IS NOT NULL AND (status IS NULL OR status NOT BETWEEN 200 AND 299)";
    let waiting = webhook_delivery::webhook_id.eq(endpoint.as_str()).and(sql::<Bool>(refused));
    let waiting = waiting.and(webhook_delivery::happened_at.ge(since));
    diesel::select(diesel::dsl::exists(webhook_delivery::table.filter(waiting))).get_result(conn)
}
