//! Which cached viewers are still valid: a viewer that the session cookie holds saves a query until the account
//! changes.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use chrono::TimeDelta;

use super::viewer::Viewer;
use crate::values::clock::{Clock, Stopwatch, Timestamp};
use crate::values::id::UserId;

/// How long a cached viewer is valid (the seed's cookie cache: 5 minutes).
const TTL: TimeDelta = TimeDelta::minutes(5);
/// No cached viewer is valid when the last successful poll of the database is older than this.
const MAX_POLL_AGE: TimeDelta = TimeDelta::seconds(2);
/// How far the clocks of two servers of the database may be apart, of which one takes over from the other.
const CLOCK_SKEW: TimeDelta = TimeDelta::seconds(2);

/// The invalidations of cached viewers: sessions that ended, accounts that changed. Every replica polls the database
/// for them each second, since `LISTEN` does not work behind a pooler; the replica that makes a change knows it at
/// once.
///
/// All times are the database's, which each poll asks for. By clocks of their own, a viewer that one replica read could
/// look younger to another one than the end of its session.
#[derive(Clone, Debug)]
pub struct ViewerCache {
    clock: Clock,
    invalidations: Arc<RwLock<Invalidations>>,
}

#[derive(Debug, Default)]
struct Invalidations {
    /// The last poll that succeeded.
    poll: Option<Poll>,
    /// When we learned of the last change of each user.
    users: HashMap<UserId, Timestamp>,
    /// When a poll first returned each change, by the number of the change, so that none counts twice.
    changes: HashMap<i64, Timestamp>,
}

/// A poll of the database.
#[derive(Clone, Copy, Debug)]
struct Poll {
    /// The database's time after it.
    at: Timestamp,
    /// What a test had moved the clock by.
    ahead: TimeDelta,
    asked: Stopwatch,
    answered: Stopwatch,
}

impl Poll {
    /// The database's time now, or somewhat later.
    fn latest(&self, clock: &Clock) -> Timestamp {
        self.at + self.asked.elapsed() + clock.ahead()
    }

    /// The database's time now, or somewhat earlier.
    fn earliest(&self, clock: &Clock) -> Timestamp {
        self.at + self.answered.elapsed() + clock.ahead()
    }

    fn at(&self) -> Timestamp {
        self.at + self.ahead
    }
}

impl ViewerCache {
    /// Nothing is heard yet. Of the clock only that counts by which a test moves it.
    #[must_use]
    pub fn new(clock: &Clock) -> Self {
        Self { clock: clock.clone(), invalidations: Arc::default() }
    }

    /// Invalidates what is cached of this user. Before the first poll nothing is valid.
    pub fn invalidate(&self, user: &UserId) {
        let mut invalidations = self.write();
        if let Some(poll) = invalidations.poll {
            invalidations.users.insert(user.clone(), poll.latest(&self.clock));
        }
    }

    /// Records the changes that a poll returned, each with its number, and the database's time after it. A change that an
    /// earlier poll returned as well counts from that earlier poll.
    pub fn record_poll(&self, asked: Stopwatch, changes: Vec<(i64, UserId)>, at: Timestamp) {
        let poll = Poll { at, ahead: self.clock.ahead(), asked, answered: Stopwatch::start() };
        let (polled_at, mut invalidations) = (poll.at(), self.write());
        invalidations.poll = Some(poll);
        invalidations.users.retain(|_, at| *at + TTL + CLOCK_SKEW > polled_at);
        invalidations.changes.retain(|_, at| *at + TTL + CLOCK_SKEW > polled_at);
        for (number, user) in changes {
            if invalidations.changes.insert(number, polled_at).is_none() {
                invalidations.users.insert(user, polled_at);
            }
        }
    }

    /// The database's time at the last successful poll.
    #[must_use]
    pub fn polled_at(&self) -> Option<Timestamp> {
        self.read().poll.map(|poll| poll.at())
    }

    /// The database's time, not later than it is: whoever reads a viewer takes it before. Long ago before the first poll, so
    /// that what is read until then is not valid afterwards.
    #[must_use]
    pub fn time(&self) -> Timestamp {
        self.known_time().unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// The same, once it is known.
    #[must_use]
    pub fn known_time(&self) -> Option<Timestamp> {
        self.read().poll.map(|poll| poll.earliest(&self.clock))
    }

    /// Whether a cached viewer is valid now. While polls fail none is: its session may have been ended on another
    /// replica.
    #[must_use]
    pub fn is_valid(&self, viewer: &Viewer, now: Timestamp) -> bool {
        let invalidations = self.read();
        let Some(poll) = invalidations.poll else { return false };
        let time = poll.latest(&self.clock);
        let is_polled = poll.at() + MAX_POLL_AGE > time;
        let is_unchanged = invalidations.users.get(&viewer.id).is_none_or(|at| viewer.read_at > *at + CLOCK_SKEW);
        let is_recent = viewer.read_at + TTL > time && viewer.read_at <= time + CLOCK_SKEW;
        is_polled && is_unchanged && is_recent && viewer.session_expires_at > now
    }

    fn read(&self) -> RwLockReadGuard<'_, Invalidations> {
        self.invalidations.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Invalidations> {
        self.invalidations.write().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::visitor::viewer::tests::viewer;

    const START: &str = "2026-11-23T12:00:00Z";

    fn poll(cache: &ViewerCache, changes: Vec<(i64, UserId)>) {
        cache.record_poll(Stopwatch::start(), changes, START.parse().unwrap());
    }

    #[test]
    fn a_cached_viewer_is_valid_for_five_minutes_while_polls_succeed() {
        let (clock, now) = (Clock::default(), START.parse().unwrap());
        let cache = ViewerCache::new(&clock);
        assert!(!cache.is_valid(&viewer(cache.time()), now), "nothing heard yet");
        poll(&cache, vec![]);
        let ana = viewer(cache.time());
        assert!(cache.is_valid(&ana, now));
        clock.advance(TimeDelta::seconds(3));
        assert!(!cache.is_valid(&ana, now), "no news for too long");
        poll(&cache, vec![]);
        assert!(cache.is_valid(&ana, now));
        clock.advance(TimeDelta::minutes(5));
        poll(&cache, vec![]);
        assert!(!cache.is_valid(&ana, now), "too old");
    }

    #[test]
    fn a_change_invalidates_what_was_read_before_it() {
        let (clock, now) = (Clock::default(), START.parse().unwrap());
        let cache = ViewerCache::new(&clock);
        let ana = || UserId::from("ana".to_owned());
        poll(&cache, vec![(7, ana())]);
        assert!(!cache.is_valid(&viewer(cache.time()), now));
        clock.advance(TimeDelta::seconds(10));
        poll(&cache, vec![(7, ana())]);
        assert!(cache.is_valid(&viewer(cache.time()), now), "read after the change, which was told twice");
        poll(&cache, vec![(7, ana()), (6, ana())]);
        assert!(!cache.is_valid(&viewer(cache.time()), now), "another change, which was committed late");
        clock.advance(TimeDelta::seconds(10));
        poll(&cache, vec![]);
        assert!(cache.is_valid(&viewer(cache.time()), now));
        cache.invalidate(&ana());
        assert!(!cache.is_valid(&viewer(cache.time()), now));
    }
}
