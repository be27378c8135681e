//! A connection outside the pool, for commands and migrations.

use anyhow::Context;
use diesel::connection::{CacheSize, Connection};
use diesel::pg::PgConnection;

use crate::db::establish;
use crate::db::migrations::{self, statistics};
use crate::values::database_url::DatabaseUrl;
use crate::webhook::past_delivery::JOIN_NUMBERS;

/// Migrates over connections of its own, sets id sequences right, and analyzes the tables; returns the names of the migrations
/// that ran. Without right sequences nobody can join; without an analysis some pages are slow.
///
/// # Errors
/// When the database cannot be reached or a migration fails.
pub fn migrate(url: &DatabaseUrl) -> anyhow::Result<Vec<String>> {
    let mut conn = connect(url)?;
    let applied = migrations::run(&mut conn, &mut connect(url)?).context("the migrations did not run")?;
    let moved = migrations::set_sequences_right(&mut conn, &JOIN_NUMBERS)?;
    for sequence in moved {
        tracing::warn!("the id sequence {sequence} stood behind its table and was set right");
    }
    let analyze = if applied.is_empty() { statistics::analyze_doubled } else { statistics::analyze_all };
    conn.transaction(analyze).context("the tables cannot be analyzed")?;
    Ok(applied)
}

/// A connection outside the pool, for commands.
///
/// # Errors
/// When the database cannot be reached.
pub fn connect(url: &DatabaseUrl) -> anyhow::Result<PgConnection> {
    let mut conn = establish(url).map_err(|error| {
        anyhow::anyhow!("the database cannot be reached: {}", url.without_secrets(&error.to_string()))
    })?;
    // A pooler keeps its connections: a named statement would stay on one, and the next command's would collide with it.
    conn.set_prepared_statement_cache_size(CacheSize::Disabled);
    Ok(conn)
}
