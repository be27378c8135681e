//! A simulated relay, for the made-up mail of a demonstration: what is due at a moment of the past gets the verdict that the
//! caller has for it. Nothing is sent.

use diesel::dsl::sql;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::Timestamptz;

use super::claim::claim;
use super::due_letter::DueLetter;
use super::lease::{Judged, record_all};
use super::send_result::SendResult;
use super::settlement::settle;
use crate::mail::outcome::RecordOutcome;
use crate::mail::state::QUEUED;
use crate::schema::outbox_letter;
use crate::values::clock::Timestamp;

/// Letters of one claim.
const AT_ONCE: usize = 500;

/// A relay that is not there.
#[derive(Clone, Copy, Debug)]
pub struct SimulatedRelay {
    /// The time of the database's clock: that of the transaction, which stands still.
    pub present: Timestamp,
    /// What follows from a verdict.
    pub record_outcome: RecordOutcome,
}

impl SimulatedRelay {
    /// Records what `judge` says of every letter that is due at `now`; returns those that count as sent.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn deliver(
        &self,
        conn: &mut PgConnection,
        now: Timestamp,
        mut judge: impl FnMut(&DueLetter) -> SendResult,
    ) -> QueryResult<Vec<DueLetter>> {
        let (ahead, mut sent) = (now - self.present, Vec::new());
        date_back(conn, now)?;
        loop {
            let claimed = claim(conn, ahead, AT_ONCE)?;
            if claimed.found == 0 {
                return Ok(sent);
            }
            let mut judged = Vec::new();
            for letter in claimed.letters {
                let result = judge(&letter);
                judged.push(Judged { lease: letter.lease.clone(), result: result.clone() });
                if result == SendResult::Sent {
                    sent.push(letter);
                }
            }
            let recorded = record_all(conn, ahead, &judged)?;
            settle(conn, now, &recorded, self.record_outcome)?;
        }
    }
}

/// What was just written is due at the database's time, which stands still: it becomes due when it was written.
fn date_back(conn: &mut PgConnection, now: Timestamp) -> QueryResult<usize> {
    let new = outbox_letter::status.eq(QUEUED).and(outbox_letter::next_attempt_at.eq(sql::<Timestamptz>("now()")));
    let new = outbox_letter::table.filter(new.and(outbox_letter::created_at.le(now)));
    diesel::update(new).set(outbox_letter::next_attempt_at.eq(outbox_letter::created_at)).execute(conn)
}
