//! `Db::read` and `Db::write`: the only two ways to the database.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::time::Duration;

use diesel::connection::{Connection, SimpleConnection};
use diesel::pg::PgConnection;
use diesel::r2d2::{ConnectionManager, Pool};
use diesel::result::{Error as QueryError, QueryResult};

use super::fault::{is_conflict, is_outage};
use super::permits::Permits;
use super::setup::{Setup, bounds};
use crate::values::database_url::DatabaseUrl;

/// The seed's pool: at most 10 connections, idle ones closed after 30 s, 5 s to get one.
const POOL_SIZE: u32 = 10;
const IDLE: Duration = Duration::from_secs(30);
const PATIENCE: Duration = Duration::from_secs(5);
/// Connections of these for what runs beside the requests.
const ASIDE: usize = 2;
/// Requests waiting for a connection at most; the next one is refused at once.
const MOST_WAITING: usize = 100;
/// Longest stay at the database, hung servers included (r2d2's check-out test has no time limit of its own).
const DEADLINE: Duration = Duration::from_secs(10);
/// Longest look at whether it is there.
const PROBE_TIMEOUT: Duration = Duration::from_secs(2);
/// A transaction that lost a serialization conflict or a deadlock is tried this often.
const TRIES: u32 = 3;
/// Why the database gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Too many wait already.
    #[error("too many requests wait for their turn")]
    Busy,
    /// The database is down, unreachable, read-only, too slow, or lacks migrations.
    #[error("the database is away: {0}")]
    Away(String),
    /// A statement failed: a fault of ours.
    #[error("a query failed")]
    Query(#[source] QueryError),
}

impl From<QueryError> for Error {
    fn from(error: QueryError) -> Self {
        if is_outage(&error) { Self::Away(error.to_string()) } else { Self::Query(error) }
    }
}

/// Whether the database can serve, as last seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Health {
    /// Not looked at yet.
    Unseen,
    /// Not reachable.
    Away,
    /// Reachable, but migrations are missing.
    Behind,
    /// Serving.
    Ready,
}

/// What the gate needs to know.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where the database is.
    pub url: DatabaseUrl,
    /// Whether connections keep named prepared statements; off behind a pooler in transaction mode.
    pub statement_cache: bool,
}

/// The gate. Clones share one pool.
#[derive(Clone)]
pub struct Db {
    pool: Pool<ConnectionManager<PgConnection>>,
    permits: Permits,
    aside: Permits,
    health: Arc<AtomicU8>,
    statements: Arc<AtomicU64>,
    /// Behind a pooler a `SET` would leak to other clients, so the bounds are set in each transaction.
    bounds_in_transaction: bool,
}

impl Db {
    /// Makes the gate without connecting, so that the process starts while the database is down.
    #[must_use]
    pub fn new(settings: &Settings) -> Self {
        let statements = Arc::new(AtomicU64::new(0));
        let bounds_in_transaction = settings.url.is_pooled() || !settings.statement_cache;
        let setup = Setup {
            bounds: !bounds_in_transaction,
            cache: settings.statement_cache,
            statements: Arc::clone(&statements),
        };
        let pool = Pool::builder()
            .max_size(POOL_SIZE)
            // Unset, r2d2 keeps all ten open, closing and opening them every 30 s.
            .min_idle(Some(1))
            .idle_timeout(Some(IDLE))
            .connection_timeout(PATIENCE)
            .connection_customizer(Box::new(setup))
            .build_unchecked(ConnectionManager::new(settings.url.for_libpq()));
        let permits = Permits::new(POOL_SIZE as usize - ASIDE, MOST_WAITING, PATIENCE);
        let aside = Permits::new(ASIDE, MOST_WAITING, PATIENCE);
        let health = Arc::new(AtomicU8::new(Health::Unseen as u8));
        Self { pool, permits, aside, health, statements, bounds_in_transaction }
    }

