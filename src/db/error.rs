//! Why the database gave no answer, and whether that is its fault or ours.

use diesel::result::{DatabaseErrorKind, Error as QueryError};

/// Why the database gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Too many wait already; says where.
    #[error("too many requests wait for their turn")]
    Busy(Queue),
    /// The database is down, unreachable, read-only, or lacks migrations; says which.
    #[error("{0}")]
    Unavailable(String),
    /// The database is there, but lacks room or is too slow, or others are in the way; says which.
    #[error("{0}")]
    Failing(&'static str),
    /// A statement failed: a fault of ours.
    #[error("a query failed")]
    Query(#[source] QueryError),
}

/// Where requests wait for their turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Queue {
    /// For a core that hashes a password.
    Hashes,
    /// For a core that estimates how strong a new password is.
    Estimates,
    /// For the core that decodes pictures.
    Pictures,
    /// For memory that a file may take while it arrives. There nobody waits: who finds none is refused.
    Uploads,
    /// For the next batch of joins.
    Joins,
    /// For a connection to the database.
    Connections,
    /// For a row of the database, of those who want the same one.
    Row,
    /// For a connection, on behalf of a route that leaves those to others while it waits for a lock.
    LockedRoute,
}

impl Queue {
    const fn name(self) -> &'static str {
        match self {
            Self::Hashes => "queue_of_hashes",
            Self::Estimates => "queue_of_estimates",
            Self::Pictures => "queue_of_pictures",
            Self::Uploads => "queue_of_uploads",
            Self::Joins => "queue_of_joins",
            Self::Connections => "queue_of_connections",
            Self::Row => "queue_of_row",
            Self::LockedRoute => "locked_route",
        }
    }
}

impl Error {
    /// One word for it, as the metrics name it.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Busy(queue) => queue.name(),
            Self::Unavailable(_) => "database_away",
            Self::Failing(_) => "database_fails",
            Self::Query(_) => "query",
        }
    }

    /// Why, for everybody who looks after the site: neither what somebody typed nor where the server is, which the cause may
    /// name.
    #[must_use]
    pub fn summary(&self) -> String {
        match self {
            Self::Unavailable(_) => "the database was away, or took no writes".to_owned(),
            Self::Query(QueryError::DatabaseError(kind, told)) => {
                let names = [told.table_name(), told.constraint_name()].into_iter().flatten();
                names.fold(format!("{self} ({kind:?})"), |text, name| text + ", " + name)
            }
            Self::Busy(_) | Self::Failing(_) | Self::Query(_) => self.to_string(),
        }
    }

    /// Whether the transaction undid itself, since it found that it must not take effect.
    #[must_use]
    pub const fn is_rolled_back(&self) -> bool {
        matches!(self, Self::Query(QueryError::RollbackTransaction))
    }
}

/// Whether the server was not reached any more.
pub(super) const fn is_connection_lost(error: &QueryError) -> bool {
    use DatabaseErrorKind::{ClosedConnection, UnableToSendCommand};
    matches!(error, QueryError::DatabaseError(ClosedConnection | UnableToSendCommand, _))
}

/// What the failure of a statement is that is no fault of ours, with its SQLSTATE. The server's own words may hold what
/// somebody typed, and come in its language.
pub(super) fn name_of(error: &QueryError) -> &'static str {
    use DatabaseErrorKind::{ReadOnlyTransaction, SerializationFailure, UniqueViolation};
    match error {
        QueryError::RollbackErrorOnCommit { commit_error, .. } => name_of(commit_error),
        QueryError::DatabaseError(SerializationFailure, _) => "two transactions were in conflict (SQLSTATE 40001)",
        QueryError::DatabaseError(ReadOnlyTransaction, _) => "the database takes no writes (SQLSTATE 25006)",
        QueryError::DatabaseError(UniqueViolation, _) => "a key was taken that nobody chose (SQLSTATE 23505)",
        _ => "the connection to the database was lost (SQLSTATE 08006 or 57P01)",
    }
}

/// Whose fault a failed statement is, as far as Diesel's kinds tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// Two transactions were in conflict (40001).
    Conflict,
    /// A key that nobody chose was taken (23505): by another process a moment ago, or an id sequence stands behind its table
    /// (see `sequences.rs`).
    Taken,
    /// The database fails, and not our statement: it passes, and the visitor may try again.
    Outage,
    /// Diesel does not tell the code.
    Hidden,
    /// Our statement fails.
    Ours,
}

impl Fault {
    /// Reads it from Diesel's kind.
    pub(super) fn of(error: &QueryError) -> Self {
        use DatabaseErrorKind::{
            ClosedConnection, ReadOnlyTransaction, SerializationFailure, UnableToSendCommand, UniqueViolation, Unknown,
        };
        match error {
            QueryError::BrokenTransactionManager => Self::Outage,
            QueryError::RollbackErrorOnCommit { commit_error, .. } => Self::of(commit_error),
            QueryError::DatabaseError(kind, _) => match kind {
                SerializationFailure => Self::Conflict,
                ClosedConnection | ReadOnlyTransaction | UnableToSendCommand => Self::Outage,
                // Keys that people choose are looked at by whoever writes them.
                UniqueViolation => Self::Taken,
                Unknown => Self::Hidden,
                _ => Self::Ours,
            },
            _ => Self::Ours,
        }
    }
}
