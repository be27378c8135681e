//! The final outcome of a letter, sent or refused, for the feature that wrote it.

use diesel::pg::PgConnection;
use diesel::result::QueryResult;

use crate::values::clock::Timestamp;
use crate::values::id::LetterId;

/// The outcome of sending a letter: sent, or refused for good.
#[derive(Clone, Copy, Debug)]
pub struct SendOutcome<'a> {
    /// Which letter.
    pub letter: &'a LetterId,
    /// Its kind, such as `verify-email`.
    pub kind: &'a str,
    /// The address as stored.
    pub recipient: &'a str,
    /// Whether the relay took it over; otherwise it refused it for good.
    pub was_sent: bool,
}

/// The hook that a feature implements. It runs in a transaction of its own after the verdict was recorded, once for each
/// verdict; when it fails, it is tried again and the verdict stands.
pub type RecordOutcome = fn(&mut PgConnection, Timestamp, &SendOutcome<'_>) -> QueryResult<()>;
