//! What became of a letter, for the feature that wrote it.

use diesel::pg::PgConnection;
use diesel::result::QueryResult;

use crate::values::clock::Timestamp;
use crate::values::id::LetterId;

/// What a relay said of a letter, for the feature that wrote it.
#[derive(Clone, Copy, Debug)]
pub struct Settled<'a> {
    /// Which letter.
    pub letter: &'a LetterId,
    /// Its kind, such as `verify-email`.
    pub kind: &'a str,
    /// The address as stored.
    pub recipient: &'a str,
    /// The relay took it over, or refused it for good.
    pub was_sent: bool,
}

/// Takes note of a letter that was sent or refused, in the transaction in which its row learns of it.
pub type RecordOutcome = fn(&mut PgConnection, Timestamp, &Settled<'_>) -> QueryResult<()>;
