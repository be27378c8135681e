//! Why the database gave no answer, and whether that is its fault or ours.

use diesel::result::{DatabaseErrorKind, Error as QueryError};

/// Why the database gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Too many wait already.
    #[error("too many requests wait for their turn")]
    Busy,
    /// The database is down, unreachable, read-only, too slow, or lacks migrations.
    #[error("the database is away: {0}")]
    Unavailable(String),
    /// A statement failed: a fault of ours.
    #[error("a query failed")]
    Query(#[source] QueryError),
}

impl From<QueryError> for Error {
    fn from(error: QueryError) -> Self {
        if is_outage(&error) { Self::Unavailable(error.to_string()) } else { Self::Query(error) }
    }
}

/// Whether two transactions were in conflict (40001, 40P01): this one left nothing behind and may be run again.
pub(super) fn is_conflict(error: &QueryError) -> bool {
    match error {
        QueryError::DatabaseError(DatabaseErrorKind::SerializationFailure, _) => true,
        // Diesel has no kind for 40P01; every translation of PostgreSQL keeps the word.
        QueryError::DatabaseError(DatabaseErrorKind::Unknown, info) => info.message().contains("deadlock"),
        _ => false,
    }
}

/// Whether it is the database that fails, and not our statement: it passes, and the visitor may try again.
fn is_outage(error: &QueryError) -> bool {
    use DatabaseErrorKind::{ClosedConnection, ReadOnlyTransaction, UnableToSendCommand, Unknown};
    match error {
        QueryError::BrokenTransactionManager => true,
        error if is_conflict(error) => true,
        QueryError::DatabaseError(ClosedConnection | ReadOnlyTransaction | UnableToSendCommand, _) => true,
        // Shut down, crashed, starting, out of connections, or too slow: 57P0x, 53300, 57014, 55P03.
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
        _ => false,
    }
}
