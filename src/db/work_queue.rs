//! What the workers of all queues in the database share: how long a claim lasts, how what came of it is recorded, and what is
//! logged while the database is away.

use std::error::Error;
use std::time::Duration;

use chrono::TimeDelta;
use diesel::QueryResult;
use diesel::pg::PgConnection;
use tokio::time::sleep;

use crate::db::{self, Db};
use crate::values::clock::Stopwatch;

/// How long a lease lasts, by the database's clock: longer than the longest attempt, so that no two workers make one.
pub const LEASE: TimeDelta = TimeDelta::minutes(3);
/// After a result could not be recorded.
const RETRY_INTERVAL: Duration = Duration::from_secs(1);

/// Records what came of an attempt, and tries that until it is recorded: what is not recorded is done twice. While the database
/// is away it goes on, however long that takes; a statement that still fails when a lease has passed since `begun` ends it.
///
/// # Errors
/// When a statement fails then.
pub async fn record_within_lease<T: Send + 'static>(
    db: &Db,
    begun: Stopwatch,
    record: impl Fn(&mut PgConnection) -> QueryResult<T> + Clone + Send + 'static,
) -> Result<T, db::Error> {
    let lasts = LEASE.to_std().unwrap_or_default();
    loop {
        match db.write(record.clone()).await {
            Err(error @ db::Error::Query(_)) if begun.elapsed() > lasts => return Err(error),
            Err(_) => sleep(RETRY_INTERVAL).await,
            recorded => return recorded,
        }
    }
}

/// Whether a worker's queue failed it when it was used last, so that an outage is logged once.
#[derive(Debug)]
pub struct Outage {
    queue: &'static str,
    use_of_it: &'static str,
    is_away: bool,
}

impl Outage {
    /// Of a queue that could be read so far, which the log calls so.
    #[must_use]
    pub const fn of(queue: &'static str) -> Self {
        Self { queue, use_of_it: "read", is_away: false }
    }

    /// Of one that could be written so far.
    #[must_use]
    pub const fn of_writing(queue: &'static str) -> Self {
        Self { queue, use_of_it: "written", is_away: false }
    }

    /// What was found; nothing while that fails.
    pub fn record<T: Default>(&mut self, found: Result<T, db::Error>) -> T {
        let Self { queue, use_of_it, .. } = *self;
        match &found {
            Err(error) if !self.is_away => {
                tracing::warn!(error = error as &dyn Error, "the {queue} cannot be {use_of_it}; what is due waits");
            }
            Ok(_) if self.is_away => tracing::info!("the {queue} can be {use_of_it} again"),
            _ => {}
        }
        self.is_away = found.is_err();
        found.unwrap_or_default()
    }
}
