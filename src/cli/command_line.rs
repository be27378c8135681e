//! The command line as `--help` shows it, and which file does each command.

use std::io::{self, Write as _};
use std::mem::ManuallyDrop;
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};
use clap_complete::Shell;

use super::admin::{self, AdminCommand};
use super::backup::restore::{self, RestoreArgs};
use super::backup::{self, BackupArgs};
use super::mail::{self, MailCommand};
use super::user::{self, UserCommand};
use super::waitlist::{self, WaitlistCommand};
use super::webhook::{self, WebhookCommand};
use super::{check, demo, log, migrate, serve, work};
use crate::config::{Config, VARIABLES};

/// What most people look for, before the variables.
const EXAMPLES: &str = "\
Examples:
  biovity demo                                 look around in a made-up waitlist
  biovity serve                                serve on http://localhost:8080, with a database of its own
  biovity admin create you@example.cl          grant admin access
  biovity waitlist export --output list.csv    save the waitlist as CSV
  biovity check                                find out what is wrong before visitors do
";

const ADMIN_EXAMPLES: &str = "\
Examples:
  biovity admin create you@example.cl                       asks for the password
  biovity admin create you@example.cl < password.txt        reads it from a file
  biovity admin revoke former@example.cl";

const WAITLIST_EXAMPLES: &str = "\
Examples:
  biovity waitlist import fair.csv --dry-run                only says what would happen
  biovity waitlist import fair.csv --rejects rejected.csv   adds the people, keeps the lines that it rejects
  biovity waitlist export --state confirmed --output confirmed.csv";

const MAIL_EXAMPLES: &str = "\
Examples:
  biovity mail test you@example.cl       send an email and see what the relay answers
  biovity mail list --state refused
  biovity mail retry --all";

/// The account and waitlist service of Biovity.
#[derive(Debug, Parser)]
#[command(name = "biovity", version, after_help = variables())]
struct Cli {
    #[command(subcommand)]
    command: Option<AnyCommand>,
}

#[derive(Debug, Subcommand)]
enum AnyCommand {
    #[command(flatten)]
    Configured(Command),
    #[command(flatten)]
    Printed(Print),
}

// What needs the configuration. No doc comment: it would replace the one of the program in the help.
#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the site and send its email and webhooks (the default)
    Serve,
    /// Send the queued email, webhooks, waves and imports without serving pages, beside servers elsewhere
    Work,
    /// Bring the database up to date
    Migrate {
        /// Only report what is missing; the exit code is 1 when anything is
        #[arg(long)]
        check: bool,
    },
    /// Grant or revoke admin access
    #[command(subcommand, after_help = ADMIN_EXAMPLES)]
    Admin(AdminCommand),
    /// Deactivate or reactivate accounts, end their sessions, remove two-step verification
    #[command(subcommand)]
    User(UserCommand),
    /// Import and export the waitlist
    #[command(subcommand, after_help = WAITLIST_EXAMPLES)]
    Waitlist(WaitlistCommand),
    /// Test the email settings, list queued email and try it again
    #[command(subcommand, after_help = MAIL_EXAMPLES)]
    Mail(MailCommand),
    /// List webhooks, probe them and send deliveries again
    #[command(subcommand)]
    Webhook(WebhookCommand),
    /// Back up the embedded database to a file, even while it is in use
    Backup(BackupArgs),
    /// Restore the embedded database from a backup
    Restore(RestoreArgs),
    /// Check configuration, database, schema, webhooks, email and log-in providers; the exit code is 1 when anything is wrong
    Check,
    /// Fill an empty embedded database with a made-up waitlist, to try every page
    Demo,
}

// What only prints what the program knows, and needs no configuration.
#[derive(Debug, Subcommand)]
enum Print {
    /// Print the completions for a shell
    Completions {
        /// Which shell; for bash, `biovity completions bash > /etc/bash_completion.d/biovity`
        shell: Shell,
    },
    /// Print the manual page: biovity man | man -l -
    Man,
    /// Print the version
    Version,
}

/// Runs what the command line asks for.
///
/// # Errors
/// Whatever keeps it from being done.
pub fn run() -> anyhow::Result<ExitCode> {
    let command = match Cli::parse().command {
        Some(AnyCommand::Printed(what)) => return Ok(print(&what).map(|()| ExitCode::SUCCESS)?),
        Some(AnyCommand::Configured(command)) => command,
        None => Command::Serve,
    };
    let config = Config::from_env()?;
    log::start(&config, filter(&command, &config))?;
    let format = config.log_format;
    execute(command, config).or_else(|error| log::failure(format, error))
}

/// What is logged. What the demonstration makes up would stand in the log as if it happened now.
fn filter<'a>(command: &Command, config: &'a Config) -> &'a str {
    if matches!(command, Command::Demo) { "off" } else { &config.log_level }
}

fn print(what: &Print) -> io::Result<()> {
    match what {
        Print::Version => println!("biovity {}", env!("CARGO_PKG_VERSION")),
        Print::Completions { shell } => {
            // It panics where it cannot write, as when a pipe is closed.
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut Cli::command(), "biovity", &mut script);
            io::stdout().write_all(&script)?;
        }
        Print::Man => clap_mangen::Man::new(Cli::command()).render(&mut io::stdout())?,
    }
    Ok(())
}

fn execute(command: Command, config: Config) -> anyhow::Result<ExitCode> {
    // Never dropped: that waits without a bound for threads that wait for a database which hangs. What must be finished is
    // awaited by each command.
    let runtime = ManuallyDrop::new(actix_web::rt::System::new());
    match command {
        Command::Serve => runtime.block_on(serve::run(config)),
        Command::Work => runtime.block_on(work::run(config)),
        Command::Migrate { check: true } => migrate::check(&config),
        Command::Migrate { check: false } => migrate::run(&config),
        Command::Admin(command) => runtime.block_on(admin::run(&config, command)),
        Command::Mail(command) => runtime.block_on(mail::run(&config, command)),
        Command::Webhook(command) => runtime.block_on(webhook::run(&config, command)),
        Command::User(command) => user::run(&config, command),
        Command::Waitlist(command) => waitlist::run(&config, command),
        Command::Backup(args) => backup::run(&config, args),
        Command::Restore(args) => restore::run(&config, &args),
        Command::Demo => runtime.block_on(demo::run(config)),
        Command::Check => runtime.block_on(check::run(&config)),
    }
}

fn variables() -> String {
    let lines = VARIABLES.iter().map(|v| format!("  {}\n      {} [default: {}]\n", v.name, v.about, v.default));
    format!("{EXAMPLES}\nEnvironment:\n{}", lines.collect::<String>())
}
