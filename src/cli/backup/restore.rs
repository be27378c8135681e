//! `biovity restore`: a backup becomes the embedded database.

use std::path::PathBuf;
use std::process::ExitCode;

use chrono::TimeDelta;
use clap::Args;
use diesel::Connection;

use crate::audit::event::Actor;
use crate::cli::database;
use crate::config::Config;
use crate::db::embedded::Restoration;
use crate::server;
use crate::values::clock::Clock;
use crate::values::database_url::DatabaseUrl;
use crate::webhook::endpoint::{Endpoint, State};
use crate::webhook::endpoint_control::{Act, Control};

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
    let url = database::known(restoration.url())?;
    server::migrate(&url)?;
    let paused = pause_webhooks(&url)?;
    let former = restoration.keep()?;
    println!("the database in {} is restored", config.data_dir.display());
    if paused > 0 {
        println!("webhooks that were on and are paused now: {paused}; switch them on at /admin/webhooks");
    }
    if let Some(former) = former {
        println!("the one before is in {}: delete it when you no longer need it", former.display());
    }
    Ok(ExitCode::SUCCESS)
}

/// Pauses the webhooks that were on: a copy for a drill must not call the real receivers. Tells how many there were.
fn pause_webhooks(url: &DatabaseUrl) -> anyhow::Result<usize> {
    let conn = &mut server::connect(url)?;
    let on: Vec<_> = Endpoint::all(conn)?.into_iter().filter(|endpoint| endpoint.state == State::Active).collect();
    for endpoint in &on {
        let (actor, ahead) = (Actor::operator(), TimeDelta::zero());
        let pause = Control { endpoint: endpoint.id.clone(), actor, ahead, act: Act::Pause };
        conn.transaction(|conn| pause.apply(conn, Clock::default().now()))?;
    }
    Ok(on.len())
}
