//! `biovity check`: what an operator wants to know before visitors do.

use std::process::ExitCode;

use anyhow::Context;

use super::database::Database;
use crate::config::Config;
use crate::db::{migrations, sequences};
use crate::mail::delivery::transport::Transport;
use crate::mail::queue::outbox_status::OutboxStatus;
use crate::server;
use crate::values::clock::Clock;

/// Checks one thing after the other; the exit code is 1 when anything is wrong.
pub(super) async fn run(config: &Config) -> anyhow::Result<ExitCode> {
    println!("ok      configuration");
    let database = database(config);
    let mut sound = report("database and schema", database.as_ref().err());
    let mail = mail(config, database.ok()).await;
    sound &= report("mail", mail.as_ref().err());
    Ok(if sound { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn database(config: &Config) -> anyhow::Result<Database> {
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
    Ok(database)
}

/// Whether the relay talks with us, and whether it lately took letters: a relay that refuses them all may well talk. And
/// whether we can build our own.
async fn mail(config: &Config, database: Option<Database>) -> anyhow::Result<()> {
    Transport::of(config)?.check().await?;
    let Some(database) = database else { return Ok(()) };
    let status = OutboxStatus::find(&mut server::connect(&database.url)?, Clock::default().now())?;
    if let Some(since) = status.relay_fails_since {
        let (since, reply) = (since.format("%Y-%m-%dT%H:%MZ"), status.relay_reply.unwrap_or_default());
        anyhow::bail!("the mail server takes no letters since {since}: {reply}");
    }
    if let Some(reason) = status.own_fault {
        anyhow::bail!(
            "letters wait that cannot be sent: {reason}; `biovity mail list --state waiting` names them, and they are tried \
             again within half an hour"
        );
    }
    Ok(())
}

fn report(what: &str, problem: Option<&anyhow::Error>) -> bool {
    match problem {
        None => println!("ok      {what}"),
        Some(error) => println!("failed  {what}: {error:#}"),
    }
    problem.is_none()
}