    /// Reads, or writes a single statement that needs no transaction around it.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn read<T: Send + 'static>(
        &self,
        read: impl Fn(&mut PgConnection) -> QueryResult<T> + Send + 'static,
    ) -> Result<T, Error> {
        let in_transaction = self.bounds_in_transaction;
        self.serve(move |conn| if in_transaction { transaction(conn, true, &read) } else { read(conn) }).await
    }

    /// Writes in one transaction; runs `write` again when the database asks for it (40001, 40P01).
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn write<T: Send + 'static>(
        &self,
        write: impl Fn(&mut PgConnection) -> QueryResult<T> + Send + 'static,
    ) -> Result<T, Error> {
        let bounded = self.bounds_in_transaction;
        self.serve(move |conn| transaction(conn, bounded, &write)).await
    }

    /// The same database by a way of its own, for what runs beside the requests: a flood of these keeps it neither from
    /// looking nor from listening.
    #[must_use]
    pub fn aside(&self) -> Self {
        Self { permits: self.aside.clone(), ..self.clone() }
    }

    /// Looks at the database with `lacks_migrations` and remembers what it saw.
    pub async fn probe(
        &self,
        lacks_migrations: impl Fn(&mut PgConnection) -> QueryResult<bool> + Send + 'static,
    ) -> Health {
        let health = match tokio::time::timeout(PROBE_TIMEOUT, self.enter(lacks_migrations)).await {
            Ok(Ok(false)) => Health::Ready,
            Ok(Ok(true)) => Health::Behind,
            // Overload is no outage.
            Ok(Err(Error::Busy)) => self.health(),
            Ok(Err(_)) | Err(_) => Health::Away,
        };
        self.health.store(health as u8, Ordering::Relaxed);
        health
    }

    /// What the last look saw.
    #[must_use]
    pub fn health(&self) -> Health {
        match self.health.load(Ordering::Relaxed) {
            h if h == Health::Ready as u8 => Health::Ready,
            h if h == Health::Behind as u8 => Health::Behind,
            h if h == Health::Away as u8 => Health::Away,
            _ => Health::Unseen,
        }
    }

    /// Statements sent so far, transaction control not counted; counted in debug builds alone, for the tests.
    #[must_use]
    pub fn statements(&self) -> u64 {
        self.statements.load(Ordering::Relaxed)
    }

    async fn serve<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut PgConnection) -> QueryResult<T> + Send + 'static,
    ) -> Result<T, Error> {
        match self.health() {
            Health::Ready | Health::Unseen => {}
            Health::Behind => return Err(Error::Away("migrations are missing; run `biovity migrate`".to_owned())),
            // At once: the next look, in a moment, finds out whether it is back.
            Health::Away => return Err(Error::Away("not there when last looked at".to_owned())),
        }
        self.enter(work).await
    }

    #[expect(clippy::disallowed_methods, reason = "one of the two places that hand work to blocking threads")]
    async fn enter<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut PgConnection) -> QueryResult<T> + Send + 'static,
    ) -> Result<T, Error> {
        let permit = self.permits.enter().await.ok_or(Error::Busy)?;
        let pool = self.pool.clone();
        let task = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            let mut conn = pool.get().map_err(|error| Error::Away(error.to_string()))?;
            work(&mut conn).map_err(Error::from)
        });
        match tokio::time::timeout(DEADLINE, task).await {
            Ok(Ok(result)) => result,
            Ok(Err(panicked)) => Err(Error::Away(panicked.to_string())),
            Err(_) => Err(Error::Away("no answer in time".to_owned())),
        }
    }
}

impl std::fmt::Debug for Db {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Db").field("pool", &self.pool.state()).field("health", &self.health()).finish_non_exhaustive()
    }
}

fn transaction<T>(
    conn: &mut PgConnection,
    bounded: bool,
    work: impl Fn(&mut PgConnection) -> QueryResult<T>,
) -> QueryResult<T> {
    let mut tries = 1;
    loop {
        let result = conn.transaction(|conn| {
            if bounded {
                conn.batch_execute(&bounds("SET LOCAL"))?;
            }
            work(conn)
        });
        match result {
            Err(error) if tries < TRIES && is_conflict(&error) => {
                tries += 1;
                std::thread::sleep(pause());
            }
            result => return result,
        }
    }
}

/// Lets the other side of a conflict go first: who tries again at once takes the very lock that it had to give up, and
/// both are in the same deadlock again.
fn pause() -> Duration {
    Duration::from_millis(10 + getrandom::u64().unwrap_or_default() % 40)
}
