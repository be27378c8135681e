//! Which cached viewers are still valid: a viewer that the session cookie holds saves a query until the account
//! changes.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use chrono::TimeDelta;

use super::viewer::Viewer;
use crate::values::clock::Timestamp;
use crate::values::id::UserId;

/// How long a cached viewer is valid (the seed's cookie cache: 5 minutes).
const TTL: TimeDelta = TimeDelta::minutes(5);
/// No cached viewer is valid when the last successful poll of the database is older than this.
const MAX_POLL_AGE: TimeDelta = TimeDelta::seconds(2);
/// How far the clocks of two replicas may be apart.
const CLOCK_SKEW: TimeDelta = TimeDelta::seconds(2);

/// The invalidations of cached viewers: sessions that ended, accounts that changed. Every replica polls the database
/// for them each second, since `LISTEN` does not work behind a pooler; the replica that makes a change knows it at
/// once.
#[derive(Clone, Debug, Default)]
pub struct ViewerCache(Arc<RwLock<Invalidations>>);

#[derive(Debug, Default)]
struct Invalidations {
    /// When the database was last polled with success.
    polled_at: Option<Timestamp>,
    /// When we learned of the last change of each user.
    users: HashMap<UserId, Timestamp>,
    /// When a poll first returned each change, by the number of the change, so that none counts twice.
    changes: HashMap<i64, Timestamp>,
}

impl ViewerCache {
    /// Invalidates what is cached of this user.
    pub fn invalidate(&self, user: &UserId, now: Timestamp) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).users.insert(user.clone(), now);
    }

    /// Records the changes that a poll at `polled_at` returned, each with its number. A change that an earlier poll
    /// returned as well counts from that earlier poll.
    pub fn record_poll(&self, changes: Vec<(i64, UserId)>, polled_at: Timestamp) {
        let mut invalidations = self.0.write().unwrap_or_else(PoisonError::into_inner);
        invalidations.polled_at = Some(polled_at);
        invalidations.users.retain(|_, at| *at + TTL + CLOCK_SKEW > polled_at);
        invalidations.changes.retain(|_, at| *at + TTL + CLOCK_SKEW > polled_at);
        for (number, user) in changes {
            if invalidations.changes.insert(number, polled_at).is_none() {
                invalidations.users.insert(user, polled_at);
            }
        }
    }

    /// When the database was last polled with success.
    #[must_use]
    pub fn polled_at(&self) -> Option<Timestamp> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).polled_at
    }

    /// Whether a cached viewer is valid now. While polls fail none is: its session may have been ended on another
    /// replica.
    #[must_use]
    pub fn is_valid(&self, viewer: &Viewer, now: Timestamp) -> bool {
        let invalidations = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let is_polled = invalidations.polled_at.is_some_and(|at| at + MAX_POLL_AGE > now);
        let is_unchanged = invalidations.users.get(&viewer.id).is_none_or(|at| viewer.read_at > *at + CLOCK_SKEW);
        let is_recent = viewer.read_at + TTL > now && viewer.read_at <= now + CLOCK_SKEW;
        is_polled && is_unchanged && is_recent && viewer.session_expires_at > now
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::visitor::viewer::tests::viewer;

    #[test]
    fn a_cached_viewer_is_valid_for_five_minutes_while_polls_succeed() {
        let now: Timestamp = "2026-11-23T12:00:00Z".parse().unwrap();
        let (cache, ana) = (ViewerCache::default(), viewer(now));
        assert!(!cache.is_valid(&ana, now), "nothing heard yet");
        cache.record_poll(vec![], now);
        assert!(cache.is_valid(&ana, now));
        assert!(!cache.is_valid(&ana, now + TimeDelta::seconds(3)), "no news for too long");
        cache.record_poll(vec![], now + TimeDelta::minutes(5));
        assert!(!cache.is_valid(&ana, now + TimeDelta::minutes(5)), "too old");
    }

    #[test]
    fn a_change_invalidates_what_was_read_before_it() {
        let now: Timestamp = "2026-11-23T12:00:00Z".parse().unwrap();
        let cache = ViewerCache::default();
        let ana = || UserId::from("ana".to_owned());
        cache.record_poll(vec![(7, ana())], now);
        assert!(!cache.is_valid(&viewer(now), now));
        let later = now + TimeDelta::seconds(10);
        cache.record_poll(vec![(7, ana())], later);
        assert!(cache.is_valid(&viewer(later), later), "read after the change, which was told twice");
        cache.record_poll(vec![(7, ana()), (6, ana())], later);
        assert!(!cache.is_valid(&viewer(later), later), "another change, which was committed late");
        cache.invalidate(&UserId::from("ana".to_owned()), later);
        assert!(!cache.is_valid(&viewer(later), later));
    }
}
