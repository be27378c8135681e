//! `biovity restore`: a backup becomes the embedded database.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use crate::cli::database;
use crate::config::Config;
use crate::db::embedded::Restoration;
use crate::server;

/// The arguments of `biovity restore`.
#[derive(Debug, Args)]
pub(in crate::cli) struct RestoreArgs {
    /// A file that `biovity backup` wrote
    file: PathBuf,
    /// Put the database that is there aside
    #[arg(long)]
    replace: bool,
}

/// Fills a new cluster, brings it up to date, and then lets it take the place of the present one.
pub(in crate::cli) fn run(config: &Config, args: &RestoreArgs) -> anyhow::Result<ExitCode> {
    database::only_embedded(config, "pg_restore --dbname \"$DATABASE_URL\"")?;
    println!("reading {}", args.file.display());
    let restoration = Restoration::begin(&database::settings(config), &args.file, args.replace)?;
    server::migrate(&database::known(restoration.url())?)?;
    let former = restoration.keep()?;
    println!("the database in {} is restored", config.data_dir.display());
    if let Some(former) = former {
        println!("the one before is in {}: delete it when you no longer need it", former.display());
    }
    Ok(ExitCode::SUCCESS)
}
