//! What waits of events that are no longer ticked, and the address where that is no longer ticked: both are forgotten.

use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Jsonb, Text, Timestamptz};

use serde_json::json;

use crate::db::batch::{self, BATCH};
use crate::schema::webhook;
use crate::values::clock::Timestamp;
use crate::webhook::endpoint::Endpoint;
use crate::webhook::event::Event;

/// One that was deleted.
#[derive(QueryableByName)]
struct Forgotten {
    /// When it would have been sent.
    #[diesel(sql_type = Timestamptz)]
    next_attempt_at: Timestamp,
}

/// Deletes a batch of what waits of events that are not ticked, or were not meanwhile, from those on that would be sent then. Gives when the last
/// of them would have been sent, where there may be more: the next batch goes on there, and does not walk again what is kept.
///
/// # Errors
/// When the statement fails.
pub fn forget(conn: &mut PgConnection, endpoint: &Endpoint, from: Timestamp) -> QueryResult<Option<Timestamp>> {
    let ticked: Vec<_> = endpoint.choice().events.iter().map(|event| event.as_str()).collect();
    let forget = diesel::sql_query(include_str!("forget_unticked.sql")).bind::<Text, _>(endpoint.id.as_str());
    let forget = forget.bind::<Array<Text>, _>(ticked).bind::<BigInt, _>(BATCH).bind::<Timestamptz, _>(from);
    let forgotten: Vec<Forgotten> = forget.bind::<Jsonb, _>(endpoint.unticked()).load(conn)?;
    let last = forgotten.iter().map(|delivery| delivery.next_attempt_at).max();
    Ok(last.filter(|_| batch::is_full(forgotten.len())))
}

/// Whether a sweep goes on.
#[derive(QueryableByName)]
struct Swept {
    #[diesel(sql_type = Bool)]
    goes_on: bool,
}

/// Looks at a batch of all that is kept for an endpoint of which something was unticked, and forgets that; returns how much it
/// looked at, at most. One that cannot go on, since a row is locked, keeps none of the others waiting. What another transaction
/// was about to write, with the address, may be missed: it is sent without.
///
/// # Errors
/// When a statement fails.
pub fn sweep(conn: &mut PgConnection) -> QueryResult<usize> {
    // What is remembered without a place to begin is left by a process of an earlier version, which knew only the place.
    let is_unticked = webhook::forgets_after.is_not_null().or(webhook::unticked.ne(json!({})));
    let endpoints = webhook::table.filter(is_unticked).order(webhook::id);
    for endpoint in endpoints.select(webhook::id).load::<String>(conn)? {
        let sweep = diesel::sql_query(include_str!("sweep_unticked.sql")).bind::<BigInt, _>(BATCH);
        let sweep = sweep.bind::<Text, _>(endpoint).bind::<Text, _>(Event::Joined.as_str());
        let swept: Option<Swept> = sweep.get_result(conn).optional()?;
        if swept.is_some_and(|swept| swept.goes_on) {
            return Ok(usize::try_from(BATCH).unwrap_or_default());
        }
    }
    Ok(0)
}
