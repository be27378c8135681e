//! The connection pool, and what visitors see when the database is away.

mod broken_link;
mod connection_pool;
mod failover;
mod failure;
mod hosts;
mod migrations;
pub mod outage;
mod pooler;
mod probe;
mod sequences;
mod sliding_window;
mod standby;
mod statistics;
mod stopped_server;
mod transaction;
mod write_queue;

use biovity::db::{Db, Settings};
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::Text;

use crate::support::database::TestDatabase;

#[derive(QueryableByName)]
struct Value {
    #[diesel(sql_type = Text)]
    value: String,
}

/// The gate as the application makes it.
fn gate(database: &TestDatabase) -> Db {
    Db::new(&Settings { url: database.url(), connections: 10, statement_cache: true })
}

/// The value of an SQL expression, as text.
fn value(conn: &mut PgConnection, expression: &str) -> QueryResult<String> {
    Ok(sql_query(format!("SELECT ({expression})::text AS value")).get_result::<Value>(conn)?.value)
}

fn sleep(conn: &mut PgConnection, seconds: f64) -> QueryResult<()> {
    sql_query(format!("SELECT pg_sleep({seconds})")).execute(conn).map(drop)
}
