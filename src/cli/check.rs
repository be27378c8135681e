//! `biovity check`: what an operator wants to know before visitors do.

use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context;
use diesel::{PgConnection, RunQueryDsl};

use super::database::Database;
use crate::accounts::provider::fault::Fault;
use crate::accounts::provider::provider::check::Registration;
use crate::accounts::provider::provider::{Provider, Providers};
use crate::config::{Config, unknown_variables};
use crate::db::{Db, StandbyState, migrations, sequences};
use crate::mail::delivery::transport::Transport;
use crate::mail::queue::outbox_status::OutboxStatus;
use crate::server;
use crate::values::clock::Clock;
use crate::web::metrics::failing_job::FailingJob;
use crate::webhook::past_delivery::JOIN_NUMBERS;

mod webhooks;

/// Questions to a standby, and the time between two: it may be ten seconds behind.
const STANDBY_QUESTIONS: u32 = 55;
const STANDBY_PAUSE: Duration = Duration::from_millis(200);

/// Checks one thing after the other; the exit code is 1 when anything is wrong.
pub(super) async fn run(config: &Config) -> anyhow::Result<ExitCode> {
    println!("ok      configuration: every variable makes sense; the site is {}", config.base_url.origin());
    for name in unknown_variables() {
        println!(
            "note    configuration: {name} is set, but Biovity has no such variable; `biovity --help` lists them all"
        );
    }
    let mut database = OpenDatabase::with_every_migration(config);
    let found = database.as_ref().map(|_| format!("{} answers and has every migration", place(config)));
    let mut sound = report("database and schema", &found, &database_advice(config));
    let mut is_noted = false;
    if let Ok(database) = &mut database {
        sound &= check_jobs_and_standby(config, database).await;
        let noted = note_webhooks(config, database);
        // Where they cannot be read, nothing is known of their secrets either.
        sound &= noted.is_ok() && check_webhooks(config, database);
        is_noted = noted.unwrap_or_default();
    }
    let mail = mail(config, database.as_mut().ok()).await;
    let found = mail.as_ref().map(|()| outlet(config));
    sound &= report(
        "email",
        &found,
        "biovity mail test you@example.cl shows the full answer; /admin/mail shows what is waiting",
    );
    note_contact(config);
    for provider in Providers::new(config, &Clock::default())?.iter() {
        sound &= check_provider(provider).await;
    }
    println!("{}", verdict(sound, is_noted));
    Ok(if sound { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The last line.
fn verdict(sound: bool, is_noted: bool) -> &'static str {
    match (sound, is_noted) {
        (false, _) => "Something is wrong: see the lines that begin with “failed”.",
        (true, true) => {
            "Nothing is wrong here, but some webhooks are off, paused or failing: see the lines that begin with “note”."
        }
        (true, false) => "Nothing is wrong.",
    }
}

/// What a database that is well tells of the jobs of all processes, and of its standby.
async fn check_jobs_and_standby(config: &Config, database: &mut OpenDatabase) -> bool {
    let failing = failing_jobs(database);
    let found = failing.as_ref().map(|()| "no process reports a failing one".to_owned());
    let mut sound =
        report("background jobs", &found, "the log of that process says more; each job is tried again by itself");
    if config.database_replica.is_some() {
        let found = standby(config, &database.database).await;
        let advice = "check that DATABASE_REPLICA_URL leads to a streaming standby of DATABASE_URL, and that it replays \
                      the log; lists are read from the primary until then";
        sound &= report("standby", &found.as_ref().map(ToString::to_string), advice);
    }
    sound
}

/// Whether any process tells of a background job that fails.
fn failing_jobs(database: &mut OpenDatabase) -> anyhow::Result<()> {
    let failing = FailingJob::told(database.conn()?)?;
    let failing = failing.iter().map(|FailingJob { job, process, failing_since, failed_at, reason }| {
        let [since, last] = [failing_since, failed_at].map(|at| at.format("%Y-%m-%dT%H:%MZ"));
        format!("{job} in {process} has failed since {since}, the last time at {last}: {reason}")
    });
    let failing: Vec<_> = failing.collect();
    anyhow::ensure!(failing.is_empty(), "{}", failing.join("; "));
    Ok(())
}

/// Says when nobody can be written to.
fn note_contact(config: &Config) {
    if config.contact().is_none() {
        println!(
            "note    contact: nobody reads {}; set CONTACT_EMAIL to an address that somebody answers",
            config.mail_from.email
        );
    }
}

/// Whether `SECRET_KEY` makes the secrets of all webhooks, in a line of its own where there are any.
fn check_webhooks(config: &Config, database: &mut OpenDatabase) -> bool {
    let found = database.conn().and_then(|conn| webhooks::with_secrets(conn, config));
    let advice = "put the key that made it after the others in SECRET_KEY, or replace the secret on the webhook's page; \
                  nothing is sent to it until then";
    match found.as_ref() {
        Ok(0) => true,
        found => {
            report("webhooks", &found.map(|number| format!("SECRET_KEY can make all the secrets ({number})")), advice)
        }
    }
}

/// Names the webhooks that are off, were paused for long or fail; tells whether there are any. Where they cannot be read, a line
/// says that instead.
fn note_webhooks(config: &Config, database: &mut OpenDatabase) -> anyhow::Result<bool> {
    let notes = database.conn().and_then(|conn| webhooks::in_trouble(conn, config)).inspect_err(|error| {
        let advice = "run this once more; if it says the same, the log of the database says more";
        report("webhooks", &Err(error), advice);
    })?;
    for note in &notes {
        println!("note    webhooks: {note}");
    }
    Ok(!notes.is_empty())
}

/// Whether a provider answers and knows this site, in a line of its own.
async fn check_provider(provider: &Provider) -> bool {
    let found = provider.check().await;
    let advice = found.as_ref().err().map_or_else(String::new, |fault| provider_advice(provider, fault));
    let found = found.map_err(anyhow::Error::from);
    let found = found.as_ref().map(|registration| {
        let address = format!("the address to enter there is {}", provider.redirect());
        match registration {
            Registration::Taken => format!("it answers, and accepts the identifier and the secret; {address}"),
            Registration::Unsaid => {
                format!("it answers; {address} (whether identifier and secret are right shows in the first log-in)")
            }
        }
    });
    report(&format!("log-in with {}", provider.settings.label), &found, &advice)
}

/// What helps against a fault of a provider.
fn provider_advice(provider: &Provider, fault: &Fault) -> String {
    let issuer = provider.settings.issuers.first().map_or("", String::as_str);
    match fault {
        Fault::NotRegistered(_) => {
            let prefix = match provider.settings.name {
                "oidc" => "OIDC".to_owned(),
                name => format!("OIDC_{}", name.to_uppercase()),
            };
            format!(
                "{prefix}_CLIENT_ID and {prefix}_CLIENT_SECRET must be those of the client that you registered there; your \
                 own provider must take client_secret_basic"
            )
        }
        Fault::OtherIssuer(own) => format!("set OIDC_ISSUER={own}, as the provider spells it"),
        Fault::NoDiscovery(_) => "OIDC_ISSUER is the address before /.well-known/openid-configuration".to_owned(),
        Fault::Away(_) | Fault::Untrusted(_) => {
            format!(
                "check that this machine reaches {issuer} (name server, firewall), and that a provider answers there"
            )
        }
    }
}

/// Where the database is.
fn place(config: &Config) -> String {
    let embedded = || format!("the embedded one in {}", config.data_dir.display());
    config.database.as_ref().map_or_else(embedded, |_| "that of DATABASE_URL".to_owned())
}

fn database_advice(config: &Config) -> String {
    if !Database::exists(config) {
        return "give this command the settings of the site, DATABASE_URL above all; or let biovity serve make a database \
                here"
            .to_owned();
    }
    let log = config.data_dir.join("postgres/server.log");
    let embedded = || {
        format!(
            "biovity serve brings its schema up to date; if it does not start, check that DATA_DIR can be written and \
             that PostgreSQL's programs are there (BIOVITY_PG_BIN); {} says more",
            log.display()
        )
    };
    let own = || {
        "check that the server is running, and that DATABASE_URL leads to it: host, port, name of the database, user \
             and password (# / @ : and % in a password are written %23 %2F %40 %3A and %25); then run biovity migrate"
            .to_owned()
    };
    if config.database.is_some() { own() } else { embedded() }
}

/// Where mail goes.
fn outlet(config: &Config) -> String {
    match &config.smtp_url {
        Some(_) => "the relay of SMTP_URL answers and accepts our email".to_owned(),
        None => format!(
            "SMTP_URL is not set, so email goes to the development mailbox at {}/dev/mailbox",
            config.base_url.origin()
        ),
    }
}

/// The database, and the one connection on which all is asked.
struct OpenDatabase {
    conn: PgConnection,
    database: Database,
}

impl OpenDatabase {
    fn with_every_migration(config: &Config) -> anyhow::Result<Self> {
        let database = Database::open_existing(config)?;
        let direct = config.database_direct.as_ref().filter(|direct| **direct != database.url);
        direct.map(server::connect).transpose().context("DATABASE_DIRECT_URL")?;
        let mut conn = server::connect(&database.url)?;
        let pending = migrations::pending(&mut conn)?;
        anyhow::ensure!(pending.is_empty(), "migrations that are missing: {}", pending.len());
        for name in migrations::newer(&mut conn)? {
            println!(
                "note    schema: the database has migration {name}, which a newer version of this program brought"
            );
        }
        let behind = sequences::behind(&mut conn, &JOIN_NUMBERS)?;
        anyhow::ensure!(
            behind.is_empty(),
            "these id sequences are behind their tables: {}; run `biovity migrate`",
            behind.join(", ")
        );
        Ok(Self { conn, database })
    }

    /// The connection; a new one when it broke, so that what comes after is looked at all the same.
    fn conn(&mut self) -> anyhow::Result<&mut PgConnection> {
        if diesel::sql_query("SELECT 1").execute(&mut self.conn).is_err() {
            self.conn = server::connect(&self.database.url)?;
        }
        Ok(&mut self.conn)
    }
}

/// How far the standby is behind, as soon as it has replayed what the primary has written by now.
async fn standby(config: &Config, database: &Database) -> anyhow::Result<StandbyState> {
    config.database_replica.as_ref().map(server::connect).transpose()?;
    let primary = Db::new(&server::settings(config, database.url.clone()));
    let standby = server::standby(config, &primary);
    let mut state = StandbyState::Unknown;
    for _ in 0..STANDBY_QUESTIONS {
        state = standby.observe().await.unwrap_or(state);
        match state {
            StandbyState::Unknown => tokio::time::sleep(STANDBY_PAUSE).await,
            StandbyState::Following(_) => return Ok(state),
            _ => break,
        }
    }
    standby.ask_primary().await.context("DATABASE_URL does not say how far its log has come")?;
    anyhow::ensure!(state == StandbyState::Unknown, "{state}");
    anyhow::bail!("it has not replayed in time what the primary wrote")
}

/// Whether the relay talks with us, and whether it lately took letters: a relay that refuses them all may well talk. And
/// whether we can build our own.
async fn mail(config: &Config, database: Option<&mut OpenDatabase>) -> anyhow::Result<()> {
    Transport::of(config)?.check().await?;
    let Some(database) = database else { return Ok(()) };
    let status = OutboxStatus::find(database.conn()?, Clock::default().now())?;
    if let Some(since) = status.relay_fails_since {
        let (since, reply) = (since.format("%Y-%m-%dT%H:%MZ"), status.relay_reply.unwrap_or_default());
        anyhow::bail!("the mail server has refused our email since {since}: {reply}");
    }
    if let Some(reason) = status.own_fault {
        anyhow::bail!(
            "some emails cannot be sent: {reason}; `biovity mail list --state waiting` names them, and they are tried \
             again within half an hour"
        );
    }
    Ok(())
}

/// One line for what was looked at and what was found; when that is a problem, another for what to do next.
fn report(what: &str, found: &Result<String, &anyhow::Error>, next: &str) -> bool {
    match found {
        Ok(found) => println!("ok      {what}: {found}"),
        Err(problem) => println!("failed  {what}: {problem:#}\n        next: {next}"),
    }
    found.is_ok()
}
