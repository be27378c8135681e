//! `Db::read` and `Db::write`: the only two ways to the database.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::time::Duration;

use diesel::connection::{CacheSize, Connection, InstrumentationEvent, SimpleConnection};
use diesel::pg::PgConnection;
use diesel::r2d2::{ConnectionManager, CustomizeConnection, Error as SetupError, Pool};
use diesel::result::{DatabaseErrorKind, Error as QueryError, QueryResult};

use super::permits::Permits;
use crate::values::database_url::DatabaseUrl;

/// The seed's pool: at most 10 connections, idle ones closed after 30 s, 5 s to get one.
const POOL_SIZE: u32 = 10;
const IDLE: Duration = Duration::from_secs(30);
const PATIENCE: Duration = Duration::from_secs(5);
/// Requests waiting for a connection at most; the next one is refused at once.
const MOST_WAITING: usize = 100;
/// Longest stay at the database, hung servers included (r2d2's check-out test has no time limit of its own).
const DEADLINE: Duration = Duration::from_secs(10);
/// A transaction that lost a serialization conflict or a deadlock is tried this often.
const TRIES: u32 = 3;
/// Bounds of one statement, one lock and one idle transaction.
const BOUNDS: [(&str, &str); 3] =
    [("statement_timeout", "5s"), ("lock_timeout", "2s"), ("idle_in_transaction_session_timeout", "10s")];

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
    /// Not reachable (or not looked at yet).
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
        let bounds_in_transaction = settings.url.is_pooled();
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
        let permits = Permits::new(POOL_SIZE as usize, MOST_WAITING, PATIENCE);
        Self { pool, permits, health: Arc::new(AtomicU8::new(Health::Away as u8)), statements, bounds_in_transaction }
    }

    /// Reads, each statement for itself.
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

    /// Looks at the database with `lacks_migrations` and remembers what it saw.
    pub async fn look(
        &self,
        lacks_migrations: impl Fn(&mut PgConnection) -> QueryResult<bool> + Send + 'static,
    ) -> Health {
        let health = match self.enter(lacks_migrations).await {
            Ok(false) => Health::Ready,
            Ok(true) => Health::Behind,
            Err(_) => Health::Away,
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
            _ => Health::Away,
        }
    }

    /// Statements sent so far, transaction control not counted.
    #[must_use]
    pub fn statements(&self) -> u64 {
        self.statements.load(Ordering::Relaxed)
    }

    async fn serve<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut PgConnection) -> QueryResult<T> + Send + 'static,
    ) -> Result<T, Error> {
        if self.health() == Health::Behind {
            return Err(Error::Away("migrations are missing; run `biovity migrate`".to_owned()));
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
            Err(error) if tries < TRIES && is_conflict(&error) => tries += 1,
            result => return result,
        }
    }
}

fn bounds(set: &str) -> String {
    BOUNDS.map(|(name, value)| format!("{set} {name} = '{value}'")).join("; ")
}

/// 40001 and 40P01: the transaction left nothing behind and may be run again.
fn is_conflict(error: &QueryError) -> bool {
    match error {
        QueryError::DatabaseError(DatabaseErrorKind::SerializationFailure, _) => true,
        // Diesel has no kind for 40P01; every translation of PostgreSQL keeps the word.
        QueryError::DatabaseError(DatabaseErrorKind::Unknown, info) => info.message().contains("deadlock"),
        _ => false,
    }
}

/// Failures that are the database's, not ours: they pass, and the visitor may try again.
fn is_outage(error: &QueryError) -> bool {
    use DatabaseErrorKind::{ClosedConnection, ReadOnlyTransaction, UnableToSendCommand, Unknown};
    match error {
        QueryError::BrokenTransactionManager => true,
        QueryError::DatabaseError(ClosedConnection | ReadOnlyTransaction | UnableToSendCommand, _) => true,
        // Shut down, crashed, starting, out of places, or too slow: 57P0x, 53300, 57014, 55P03.
        QueryError::DatabaseError(Unknown, info) => {
            let passing = [
                "terminating connection",
                "server closed",
                "shutting down",
                "starting up",
                "too many",
                "timeout",
                "could not",
            ];
            passing.iter().any(|words| info.message().contains(words))
        }
        error => is_conflict(error),
    }
}

/// What every new connection gets.
#[derive(Debug)]
struct Setup {
    bounds: bool,
    cache: bool,
    statements: Arc<AtomicU64>,
}

impl CustomizeConnection<PgConnection, SetupError> for Setup {
    fn on_acquire(&self, conn: &mut PgConnection) -> Result<(), SetupError> {
        if !self.cache {
            conn.set_prepared_statement_cache_size(CacheSize::Disabled);
        }
        if self.bounds {
            conn.batch_execute(&bounds("SET")).map_err(SetupError::QueryError)?;
        }
        let statements = Arc::clone(&self.statements);
        conn.set_instrumentation(move |event: InstrumentationEvent<'_>| {
            if let InstrumentationEvent::StartQuery { query, .. } = event
                && !is_control(&query.to_string())
            {
                statements.fetch_add(1, Ordering::Relaxed);
            }
        });
        Ok(())
    }
}

fn is_control(statement: &str) -> bool {
    ["BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "SET", "SELECT 1"]
        .iter()
        .any(|word| statement.starts_with(word))
}
