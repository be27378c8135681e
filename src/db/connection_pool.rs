//! The connection pool behind `Db::read` and `Db::write`, the only two ways to the database.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use diesel::pg::PgConnection;
use diesel::r2d2::{NopErrorHandler, Pool, PoolError};
use diesel::result::QueryResult;
use tokio::sync::OwnedSemaphorePermit;

use super::attempt;
use super::connector::{Connector, PooledConnection};
use super::error::{Error, Queue};
use super::permits::rows::{Row, Rows};
use super::permits::{Permits, caller};
use super::pooler::Pooler;
use super::probe::Probe;
use super::probe::health::{Health, LastHealth};
use crate::values::clock::Stopwatch;
use crate::values::database_url::DatabaseUrl;

pub mod standby;

/// Idle connections are closed after this.
const IDLE_TIMEOUT: Duration = Duration::from_secs(30);
/// Connections are closed after this.
const MAX_LIFETIME: Duration = Duration::from_mins(30);
/// Longest wait for a connection.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);
/// Connections of the pool that background jobs have for themselves.
const BACKGROUND: usize = 2;
/// Requests waiting for a connection at most; the next one is refused at once.
const MOST_WAITING: usize = 100;
/// Longest time for one read or write, on a server that hangs too: r2d2 tests a connection without a time limit.
pub(super) const DEADLINE: Duration = Duration::from_secs(10);
/// Work that failed after so long has waited for something, such as a lock; after much longer, not for a lock alone.
const LONG: Duration = Duration::from_secs(2);
const MUCH_LONGER: Duration = Duration::from_secs(5);

/// What the pool needs to know.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where the database is.
    pub url: DatabaseUrl,
    /// How many connections are opened at most, that of the probe among them: four at least.
    pub connections: u32,
    /// Whether connections keep named prepared statements. Off behind a pooler in transaction mode, but for one that the
    /// operator knows to keep them.
    pub statement_cache: bool,
}

/// How the pool is used at one moment.
#[derive(Clone, Copy, Debug)]
pub struct PoolUsage {
    /// Connections that nobody uses.
    pub idle: usize,
    /// Connections that somebody uses.
    pub in_use: usize,
    /// Connections that it opens at most.
    pub most: usize,
    /// Requests that wait for one.
    pub requests_waiting: usize,
    /// Background jobs that wait for one.
    pub background_waiting: usize,
}

/// The database. Clones share one pool.
#[derive(Clone)]
pub struct Db {
    pool: Pool<Connector>,
    permits: Permits,
    background_permits: Permits,
    request_permits: Permits,
    rows: Rows,
    /// The one that is worked on, where several may want it.
    row: Option<Arc<Row>>,
    probe: Probe,
    health: LastHealth,
    statements: Arc<AtomicU64>,
    url: DatabaseUrl,
}

impl Db {
    /// Makes the pool without connecting, so that the process starts while the database is down.
    #[must_use]
    pub fn new(settings: &Settings) -> Self {
        Self::bounded(settings, ACQUIRE_TIMEOUT, MAX_LIFETIME)
    }

    /// The same, with other bounds for the wait for a connection and for its life.
    fn bounded(settings: &Settings, acquire_timeout: Duration, max_lifetime: Duration) -> Self {
        let statements = Arc::new(AtomicU64::new(0));
        let pooler = Pooler::new(settings.url.is_pooled(), settings.statement_cache);
        let connector = Connector::new(settings.url.clone(), pooler, Arc::clone(&statements));
        let probe = Probe::new(connector.clone());
        // The probe has one of its own.
        let size = settings.connections.saturating_sub(1).max(1);
        let pool = Pool::builder()
            .max_size(size)
            // Unset, r2d2 keeps all of them open, closing and opening them every 30 s.
            .min_idle(Some(1))
            .idle_timeout(Some(IDLE_TIMEOUT))
            .max_lifetime(Some(max_lifetime))
            .connection_timeout(acquire_timeout)
            // Its own lines may repeat a piece of the password; the probe tells of an outage.
            .error_handler(Box::new(NopErrorHandler))
            .build_unchecked(connector);
        let permits = Permits::new((size as usize).saturating_sub(BACKGROUND).max(1), MOST_WAITING, acquire_timeout);
        let background_permits = Permits::new(BACKGROUND, MOST_WAITING, acquire_timeout);
        let (health, url) = (LastHealth::unknown(), settings.url.clone());
        let (request_permits, rows, row) = (permits.clone(), Rows::default(), None);
        Self { pool, permits, background_permits, request_permits, rows, row, probe, health, statements, url }
    }

