//! How connections are opened, and what each gets: its bounds, and whether it keeps named statements.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use diesel::connection::{
    CacheSize, Connection, Instrumentation, InstrumentationEvent, SimpleConnection, get_default_instrumentation,
};
use diesel::pg::PgConnection;
use diesel::r2d2::{Error, ManageConnection, R2D2Connection};
use diesel::result::{ConnectionResult, DatabaseErrorKind, Error as QueryError};

use super::error::is_connection_lost;
use super::pooler::{Backend, Pooler};
use crate::values::clock::Stopwatch;
use crate::values::database_url::DatabaseUrl;

/// The longest time of one statement, one wait for a lock and one idle transaction. And nothing is compiled (`jit` is on by
/// default): no statement here is long enough to gain by it, and a join would take seconds where a plan looks expensive.
const BOUNDS: [(&str, &str); 4] = [
    ("statement_timeout", "5s"),
    ("lock_timeout", "2s"),
    ("idle_in_transaction_session_timeout", "10s"),
    ("jit", "off"),
];

/// For how long after its use a connection is taken without a test. Whoever gets a lost one tries again with a tested one.
const TRUSTED: Duration = Duration::from_secs(1);

/// The statements that set the bounds: `set` is `SET` or `SET LOCAL`.
fn set_bounds(set: &str) -> String {
    BOUNDS.map(|(name, value)| format!("{set} {name} = '{value}'")).join("; ")
}

/// A connection to whichever host serves. Where one answers and refuses the connection, as a standby does whose data is being
/// made anew or that lacks the database, libpq asks no other. It gives no SQLSTATE for that, and its words are in the language
/// of the server; so whatever failed, the others are asked here. Once it took as long as hosts that all hang, each was asked.
///
/// # Errors
/// When none of the hosts gives a connection: what the first said.
pub fn establish(url: &DatabaseUrl) -> ConnectionResult<PgConnection> {
    let watch = Stopwatch::start();
    PgConnection::establish(&url.for_libpq()).or_else(|error| {
        let mut further = url.for_libpq_by_further_host().take_while(|_| watch.elapsed() < url.patience());
        further.find_map(|url| PgConnection::establish(&url).ok()).ok_or(error)
    })
}

/// Opens the connections of the pool and of the probe.
#[derive(Clone, Debug)]
pub(super) struct Connector {
    pub(super) url: DatabaseUrl,
    pub(super) pooler: Pooler,
    pub(super) statements: Arc<AtomicU64>,
    /// How many connections were lost so far: those that were used before the last loss are probably lost too.
    losses: Arc<AtomicU64>,
}

/// A connection, and what it was opened for.
#[expect(clippy::struct_excessive_bools, reason = "each is true or not whatever the others are")]
pub(super) struct PooledConnection {
    pub(super) pg: PgConnection,
    pooler: Pooler,
    /// The bounds were set once, for the session. A connection through a pooler sets them in each transaction instead,
    /// because its session is somebody else's next.
    has_bounds: bool,
    keeps_statements: bool,
    must_close: bool,
    backend: Option<Backend>,
    used: Stopwatch,
    /// The losses that were known at its last use.
    losses_before: u64,
    losses: Arc<AtomicU64>,
    /// Whether it was taken without a test.
    is_untested: bool,
    /// Whether it was lost before anything that it was taken for took effect.
    pub(super) is_lost: bool,
}

impl Connector {
    /// Opens nothing yet.
    pub(super) fn new(url: DatabaseUrl, pooler: Pooler, statements: Arc<AtomicU64>) -> Self {
        Self { url, pooler, statements, losses: Arc::default() }
    }

    fn open(&self) -> Result<PgConnection, Error> {
        let mut pg = establish(&self.url)?;
        pg.set_prepared_statement_cache_size(CacheSize::Disabled);
        Ok(pg)
    }

    /// Opens a second connection beside the first one, since a pooler shows only where two are open.
    fn register(&self, pg: &mut PgConnection) -> Result<Option<Backend>, Error> {
        if self.pooler.is_between() {
            return Ok(None);
        }
        let _turn = self.pooler.lock();
        let is_first = self.pooler.has_no_backend();
        let backend = self.pooler.register(pg)?;
        if is_first {
            self.pooler.register(&mut self.open()?)?;
        }
        Ok(Some(backend))
    }
}

