//! The time: the only place that asks for it, so that everything else takes `now` as a parameter.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Instant;

use chrono::{DateTime, TimeDelta, Utc};

/// A moment in UTC.
pub type Timestamp = DateTime<Utc>;

/// Tells the time. Clones share their offsets, so a test that moves its clock moves the whole application's.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    /// Seconds ahead of the system's clock; zero outside tests.
    ahead: Arc<AtomicI64>,
    /// Seconds by which it is wrong besides; zero outside tests.
    wrong_by: Arc<AtomicI64>,
}

impl Clock {
    /// Now, in UTC.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the one place that asks the time")]
    pub fn now(&self) -> Timestamp {
        Utc::now() + self.ahead() + TimeDelta::seconds(self.wrong_by.load(Ordering::Relaxed))
    }

    /// How far a test has moved this clock, and otherwise nothing. What goes by the database's clock adds it.
    #[must_use]
    pub fn ahead(&self) -> TimeDelta {
        TimeDelta::seconds(self.ahead.load(Ordering::Relaxed))
    }

    /// Moves this clock forward.
    pub fn advance(&self, by: TimeDelta) {
        self.ahead.fetch_add(by.num_seconds(), Ordering::Relaxed);
    }

    /// Sets this clock wrong, as that of one machine among several may be, while the database's stays right.
    pub fn set_wrong(&self, by: TimeDelta) {
        self.wrong_by.store(by.num_seconds(), Ordering::Relaxed);
    }
}

/// Measures how long something takes, immune to changes of the wall clock.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts measuring.
    #[must_use]
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// Time since the start.
    #[must_use]
    pub fn elapsed(self) -> std::time::Duration {
        self.0.elapsed()
    }
}