    /// Reads, or writes a single statement that needs no transaction around it. It is done twice when the connection is
    /// lost meanwhile, so a statement that writes must have the same effect then.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn read<T: Send + 'static>(
        &self,
        read: impl Fn(&mut PgConnection) -> QueryResult<T> + Send + 'static,
    ) -> Result<T, Error> {
        self.serve(self.row.clone(), move |conn| attempt::read(conn, &read)).await
    }

    /// Writes in one transaction; runs `write` again when it failed in a way that may pass.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn write<T: Send + 'static>(
        &self,
        write: impl Fn(&mut PgConnection) -> QueryResult<T> + Send + 'static,
    ) -> Result<T, Error> {
        let of_viewer = || caller::viewer().map(|viewer| self.rows.find(&viewer));
        self.serve(self.row.clone().or_else(of_viewer), move |conn| attempt::write(conn, &write)).await
    }

    /// The same database for background jobs. They have connections of their own, so that a flood of requests cannot keep
    /// them from sending and sweeping.
    #[must_use]
    pub fn for_background(&self) -> Self {
        Self { permits: self.background_permits.clone(), ..self.clone() }
    }

    /// The same database for work that locks a row which others may want as well, or somebody keep locked. `key` tells it from
    /// all others, such as an id. Those who want the same row have two connections at most; where it was waited for in vain, they
    /// are refused at once for a while, and nobody else is.
    #[must_use]
    pub fn for_row(&self, key: &str) -> Self {
        Self { row: Some(self.rows.find(key)), ..self.clone() }
    }

    /// Whether requests use the database at this moment. Background jobs that could wait leave it to them then.
    #[must_use]
    pub fn serves_requests(&self) -> bool {
        self.request_permits.are_in_use()
    }

    /// Asks the database `lacks_migrations` over a connection of its own, and remembers whether it can serve.
    pub async fn probe(
        &self,
        lacks_migrations: impl Fn(&mut PgConnection) -> QueryResult<bool> + Clone + Send + 'static,
    ) -> Health {
        let health = self.probe.health(self.health(), lacks_migrations).await;
        self.health.store(health);
        health
    }

    /// What the last probe saw.
    #[must_use]
    pub fn health(&self) -> Health {
        self.health.load()
    }

    /// How the pool is used now.
    #[must_use]
    pub fn usage(&self) -> PoolUsage {
        let state = self.pool.state();
        let count = |connections: u32| usize::try_from(connections).unwrap_or_default();
        PoolUsage {
            idle: count(state.idle_connections),
            in_use: count(state.connections.saturating_sub(state.idle_connections)),
            most: count(self.pool.max_size()),
            requests_waiting: self.request_permits.waiting(),
            background_waiting: self.background_permits.waiting(),
        }
    }

    /// Statements sent so far, transaction control not counted; counted in debug builds alone, for the tests.
    #[must_use]
    pub fn statements(&self) -> u64 {
        self.statements.load(Ordering::Relaxed)
    }

    async fn serve<T: Send + 'static>(
        &self,
        row: Option<Arc<Row>>,
        work: impl Fn(&mut PooledConnection) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        match self.health() {
            Health::Ready | Health::ReadOnly | Health::Unknown => {}
            Health::LacksMigrations => {
                return Err(Error::Unavailable("migrations are missing; run `biovity migrate`".to_owned()));
            }
            // Refused at once: the next probe, in a moment, finds out whether the database is back.
            Health::Unreachable => {
                return Err(Error::Unavailable("the database was away when it was last probed".to_owned()));
            }
        }
        self.run(row, work).await
    }

    #[expect(clippy::disallowed_methods, reason = "one of the places that hand work to blocking threads")]
    async fn run<T: Send + 'static>(
        &self,
        row: Option<Arc<Row>>,
        work: impl Fn(&mut PooledConnection) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let turn = match &row {
            Some(row) => Some(row.turn().await?),
            None => None,
        };
        let permit = self.permit().await?;
        let watch = Stopwatch::start();
        let (pool, url) = (self.pool.clone(), self.url.clone());
        let task = tokio::task::spawn_blocking(move || {
            let (_turn, _permit) = (turn, permit);
            let away = |error: PoolError| format!("the database is away: {}", url.without_secrets(&error.to_string()));
            let failed = |error| Error::Unavailable(away(error));
            let mut conn = pool.get().map_err(&failed)?;
            let done = work(&mut conn);
            if !conn.is_lost {
                return done;
            }
            // The server closed it since its last use. All others are tested now before they are used.
            drop(conn);
            work(&mut *pool.get().map_err(failed)?)
        });
        let outcome = match tokio::time::timeout(DEADLINE, task).await {
            Ok(Ok(result)) => result,
            Ok(Err(panicked)) => Err(Error::Unavailable(panicked.to_string())),
            Err(_) => Err(Error::Unavailable("the database gave no answer in time".to_owned())),
        };
        self.note(row.as_deref(), &outcome, watch.elapsed());
        outcome
    }

    /// Notes how work on this row ended that took so long.
    fn note<T>(&self, row: Option<&Row>, outcome: &Result<T, Error>, took: Duration) {
        if took < LONG || !matches!(outcome, Err(Error::Failing(_))) {
            return;
        }
        let row = row.filter(|_| took < MUCH_LONGER);
        // What a viewer writes may have waited for something else than their own row.
        if let Some(row) = row.filter(|_| self.row.is_some()) {
            row.note_wait();
        }
        caller::note_wait(row.map(Row::key));
    }

    /// A permit for one connection. A caller that has waited in vain lately gets none while few are left, nor one for which
    /// it waited until it had: with a table locked, its requests would keep each connection for as long as a lock is waited for.
    async fn permit(&self) -> Result<OwnedSemaphorePermit, Error> {
        let leaves_to_others = || caller::has_waited() && self.permits.are_scarce();
        if leaves_to_others() {
            return Err(Error::Busy(Queue::LockedRoute));
        }
        let permit = self.permits.acquire().await.ok_or(Error::Busy(Queue::Connections))?;
        if leaves_to_others() { Err(Error::Busy(Queue::LockedRoute)) } else { Ok(permit) }
    }
}

impl std::fmt::Debug for Db {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Db").field("pool", &self.pool.state()).field("health", &self.health()).finish_non_exhaustive()
    }
}
