//! A connection outside the pool, for commands and migrations.

use anyhow::Context;
use diesel::connection::{CacheSize, Connection};
use diesel::pg::PgConnection;

use crate::db::migrations;
use crate::values::database_url::DatabaseUrl;

/// Migrates over a connection of its own; returns the names of the migrations that ran.
///
/// # Errors
/// When the database cannot be reached or a migration fails.
pub fn migrate(url: &DatabaseUrl) -> anyhow::Result<Vec<String>> {
    let mut conn = connect(url)?;
    migrations::run(&mut conn).context("the migrations did not run")
}

/// A connection outside the pool, for commands.
///
/// # Errors
/// When the database cannot be reached.
pub fn connect(url: &DatabaseUrl) -> anyhow::Result<PgConnection> {
    let mut conn: PgConnection = Connection::establish(&url.for_libpq()).context("the database cannot be reached")?;
    // A pooler keeps its connections: a named statement would stay on one, and the next command's would collide with it.
    conn.set_prepared_statement_cache_size(CacheSize::Disabled);
    Ok(conn)
}
