//! A lease: the right of one worker to send one letter for a while, and to record the result.

use std::time::Duration;

use diesel::pg::PgConnection;
use diesel::prelude::*;

use super::send_result::SendResult;
use crate::mail::ending::Ended;
use crate::mail::reply::Reply;
use crate::mail::state::{QUEUED, REFUSED, SENDING, SENT};
use crate::schema::outbox_letter;
use crate::values::clock::Timestamp;
use crate::values::id::LetterId;

/// How long a lease lasts: longer than the longest attempt, so that no two workers send one letter.
pub const LASTS: Duration = Duration::from_mins(3);
/// A letter that the relay keeps deferring is given up after so many attempts, which is most of a day later.
const MOST_ATTEMPTS: i32 = 8;
/// The longest pause after each attempt, in seconds: 30 s, 2 min, 8 min, 30 min, 2 h, 6 h, 12 h.
const PAUSES: [u64; 7] = [30, 120, 480, 1_800, 7_200, 21_600, 43_200];
/// The right to send one letter until [`LASTS`] has passed. Once another worker has taken the letter over, nothing is
/// recorded any more: every method then returns `false`.
#[derive(Clone, Debug)]
pub struct Lease {
    /// The letter.
    pub letter: LetterId,
    pub(super) token: String,
    pub(super) attempts: i32,
    pub(super) not_after: Option<Timestamp>,
}

impl Lease {
    /// Records the result of an attempt; returns whether the lease still held.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn record(&self, conn: &mut PgConnection, now: Timestamp, result: &SendResult) -> QueryResult<bool> {
        match result {
            SendResult::Sent => self.sent(conn, now),
            SendResult::Deferred(reply) => self.retry(conn, now, reply),
            SendResult::Refused(reply) => self.refuse(conn, reply),
            SendResult::RelayDown(_) => self.release(conn, now),
        }
    }

    /// The relay has taken the letter over.
    ///
    /// # Errors
    /// When the statement fails.
    fn sent(&self, conn: &mut PgConnection, now: Timestamp) -> QueryResult<bool> {
        let changes = (
            Ended::with(SENT),
            outbox_letter::attempts.eq(self.attempts + 1),
            outbox_letter::sent_at.eq(now),
            outbox_letter::last_reply.eq(None::<String>),
        );
        Ok(diesel::update(outbox_letter::table.filter(self.held())).set(changes).execute(conn)? > 0)
    }

    /// The relay deferred the letter: it is tried again after a pause, until it was tried too often or its link has expired.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn retry(&self, conn: &mut PgConnection, now: Timestamp, reply: &Reply) -> QueryResult<bool> {
        if self.attempts + 1 >= MOST_ATTEMPTS {
            return self.refuse(conn, reply);
        }
        let next = now + pause(self.attempts, getrandom::u64().unwrap_or(u64::MAX));
        let changes = (
            outbox_letter::status.eq(QUEUED),
            outbox_letter::claims.eq(0),
            outbox_letter::attempts.eq(self.attempts + 1),
            // At the end of its link the letter is due once more, and expires.
            outbox_letter::next_attempt_at.eq(self.not_after.map_or(next, |end| end.min(next))),
            outbox_letter::lease_token.eq(None::<String>),
            outbox_letter::last_reply.eq(reply.to_string()),
        );
        Ok(diesel::update(outbox_letter::table.filter(self.held())).set(changes).execute(conn)? > 0)
    }

    /// The relay refused the letter for good. Its text is kept while it may be tried again, since the relay may have been
    /// wrong.
    ///
    /// # Errors
    /// When the statement fails.
    fn refuse(&self, conn: &mut PgConnection, reply: &Reply) -> QueryResult<bool> {
        let changes = (
            outbox_letter::status.eq(REFUSED),
            outbox_letter::lease_token.eq(None::<String>),
            outbox_letter::attempts.eq(self.attempts + 1),
            outbox_letter::last_reply.eq(reply.to_string()),
        );
        Ok(diesel::update(outbox_letter::table.filter(self.held())).set(changes).execute(conn)? > 0)
    }

    /// The letter was not tried, because the relay is down. It goes back into the queue as if nobody had claimed it, behind
    /// those that wait already, so that no single letter keeps the others from being tried.
    ///
    /// # Errors
    /// When the statement fails.
    fn release(&self, conn: &mut PgConnection, now: Timestamp) -> QueryResult<bool> {
        let changes = (
            outbox_letter::status.eq(QUEUED),
            outbox_letter::claims.eq(outbox_letter::claims - 1),
            outbox_letter::next_attempt_at.eq(now),
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

/// Full jitter: anything between one second and the longest pause, so that letters put off together come back apart.
fn pause(attempts: i32, chance: u64) -> Duration {
    let [.., last] = PAUSES;
    let longest = usize::try_from(attempts).ok().and_then(|done| PAUSES.get(done)).unwrap_or(&last);
    Duration::from_secs(1 + chance % longest)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn pauses_grow_to_half_a_day() {
        let longest: Vec<_> = (0..7).zip(PAUSES).map(|(attempts, most)| pause(attempts, most - 1).as_secs()).collect();
        assert_eq!(longest, PAUSES);
    }

    proptest! {
        #[test]
        fn a_pause_is_never_zero_and_never_longer_than_half_a_day(attempts in -2..20_i32, chance: u64) {
            let pause = pause(attempts, chance).as_secs();
            prop_assert!((1..=43_200).contains(&pause));
        }
    }
}
