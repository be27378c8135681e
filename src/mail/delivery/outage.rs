//! Whether the database was unavailable when a worker asked for work, so that an outage is logged once.

use std::error::Error;

use crate::db;

/// The state of a worker's queue.
#[derive(Debug)]
pub struct Outage {
    queue: &'static str,
    is_away: bool,
}

impl Outage {
    /// Of a queue that could be read so far, which the log calls so.
    #[must_use]
    pub const fn of(queue: &'static str) -> Self {
        Self { queue, is_away: false }
    }

    /// What was found; nothing while the database is unavailable.
    pub fn record<T: Default>(&mut self, found: Result<T, db::Error>) -> T {
        let (queue, is_away) = (self.queue, found.is_err());
        match &found {
            Err(error) if !self.is_away => {
                tracing::warn!(error = error as &dyn Error, "the {queue} cannot be read; what is due waits");
            }
            Ok(_) if self.is_away => tracing::info!("the {queue} can be read again"),
            _ => {}
        }
        self.is_away = is_away;
        found.unwrap_or_default()
    }
}
