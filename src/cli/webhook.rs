//! `biovity webhook`: the endpoints of webhooks, for operators.

use std::process::ExitCode;

use anyhow::{Context, bail};
use chrono::TimeDelta;
use clap::{ArgGroup, Subcommand};
use diesel::Connection;
use diesel::pg::PgConnection;

use super::database::Database;
use super::secret_file;
use crate::audit::event::Actor;
use crate::config::Config;
use crate::server;
use crate::values::clock::{Clock, Timestamp};
use crate::values::id::{DeliveryId, WebhookId};
use crate::values::locale::Locale;
use crate::webhook::delivery::answer::{Answer, Problem};
use crate::webhook::delivery::client::Client;
use crate::webhook::endpoint::{Endpoint, State};
use crate::webhook::endpoint_control::{Act, Control, Outcome};
use crate::webhook::past_delivery::counts;
use crate::webhook::probe;
use crate::webhook::words::Words;

/// The commands below `biovity webhook`.
#[derive(Debug, Subcommand)]
pub(super) enum WebhookCommand {
    /// List the webhooks, with what waits and what has failed
    List,
    /// Send deliveries of a webhook again, or now: one, what failed, or all that waits
    #[command(group(ArgGroup::new("what").required(true).args(["delivery", "failed_hours", "waiting"])))]
    Replay {
        /// Which webhook, as listed
        id: String,
        /// One delivery, by its number: the sequence of its message, which its page shows beside the event
        #[arg(long, value_name = "SEQUENCE")]
        delivery: Option<i64>,
        /// What failed in the last hours, or waits after a failed try
        #[arg(long, value_name = "HOURS", value_parser = clap::value_parser!(i64).range(1..=720))]
        failed_hours: Option<i64>,
        /// All that waits for its next try
        #[arg(long)]
        waiting: bool,
    },
    /// Send a probe to a webhook and report what it answered
    Probe {
        /// Which webhook, as listed
        id: String,
    },
}

/// Runs one of these commands.
pub(super) async fn run(config: &Config, command: WebhookCommand) -> anyhow::Result<ExitCode> {
    let database = Database::open_migrated(config)?;
    let conn = &mut server::connect(&database.url)?;
    match command {
        WebhookCommand::List => list(conn),
        WebhookCommand::Replay { id, delivery: Some(delivery), .. } => {
            apply(conn, &id, Act::Replay(DeliveryId::from(delivery)))
        }
        WebhookCommand::Replay { id, failed_hours: Some(hours), .. } => {
            let since = Clock::default().now() - TimeDelta::hours(hours);
            apply(conn, &id, Act::ReplayFailed { since, before: 0 })
        }
        WebhookCommand::Replay { id, .. } => apply(conn, &id, Act::SendWaiting { before: 0 }),
        WebhookCommand::Probe { id } => send_probe(conn, config, &id).await,
    }
}

fn list(conn: &mut PgConnection) -> anyhow::Result<ExitCode> {
    let (endpoints, now) = (Endpoint::all(conn)?, Clock::default().now());
    if endpoints.is_empty() {
        println!("there are no webhooks");
        return Ok(ExitCode::SUCCESS);
    }
    println!("id                                    state   waiting  failed  address");
    for endpoint in &endpoints {
        let counts = counts::find(conn, now, &endpoint.id)?;
        let (id, state) = (&endpoint.id, endpoint.state.as_str());
        let [waiting, failed] = [counts.waiting, counts.failed].map(|count| Words::of(Locale::En).count(count));
        println!("{id}  {state:6}  {waiting:>7}  {failed:>6}  {}{}", endpoint.url, remarks(endpoint, now));
    }
    Ok(ExitCode::SUCCESS)
}

/// Since when an endpoint fails, until when it is left alone, why it is off.
pub(super) fn remarks(endpoint: &Endpoint, now: Timestamp) -> String {
    let failing = endpoint.failing_since.as_ref().map(|since| format!("failing since {}", utc(since)));
    let resting = endpoint.is_left_alone_until(now).map(|until| format!("left alone until {}", utc(until)));
    let off = (endpoint.state == State::Off).then(|| {
        let status = endpoint.off_status.map(|status| status.to_string());
        let last = status.or_else(|| endpoint.off_problem.clone()).unwrap_or_default();
        let switched_off = |at| format!("switched off at {} after: {last}", utc(at));
        endpoint.off_at.as_ref().map_or_else(|| "switched off".to_owned(), switched_off)
    });
    [failing, resting, off].into_iter().flatten().fold(String::new(), |all, remark| all + "; " + &remark)
}

/// A time as operators are told it.
pub(super) fn utc(at: &Timestamp) -> String {
    at.format("%Y-%m-%d %H:%M UTC").to_string()
}

async fn send_probe(conn: &mut PgConnection, config: &Config, id: &str) -> anyhow::Result<ExitCode> {
    let endpoint = Endpoint::find(conn, &WebhookId::from(id.to_owned()))?.context("there is no such webhook")?;
    let (keys, client) = (secret_file::keys(config)?, Client::new(&config.webhook_allowed_hosts));
    let answer = probe::send(&client, &keys, Clock::default().now(), &endpoint).await;
    match (answer.status, answer.problem) {
        (Some(status), _) => println!("{status}  {} ms  {}", answer.milliseconds, answer.text),
        (None, problem) => println!("{}", no_answer(&endpoint.host(), problem)),
    }
    apply(conn, id, Act::KeepProbe(answer))
}

/// Why there was no answer, and what to do.
fn no_answer(host: &str, problem: Option<Problem>) -> String {
    match problem {
        Some(Problem::Private) => {
            format!("not called: {host} is in a private network; name it in WEBHOOK_ALLOWED_HOSTS to allow it")
        }
        Some(Problem::Address) => {
            format!("not called: the address does not begin with https, and {host} is not allowed")
        }
        Some(Problem::Name) => format!("not called: the name {host} was not found"),
        Some(Problem::Secret) => "not called: no key of SECRET_KEY made its secret; replace it on its page".to_owned(),
        Some(Problem::Timeout) => format!("{host} gave no answer in time"),
        Some(Problem::Tls) => format!("the certificate of {host} is not trusted"),
        Some(Problem::Connection) | None => format!("no connection to {host}"),
    }
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
        Outcome::Replayed(0) => println!("what was waiting is being sent now"),
        Outcome::Replayed(count) => println!("deliveries sent again: {count}"),
        Outcome::ReplayedLater(count) => println!("deliveries that wait until the webhook is on: {count}"),
        Outcome::Probed(answer) if answer.is_success() => println!("the webhook accepted the probe"),
        Outcome::Probed(Answer { status: Some(_), .. }) => bail!("the webhook did not accept the probe"),
        Outcome::Probed(_) => bail!("the probe got no answer"),
        Outcome::NotFound => bail!("there is no webhook {id}"),
        Outcome::WaitsUntilOn => bail!("the webhook is not on: what waits is sent when its page switches it on"),
        Outcome::NothingToReplay if !matches!(control.act, Act::Replay(_)) => {
            bail!("nothing is left to send: nothing failed, and what waits is due")
        }
        _ => bail!("there is no such delivery to send again"),
    }
    Ok(ExitCode::SUCCESS)
}
