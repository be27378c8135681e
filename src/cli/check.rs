//! `biovity check`: what an operator wants to know before visitors do.

use std::process::ExitCode;

use anyhow::Context;

use super::database::Database;
use crate::config::Config;
use crate::db::{migrations, sequences};
use crate::mail::delivery::transport::Transport;
use crate::server;

/// Checks one thing after the other; the exit code is 1 when anything is wrong.
pub(super) async fn run(config: &Config) -> anyhow::Result<ExitCode> {
    println!("ok      configuration");
    let mut sound = report("database and schema", &database(config));
    sound &= report("mail", &mail(config).await);
    Ok(if sound { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn database(config: &Config) -> anyhow::Result<()> {
    let database = Database::open(config)?;
    let direct = config.database_direct.as_ref().filter(|direct| **direct != database.url);
    direct.map(server::connect).transpose().context("DATABASE_DIRECT_URL")?;
    let mut conn = server::connect(&database.url)?;
    let pending = migrations::pending(&mut conn)?;
    anyhow::ensure!(pending.is_empty(), "{} migration(s) missing; run `biovity migrate`", pending.len());
    let behind = sequences::behind(&mut conn)?;
    anyhow::ensure!(
        behind.is_empty(),
        "these id sequences stand behind their tables: {}; run `biovity migrate`",
        behind.join(", ")
    );
    Ok(())
}

async fn mail(config: &Config) -> anyhow::Result<()> {
    Ok(Transport::of(config)?.check().await?)
}

fn report(what: &str, result: &anyhow::Result<()>) -> bool {
    match result {
        Ok(()) => println!("ok      {what}"),
        Err(error) => println!("failed  {what}: {error:#}"),
    }
    result.is_ok()
}
