//! Taking back what was counted, beside requests that count.

use std::thread;
use std::time::Duration;

use biovity::db::sliding_window::{self, Window};
use diesel::connection::SimpleConnection;

use crate::support::database::TestDatabase;

/// Two windows whose rows lie in the other order than their keys.
fn windows(database: &TestDatabase) -> [Window; 2] {
    database.execute("INSERT INTO rate_limit (key, most, hits, expires_at) VALUES \
                      ('b', 5, ARRAY[now()], now() + interval '1 hour'), ('a', 5, ARRAY[now()], now() + interval '1 hour')");
    ["a", "b"].map(|key| Window { key: key.to_owned(), most: 5, seconds: 3_600 })
}

/// A request that has counted in the first window and goes on to the second, while another takes back its hits in both.
fn crosses(other: impl FnOnce(&mut diesel::PgConnection, &[Window]) + Send + 'static) {
    let database = TestDatabase::migrated();
    let windows = windows(&database);
    let (mut counting, mut taking_back) = (database.connect(), database.connect());
    counting.batch_execute("BEGIN; SELECT FROM rate_limit WHERE key = 'a' FOR UPDATE").unwrap();
    let other = thread::spawn(move || other(&mut taking_back, &windows));
    thread::sleep(Duration::from_millis(300));
    counting.batch_execute("SELECT FROM rate_limit WHERE key = 'b' FOR UPDATE; COMMIT").unwrap();
    other.join().unwrap();
}

#[test]
fn a_refund_and_a_count_never_wait_for_each_other() {
    crosses(|conn, windows| {
        sliding_window::refund(conn, &windows.iter().collect::<Vec<_>>()).unwrap();
    });
}

#[test]
fn clearing_and_a_count_never_wait_for_each_other() {
    crosses(|conn, windows| {
        sliding_window::clear(conn, windows).unwrap();
    });
}
