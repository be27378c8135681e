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
    println!("{} is up to date", name(config));
    Ok(ExitCode::SUCCESS)
}

/// Only tells what is missing; the exit code is 1 when anything is.
pub(super) fn check(config: &Config) -> anyhow::Result<ExitCode> {
    let database = Database::open_existing(config)?;
    let pending = migrations::pending(&mut server::connect(url(config, &database))?)?;
    for name in &pending {
        println!("missing: {name}");
    }
    Ok(if pending.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Which database that was: whoever forgot the settings of the site sees that it is another one.
fn name(config: &Config) -> String {
    let direct = config.database_direct.as_ref().filter(|direct| Some(*direct) != config.database.as_ref());
    match (direct, &config.database) {
        (Some(_), _) => "the database of DATABASE_DIRECT_URL".to_owned(),
        (None, Some(_)) => "the database of DATABASE_URL".to_owned(),
        (None, None) => format!("the embedded database in {}", config.data_dir.display()),
    }
}

/// Where migrations run: past the pooler, if there is one.
fn url<'a>(config: &'a Config, database: &'a Database) -> &'a DatabaseUrl {
    config.database_direct.as_ref().unwrap_or(&database.url)
}
