//! A lease: the right of one worker to send one letter for a while, and to record the result.

use std::cmp::min;
use std::collections::BTreeMap;

use chrono::TimeDelta;
use diesel::dsl::{AsExprOf, sql};
use diesel::expression::{SqlLiteral, UncheckedBind};
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{Interval, Timestamptz};

use super::send_result::SendResult;
use crate::mail::ending::Ended;
use crate::mail::reply::Reply;
use crate::mail::state::{BY_LETTER, BY_RELAY, QUEUED, REFUSED, SENDING, SENT};
use crate::schema::outbox_letter;
use crate::values::id::LetterId;

/// How soon what follows from a verdict is tried again, when it failed or its worker vanished.
pub(super) const OUTCOME_WITHIN: TimeDelta = TimeDelta::minutes(1);
/// The longest pause after each attempt, in seconds: 30 s, 2 min, 8 min, 30 min, 2 h, 6 h, 12 h, and 12 h from then on.
const PAUSES: [u64; 7] = [30, 120, 480, 1_800, 7_200, 21_600, 43_200];
/// After this attempt the pauses grow no more, where the letter is not at fault and all mail may go again at any moment.
const HALF_AN_HOUR: i32 = 3;

/// The right to send one letter until [`LEASE`](crate::db::work_queue::LEASE) has passed. Once another worker has taken the letter over, nothing is
/// recorded any more.
#[derive(Clone, Debug)]
pub struct Lease {
    /// The letter.
    pub letter: LetterId,
    pub(super) token: String,
    pub(super) attempts: i32,
}

/// How a letter is put off.
struct Deferral<'a> {
    pause: TimeDelta,
    /// Why, when its recipient is not the reason.
    cause: Option<&'static str>,
    reply: &'a Reply,
}

impl<'a> Deferral<'a> {
    /// For the pause after so many attempts.
    fn new(attempts: i32, cause: Option<&'static str>, reply: &'a Reply) -> Self {
        Self { pause: pause(attempts), cause, reply }
    }
}

impl Lease {
    /// Records the result of an attempt; tells whether the lease still held. A letter that is tried again is so until its link
    /// has expired.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn record(&self, conn: &mut PgConnection, ahead: TimeDelta, result: &SendResult) -> QueryResult<bool> {
        match result {
            SendResult::Sent => Ok(!record_sent(conn, ahead, &self.token, &[self.letter.as_str()])?.is_empty()),
            SendResult::BadRecipient(reply) => self.dead(conn, ahead, reply),
            SendResult::Later(reply) => self.defer(conn, ahead, &Deferral::new(self.attempts, None, reply)),
            SendResult::RelayRefuses(reply) => {
                self.defer(conn, ahead, &Deferral::new(self.attempts, Some(BY_RELAY), reply))
            }
            SendResult::RelayStops(reply) => {
                self.defer(conn, ahead, &Deferral::new(min(self.attempts, HALF_AN_HOUR), Some(BY_RELAY), reply))
            }
            SendResult::Unbuildable(reply) => {
                self.defer(conn, ahead, &Deferral::new(min(self.attempts, HALF_AN_HOUR), Some(BY_LETTER), reply))
            }
            SendResult::RelayDown(_) => self.release(conn, ahead),
        }
    }

    /// The letter is tried again later; at the end of its link it is due once more, and expires.
    fn defer(&self, conn: &mut PgConnection, ahead: TimeDelta, deferral: &Deferral<'_>) -> QueryResult<bool> {
        let later = ahead + deferral.pause;
        let next = sql::<Timestamptz>("least(not_after, now() + ").bind::<Interval, _>(later).sql(")");
        let changes = (
            outbox_letter::status.eq(QUEUED),
            outbox_letter::claims.eq(0),
            outbox_letter::attempts.eq(self.attempts + 1),
            outbox_letter::next_attempt_at.eq(next),
            outbox_letter::lease_token.eq(None::<String>),
            outbox_letter::last_reply.eq(deferral.reply.to_string()),
            outbox_letter::deferral_cause.eq(deferral.cause),
        );
        Ok(diesel::update(outbox_letter::table.filter(self.held())).set(changes).execute(conn)? > 0)
    }

    /// There is no such recipient. The letter's text is kept while it may be tried again, since the relay may have been wrong.
    fn dead(&self, conn: &mut PgConnection, ahead: TimeDelta, reply: &Reply) -> QueryResult<bool> {
        let changes = (
            outbox_letter::status.eq(REFUSED),
            outbox_letter::lease_token.eq(None::<String>),
            outbox_letter::attempts.eq(self.attempts + 1),
            outbox_letter::last_reply.eq(reply.to_string()),
            outbox_letter::deferral_cause.eq(None::<String>),
            outbox_letter::outcome_due_at.eq(after(ahead + OUTCOME_WITHIN).nullable()),
        );
        Ok(diesel::update(outbox_letter::table.filter(self.held())).set(changes).execute(conn)? > 0)
    }

    /// The letter was not tried, as while the relay is down. It goes back into the queue as if nobody had claimed it, behind
    /// those that wait already, so that no single letter keeps the others from being tried.
    pub(super) fn release(&self, conn: &mut PgConnection, ahead: TimeDelta) -> QueryResult<bool> {
        let changes = (
            outbox_letter::status.eq(QUEUED),
            outbox_letter::claims.eq(outbox_letter::claims - 1),
            outbox_letter::next_attempt_at.eq(after(ahead)),
            outbox_letter::lease_token.eq(None::<String>),
        );
        Ok(diesel::update(outbox_letter::table.filter(self.held())).set(changes).execute(conn)? > 0)
    }

    #[diesel::dsl::auto_type(no_type_alias)]
    fn held<'a>(&'a self) -> _ {
        let letter: &'a str = self.letter.as_str();
        let token: &'a str = self.token.as_str();
        let sending: &'static str = SENDING;
        outbox_letter::id.eq(letter).and(outbox_letter::lease_token.eq(token)).and(outbox_letter::status.eq(sending))
    }
}

