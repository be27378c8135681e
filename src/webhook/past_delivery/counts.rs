//! How many deliveries of an endpoint have not reached it.

use diesel::dsl::{min, sql};
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Text, Timestamptz};

use crate::schema::webhook_delivery;
use crate::values::clock::Timestamp;
use crate::values::id::WebhookId;
use crate::webhook::event::{Event, PROBE};

/// Deliveries that are counted at most.
pub const MOST_COUNTED: i64 = 1_000;

/// How many deliveries of an endpoint have not reached it, up to [`MOST_COUNTED`].
#[derive(Clone, Copy, Debug, QueryableByName)]
pub struct Counts {
    /// Those that are sent later, those of joins too that are not made yet.
    #[diesel(sql_type = BigInt)]
    pub waiting: i64,
    /// Those of them that are not due yet, since a try failed.
    #[diesel(sql_type = BigInt)]
    pub late: i64,
    /// Those that failed for good.
    #[diesel(sql_type = BigInt)]
    pub failed: i64,
}

/// How many deliveries wait for an endpoint, are under way or have failed for good.
///
/// # Errors
/// When the statement fails.
pub fn find(conn: &mut PgConnection, now: Timestamp, endpoint: &WebhookId) -> QueryResult<Counts> {
    let counts = diesel::sql_query(include_str!("counts.sql")).bind::<Text, _>(endpoint.as_str());
    let counts = counts.bind::<Timestamptz, _>(now).bind::<BigInt, _>(MOST_COUNTED).bind::<Text, _>(PROBE);
    counts.bind::<Text, _>(Event::Joined.as_str()).get_result(conn)
}

/// Since when the first delivery that waits for an endpoint has waited, however often it was tried. The states are literals, as
/// in the index `webhook_delivery_due_idx`.
///
/// # Errors
/// When the statement fails.
pub fn waits_since(conn: &mut PgConnection, endpoint: &WebhookId) -> QueryResult<Option<Timestamp>> {
    let waiting =
        webhook_delivery::webhook_id.eq(endpoint.as_str()).and(sql::<Bool>("state IN ('waiting', 'sending')"));
    webhook_delivery::table.filter(waiting).select(min(webhook_delivery::happened_at)).get_result(conn)
}
