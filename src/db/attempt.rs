//! Work on a connection, attempted again when its failure may pass, and what a failure that stays means.
//!
//! A failure is judged by its SQLSTATE, never by its words, which come in the server's language. Diesel keeps the code to
//! itself and has kinds for some: 08xxx, 23xxx, 25006 and 40001, and `ClosedConnection` whenever the server has closed
//! the connection (57P0x). All others are one kind, and are told apart by what the code itself stands for:
//!
//! 1. An attempt that took as long as the shortest of our bounds was ended by one (55P03, 57014).
//! 2. What was a matter of chance does not happen again: a deadlock (40P01), a cancelled statement (57014), a named
//!    statement that a pooler lost (26000, 42P05). The attempt left nothing behind, so the work is done again, and
//!    statements have no name any more.
//! 3. Where the server lacks room or memory (53xxx, 58xxx), another statement that needs some fails too.
//!    `lacks_resources.sql` tries, and tells by a code for which Diesel has a kind.
//! 4. Whatever is left fails each time, at once, on a server that is well: a fault of ours.

use std::cell::Cell;
use std::thread;
use std::time::Duration;

use diesel::connection::{Connection, SimpleConnection};
use diesel::pg::PgConnection;
use diesel::result::QueryResult;

use super::connector::PooledConnection;
use super::error::{self, Error, Fault};
use crate::values::clock::Stopwatch;

/// Attempts at most.
const ATTEMPTS: u32 = 3;
/// The shortest of the bounds: that of a wait for a lock.
const SHORTEST_BOUND: Duration = Duration::from_secs(2);
/// The next one: that of a statement.
const STATEMENT_BOUND: Duration = Duration::from_secs(5);

const LACKS_RESOURCES: &str = "the database lacks room or memory (SQLSTATE 53xxx or 58xxx)";

/// Does the work of a read: on a direct connection without a transaction around it. A connection that is lost meanwhile
/// loses nothing, because what reads may be done twice.
pub(super) fn read<T>(
    conn: &mut PooledConnection,
    work: &impl Fn(&mut PgConnection) -> QueryResult<T>,
) -> Result<T, Error> {
    attempt(conn, |conn| {
        let done = if conn.bounds().is_some() { transaction(conn, work) } else { work(&mut conn.pg) };
        done.inspect_err(|error| conn.note_loss(error))
    })
}

/// Does the work of a write, in one transaction.
pub(super) fn write<T>(
    conn: &mut PooledConnection,
    work: &impl Fn(&mut PgConnection) -> QueryResult<T>,
) -> Result<T, Error> {
    attempt(conn, |conn| {
        let is_done = Cell::new(false);
        let work = |pg: &mut PgConnection| work(pg).inspect(|_| is_done.set(true));
        let done = transaction(conn, &work);
        // Nobody knows of a COMMIT that was sent whether it took effect.
        if is_done.get() { done } else { done.inspect_err(|error| conn.note_loss(error)) }
    })
}

/// Runs `work` in a transaction that has its bounds.
fn transaction<T>(conn: &mut PooledConnection, work: &impl Fn(&mut PgConnection) -> QueryResult<T>) -> QueryResult<T> {
    let bounds = conn.bounds();
    conn.pg.transaction(|pg| {
        if let Some(bounds) = &bounds {
            pg.batch_execute(bounds)?;
        }
        work(pg)
    })
}

fn attempt<T>(conn: &mut PooledConnection, work: impl Fn(&mut PooledConnection) -> QueryResult<T>) -> Result<T, Error> {
    let since_first = Stopwatch::start();
    conn.adapt_to_pooler();
    let (mut attempts, mut has_lacked) = (1, false);
    loop {
        let watch = Stopwatch::start();
        let error = match work(conn) {
            Ok(value) => return Ok(value),
            Err(error) => error,
        };
        let fault = Fault::of(&error);
        let may_pass = matches!(fault, Fault::Conflict | Fault::Hidden) && watch.elapsed() < SHORTEST_BOUND;
        if attempts == ATTEMPTS || !may_pass {
            let cause = match fault {
                Fault::Ours => None,
                Fault::Hidden => cause_by_time(watch.elapsed(), since_first.elapsed())
                    .or_else(|| (has_lacked || lacks_resources(&mut conn.pg)).then_some(LACKS_RESOURCES)),
                Fault::Conflict | Fault::Taken => Some(error::name_of(&error)),
                Fault::Outage => return Err(Error::Unavailable(error::name_of(&error).to_owned())),
            };
            return Err(cause.map_or(Error::Query(error), Error::Failing));
        }
        if fault == Fault::Hidden {
            // Room may come back between the last failure and the question about it.
            has_lacked |= lacks_resources(&mut conn.pg);
            conn.detect_pooler();
            conn.forget_statements();
        }
        attempts += 1;
        thread::sleep(pause());
    }
}

/// What an attempt that took so long, after others, failed by; nothing where the time does not tell.
fn cause_by_time(last: Duration, all: Duration) -> Option<&'static str> {
    if all < SHORTEST_BOUND {
        None
    } else if last < SHORTEST_BOUND {
        Some("a deadlock, or a cancelled statement, again and again (SQLSTATE 40P01 or 57014)")
    } else if last < STATEMENT_BOUND {
        Some("a lock was not free in time (SQLSTATE 55P03)")
    } else {
        Some("a statement, or a lock, took too long (SQLSTATE 57014 or 55P03)")
    }
}

fn lacks_resources(pg: &mut PgConnection) -> bool {
    let tried = pg.batch_execute(include_str!("attempt/lacks_resources.sql"));
    tried.is_err_and(|error| Fault::of(&error) != Fault::Hidden)
}

/// Lets the other transaction go first: one that tries again at once would take the lock that it had to give up, and both
/// would be in the same deadlock again.
fn pause() -> Duration {
    Duration::from_millis(10 + getrandom::u64().unwrap_or_default() % 40)
}
