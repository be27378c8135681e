//! Where the log of the primary ended lately, and by that how far behind a standby is.
//!
//! The clocks of the two machines are not compared, and a primary at rest does not make its standby look late: a standby is
//! as far behind as the newest note is old whose end it has replayed.

use std::collections::VecDeque;
use std::time::Duration;

use crate::values::clock::Stopwatch;

/// Notes that are kept: ten minutes of them. A standby that is further behind is said to be so far behind.
const MOST: usize = 600;

/// The notes, the oldest first.
#[derive(Debug, Default)]
pub(super) struct WalHistory(VecDeque<Note>);

#[derive(Clone, Copy, Debug)]
struct Note {
    at: Stopwatch,
    lsn: i64,
}

/// How far behind a standby is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lag {
    /// At most so far.
    AtMost(Duration),
    /// At least so far.
    AtLeast(Duration),
}

impl WalHistory {
    /// Notes where the log ended when this watch was started. Where it ended further before, another server leads now, and
    /// the other notes say nothing of its log.
    pub(super) fn note(&mut self, at: Stopwatch, lsn: i64) {
        if self.0.back().is_some_and(|last| lsn < last.lsn) {
            self.0.clear();
        }
        if self.0.len() == MOST {
            self.0.pop_front();
        }
        self.0.push_back(Note { at, lsn });
    }

    /// How old the newest note is.
    pub(super) fn age(&self) -> Duration {
        self.0.back().map(|note| note.at.elapsed()).unwrap_or_default()
    }

    /// How far behind a standby is that has replayed the log up to here.
    pub(super) fn lag(&self, replayed: i64) -> Lag {
        let newest = self.0.iter().rfind(|note| note.lsn <= replayed);
        let oldest = || self.0.front().map(|note| note.at.elapsed()).unwrap_or_default();
        newest.map_or_else(|| Lag::AtLeast(oldest()), |note| Lag::AtMost(note.at.elapsed()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_standby_is_as_far_behind_as_the_newest_note_that_it_has_replayed() {
        let (mut history, start) = (WalHistory::default(), Stopwatch::start());
        assert!(matches!(history.lag(10), Lag::AtLeast(_)));
        history.note(start, 10);
        std::thread::sleep(Duration::from_millis(20));
        history.note(Stopwatch::start(), 20);
        assert!(matches!(history.lag(9), Lag::AtLeast(lag) if lag >= Duration::from_millis(20)));
        assert!(matches!(history.lag(19), Lag::AtMost(lag) if lag >= Duration::from_millis(20)));
        assert!(matches!(history.lag(20), Lag::AtMost(lag) if lag < start.elapsed()));
    }

    #[test]
    fn a_primary_at_rest_makes_nobody_late_and_another_one_starts_anew() {
        let mut history = WalHistory::default();
        for _ in 0..=MOST {
            history.note(Stopwatch::start(), 10);
        }
        assert_eq!(history.0.len(), MOST);
        assert!(matches!(history.lag(10), Lag::AtMost(lag) if lag < Duration::from_secs(1)));
        history.note(Stopwatch::start(), 7);
        assert_eq!(history.0.len(), 1);
    }
}
