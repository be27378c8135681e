//! Fills the waitlist with invented people for measuring. They are the same each time.

use diesel::connection::{Connection, SimpleConnection};
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text, Timestamptz};

use crate::values::clock::Timestamp;
use crate::waitlist::joining::totals;

/// Rows of one statement.
const BATCH: i64 = 100_000;

/// Numbers `$1` to `$2` of `$3` people who joined within two years before `$4`. As on a real list, most are at one
/// domain, most look for work, and most have confirmed.
const SEED: &str = include_str!("seed.sql");

/// The indexes that only make reading quicker.
const INDEXES: &str = "SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS definition \
                       FROM pg_index WHERE indrelid = 'waitlist'::regclass AND NOT indisunique";

#[derive(QueryableByName)]
struct Index {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    definition: String,
}

/// Adds so many people, and returns how many were not there yet. It locks the waitlist: the indexes are dropped first
/// and built again at the end, which takes a third of the time.
///
/// # Errors
/// When a statement fails.
pub fn seed(conn: &mut PgConnection, now: Timestamp, count: i64) -> QueryResult<usize> {
    let added = conn.transaction(|conn| {
        conn.batch_execute("SET LOCAL statement_timeout = 0; SET LOCAL maintenance_work_mem = '256MB'")?;
        let indexes: Vec<Index> = diesel::sql_query(INDEXES).load(conn)?;
        for index in &indexes {
            conn.batch_execute(&format!("DROP INDEX {}", index.name))?;
        }
        let added = insert(conn, now, count)?;
        for index in &indexes {
            conn.batch_execute(&index.definition)?;
        }
        QueryResult::Ok(added)
    })?;
    while totals::roll_up(conn)? > 0 {}
    conn.batch_execute("ANALYZE waitlist")?;
    Ok(added)
}

fn insert(conn: &mut PgConnection, now: Timestamp, count: i64) -> QueryResult<usize> {
    let mut added = 0;
    for first in (1..=count).step_by(BATCH.unsigned_abs().try_into().unwrap_or(usize::MAX)) {
        added += diesel::sql_query(SEED)
            .bind::<BigInt, _>(first)
            .bind::<BigInt, _>(count.min(first + BATCH - 1))
            .bind::<BigInt, _>(count)
            .bind::<Timestamptz, _>(now)
            .execute(conn)?;
    }
    Ok(added)
}
