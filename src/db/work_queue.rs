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

/// Records what came of an attempt, and tries that while the lease that began `since` lasts, or the database is away: what
/// is not recorded is done twice.
///
/// # Errors
/// When a statement still fails then.
pub async fn record_within_lease<T: Send + 'static>(
    db: &Db,
    since: Stopwatch,
    record: impl Fn(&mut PgConnection) -> QueryResult<T> + Clone + Send + 'static,
) -> Result<T, db::Error> {
    let lasts = LEASE.to_std().unwrap_or_default();
    loop {
        match db.write(record.clone()).await {
            Err(error @ db::Error::Query(_)) if since.elapsed() > lasts => return Err(error),
            Err(_) => sleep(RETRY_INTERVAL).await,
            recorded => return recorded,
        }
    }
}

/// Whether the database was unavailable when a worker asked for work, so that an outage is logged once.
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
