//! Deliveries as admins see them: the last ones with what came of each, and those of a probe.

use chrono::TimeDelta;
use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::pg::{Pg, PgConnection};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, Text, Timestamptz};
use serde_json::{Value, json};

use super::delivery::answer::Answer;
use super::event::PROBE;
use crate::db::batch::BATCH;
use crate::db::sequences::Promises;
use crate::schema::webhook_delivery;
use crate::values::clock::Timestamp;
use crate::values::id::{DeliveryId, WebhookId};
use crate::web::retention;

pub mod counts;
pub mod replay;
pub mod unticked;

/// Deliveries that a page shows.
pub const SHOWN: i64 = 50;
/// Deliveries that one sweep looks at, the oldest ones.
const SWEPT: i64 = 1_000;
/// Numbers that are left out after a restore: more than there were deliveries since the backup.
const SKIPPED: i64 = 100_000_000;
/// How long a delivery is kept, as the privacy page says.
const KEPT: TimeDelta = retention::DELIVERY;

/// The oldest ones are looked at alone: they are in the order of time, and without an index of it joins cost less.
const SWEEP: &str = "DELETE FROM webhook_delivery WHERE id = ANY (ARRAY(SELECT id FROM \
                     (SELECT id, happened_at FROM webhook_delivery ORDER BY id LIMIT $2) AS oldest WHERE happened_at < $1))";

/// Whoever joins takes the numbers of the deliveries, which the worker makes later.
pub const JOIN_NUMBERS: Promises = Promises {
    of: "webhook_delivery",
    kept_in: "webhook_join_batch",
    greatest: include_str!("past_delivery/promised.sql"),
};

/// Which deliveries a page shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shown {
    /// The last ones.
    #[default]
    Last,
    /// Those that wait, the latest first: what was tried in vain comes before what was not.
    Waiting,
    /// Those that failed for good, the last ones first.
    Failed,
}

impl Shown {
    /// Reads the name that an address has for them; any other is of the last ones.
    #[must_use]
    pub fn parse(name: &str) -> Self {
        [Self::Waiting, Self::Failed].into_iter().find(|shown| shown.as_str() == name).unwrap_or_default()
    }

    /// That name; none of the last ones.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Last => "",
            Self::Waiting => "waiting",
            Self::Failed => "failed",
        }
    }
}

/// A delivery.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = webhook_delivery, check_for_backend(Pg))]
pub struct PastDelivery {
    /// Its id, which is the sequence of the event.
    #[diesel(deserialize_as = i64)]
    pub id: DeliveryId,
    /// The name of the event.
    pub event: String,
    /// What is told of it.
    pub data: Value,
    /// When that happened.
    pub happened_at: Timestamp,
    /// What has become of it: `waiting`, `sending`, `delivered` or `failed`.
    pub state: String,
    /// How often it was sent, since it was last sent once more by hand.
    pub attempts: i32,
    /// How often before that.
    pub former_attempts: i32,
    /// When it is due, while it waits.
    pub next_attempt_at: Timestamp,
    /// When it was sent last.
    pub attempted_at: Option<Timestamp>,
    /// The status of the answer.
    pub status: Option<i32>,
    /// Why there was no answer.
    pub problem: Option<String>,
    /// How long the last call took.
    pub milliseconds: Option<i32>,
    /// The first 500 characters of the answer, of which up to 64 KiB are kept.
    #[diesel(select_expression = sql("left(answer, 500)"), select_expression_type = SqlLiteral<Nullable<Text>>)]
    pub answer: Option<String>,
}