impl ManageConnection for Connector {
    type Connection = PooledConnection;
    type Error = Error;

    fn connect(&self) -> Result<PooledConnection, Error> {
        let mut pg = self.open()?;
        let backend = self.register(&mut pg)?;
        let (has_bounds, keeps_statements) = (!self.pooler.is_between(), self.pooler.lets_keep_statements());
        if has_bounds {
            pg.batch_execute(&set_bounds("SET"))?;
        }
        if keeps_statements {
            pg.set_prepared_statement_cache_size(CacheSize::Unbounded);
        }
        count_statements(&mut pg, &self.statements);
        Ok(PooledConnection {
            pg,
            pooler: self.pooler.clone(),
            has_bounds,
            keeps_statements,
            must_close: false,
            backend,
            used: Stopwatch::start(),
            losses_before: self.losses.load(Ordering::Relaxed),
            losses: Arc::clone(&self.losses),
            is_untested: false,
            is_lost: false,
        })
    }

    fn is_valid(&self, conn: &mut PooledConnection) -> Result<(), Error> {
        let losses = self.losses.load(Ordering::Relaxed);
        conn.is_untested = conn.used.elapsed() < TRUSTED && conn.losses_before == losses;
        if !conn.is_untested {
            conn.pg.ping()?;
        }
        conn.losses_before = losses;
        Ok(())
    }

    fn has_broken(&self, conn: &mut PooledConnection) -> bool {
        conn.used = Stopwatch::start();
        conn.must_close || std::thread::panicking() || conn.pg.is_broken()
    }
}

impl PooledConnection {
    /// The statements that set the bounds of a transaction; none where the session has them.
    pub(super) fn bounds(&self) -> Option<String> {
        (!self.has_bounds || self.pooler.is_between()).then(|| set_bounds("SET LOCAL"))
    }

    /// Sends statements without a name from now on, and is closed afterwards: it cannot name any again, because the
    /// server may still know the old names.
    pub(super) fn forget_statements(&mut self) {
        if self.keeps_statements {
            self.pg.set_prepared_statement_cache_size(CacheSize::Disabled);
            (self.keeps_statements, self.must_close) = (false, true);
        }
    }

    /// Looks whether work failed because the connection was lost. Such work had no effect, and is done once more if the
    /// connection was not tested. One to a server that takes no writes is closed as well (25006): the next one goes to
    /// whichever leads by then.
    pub(super) fn note_loss(&mut self, error: &QueryError) {
        if is_connection_lost(error) {
            self.losses.fetch_add(1, Ordering::Relaxed);
            (self.must_close, self.is_lost) = (true, self.is_untested);
        } else if matches!(error, QueryError::DatabaseError(DatabaseErrorKind::ReadOnlyTransaction, _)) {
            self.must_close = true;
        }
    }

    /// What a pooler makes necessary that was found out after this connection was opened.
    pub(super) fn adapt_to_pooler(&mut self) {
        if !self.pooler.lets_keep_statements() {
            self.forget_statements();
        }
    }

    /// Asks whether another server answers than the one that the connection was opened to.
    pub(super) fn detect_pooler(&mut self) {
        if let Some(backend) = &self.backend {
            self.pooler.compare(&mut self.pg, backend);
        }
    }
}

/// Only tests count statements. Diesel would write out each one for it, which costs time in a release.
fn count_statements(pg: &mut PgConnection, statements: &Arc<AtomicU64>) {
    if !cfg!(debug_assertions) {
        return;
    }
    let statements = Arc::clone(statements);
    let mut default = get_default_instrumentation();
    pg.set_instrumentation(move |event: InstrumentationEvent<'_>| {
        if let InstrumentationEvent::StartQuery { query, .. } = &event
            && !is_control(&query.to_string())
        {
            statements.fetch_add(1, Ordering::Relaxed);
        }
        default.on_connection_event(event);
    });
}

fn is_control(statement: &str) -> bool {
    ["BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "SET", "SELECT 1"]
        .iter()
        .any(|word| statement.starts_with(word))
}
