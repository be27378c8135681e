//! What every new connection gets: its timeouts, and whether it keeps prepared statements.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use diesel::connection::{CacheSize, Connection, InstrumentationEvent, SimpleConnection};
use diesel::pg::PgConnection;
use diesel::r2d2::{CustomizeConnection, Error as SetupError};

/// The longest time of one statement, one wait for a lock and one idle transaction.
const TIMEOUTS: [(&str, &str); 3] =
    [("statement_timeout", "5s"), ("lock_timeout", "2s"), ("idle_in_transaction_session_timeout", "10s")];

/// Where the timeouts are set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Timeouts {
    /// Once, when a connection is opened.
    PerConnection,
    /// At the beginning of each transaction.
    PerTransaction,
}

/// The statements that set them: `set` is `SET` or `SET LOCAL`.
pub(super) fn set_timeouts(set: &str) -> String {
    TIMEOUTS.map(|(name, value)| format!("{set} {name} = '{value}'")).join("; ")
}

/// What every new connection gets.
#[derive(Debug)]
pub(super) struct ConnectionSetup {
    pub(super) timeouts: Timeouts,
    pub(super) statement_cache: bool,
    pub(super) statements: Arc<AtomicU64>,
}

impl CustomizeConnection<PgConnection, SetupError> for ConnectionSetup {
    fn on_acquire(&self, conn: &mut PgConnection) -> Result<(), SetupError> {
        if !self.statement_cache {
            conn.set_prepared_statement_cache_size(CacheSize::Disabled);
        }
        if self.timeouts == Timeouts::PerConnection {
            conn.batch_execute(&set_timeouts("SET")).map_err(SetupError::QueryError)?;
        }
        // Only tests count statements. Diesel would write out each one for it, which costs time in a release.
        if !cfg!(debug_assertions) {
            return Ok(());
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
