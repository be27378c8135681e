//! What every new connection gets: its bounds, and whether it keeps prepared statements.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use diesel::connection::{CacheSize, Connection, InstrumentationEvent, SimpleConnection};
use diesel::pg::PgConnection;
use diesel::r2d2::{CustomizeConnection, Error as SetupError};

/// Bounds of one statement, one lock and one idle transaction.
const BOUNDS: [(&str, &str); 3] =
    [("statement_timeout", "5s"), ("lock_timeout", "2s"), ("idle_in_transaction_session_timeout", "10s")];

/// The statement that sets them, for a session or a transaction.
pub(super) fn bounds(set: &str) -> String {
    BOUNDS.map(|(name, value)| format!("{set} {name} = '{value}'")).join("; ")
}

/// What every new connection gets.
#[derive(Debug)]
pub(super) struct Setup {
    pub(super) bounds: bool,
    pub(super) cache: bool,
    pub(super) statements: Arc<AtomicU64>,
}

impl CustomizeConnection<PgConnection, SetupError> for Setup {
    fn on_acquire(&self, conn: &mut PgConnection) -> Result<(), SetupError> {
        if !self.cache {
            conn.set_prepared_statement_cache_size(CacheSize::Disabled);
        }
        if self.bounds {
            conn.batch_execute(&bounds("SET")).map_err(SetupError::QueryError)?;
        }
        // What a test counts costs nothing in a release: diesel writes out each statement for it.
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
