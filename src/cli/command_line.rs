//! The command line as `--help` shows it, and which file does each command.

use std::io;
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};
use clap_complete::Shell;

use super::admin::{self, AdminCommand};
use super::backup::{self, BackupArgs};
use super::mail::{self, MailCommand};
use super::restore::{self, RestoreArgs};
use super::user::{self, UserCommand};
use super::waitlist::{self, WaitlistCommand};
use super::{check, log, migrate, serve, work};
use crate::config::{Config, VARIABLES};

/// The account and waitlist service of Biovity.
#[derive(Debug, Parser)]
#[command(name = "biovity", version, after_help = variables())]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the site and send its mail (the default)
    Serve,
    /// Send the mail alone, beside servers elsewhere
    Work,
    /// Bring the database up to date
    Migrate {
        /// Only tell what is missing; the exit code is 1 when anything is
        #[arg(long)]
        check: bool,
    },
    /// Make and unmake admins
    #[command(subcommand)]
    Admin(AdminCommand),
    /// Deactivate and activate accounts, end their sessions
    #[command(subcommand)]
    User(UserCommand),
    /// Bring lists of places and take them along
    #[command(subcommand)]
    Waitlist(WaitlistCommand),
    /// Try the mail settings, list letters and have them tried again
    #[command(subcommand)]
    Mail(MailCommand),
    /// Write all of the embedded database into a file
    Backup(BackupArgs),
    /// Make the embedded database from a backup
    Restore(RestoreArgs),
    /// Check configuration, database, schema and mail
    Check,
    /// Print what completes the commands of a shell when Tab is pressed
    Completions {
        /// Which shell; for bash, `biovity completions bash > /etc/bash_completion.d/biovity`
        shell: Shell,
    },
    /// Print the manual: biovity man | man -l -
    Man,
    /// Print the version
    Version,
}

/// Runs what the command line asks for.
///
/// # Errors
/// Whatever keeps it from being done.
pub fn run() -> anyhow::Result<ExitCode> {
    let command = Cli::parse().command.unwrap_or(Command::Serve);
    if print(&command)? {
        return Ok(ExitCode::SUCCESS);
    }
    let config = Config::from_env()?;
    log::start(&config)?;
    let format = config.log_format;
    execute(command, config).or_else(|error| log::failure(format, error))
}

/// Whether it was one of the commands that only print what the program knows, which need no configuration.
fn print(command: &Command) -> io::Result<bool> {
    match command {
        Command::Version => println!("biovity {}", env!("CARGO_PKG_VERSION")),
        Command::Completions { shell } => {
            clap_complete::generate(*shell, &mut Cli::command(), "biovity", &mut io::stdout());
        }
        Command::Man => clap_mangen::Man::new(Cli::command()).render(&mut io::stdout())?,
        _ => return Ok(false),
    }
    Ok(true)
}

fn execute(command: Command, config: Config) -> anyhow::Result<ExitCode> {
    let runtime = actix_web::rt::System::new();
    match command {
        Command::Serve => runtime.block_on(serve::run(config)),
        Command::Work => runtime.block_on(work::run(config)),
        Command::Migrate { check: true } => migrate::check(&config),
        Command::Migrate { check: false } => migrate::run(&config),
        Command::Admin(command) => runtime.block_on(admin::run(&config, command)),
        Command::Mail(command) => runtime.block_on(mail::run(&config, command)),
        Command::User(command) => user::run(&config, command),
        Command::Waitlist(command) => waitlist::run(&config, command),
        Command::Backup(args) => backup::run(&config, args),
        Command::Restore(args) => restore::run(&config, &args),
        Command::Check => runtime.block_on(check::run(&config)),
        Command::Completions { .. } | Command::Man | Command::Version => Ok(ExitCode::SUCCESS),
    }
}

fn variables() -> String {
    let lines = VARIABLES.iter().map(|v| format!("  {}\n      {} [default: {}]\n", v.name, v.about, v.default));
    format!("Environment:\n{}", lines.collect::<String>())
}
