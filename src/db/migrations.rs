//! Migrations, which bring the database to what `schema.rs` says.
//!
//! The seed's `migrations` table decides what is applied: every migration registers itself there, whether this binary ran
//! it or an operator with `psql -f`. Diesel's table is made to agree with it.

use diesel::connection::SimpleConnection;
use diesel::dsl::{sql, sql_query};
use diesel::migration::{Migration, MigrationConnection, MigrationSource};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Text};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use crate::schema::migrations;

/// The migrations that this binary holds.
pub const MIGRATIONS: EmbeddedMigrations = embed_migrations!();

/// Keeps every other process from migrating until the transaction ends. The lock belongs to the transaction, because a
/// pooler may hand the session to another client. It waits a minute for another process to finish. It waits ten seconds
/// for the lock of a table, because every visitor waits behind a migration that waits. The number is "biovity" in ASCII.
const LOCK: &str = include_str!("migrations/lock.sql");

/// Why the schema could not be read or brought up to date; nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database did not answer, or another process kept the lock.
    #[error("the migrations of the database cannot be read or locked")]
    Database(#[from] diesel::result::Error),
    /// One of them failed.
    #[error("a migration failed and all were undone")]
    Migration(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Which migrations this binary holds and the database lacks: the names of their folders, in order.
/// Takes no lock and creates nothing, so it can be asked at any time, of an empty database too.
///
/// # Errors
/// When the database cannot be asked.
pub fn pending(conn: &mut PgConnection) -> Result<Vec<String>, Error> {
    let lacking = lacking(conn)?;
    Ok(lacking.iter().map(|it| it.name().to_string()).collect())
}

/// Applies what the database lacks, all of it or nothing, and returns its names. Any number of
/// processes may call it at once: one applies, the others wait and find nothing to do.
///
/// # Errors
/// When a migration fails, when another process has been migrating for a minute, when a table is
/// kept locked, or when `conn` is already in a transaction.
pub fn run(conn: &mut PgConnection) -> Result<Vec<String>, Error> {
    // Read committed, whatever the role's default is: this process must see what another one committed while it waited
    // for the lock.
    conn.build_transaction().read_write().read_committed().run(apply)
}

fn apply(conn: &mut PgConnection) -> Result<Vec<String>, Error> {
    conn.batch_execute(LOCK)?;
    conn.setup()?;
    let lacking = lacking(conn)?;
    unregister(conn, &lacking)?;
    let missing = conn.pending_migrations(MIGRATIONS).map_err(Error::Migration)?;
    for migration in &missing {
        conn.run_migration(migration).map_err(Error::Migration)?;
    }
    Ok(missing.iter().map(|it| it.name().to_string()).collect())
}

/// The migrations that did not register themselves, in order. A folder is `<timestamp>_<name>`, and the seed's table
/// holds the name.
fn lacking(conn: &mut PgConnection) -> Result<Vec<Box<dyn Migration<Pg>>>, Error> {
    let registered = registered(conn)?;
    let mut migrations = MIGRATIONS.migrations().map_err(Error::Migration)?;
    migrations.retain(|migration| {
        let folder = migration.name().to_string();
        !registered.iter().any(|name| folder.split_once('_').is_some_and(|it| it.1 == name))
    });
    Ok(migrations)
}

/// The names in the seed's table, which an empty database does not have yet.
fn registered(conn: &mut PgConnection) -> QueryResult<Vec<String>> {
    let exists = diesel::select(sql::<Bool>("to_regclass('migrations') IS NOT NULL"));
    if !exists.get_result(conn)? {
        return Ok(Vec::new());
    }
    migrations::table.select(migrations::name).load(conn)
}

/// Deletes from Diesel's table what is not registered, so that a migration that was undone by hand runs again.
fn unregister(conn: &mut PgConnection, lacking: &[Box<dyn Migration<Pg>>]) -> QueryResult<usize> {
    let versions: Vec<_> = lacking.iter().map(|it| it.name().version()).collect();
    sql_query("DELETE FROM __diesel_schema_migrations WHERE version = ANY($1)")
        .bind::<Array<Text>, _>(versions)
        .execute(conn)
}

/// Whether the database lacks any migration, for the probe.
///
/// # Errors
/// When the database cannot be asked.
pub fn lacks_any(conn: &mut PgConnection) -> QueryResult<bool> {
    match lacking(conn) {
        Ok(lacking) => Ok(!lacking.is_empty()),
        Err(Error::Database(error)) => Err(error),
        Err(Error::Migration(error)) => Err(diesel::result::Error::DeserializationError(error)),
    }
}
