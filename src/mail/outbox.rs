//! The outbox: every mail is a row, written in the transaction of what it tells about.

use diesel::pg::PgConnection;
use diesel::prelude::*;

use super::letter::Letter;
use crate::schema::outbox_letter;
use crate::values::clock::Timestamp;
use crate::values::email_address::EmailAddress;
use crate::values::id::LetterId;

/// Queues a letter in the caller's transaction.
///
/// # Errors
/// When the statement or a template fails.
pub fn enqueue(
    conn: &mut PgConnection,
    now: Timestamp,
    to: &EmailAddress,
    letter: &impl Letter,
) -> QueryResult<LetterId> {
    let _ = (conn, now, to, letter);
    todo!()
}
