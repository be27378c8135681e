//! `biovity migrate`: bringing the database up to date.

use std::process::ExitCode;

use super::database::Database;
use crate::config::Config;
use crate::db::migrations;
use crate::server;
use crate::values::database_url::DatabaseUrl;

/// Applies what is missing.
pub(super) fn run(config: &Config) -> anyhow::Result<ExitCode> {
    let database = Database::open(config)?;
    let applied = server::migrate(url(config, &database))?;
    for name in &applied {
        println!("applied: {name}");
    }
    println!("the database is up to date");
    Ok(ExitCode::SUCCESS)
}

/// Only tells what is missing; the exit code is 1 when anything is.
pub(super) fn check(config: &Config) -> anyhow::Result<ExitCode> {
    let database = Database::open(config)?;
    let pending = migrations::pending(&mut server::connect(url(config, &database))?)?;
    for name in &pending {
        println!("missing: {name}");
    }
    Ok(if pending.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Where migrations run: past the pooler, if there is one.
fn url<'a>(config: &'a Config, database: &'a Database) -> &'a DatabaseUrl {
    config.database_direct.as_ref().unwrap_or(&database.url)
}
