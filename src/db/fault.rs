//! Whose fault a failed statement is: the database's, which passes, or ours.

use diesel::result::{DatabaseErrorKind, Error as QueryError};

/// 40001 and 40P01: the transaction left nothing behind and may be run again.
pub(super) fn is_conflict(error: &QueryError) -> bool {
    match error {
        QueryError::DatabaseError(DatabaseErrorKind::SerializationFailure, _) => true,
        // Diesel has no kind for 40P01; every translation of PostgreSQL keeps the word.
        QueryError::DatabaseError(DatabaseErrorKind::Unknown, info) => info.message().contains("deadlock"),
        _ => false,
    }
}

/// Failures that are the database's, not ours: they pass, and the visitor may try again.
pub(super) fn is_outage(error: &QueryError) -> bool {
    use DatabaseErrorKind::{ClosedConnection, ReadOnlyTransaction, UnableToSendCommand, Unknown};
    match error {
        QueryError::BrokenTransactionManager => true,
        error if is_conflict(error) => true,
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
        _ => false,
    }
}