/// The relay has taken letters of one claim over; returns those whose lease still held.
fn record_sent(conn: &mut PgConnection, ahead: TimeDelta, token: &str, letters: &[&str]) -> QueryResult<Vec<String>> {
    let held = outbox_letter::lease_token.eq(token).and(outbox_letter::status.eq(SENDING));
    let changes = (
        Ended::with(SENT),
        outbox_letter::attempts.eq(outbox_letter::attempts + 1),
        outbox_letter::sent_at.eq(after(ahead).nullable()),
        outbox_letter::last_reply.eq(None::<String>),
        outbox_letter::outcome_due_at.eq(after(ahead + OUTCOME_WITHIN).nullable()),
    );
    let letters = outbox_letter::table.filter(outbox_letter::id.eq_any(letters).and(held));
    diesel::update(letters).set(changes).returning(outbox_letter::id).get_results(conn)
}

/// What became of the letter of a lease.
#[derive(Clone, Debug)]
pub(super) struct Judged {
    pub(super) lease: Lease,
    pub(super) result: SendResult,
}

/// Records several results, those of sent letters in one statement for each claim; returns the letters whose lease still held.
///
/// # Errors
/// When a statement fails.
pub(super) fn record_all(conn: &mut PgConnection, ahead: TimeDelta, judged: &[Judged]) -> QueryResult<Vec<LetterId>> {
    let (sent, others): (Vec<_>, Vec<_>) = judged.iter().partition(|judged| judged.result == SendResult::Sent);
    let mut claims: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for Judged { lease, .. } in sent {
        claims.entry(&lease.token).or_default().push(lease.letter.as_str());
    }
    let mut recorded = Vec::new();
    for (token, letters) in claims {
        recorded.extend(record_sent(conn, ahead, token, &letters)?.into_iter().map(LetterId::from));
    }
    for Judged { lease, result } in others {
        if lease.record(conn, ahead, result)? {
            recorded.push(lease.letter.clone());
        }
    }
    Ok(recorded)
}

/// The database's time so much later.
pub(super) fn after(later: TimeDelta) -> UncheckedBind<SqlLiteral<Timestamptz>, AsExprOf<TimeDelta, Interval>> {
    sql::<Timestamptz>("now() + ").bind::<Interval, _>(later)
}

/// Anything between half of the longest pause and the whole, so that letters put off together come back apart.
fn pause(attempts: i32) -> TimeDelta {
    let [.., last] = PAUSES;
    let longest = usize::try_from(attempts).ok().and_then(|done| PAUSES.get(done)).unwrap_or(&last);
    let seconds = longest - getrandom::u64().unwrap_or_default() % (longest / 2);
    TimeDelta::seconds(seconds.try_into().unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn pauses_grow_to_half_a_day_and_stay_there(attempts in 0..200_usize) {
            let longest = PAUSES.get(attempts).copied().unwrap_or(43_200);
            let pause = pause(i32::try_from(attempts).unwrap()).num_seconds().unsigned_abs();
            prop_assert!((longest / 2..=longest).contains(&pause), "{} of {}", pause, longest);
        }
    }
}
