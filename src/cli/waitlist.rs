//! `biovity waitlist`: importing, exporting and recounting the waitlist, for operators.

use std::process::ExitCode;

use anyhow::bail;
use clap::Subcommand;

use self::export::ExportArgs;
use self::import::ImportArgs;
use super::database::Database;
use crate::config::Config;
use crate::server;
use crate::values::clock::Clock;
use crate::waitlist::joining::totals;
use crate::waitlist::overview::seed;

mod export;
mod import;

/// The commands below `biovity waitlist`.
#[derive(Debug, Subcommand)]
pub(super) enum WaitlistCommand {
    /// Import the people of a CSV file, or undo an import
    Import(ImportArgs),
    /// Export the waitlist as CSV
    Export(ExportArgs),
    /// Recount all places and correct the totals on the pages, while the site runs
    Recount,
    /// Fill the waitlist with made-up people, to measure with
    #[command(hide = true)]
    Seed {
        /// How many
        count: i64,
    },
}

/// Runs one of these commands.
pub(super) fn run(config: &Config, command: WaitlistCommand) -> anyhow::Result<ExitCode> {
    match command {
        WaitlistCommand::Import(import) => import::run(config, &import),
        WaitlistCommand::Export(export) => export::run(config, &export),
        WaitlistCommand::Recount => recount(config),
        WaitlistCommand::Seed { count } => fill(config, count),
    }
}

fn recount(config: &Config) -> anyhow::Result<ExitCode> {
    let database = Database::open_migrated(config)?;
    match totals::recount(&mut server::connect(&database.url)?)? {
        0 => println!("the totals were right"),
        wrong => println!("totals corrected: {wrong}"),
    }
    database.close();
    Ok(ExitCode::SUCCESS)
}

fn fill(config: &Config, count: i64) -> anyhow::Result<ExitCode> {
    if config.is_production() {
        bail!("BASE_URL begins with https: real people are on this waitlist");
    }
    let database = Database::open_migrated(config)?;
    let added = seed::seed(&mut server::connect(&database.url)?, Clock::default().now(), count)?;
    println!("{added} made-up {} joined the waitlist", if added == 1 { "person" } else { "people" });
    database.close();
    Ok(ExitCode::SUCCESS)
}
