//! The final outcome of a letter, sent or refused, for the feature that wrote it.

use diesel::pg::PgConnection;
use diesel::result::QueryResult;

use crate::values::clock::Timestamp;
use crate::values::id::LetterId;

/// The outcome of sending a letter: sent, or refused for good.
#[derive(Clone, Debug)]
pub struct SendOutcome {
    /// Which letter.
    pub letter: LetterId,
    /// Its kind, such as `verify-email`.
    pub kind: String,
    /// The address as stored.
    pub recipient: String,
    /// Whether the relay took it over; otherwise it refused it for good.
    pub was_sent: bool,
}

/// The hook that a feature implements. It runs in a transaction of its own after the verdict was recorded, once for each
/// verdict, for several letters at a time; when it fails, it is tried again for each by itself, and the verdicts stand.
pub type RecordOutcome = fn(&mut PgConnection, Timestamp, &[SendOutcome]) -> QueryResult<()>;
