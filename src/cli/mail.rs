//! `biovity mail`: trying the mail settings, and what the outbox holds, for operators.

use std::process::ExitCode;

use anyhow::bail;
use clap::Subcommand;
use diesel::Connection;
use serde_json::json;

use super::address::address;
use super::database::Database;
use super::secret_file;
use crate::audit::event::{Action, Actor};
use crate::config::Config;
use crate::db::batch;
use crate::mail::delivery::{SendResult, test_mail};
use crate::mail::queue::queued_letter::{self, QueuedLetter};
use crate::mail::state::State;
use crate::server;
use crate::values::clock::Clock;
use crate::values::id::LetterId;

/// Letters that a list shows.
const LISTED: i64 = 100;

/// The commands below `biovity mail`.
#[derive(Debug, Subcommand)]
pub(super) enum MailCommand {
    /// Send a test email and report what the relay answered
    Test {
        /// The address to send it to
        email: String,
    },
    /// List the newest email of the queue
    List {
        /// Only those in this state: waiting, sending, sent, refused, expired or cancelled
        #[arg(long)]
        state: Option<String>,
    },
    /// Try an email again at once, or with --all every refused one
    #[command(arg_required_else_help = true)]
    Retry {
        /// Which email, as listed
        #[arg(required_unless_present = "all")]
        id: Option<String>,
        /// All refused ones whose links still work
        #[arg(long, conflicts_with = "id")]
        all: bool,
    },
}

/// Runs one of these commands.
pub(super) async fn run(config: &Config, command: MailCommand) -> anyhow::Result<ExitCode> {
    match command {
        MailCommand::Test { email } => test(config, &email).await,
        MailCommand::List { state } => list(config, state.as_deref()),
        MailCommand::Retry { id: Some(id), .. } => retry(config, &LetterId::from(id)),
        MailCommand::Retry { id: None, .. } => retry_all(config),
    }
}

async fn test(config: &Config, email: &str) -> anyhow::Result<ExitCode> {
    let (to, keys) = (address(email)?, secret_file::keys(config)?);
    match test_mail::send(config, &keys, Clock::default().now(), &to).await? {
        SendResult::Sent if config.smtp_url.is_none() => {
            println!("SMTP_URL is not set: the email to {to} is in the development mailbox");
        }
        SendResult::Sent => println!("the mail server accepted the email to {to}"),
        SendResult::Later(reply) => bail!("the mail server put the email off: {reply}"),
        SendResult::BadRecipient(reply) => bail!("the mail server refused the recipient: {reply}"),
        SendResult::RelayRefuses(reply) => bail!("the mail server refuses email from us: {reply}"),
        SendResult::RelayStops(reply) | SendResult::RelayDown(reply) => {
            bail!("the mail server accepts no email: {reply}")
        }
        SendResult::Unbuildable(reply) => bail!("the email cannot be built: {reply}"),
    }
    Ok(ExitCode::SUCCESS)
}

fn list(config: &Config, state: Option<&str>) -> anyhow::Result<ExitCode> {
    let known = State::ALL.map(State::as_str).join(", ");
    let state = match state.map(|name| (name, State::parse(name))) {
        Some((name, None)) => bail!("`{name}` is not a state; choose one of {known}"),
        parsed => parsed.and_then(|(_, state)| state),
    };
    let database = Database::open_migrated(config)?;
    let letters = QueuedLetter::older(&mut server::connect(&database.url)?, state, None, LISTED)?;
    for letter in &letters {
        let QueuedLetter { id, kind, recipient, attempts, created_at, .. } = letter;
        let (state, reply) = (letter.state.as_str(), letter.last_reply.as_deref().unwrap_or_default());
        let written = created_at.format("%Y-%m-%dT%H:%MZ");
        let line = format!("{id}  {state:9}  {written}  {attempts}  {kind:24}  {recipient}  {reply}");
        println!("{}", line.trim_end());
    }
    if letters.is_empty() {
        println!("there is no such email");
    }
    Ok(ExitCode::SUCCESS)
}

fn retry(config: &Config, id: &LetterId) -> anyhow::Result<ExitCode> {
    let (database, now) = (Database::open_migrated(config)?, Clock::default().now());
    let kind = server::connect(&database.url)?.transaction(|conn| {
        let kind = queued_letter::retry(conn, now, id)?;
        if let Some(kind) = &kind {
            let details = json!({ "letter": id, "kind": kind });
            Action::LetterRetried.to_many(&Actor::operator()).with(details).record(conn, now)?;
        }
        diesel::QueryResult::Ok(kind)
    })?;
    if kind.is_none() {
        bail!("there is no email {id} that waits, or was refused and can still be sent");
    }
    println!("the email {id} is tried again");
    Ok(ExitCode::SUCCESS)
}

/// Retries all refused letters, a batch at a time, so that no lock is held for long.
fn retry_all(config: &Config) -> anyhow::Result<ExitCode> {
    let (database, now) = (Database::open_migrated(config)?, Clock::default().now());
    let mut conn = server::connect(&database.url)?;
    let mut all = 0;
    loop {
        let retried = conn.transaction(|conn| {
            let letters = queued_letter::retry_refused(conn, now)?;
            if letters > 0 {
                let details = json!({ "letters": letters });
                Action::LetterRetried.to_many(&Actor::operator()).with(details).record(conn, now)?;
            }
            diesel::QueryResult::Ok(letters)
        })?;
        all += retried;
        if !batch::is_full(retried) {
            break;
        }
    }
    println!("emails that are tried again: {all}");
    Ok(ExitCode::SUCCESS)
}
