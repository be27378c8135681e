//! `biovity restore`: a backup becomes the embedded database.

use std::path::PathBuf;
use std::process::ExitCode;

use chrono::TimeDelta;
use clap::Args;
use diesel::{Connection, PgConnection};

use crate::api_key::api_key::ApiKey;
use crate::audit::event::Actor;
use crate::cli::database;
use crate::config::Config;
use crate::db::embedded::Restoration;
use crate::server;
use crate::values::clock::Clock;
use crate::webhook::endpoint::{Endpoint, State};
use crate::webhook::endpoint_control::{Act, Control};
use crate::webhook::past_delivery;

/// The arguments of `biovity restore`.
#[derive(Debug, Args)]
pub(in crate::cli) struct RestoreArgs {
    /// A file that `biovity backup` wrote
    file: PathBuf,
    /// Move the existing database aside
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
    let conn = &mut server::connect(&url)?;
    let (paused, keys) = (pause_webhooks(conn)?, working_keys(conn)?);
    let former = restoration.keep()?;
    println!("the database in {} is restored", config.data_dir.display());
    if paused > 0 {
        println!("webhooks that were on and are paused now: {paused}; switch them on at /admin/webhooks");
    }
    if keys > 0 {
        println!("API keys that work: {keys}; at /admin/keys, revoke again those revoked since the backup");
    }
    if let Some(former) = former {
        println!("the previous one is in {}: delete it when you no longer need it", former.display());
    }
    Ok(ExitCode::SUCCESS)
}

/// Pauses the webhooks that were on: a copy for a drill must not call the real receivers. Tells how many there were.
fn pause_webhooks(conn: &mut PgConnection) -> anyhow::Result<usize> {
    past_delivery::skip_numbers(conn)?;
    let on: Vec<_> = Endpoint::all(conn)?.into_iter().filter(|endpoint| endpoint.state == State::Active).collect();
    for endpoint in &on {
        let (actor, ahead) = (Actor::operator(), TimeDelta::zero());
        let pause = Control { endpoint: endpoint.id.clone(), actor, ahead, act: Act::Pause };
        conn.transaction(|conn| pause.apply(conn, Clock::default().now()))?;
    }
    Ok(on.len())
}

/// How many keys of the API work, one that was revoked since the backup among them.
fn working_keys(conn: &mut PgConnection) -> anyhow::Result<usize> {
    let now = Clock::default().now();
    Ok(ApiKey::all(conn)?.iter().filter(|key| key.works(now)).count())
}
