//! What follows from a verdict, in a transaction of its own: when that fails, the verdict stands and the rest is tried again.

use chrono::TimeDelta;
use diesel::dsl::sql;
use diesel::pg::{Pg, PgConnection};
use diesel::prelude::*;
use diesel::result::Error as QueryError;
use diesel::sql_types::{Array, Bool, Text};

use super::lease::after;
use crate::mail::outcome::{RecordOutcome, SendOutcome};
use crate::mail::state::SENT;
use crate::schema::outbox_letter;
use crate::values::clock::Timestamp;
use crate::values::id::LetterId;

/// Letters whose outcome is tried again in one transaction.
pub(super) const MOST: usize = 32;
/// How long one waits whose outcome failed again.
const PAUSE: TimeDelta = TimeDelta::minutes(5);

/// A letter whose outcome is pending.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Queryable, QueryableByName, Selectable)]
#[diesel(table_name = outbox_letter, check_for_backend(Pg))]
struct Pending {
    id: String,
    kind: String,
    recipient: String,
    status: String,
}

/// Tells the features what became of letters, unless that has happened. They lock what the letters are about first, and the
/// letters come after that, as for whoever erases an address: two who lock in different orders would wait for each other.
///
/// # Errors
/// When a statement fails, those of the features included, or when a letter has changed meanwhile: nothing is recorded then.
pub(super) fn settle(
    conn: &mut PgConnection,
    now: Timestamp,
    letters: &[LetterId],
    record_outcome: RecordOutcome,
) -> QueryResult<()> {
    let ids: Vec<_> = letters.iter().map(LetterId::as_str).collect();
    let known = outbox_letter::table.filter(outbox_letter::id.eq_any(ids.iter().copied()));
    let known = known.select((Pending::as_select(), outbox_letter::outcome_due_at.is_not_null()));
    let known: Vec<(Pending, bool)> = known.load(conn)?;
    let mut pending: Vec<_> =
        known.into_iter().filter_map(|(letter, is_pending)| is_pending.then_some(letter)).collect();
    if pending.is_empty() {
        return Ok(());
    }
    let outcomes: Vec<_> = pending.iter().cloned().map(Pending::outcome).collect();
    record_outcome(conn, now, &outcomes)?;
    let statement = diesel::sql_query(include_str!("settlement/settle.sql")).bind::<Array<Text>, _>(ids);
    let mut settled: Vec<Pending> = statement.load(conn)?;
    pending.sort();
    settled.sort();
    // Another worker has settled one, an admin has it tried again, or it was erased.
    if settled == pending { Ok(()) } else { Err(QueryError::RollbackTransaction) }
}

impl Pending {
    fn outcome(self) -> SendOutcome {
        let Self { id, kind, recipient, status } = self;
        SendOutcome { letter: id.into(), kind, recipient, was_sent: status == SENT }
    }
}

/// The letters whose outcome is due again.
///
/// # Errors
/// When the statement fails.
pub(super) fn due(conn: &mut PgConnection, ahead: TimeDelta) -> QueryResult<Vec<LetterId>> {
    // Literally so, as the index has it.
    let due = sql::<Bool>("outcome_due_at IS NOT NULL").and(outbox_letter::outcome_due_at.le(after(ahead).nullable()));
    let oldest = outbox_letter::table.filter(due).order(outbox_letter::outcome_due_at).select(outbox_letter::id);
    let ids: Vec<String> = oldest.limit(i64::try_from(MOST).unwrap_or(i64::MAX)).load(conn)?;
    Ok(ids.into_iter().map(LetterId::from).collect())
}

/// Puts the outcome off, so that a letter whose outcome always fails keeps no other from being settled.
///
/// # Errors
/// When the statement fails.
pub(super) fn put_off(conn: &mut PgConnection, ahead: TimeDelta, letter: &LetterId) -> QueryResult<()> {
    let pending = outbox_letter::id.eq(letter.as_str()).and(outbox_letter::outcome_due_at.is_not_null());
    let later = outbox_letter::outcome_due_at.eq(after(ahead + PAUSE).nullable());
    diesel::update(outbox_letter::table.filter(pending)).set(later).execute(conn)?;
    Ok(())
}
