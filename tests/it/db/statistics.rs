//! What PostgreSQL knows of the tables.

use std::time::Duration;

use biovity::db::migrations::statistics;
use diesel::Connection;

use crate::support::database::TestDatabase;

fn known(database: &TestDatabase) -> String {
    database.values("reltuples", "pg_class WHERE relname = 'waitlist'").concat()
}

fn fill(database: &TestDatabase, rows: u32) {
    let rows = format!("SELECT '{rows}-' || n || '@x.cl', 'employee' FROM generate_series(1, {rows}) AS n");
    database.execute("ALTER TABLE waitlist SET (autovacuum_enabled = off)");
    database.execute(&format!("INSERT INTO waitlist (email, role) {rows}"));
}

/// What was written is reported a moment later.
fn analyzed(database: &TestDatabase) -> usize {
    let mut conn = database.connect();
    for _ in 0..50 {
        match conn.transaction(statistics::analyze_doubled).unwrap() {
            0 => std::thread::sleep(Duration::from_millis(20)),
            tables => return tables,
        }
    }
    0
}

#[test]
fn a_table_that_doubled_is_analyzed_once() {
    let database = TestDatabase::migrated();
    fill(&database, 2_000);
    assert!(analyzed(&database) > 0);
    assert_eq!(known(&database), "2000");
    fill(&database, 500);
    assert_eq!((analyzed(&database), known(&database)), (0, "2000".to_owned()), "a quarter more changes no plan");
    fill(&database, 1_600);
    assert!(analyzed(&database) > 0);
    assert_eq!(known(&database), "4100");
}
