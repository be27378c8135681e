//! Migrations, which bring the database to what `schema.rs` says.
//!
//! The seed's `migrations` table decides what is applied: every migration registers itself there, whether this binary ran
//! it or an operator with `psql -f`. Diesel's table is made to agree with it.

use std::thread;
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::dsl::{sql, sql_query};
use diesel::migration::{Migration, MigrationConnection, MigrationSource};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Text};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::sequences::{self, Promises};
use crate::schema::migrations;
use crate::values::clock::Stopwatch;

pub mod statistics;

/// The migrations that this binary holds.
pub const MIGRATIONS: EmbeddedMigrations = embed_migrations!();

/// Keeps every other process from migrating for as long as `guard`'s transaction is open. The lock belongs to a
/// transaction, because a pooler may hand the session to another client. It waits a minute for another process to finish.
const GUARD: &str = include_str!("migrations/guard.sql");
/// Bounds the transaction of one migration. A migration waits two seconds at most for the lock of a table, because every
/// visitor waits behind it.
const BOUNDS: &str = include_str!("migrations/bounds.sql");
/// A migration that failed after this may have waited for a lock: PostgreSQL finds a deadlock after a second, and a wait
/// ends after two. `diesel_migrations` keeps the error of the database to itself.
const SHORTEST_WAIT: Duration = Duration::from_secs(1);
/// For so long it is tried again, with a pause for the visitors who waited behind it.
const PATIENCE: Duration = Duration::from_mins(1);
const PAUSE: Duration = Duration::from_secs(1);

/// Why the schema could not be read or brought up to date.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database did not answer, or another process kept the lock.
    #[error("the migrations of the database cannot be read or locked")]
    Database(#[from] diesel::result::Error),
    /// The migrations of this binary cannot be read.
    #[error("the migrations cannot be listed")]
    List(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The sequences of ids could not be compared with their tables.
    #[error("the id sequences cannot be set right")]
    Sequences(#[source] diesel::result::Error),
    /// One of them failed.
    #[error("migration {name} failed and left nothing behind; those before it are applied")]
    Migration {
        /// The name of its folder.
        name: String,
        /// What the database says.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
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

/// The migrations of a newer version that the database has: those after the last one that this binary holds.
///
/// # Errors
/// When the database cannot be asked.
pub fn newer(conn: &mut PgConnection) -> Result<Vec<String>, Error> {
    let own: Vec<Box<dyn Migration<Pg>>> = MIGRATIONS.migrations().map_err(Error::List)?;
    let folders = own.iter().map(|it| it.name().to_string());
    let last = folders.filter_map(|folder| Some(folder.split_once('_')?.1.to_owned())).max().unwrap_or_default();
    Ok(registered(conn)?.into_iter().filter(|name| *name > last).collect())
}

/// Applies what the database lacks, one transaction each, and returns its names. Any number of processes may call it at
/// once: one applies, the others wait and find nothing to do. `guard` is a second connection, which holds the lock.
///
/// # Errors
/// When a migration fails, when another process has been migrating for a minute, when a table is
/// kept locked, or when a connection is already in a transaction.
pub fn run(conn: &mut PgConnection, guard: &mut PgConnection) -> Result<Vec<String>, Error> {
    guard.transaction(|guard| {
        guard.batch_execute(GUARD)?;
        let mut applied = Vec::new();
        while let Some(name) = apply_next(conn)? {
            applied.push(name);
        }
        Ok(applied)
    })
}

/// Sets the id sequences right that stand behind their tables, and returns their names.
///
/// # Errors
/// When a statement fails, or a table is kept locked.
pub fn set_sequences_right(conn: &mut PgConnection, promises: &Promises) -> Result<Vec<String>, Error> {
    patiently(conn, |conn| sequences::set_right(conn, promises).map_err(Error::Sequences))
}

/// Applies the first migration that the database lacks.
fn apply_next(conn: &mut PgConnection) -> Result<Option<String>, Error> {
    patiently(conn, apply_first)
}

/// Runs a step within the bounds of a migration; again when it may not have got its locks in time.
fn patiently<T>(conn: &mut PgConnection, step: impl Fn(&mut PgConnection) -> Result<T, Error>) -> Result<T, Error> {
    let since_first = Stopwatch::start();
    loop {
        let watch = Stopwatch::start();
        let result = conn.transaction(|conn| {
            conn.batch_execute(BOUNDS)?;
            step(conn)
        });
        match result {
            Err(error @ (Error::Migration { .. } | Error::Sequences(_)))
                if watch.elapsed() >= SHORTEST_WAIT && since_first.elapsed() < PATIENCE =>
            {
                tracing::info!("{error}; tried again, because a lock may have been missing");
                thread::sleep(PAUSE);
            }
            result => return result,
        }
    }
}

fn apply_first(conn: &mut PgConnection) -> Result<Option<String>, Error> {
    conn.setup()?;
    let lacking = lacking(conn)?;
    unregister(conn, &lacking)?;
    let missing = conn.pending_migrations(MIGRATIONS).map_err(Error::List)?;
    let Some(first) = missing.first() else { return Ok(None) };
    let name = first.name().to_string();
    match conn.run_migration(first) {
        Ok(_) => Ok(Some(name)),
        Err(source) => Err(Error::Migration { name, source }),
    }
}

/// The migrations that did not register themselves, in order. A folder is `<timestamp>_<name>`, and the seed's table
/// holds the name.
fn lacking(conn: &mut PgConnection) -> Result<Vec<Box<dyn Migration<Pg>>>, Error> {
    let registered = registered(conn)?;
    let mut migrations = MIGRATIONS.migrations().map_err(Error::List)?;
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
        Err(error) => Err(diesel::result::Error::DeserializationError(Box::new(error))),
    }
}
