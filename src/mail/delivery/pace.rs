//! How many letters a worker takes at once, and when it takes the next: more and more while the relay is quick, few when it is
//! not, and with rests while requests use the database.

use std::time::Duration;

use crate::values::clock::Stopwatch;

/// Letters that a worker takes at first, and again once the relay was slow. No more are claimed than are sent right away, so
/// that no lease runs out while its letter waits.
pub(super) const LEAST: usize = 4;
/// Letters that it takes at most. Half of the ones before may be under way still: after `kill -9` so many may be sent twice.
const MOST: usize = 32;
/// A relay that takes the first half of the letters within this time is quick.
const QUICK: Duration = Duration::from_secs(1);
/// While requests use the database, a worker works for one part of so many of the time.
const SHARE: u32 = 10;
/// The longest rest: nobody waits for a mail much longer than without one.
const LONGEST_REST: Duration = Duration::from_secs(1);

/// The pace of one worker.
#[derive(Debug)]
pub(super) struct Pace {
    most: usize,
    since_claim: Stopwatch,
    /// How long it took until half of the letters had their results.
    took: Option<Duration>,
}

impl Pace {
    /// The pace of a worker that has claimed nothing yet.
    pub(super) fn new() -> Self {
        // Nothing is known of the relay yet: that counts as slow.
        Self { most: LEAST, since_claim: Stopwatch::start(), took: Some(QUICK) }
    }

    /// How many letters to claim while so many are under way.
    pub(super) fn capacity(&mut self, under_way: usize) -> usize {
        if under_way > self.most / 2 {
            return 0;
        }
        self.took.get_or_insert(self.since_claim.elapsed());
        self.most
    }

    /// How long to leave the database to requests before the next claim.
    pub(super) fn rest(&self) -> Duration {
        let turn = self.took.unwrap_or_default() * SHARE;
        turn.min(LONGEST_REST).saturating_sub(self.since_claim.elapsed())
    }

    /// Letters were claimed; `is_full` when as many were due as were asked for.
    pub(super) fn claimed(&mut self, is_full: bool) {
        let is_quick = self.took.take().is_some_and(|took| took < QUICK);
        self.most = match (is_quick, is_full) {
            (true, true) => MOST.min(self.most * 2),
            (true, false) => LEAST.max(self.most / 2),
            (false, _) => LEAST,
        };
        self.since_claim = Stopwatch::start();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_grows_while_more_is_due_and_falls_when_nothing_is() {
        let mut pace = Pace::new();
        let mut claims = Vec::new();
        for is_full in [true, true, true, true, true, false, false, false, false] {
            claims.push(pace.capacity(0));
            pace.claimed(is_full);
        }
        assert_eq!(claims, [4, 4, 8, 16, 32, 32, 16, 8, 4]);
        assert_eq!(pace.capacity(3), 0, "half of the letters are under way");
    }

    #[test]
    fn a_slow_relay_gets_few_letters_at_once() {
        let mut pace = Pace { most: MOST, since_claim: Stopwatch::start(), took: Some(QUICK) };
        pace.claimed(true);
        assert_eq!(pace.capacity(0), LEAST);
    }

    #[test]
    fn no_rest_is_long() {
        let pace = |took| Pace { most: MOST, since_claim: Stopwatch::start(), took: Some(took) };
        assert!(pace(Duration::from_secs(9)).rest() <= LONGEST_REST);
        let rest = pace(Duration::from_millis(20)).rest();
        assert!((Duration::from_millis(150)..=Duration::from_millis(200)).contains(&rest), "{rest:?}");
    }
}
