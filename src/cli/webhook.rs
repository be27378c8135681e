//! `biovity webhook`: the endpoints of webhooks, for operators.

use std::process::ExitCode;

use anyhow::{Context, bail};
use chrono::TimeDelta;
use clap::Subcommand;
use diesel::Connection;
use diesel::pg::PgConnection;

use super::database::Database;
use super::secret_file;
use crate::audit::event::Actor;
use crate::config::Config;
use crate::server;
use crate::values::clock::Clock;
use crate::values::id::{DeliveryId, WebhookId};
use crate::webhook::delivery::client::Client;
use crate::webhook::endpoint::Endpoint;
use crate::webhook::endpoint_control::{Act, Control, Outcome};
use crate::webhook::{past_delivery, probe};

/// The commands below `biovity webhook`.
#[derive(Debug, Subcommand)]
pub(super) enum WebhookCommand {
    /// List the webhooks, with what waits and what has failed
    List,
    /// Send deliveries of a webhook again
    Replay {
        /// Which webhook, as listed
        id: String,
        /// One delivery, by its sequence
        #[arg(long, required_unless_present = "failed_hours")]
        delivery: Option<i64>,
        /// What failed of the last hours
        #[arg(long, conflicts_with = "delivery", value_parser = clap::value_parser!(i64).range(1..=720))]
        failed_hours: Option<i64>,
    },
    /// Send a probe to a webhook and tell what it answered
    Probe {
        /// Which webhook, as listed
        id: String,
    },
}

/// Runs one of these commands.
pub(super) async fn run(config: &Config, command: WebhookCommand) -> anyhow::Result<ExitCode> {
    let database = Database::open(config)?;
    let conn = &mut server::connect(&database.url)?;
    match command {
        WebhookCommand::List => list(conn),
        WebhookCommand::Replay { id, delivery: Some(delivery), .. } => {
            apply(conn, &id, Act::Replay(DeliveryId::from(delivery)))
        }
        WebhookCommand::Replay { id, failed_hours, .. } => {
            let since = Clock::default().now() - TimeDelta::hours(failed_hours.unwrap_or_default());
            apply(conn, &id, Act::ReplayFailed { since, before: 0 })
        }
        WebhookCommand::Probe { id } => send_probe(conn, config, &id).await,
    }
}

fn list(conn: &mut PgConnection) -> anyhow::Result<ExitCode> {
    let endpoints = Endpoint::all(conn)?;
    for endpoint in &endpoints {
        let counts = past_delivery::counts(conn, &endpoint.id)?;
        let (state, waiting, failed) = (endpoint.state.as_str(), counts.waiting, counts.failed);
        println!("{}  {state:6}  waiting {waiting}  failed {failed}  {}", endpoint.id, endpoint.url);
    }
    if endpoints.is_empty() {
        println!("there are no webhooks");
    }
    Ok(ExitCode::SUCCESS)
}

async fn send_probe(conn: &mut PgConnection, config: &Config, id: &str) -> anyhow::Result<ExitCode> {
    let endpoint = Endpoint::find(conn, &WebhookId::from(id.to_owned()))?.context("there is no such webhook")?;
    let (keys, client) = (secret_file::keys(config)?, Client::new(&config.webhook_allowed_hosts));
    let answer = probe::send(&client, &keys, Clock::default().now(), &endpoint).await;
    let status = answer.status.map(|status| status.to_string());
    let told = status.or_else(|| answer.problem.map(|problem| problem.to_string())).unwrap_or_default();
    println!("{told}  {} ms  {}", answer.milliseconds, answer.text);
    apply(conn, id, Act::KeepProbe(answer))
}

fn apply(conn: &mut PgConnection, id: &str, act: Act) -> anyhow::Result<ExitCode> {
    let endpoint = WebhookId::from(id.to_owned());
    let mut control = Control { endpoint, actor: Actor::operator(), ahead: TimeDelta::zero(), act };
    let outcome = loop {
        let outcome = conn.transaction(|conn| control.apply(conn, Clock::default().now()))?;
        match control.rest(&outcome) {
            Some(rest) => control = rest,
            None => break outcome,
        }
    };
    match outcome {
        Outcome::Replayed(count) => println!("deliveries sent again: {count}"),
        Outcome::Probed { was_taken: true } => println!("the webhook accepted the probe"),
        Outcome::Probed { was_taken: false } => bail!("the webhook did not accept the probe"),
        Outcome::NotFound => bail!("there is no webhook {id}"),
        _ => bail!("there is no such delivery to send again"),
    }
    Ok(ExitCode::SUCCESS)
}
