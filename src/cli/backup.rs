//! `biovity backup`: the embedded database as one file, also while a server uses it.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;

use super::database::{self, Database};
use crate::config::Config;
use crate::db::embedded::backup_file;
use crate::values::clock::Clock;

pub(super) mod restore;

/// The arguments of `biovity backup`.
#[derive(Debug, Args)]
pub(super) struct BackupArgs {
    /// The file to write; without it one in this folder, named after the time
    file: Option<PathBuf>,
}

/// Writes the file, and says what it lacks.
pub(super) fn run(config: &Config, args: BackupArgs) -> anyhow::Result<ExitCode> {
    database::only_embedded(config, "pg_dump --format=custom \"$DATABASE_URL\"")?;
    let named = || format!("biovity-{}.backup", Clock::default().now().format("%Y-%m-%dT%H%M%SZ")).into();
    let file = args.file.unwrap_or_else(named);
    anyhow::ensure!(!file.exists(), "{} exists already: name another file", file.display());
    let database = Database::open(config)?;
    let written = backup_file::write(&database::settings(config), &database.url.for_libpq(), &file);
    database.close();
    let bytes = written.context("nothing was written")?;
    println!("wrote {} ({bytes} bytes)", file.display());
    if config.secret_keys.is_none() {
        let key = config.data_dir.join("secret_key");
        println!("it does not hold the secret key, which links in emails need: keep {} apart from it", key.display());
    }
    Ok(ExitCode::SUCCESS)
}
