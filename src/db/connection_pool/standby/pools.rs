//! The pool of the standby, and those that were given up. A server that hangs keeps what waits on it for ever: its kernel goes
//! on acknowledging what is sent. Where there are several hosts, another pool finds one that is well.
//!
//! Those connections cannot be ended as those of the primary are: its port is the same as a rule.

use std::time::Duration;

use crate::db::connection_pool::{Db, Settings};
use crate::values::clock::Stopwatch;

/// Longest wait for one of its connections.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(1);
/// Its connections are closed after this. Of several hosts one may be promoted, and its connections stay open.
const MAX_LIFETIME: Duration = Duration::from_mins(1);
/// A standby of several that has not answered for so long hangs.
const HANGS: Duration = Duration::from_secs(5);
/// Pools that are given up at most before one of them has nothing left that waits.
const MOST_GIVEN_UP: usize = 3;

/// The pool to ask, and those that hang.
#[derive(Debug)]
pub(super) struct Pools {
    settings: Settings,
    in_use: Db,
    given_up: Vec<Db>,
    /// Since when nothing was answered.
    silent: Option<Stopwatch>,
}

impl Pools {
    /// Connects to nothing yet.
    pub(super) fn new(settings: &Settings) -> Self {
        let in_use = pool(settings);
        Self { settings: settings.clone(), in_use, given_up: Vec::new(), silent: None }
    }

    /// The one to ask.
    pub(super) fn in_use(&self) -> Db {
        self.in_use.clone()
    }

    /// Notes that a question was answered.
    pub(super) fn note_answer(&mut self) {
        self.silent = None;
    }

    /// Notes that one was not; gives the pool up where another host may answer.
    pub(super) fn note_silence(&mut self) {
        let silent = self.silent.get_or_insert_with(Stopwatch::start).elapsed();
        // One that refuses connections keeps nothing waiting, and libpq asks the next one by itself.
        let hangs = silent >= HANGS && self.in_use.usage().in_use > 0;
        if !hangs || !self.settings.url.has_several_hosts() {
            return;
        }
        self.given_up.retain(|pool| pool.usage().in_use > 0);
        if self.given_up.len() < MOST_GIVEN_UP {
            self.given_up.push(std::mem::replace(&mut self.in_use, pool(&self.settings)));
            self.silent = None;
            tracing::warn!("the standby hangs: the other hosts are tried");
        }
    }
}

fn pool(settings: &Settings) -> Db {
    Db::bounded(settings, ACQUIRE_TIMEOUT, MAX_LIFETIME)
}
