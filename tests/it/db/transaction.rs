//! Reading, and writing in one transaction.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Barrier};
use std::time::{Duration, Instant};

use biovity::db::sliding_window::{self, Window};
use biovity::db::{Db, Error};
use diesel::connection::SimpleConnection;
use diesel::pg::PgConnection;
use diesel::result::{Error as QueryError, QueryResult};

use super::{gate, sleep, value};
use crate::support::database::TestDatabase;

/// Two counters, and the gate to them.
fn counters() -> (TestDatabase, Db) {
    let database = TestDatabase::empty();
    database.execute("CREATE TABLE counter (name text PRIMARY KEY, value integer NOT NULL)");
    database.execute("INSERT INTO counter VALUES ('a', 0), ('b', 0)");
    let db = gate(&database);
    (database, db)
}

/// Two writers who meet in the middle of their first try.
struct Meeting {
    barrier: Barrier,
    tries: [AtomicU32; 2],
}

impl Meeting {
    fn new() -> Arc<Self> {
        Arc::new(Self { barrier: Barrier::new(2), tries: Default::default() })
    }

    fn wait(&self, writer: usize) {
        if self.tries[writer].fetch_add(1, Ordering::Relaxed) == 0 {
            self.barrier.wait();
        }
    }

    fn tries(&self) -> u32 {
        self.tries.iter().map(|tries| tries.load(Ordering::Relaxed)).sum()
    }
}

fn add(conn: &mut PgConnection, name: &str) -> QueryResult<()> {
    conn.batch_execute(&format!("UPDATE counter SET value = value + 1 WHERE name = '{name}'"))
}

#[tokio::test]
async fn a_write_that_fails_leaves_nothing_behind() {
    let (database, db) = counters();
    let failed = db.write(|conn| add(conn, "a").and(conn.batch_execute("INSERT INTO counter VALUES ('c', NULL)")));
    assert!(matches!(failed.await, Err(Error::Query(_))));
    let refused = db.write::<()>(|conn| {
        add(conn, "a")?;
        Err(QueryError::RollbackTransaction)
    });
    assert!(matches!(refused.await, Err(Error::Query(QueryError::RollbackTransaction))));
    assert_eq!(database.values("value", "counter ORDER BY name"), ["0", "0"]);
    db.write(|conn| {
        add(conn, "a")?;
        add(conn, "b")
    })
    .await
    .unwrap();
    assert_eq!(database.values("value", "counter ORDER BY name"), ["1", "1"]);
}

#[tokio::test]
async fn two_writes_that_cannot_both_be_serialized_both_succeed_in_the_end() {
    let (database, db) = counters();
    let meeting = Meeting::new();
    let write = |writer: usize| {
        let meeting = Arc::clone(&meeting);
        db.write(move |conn| {
            conn.batch_execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")?;
            let read: i32 = value(conn, "SELECT value FROM counter WHERE name = 'a'")?.parse().unwrap();
            meeting.wait(writer);
            conn.batch_execute(&format!("UPDATE counter SET value = {} WHERE name = 'a'", read + 1))
        })
    };
    let (one, other) = tokio::join!(write(0), write(1));
    assert!(one.is_ok() && other.is_ok(), "{one:?} {other:?}");
    assert_eq!((database.values("value", "counter WHERE name = 'a'")[0].as_str(), meeting.tries()), ("2", 3));
}

#[tokio::test]
async fn two_writes_in_a_deadlock_both_succeed_in_the_end() {
    let (database, db) = counters();
    let meeting = Meeting::new();
    let write = |writer: usize, [first, second]: [&'static str; 2]| {
        let meeting = Arc::clone(&meeting);
        db.write(move |conn| {
            add(conn, first)?;
            meeting.wait(writer);
            add(conn, second)
        })
    };
    let (one, other) = tokio::join!(write(0, ["a", "b"]), write(1, ["b", "a"]));
    assert!(one.is_ok() && other.is_ok(), "{one:?} {other:?}");
    assert_eq!(
        (database.values("value", "counter ORDER BY name"), meeting.tries()),
        (vec!["2".to_owned(), "2".to_owned()], 3)
    );
}

