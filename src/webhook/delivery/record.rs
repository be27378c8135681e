//! Records what came of deliveries, and what that means for their endpoint.

use chrono::TimeDelta;
use diesel::dsl::sql;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Integer, Interval, Nullable, Text};

use super::answer::Answer;
use super::schedule;
use crate::db::binds::prepared::Prepared;
use crate::schema::webhook_delivery;
use crate::values::clock::Stopwatch;
use crate::values::id::WebhookId;
use crate::webhook::endpoint::signatures::Secrets;

/// So many failures in a row …
const MOST_FAILURES: i32 = 10;
/// … over so long switch an endpoint off.
const FAILING: TimeDelta = TimeDelta::hours(1);

/// An attempt to deliver.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// The delivery.
    pub delivery: i64,
    /// How often it was sent before.
    pub attempts: i32,
    /// Whether the address was sent with it.
    pub had_address: bool,
    /// What came of it.
    pub answer: Answer,
}

/// The right to record what came of some deliveries.
#[derive(Clone, Debug)]
pub struct Lease {
    /// Their endpoint.
    pub endpoint: WebhookId,
    /// What it is known by.
    pub token: String,
    /// Runs since it was taken.
    pub since: Stopwatch,
}

/// A delivery that may be sent now.
#[derive(Clone, Debug, QueryableByName)]
pub struct Held {
    /// The delivery.
    #[diesel(sql_type = BigInt)]
    pub id: i64,
    /// Whether with the address.
    #[diesel(sql_type = Bool)]
    pub with_address: bool,
    /// What signs it.
    #[diesel(embed)]
    pub secrets: Secrets,
}

impl Attempt {
    /// What becomes of the delivery, and the pause until then.
    fn outcome(&self) -> (&'static str, TimeDelta) {
        if self.answer.is_success() {
            return ("delivered", TimeDelta::zero());
        }
        let pause = schedule::pause(self.attempts.saturating_add(1));
        pause.map_or(("failed", TimeDelta::zero()), |pause| ("waiting", pause.max(self.answer.retry_after)))
    }
}

impl Lease {
    /// Looks once more, right before they are called, which of these deliveries may be sent: what was claimed waits for the calls
    /// before it.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn held(&self, conn: &mut PgConnection, deliveries: &[i64]) -> QueryResult<Vec<Held>> {
        let held = Prepared::new(include_str!("record/held.sql")).bind::<Array<BigInt>, _>(deliveries);
        held.bind::<Text, _>(&self.token).load(conn)
    }

    /// Records attempts; tells whether they switched the endpoint off.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn record(&self, conn: &mut PgConnection, ahead: TimeDelta, attempts: &[Attempt]) -> QueryResult<bool> {
        let (states, pauses): (Vec<_>, Vec<_>) =
            attempts.iter().map(Attempt::outcome).map(|(state, pause)| (state, pause.num_milliseconds())).unzip();
        let answers = || attempts.iter().map(|attempt| &attempt.answer);
        Prepared::new(include_str!("record/answers.sql"))
            .bind::<Text, _>(&self.token)
            .bind::<Interval, _>(ahead)
            .bind::<Array<BigInt>, _>(attempts.iter().map(|attempt| attempt.delivery).collect::<Vec<_>>())
            .bind::<Array<Text>, _>(states)
            .bind::<Array<BigInt>, _>(pauses)
            .bind::<Array<Nullable<Integer>>, _>(answers().map(|answer| answer.status).collect::<Vec<_>>())
            .bind::<Array<Nullable<Text>>, _>(
                answers().map(|answer| answer.problem.map(|problem| problem.to_string())).collect::<Vec<_>>(),
            )
            .bind::<Array<Integer>, _>(answers().map(|answer| answer.milliseconds).collect::<Vec<_>>())
            .bind::<Array<Text>, _>(answers().map(|answer| answer.text.as_str()).collect::<Vec<_>>())
            .bind::<Array<Bool>, _>(attempts.iter().map(|attempt| attempt.had_address).collect::<Vec<_>>())
            .execute(conn)?;
        if let Some(gone) = answers().find(|answer| answer.is_gone()) {
            return self.switch_off(conn, ahead, gone);
        }
        if answers().any(Answer::is_success) {
            self.succeeded(conn, ahead, attempts)
        } else {
            self.failed(conn, ahead, attempts)
        }
    }

    /// Switches the endpoint off after this answer, if it is time; tells whether it was.
    fn switch_off(&self, conn: &mut PgConnection, ahead: TimeDelta, last: &Answer) -> QueryResult<bool> {
        let off = diesel::sql_query(include_str!("record/off.sql"))
            .bind::<Text, _>(self.endpoint.as_str())
            .bind::<Interval, _>(ahead)
            .bind::<Nullable<Integer>, _>(last.status)
            .bind::<Nullable<Text>, _>(last.problem.map(|problem| problem.to_string()))
            .bind::<Bool, _>(last.is_gone())
            .bind::<Integer, _>(MOST_FAILURES)
            .bind::<Interval, _>(FAILING);
        Ok(off.execute(conn)? > 0)
    }

    fn succeeded(&self, conn: &mut PgConnection, ahead: TimeDelta, attempts: &[Attempt]) -> QueryResult<bool> {
        diesel::sql_query(include_str!("record/succeeded.sql"))
            .bind::<Text, _>(self.endpoint.as_str())
            .bind::<Interval, _>(ahead)
            .bind::<Interval, _>(longest_pause(attempts))
            .execute(conn)?;
        Ok(false)
    }

    fn failed(&self, conn: &mut PgConnection, ahead: TimeDelta, attempts: &[Attempt]) -> QueryResult<bool> {
        diesel::sql_query(include_str!("record/failed.sql"))
            .bind::<Text, _>(self.endpoint.as_str())
            .bind::<Integer, _>(i32::try_from(attempts.len()).unwrap_or(i32::MAX))
            .bind::<Interval, _>(ahead)
            .bind::<Interval, _>(longest_pause(attempts))
            .execute(conn)?;
        attempts.last().map_or(Ok(false), |attempt| self.switch_off(conn, ahead, &attempt.answer))
    }

    /// Puts back what was not sent, for another worker at once, and deletes what is no longer ticked.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn release(&self, conn: &mut PgConnection) -> QueryResult<usize> {
        let forget = diesel::sql_query(include_str!("record/forget_unticked.sql"));
        forget.bind::<Text, _>(self.endpoint.as_str()).bind::<Text, _>(&self.token).execute(conn)?;
        let state = sql::<Bool>("state IN ('waiting', 'sending')");
        let leased = webhook_delivery::webhook_id.eq(self.endpoint.as_str()).and(state);
        let leased = webhook_delivery::table.filter(leased.and(webhook_delivery::lease_token.eq(&self.token)));
        let waiting = (
            webhook_delivery::state.eq("waiting"),
            webhook_delivery::next_attempt_at.eq(diesel::dsl::now),
            webhook_delivery::lease_token.eq(None::<String>),
        );
        diesel::update(leased).set(waiting).execute(conn)
    }
}

/// The longest pause that an answer asked for which was no success.
fn longest_pause(attempts: &[Attempt]) -> TimeDelta {
    let refused = attempts.iter().map(|attempt| &attempt.answer).filter(|answer| !answer.is_success());
    refused.map(|answer| answer.retry_after).max().unwrap_or_default()
}