impl PastDelivery {
    /// The last ones to an endpoint, the newest first.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn last(conn: &mut PgConnection, endpoint: &WebhookId) -> QueryResult<Vec<Self>> {
        // The condition and the order are on the row as the index `webhook_delivery_webhook_id_id_idx` has it: by the
        // condition on the column alone, the planner may walk the primary key past all that the other endpoints were told.
        let row = "(webhook_id, id) BETWEEN (";
        let own = sql::<Bool>(row).bind::<Text, _>(endpoint.as_str()).sql(", 0) AND (");
        let own = own.bind::<Text, _>(endpoint.as_str()).sql(", 9223372036854775807)");
        let newest_first = (webhook_delivery::webhook_id.desc(), webhook_delivery::id.desc());
        webhook_delivery::table.filter(own).order(newest_first).limit(SHOWN).select(Self::as_select()).load(conn)
    }

    /// Those to an endpoint that a page shows. The states are literals, as in the indexes.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn shown(conn: &mut PgConnection, endpoint: &WebhookId, shown: Shown) -> QueryResult<Vec<Self>> {
        let own = webhook_delivery::table.filter(webhook_delivery::webhook_id.eq(endpoint.as_str())).limit(SHOWN);
        match shown {
            Shown::Last => Self::last(conn, endpoint),
            Shown::Waiting => {
                let waiting = own.filter(sql::<Bool>("state IN ('waiting', 'sending')"));
                waiting.order(webhook_delivery::next_attempt_at.desc()).select(Self::as_select()).load(conn)
            }
            Shown::Failed => {
                let failed = own.filter(sql::<Bool>("state = 'failed'").and(webhook_delivery::event.ne(PROBE)));
                failed.order(webhook_delivery::happened_at.desc()).select(Self::as_select()).load(conn)
            }
        }
    }

    /// What an endpoint did not accept when it was last called so, whatever waits by now. The condition is a literal, as in the
    /// index `webhook_delivery_refused_idx`.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn last_refused(conn: &mut PgConnection, endpoint: &WebhookId) -> QueryResult<Option<Self>> {
        let refused = sql::<Bool>("attempted_at IS NOT NULL AND (status IS NULL OR status NOT BETWEEN 200 AND 299)");
        let own = webhook_delivery::table.filter(webhook_delivery::webhook_id.eq(endpoint.as_str()).and(refused));
        own.order(webhook_delivery::attempted_at.desc()).select(Self::as_select()).first(conn).optional()
    }

    /// Whether a probe reached the endpoint. An endpoint that was never switched on has only probes.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn was_probed(conn: &mut PgConnection, endpoint: &WebhookId) -> QueryResult<bool> {
        let last = Self::last(conn, endpoint)?;
        Ok(last.iter().find(|delivery| delivery.is_probe()).is_some_and(|probe| probe.state == "delivered"))
    }

    /// Keeps what came of a probe.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn keep_probe(
        conn: &mut PgConnection,
        now: Timestamp,
        endpoint: &WebhookId,
        answer: &Answer,
    ) -> QueryResult<()> {
        let row = (
            webhook_delivery::webhook_id.eq(endpoint.as_str()),
            webhook_delivery::event.eq(PROBE),
            webhook_delivery::subject.eq(format!("webhook:{endpoint}")),
            webhook_delivery::data.eq(json!({})),
            webhook_delivery::happened_at.eq(now),
            webhook_delivery::state.eq(if answer.is_success() { "delivered" } else { "failed" }),
            webhook_delivery::attempts.eq(1),
            webhook_delivery::attempted_at.eq(now),
            webhook_delivery::status.eq(answer.status),
            webhook_delivery::problem.eq(answer.problem.map(|problem| problem.to_string())),
            webhook_delivery::milliseconds.eq(answer.milliseconds),
            webhook_delivery::answer.eq(&answer.text),
        );
        diesel::insert_into(webhook_delivery::table).values(row).execute(conn).map(|_| ())
    }

    /// Whether it only tried the endpoint.
    #[must_use]
    pub fn is_probe(&self) -> bool {
        self.event == PROBE
    }

    /// Whether it can be sent once more: it is not under way.
    #[must_use]
    pub fn can_be_replayed(&self) -> bool {
        !self.is_probe() && (self.state == "delivered" || self.state == "failed")
    }

    /// Whether it waits for a later time.
    #[must_use]
    pub fn waits_at(&self, now: Timestamp) -> bool {
        self.state == "waiting" && now < self.next_attempt_at
    }

    /// How often it was sent in all.
    #[must_use]
    pub const fn all_attempts(&self) -> i32 {
        self.attempts.saturating_add(self.former_attempts)
    }
}

/// Has the sequence of deliveries go on far above what a restored backup knows: endpoints were told greater numbers since it was
/// made, and take the greater one for the newer.
///
/// # Errors
/// When the statement fails.
pub fn skip_numbers(conn: &mut PgConnection) -> QueryResult<()> {
    let sequence = "pg_get_serial_sequence('webhook_delivery', 'id')";
    let skip = format!("SELECT setval({sequence}, nextval({sequence}) + {SKIPPED})");
    diesel::sql_query(skip).execute(conn).map(|_| ())
}

/// Deletes a batch of what is no longer kept; returns how many.
///
/// # Errors
/// When the statement fails.
pub fn sweep(conn: &mut PgConnection, now: Timestamp) -> QueryResult<usize> {
    diesel::sql_query(SWEEP).bind::<Timestamptz, _>(now - KEPT).bind::<BigInt, _>(SWEPT).execute(conn)
}

/// Deletes a batch of what was written for endpoints that are gone; returns how many.
///
/// # Errors
/// When the statement fails.
pub fn sweep_orphans(conn: &mut PgConnection) -> QueryResult<usize> {
    diesel::sql_query(include_str!("past_delivery/sweep_orphans.sql")).bind::<BigInt, _>(BATCH).execute(conn)
}
