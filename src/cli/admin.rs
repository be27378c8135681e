//! `biovity admin`: making and unmaking admins.

use std::io::{BufRead, IsTerminal};
use std::process::ExitCode;

use anyhow::bail;
use clap::Subcommand;
use diesel::Connection;
use diesel::result::Error as QueryError;

use super::address::address;
use super::database::Database;
use super::secret_file;
use crate::accounts::directory::admin::{self, Made, NewAdmin, Revoked};
use crate::accounts::user::password::Password;
use crate::config::Config;
use crate::db::PasswordHasher;
use crate::mail::mail_context::MailContext;
use crate::server;
use crate::values::clock::Clock;

/// The commands below `biovity admin`.
#[derive(Debug, Subcommand)]
pub(super) enum AdminCommand {
    /// Grant admin access; the password comes from a prompt or from standard input
    Create {
        /// The admin's email address
        email: String,
    },
    /// Revoke admin access; the account stays, as a job seeker's
    Revoke {
        /// The admin's email address
        email: String,
    },
}

/// Runs one of these commands.
pub(super) async fn run(config: &Config, command: AdminCommand) -> anyhow::Result<ExitCode> {
    match command {
        AdminCommand::Create { email } => create(config, &email).await,
        AdminCommand::Revoke { email } => revoke(config, &email),
    }
}

async fn create(config: &Config, email: &str) -> anyhow::Result<ExitCode> {
    let email = address(email)?;
    let password = match Password::parse(&read_password()?, &[email.as_str()]) {
        Ok(password) => password,
        Err(problem) => bail!("choose another password: {problem}"),
    };
    let password = PasswordHasher::new().run(move |memory| password.hash(memory)).await??;
    let database = Database::open_migrated(config)?;
    let now = Clock::default().now();
    let mail = MailContext { locale: config.default_locale, keys: secret_file::keys(config)? };
    let new = NewAdmin { email, password };
    let mut conn = server::connect(&database.url)?;
    let made = match conn.transaction(|conn| admin::create(conn, now, &new, &mail)) {
        // Somebody took the address at the same moment: this comes second, and finds that account.
        Err(QueryError::RollbackTransaction) => conn.transaction(|conn| admin::create(conn, now, &new, &mail)),
        made => made,
    }?;
    let email = new.email;
    match made {
        Made::New => println!("{email} is an admin"),
        Made::Promoted => println!(
            "{email} had an account and is now an admin, with the new password; its sessions and links have ended, and \
             its owner is told by email"
        ),
        Made::ManagesOthers => bail!(
            "{email} is the account of an organization that manages others; release its members first, on its page \
             /organization/members, or use another email"
        ),
    }
    Ok(ExitCode::SUCCESS)
}

fn revoke(config: &Config, email: &str) -> anyhow::Result<ExitCode> {
    let email = address(email)?;
    let database = Database::open_migrated(config)?;
    let now = Clock::default().now();
    let revoked = server::connect(&database.url)?.transaction(|conn| admin::revoke(conn, now, &email))?;
    match revoked {
        Revoked::Done => println!("{email} is no longer an admin; its sessions and API keys have ended"),
        Revoked::NoAdmin => bail!("there is no admin with the email {email}"),
        Revoked::LastAdmin => bail!("{email} is the last admin; create another one first"),
    }
    Ok(ExitCode::SUCCESS)
}

/// Reads the password from a prompt or from standard input. It is no argument, because every user of the machine can see
/// the arguments of a process.
fn read_password() -> anyhow::Result<String> {
    if std::io::stdin().is_terminal() {
        return Ok(rpassword::prompt_password("Password: ")?);
    }
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}
