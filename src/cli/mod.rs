//! The command line.

use std::io::{BufRead, IsTerminal};
use std::net::TcpListener;
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::{Parser, Subcommand};

use crate::accounts::directory::admin::{self, Made, Revoked};
use crate::accounts::user::password::Password;
use crate::config::{Config, LogFormat, VARIABLES};
use crate::db::{PasswordHasher, migrations};
use crate::server::{self, Running};
use crate::values::clock::Clock;
use crate::values::email_address::EmailAddress;

mod check;
mod database;
mod first_admin;
mod mail;
mod secret_file;
mod user;
mod waitlist;
mod waitlist_export;
mod waitlist_import;

use database::Database;
use mail::MailCommand;
use user::UserCommand;
use waitlist::WaitlistCommand;

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
    /// Check configuration, database, schema and mail
    Check,
    /// Print the version
    Version,
}

#[derive(Debug, Subcommand)]
enum AdminCommand {
    /// Make an admin; the password comes from a prompt or from standard input
    Create {
        /// The admin's email address
        email: String,
    },
    /// Take the admin pages from an account
    Revoke {
        /// The admin's email address
        email: String,
    },
}

/// Runs what the command line asks for.
///
/// # Errors
/// Whatever keeps it from being done.
pub fn run() -> anyhow::Result<ExitCode> {
    let command = Cli::parse().command.unwrap_or(Command::Serve);
    if matches!(command, Command::Version) {
        println!("biovity {}", env!("CARGO_PKG_VERSION"));
        return Ok(ExitCode::SUCCESS);
    }
    let config = Config::from_env()?;
    start_log(&config)?;
    let runtime = actix_web::rt::System::new();
    match command {
        Command::Serve => runtime.block_on(serve(config)),
        Command::Work => runtime.block_on(work(config)),
        Command::Migrate { check } => migrate(&config, check),
        Command::Admin(AdminCommand::Create { email }) => runtime.block_on(create_admin(&config, &email)),
        Command::Admin(AdminCommand::Revoke { email }) => revoke_admin(&config, &email),
        Command::Mail(command) => runtime.block_on(mail::run(&config, command)),
        Command::User(command) => user::run(&config, command),
        Command::Waitlist(command) => waitlist::run(&config, command),
        Command::Check => runtime.block_on(check::run(&config)),
        Command::Version => Ok(ExitCode::SUCCESS),
    }
}

async fn serve(config: Config) -> anyhow::Result<ExitCode> {
    // Before anything is started: a port that is taken is the commonest fault.
    let listener = TcpListener::bind(config.listen).with_context(|| format!("cannot listen on {}", config.listen))?;
    let database = Database::own(&config)?;
    let keys = secret_file::keys(&config)?;
    let embedded = database.migrate_own()?;
    let (base_url, mailbox) = (config.base_url.origin().to_owned(), config.smtp_url.is_none());
    let app = server::assemble(config, database.url.clone(), keys, Clock::default());
    if embedded {
        first_admin::create(&app, &database.url).await?;
    }
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let mut running = Running::start(&app, listener, threads)?;
    running.deliver(server::worker(&app)?);
    println!("Biovity is at {base_url}");
    if mailbox {
        tracing::info!("SMTP_URL is not set: mail goes to the development mailbox at {base_url}/dev/mailbox");
    }
    stop_signal().await?;
    tracing::info!("stopping; a second signal stops at once");
    tokio::select! {
        () = running.stop() => {}
        _ = stop_signal() => tracing::warn!("stopped before everything had finished"),
    }
    database.close();
    Ok(ExitCode::SUCCESS)
}

async fn work(config: Config) -> anyhow::Result<ExitCode> {
    let database = Database::open(&config)?;
    let keys = secret_file::keys(&config)?;
    let app = server::assemble(config, database.url.clone(), keys, Clock::default());
    tokio::task::spawn_local(server::jobs::run_steps(app.clone()));
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let worker = tokio::task::spawn_local(server::worker(&app)?.run(stopped));
    stop_signal().await?;
    stop.send_replace(true);
    tokio::select! {
        ended = worker => ended?,
        _ = stop_signal() => tracing::warn!("stopped before everything had finished"),
    }
    database.close();
    Ok(ExitCode::SUCCESS)
}

fn migrate(config: &Config, check: bool) -> anyhow::Result<ExitCode> {
    let database = Database::open(config)?;
    let url = config.database_direct.as_ref().unwrap_or(&database.url);
    if check {
        let pending = migrations::pending(&mut server::connect(url)?)?;
        for name in &pending {
            println!("missing: {name}");
        }
        return Ok(if pending.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE });
    }
    let applied = server::migrate(url)?;
    for name in &applied {
        println!("applied: {name}");
    }
    println!("the database is up to date");
    Ok(ExitCode::SUCCESS)
}

async fn create_admin(config: &Config, email: &str) -> anyhow::Result<ExitCode> {
    let email = address(email)?;
    let password = match Password::parse(&read_password()?, &[email.as_str()]) {
        Ok(password) => password,
        Err(problem) => bail!("this password will not do: {problem}"),
    };
    let hash = PasswordHasher::new().run(move |memory| password.hash(memory)).await??;
    let database = Database::open(config)?;
    database.migrate_own()?;
    let now = Clock::default().now();
    let made = diesel::Connection::transaction(&mut server::connect(&database.url)?, |conn| {
        admin::create(conn, now, &email, &hash)
    })?;
    match made {
        Made::New => println!("{email} is an admin"),
        Made::Promoted => {
            println!("{email} had an account and is an admin now, with the new password; its sessions have ended");
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn revoke_admin(config: &Config, email: &str) -> anyhow::Result<ExitCode> {
    let email = address(email)?;
    let database = Database::open(config)?;
    let now = Clock::default().now();
    let revoked =
        diesel::Connection::transaction(&mut server::connect(&database.url)?, |conn| admin::revoke(conn, now, &email))?;
    match revoked {
        Revoked::Done => println!("{email} is no admin any more; its sessions have ended"),
        Revoked::NoAdmin => bail!("no admin has the address {email}"),
        Revoked::LastAdmin => bail!("{email} is the last admin; make another one first"),
    }
    Ok(ExitCode::SUCCESS)
}

fn address(typed: &str) -> anyhow::Result<EmailAddress> {
    EmailAddress::parse(typed).map_err(|_| anyhow::anyhow!("`{typed}` is no email address"))
}

/// Never an argument: those are seen by every user of the machine.
fn read_password() -> anyhow::Result<String> {
    if std::io::stdin().is_terminal() {
        return Ok(rpassword::prompt_password("Password: ")?);
    }
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

/// Ctrl-C, or what a service manager sends.
async fn stop_signal() -> anyhow::Result<()> {
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    tokio::select! {
        result = tokio::signal::ctrl_c() => result?,
        _ = terminate.recv() => {}
    }
    Ok(())
}

fn start_log(config: &Config) -> anyhow::Result<()> {
    // The server's own lines say nothing that ours do not.
    let filter = tracing_subscriber::EnvFilter::try_new(format!("actix_server=warn,{}", config.log_level))?;
    let colours = std::io::stderr().is_terminal();
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_ansi(colours).with_writer(std::io::stderr);
    match config.log_format {
        LogFormat::Text => log.init(),
        LogFormat::Json => log.json().init(),
    }
    Ok(())
}

fn variables() -> String {
    let lines = VARIABLES.iter().map(|v| format!("  {}\n      {} [default: {}]\n", v.name, v.about, v.default));
    format!("Environment:\n{}", lines.collect::<String>())
}
