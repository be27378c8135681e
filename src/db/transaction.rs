//! One transaction, tried again when it lost a conflict.

use std::thread;
use std::time::Duration;

use diesel::connection::{Connection, SimpleConnection};
use diesel::pg::PgConnection;
use diesel::result::QueryResult;

use super::connection_setup::{Timeouts, set_timeouts};
use super::error::is_conflict;

/// A transaction that lost a serialization conflict or a deadlock is tried this often.
const TRIES: u32 = 3;

/// Runs `work` in a transaction, again when it lost a conflict.
pub(super) fn transaction<T>(
    conn: &mut PgConnection,
    timeouts: Timeouts,
    work: impl Fn(&mut PgConnection) -> QueryResult<T>,
) -> QueryResult<T> {
    let mut tries = 1;
    loop {
        let result = conn.transaction(|conn| {
            if timeouts == Timeouts::PerTransaction {
                conn.batch_execute(&set_timeouts("SET LOCAL"))?;
            }
            work(conn)
        });
        match result {
            Err(error) if tries < TRIES && is_conflict(&error) => {
                tries += 1;
                thread::sleep(pause());
            }
            result => return result,
        }
    }
}

/// Lets the other transaction go first: one that tries again at once would take the lock that it had to give up, and both
/// would be in the same deadlock again.
fn pause() -> Duration {
    Duration::from_millis(10 + getrandom::u64().unwrap_or_default() % 40)
}