#[tokio::test]
async fn a_conflict_that_never_ends_is_given_up_after_three_tries() {
    let (_database, db) = counters();
    let tries = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&tries);
    let conflict = db.write(move |conn| {
        counted.fetch_add(1, Ordering::Relaxed);
        conn.batch_execute("DO $$ BEGIN RAISE 'no' USING ERRCODE = '40001'; END $$")
    });
    assert!(matches!(conflict.await, Err(Error::Failing(_))));
    assert_eq!(tries.load(Ordering::Relaxed), 3);
}

#[tokio::test]
async fn no_statement_takes_longer_than_five_seconds() {
    let (_database, db) = counters();
    let start = Instant::now();
    let (read, written) = tokio::join!(db.read(|conn| sleep(conn, 30.0)), db.write(|conn| sleep(conn, 30.0)));
    assert!(matches!((&read, &written), (Err(Error::Failing(_)), Err(Error::Failing(_)))), "{read:?} {written:?}");
    assert!(start.elapsed() < Duration::from_secs(7), "{:?}", start.elapsed());
    assert_eq!(db.read(|conn| value(conn, "1")).await.unwrap(), "1", "the connections still serve");
}

#[tokio::test]
async fn nobody_waits_longer_than_two_seconds_for_a_lock() {
    let (database, db) = counters();
    let mut holder = database.connect();
    holder.batch_execute("BEGIN; UPDATE counter SET value = 9 WHERE name = 'a'").unwrap();
    let start = Instant::now();
    assert!(matches!(db.write(|conn| add(conn, "a")).await, Err(Error::Failing(_))));
    assert!((1_900..3_500).contains(&start.elapsed().as_millis()), "{:?}", start.elapsed());
}

/// Ends every connection of the pool, as a restart of the server does.
fn end_connections(database: &TestDatabase) {
    database.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
         WHERE datname = current_database() AND pid <> pg_backend_pid()",
    );
}

#[tokio::test]
async fn a_connection_that_was_lost_a_moment_after_its_use_costs_nothing() {
    let (database, db) = counters();
    for done in 1..=3 {
        db.write(|conn| add(conn, "a")).await.unwrap();
        end_connections(&database);
        assert_eq!(db.read(|conn| value(conn, "1")).await.unwrap(), "1");
        end_connections(&database);
        db.write(|conn| add(conn, "a")).await.unwrap();
        assert_eq!(database.values("value", "counter ORDER BY name"), [(2 * done).to_string(), "0".to_owned()]);
    }
}

#[tokio::test]
async fn work_that_loses_its_connection_is_done_once_more_and_not_for_ever() {
    let (database, db) = counters();
    db.read(|conn| value(conn, "1")).await.unwrap();
    let times = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&times);
    let lost = db.write(move |conn| {
        counted.fetch_add(1, Ordering::Relaxed);
        add(conn, "a")?;
        value(conn, "pg_terminate_backend(pg_backend_pid())")
    });
    assert!(matches!(lost.await, Err(Error::Unavailable(_))));
    assert_eq!(times.load(Ordering::Relaxed), 2);
    assert_eq!(database.values("value", "counter ORDER BY name"), ["0", "0"]);
}

#[tokio::test]
async fn a_statement_written_by_hand_is_prepared_once() {
    let database = TestDatabase::migrated();
    let db = gate(&database);
    let count = "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%INSERT INTO rate_limit%'";
    let named = db.read(|conn| {
        let window = [Window { key: "k".to_owned(), most: 9, seconds: 60 }];
        for _ in 0..3 {
            assert_eq!(sliding_window::hit(conn, &window)?, []);
        }
        value(conn, count)
    });
    assert_eq!(named.await.unwrap(), "1");
}
