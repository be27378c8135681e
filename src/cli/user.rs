//! `biovity user`: deactivating accounts, ending sessions and removing second factors, for operators.

use std::process::ExitCode;

use anyhow::bail;
use clap::Subcommand;
use diesel::Connection;

use super::address::address;
use super::database::Database;
use super::secret_file;
use crate::accounts::second_factor::removal::Removal;
use crate::accounts::session::activation::{self, Outcome};
use crate::accounts::user::user::User;
use crate::audit::event::Actor;
use crate::config::Config;
use crate::mail::mail_context::MailContext;
use crate::server;
use crate::values::clock::Clock;
use crate::values::email_address::EmailAddress;

/// The commands below `biovity user`.
#[derive(Debug, Subcommand)]
pub(super) enum UserCommand {
    /// Refuse log-ins with an account and end its sessions
    Deactivate {
        /// The account's email address
        email: String,
    },
    /// Allow log-ins with a deactivated account again
    Activate {
        /// The account's email address
        email: String,
    },
    /// End sessions
    #[command(subcommand)]
    Sessions(SessionsCommand),
    /// Remove two-step verification
    #[command(subcommand)]
    SecondFactor(SecondFactorCommand),
}

/// The commands below `biovity user second-factor`.
#[derive(Debug, Subcommand)]
pub(super) enum SecondFactorCommand {
    /// Remove the two-step verification of an owner who lost the phone and the recovery codes, who is told by email
    Remove {
        /// The account's email address
        email: String,
    },
}

/// The commands below `biovity user sessions`.
#[derive(Debug, Subcommand)]
pub(super) enum SessionsCommand {
    /// End every session of an account
    End {
        /// The account's email address
        email: String,
    },
}

enum Act {
    Deactivate,
    Activate,
    EndSessions,
    RemoveSecondFactor,
}

/// Runs one of these commands, and records it in the audit log.
pub(super) fn run(config: &Config, command: UserCommand) -> anyhow::Result<ExitCode> {
    let (act, email) = match command {
        UserCommand::Deactivate { email } => (Act::Deactivate, address(&email)?),
        UserCommand::Activate { email } => (Act::Activate, address(&email)?),
        UserCommand::Sessions(SessionsCommand::End { email }) => (Act::EndSessions, address(&email)?),
        UserCommand::SecondFactor(SecondFactorCommand::Remove { email }) => (Act::RemoveSecondFactor, address(&email)?),
    };
    match (perform(config, &act, &email)?, act) {
        (Outcome::NotFound, _) => bail!("there is no account with the email {email}"),
        (Outcome::LastAdmin, _) => bail!("{email} is the last admin; create another one first"),
        (Outcome::Done | Outcome::Unchanged, Act::Deactivate) => {
            println!("{email} is deactivated; its sessions have ended");
        }
        (Outcome::Done | Outcome::Unchanged, Act::Activate) => println!("{email} can log in again"),
        (Outcome::Done | Outcome::Unchanged, Act::EndSessions) => println!("the sessions of {email} have ended"),
        (Outcome::Unchanged, Act::RemoveSecondFactor) => println!("{email} has no two-step verification"),
        (Outcome::Done, Act::RemoveSecondFactor) => {
            println!("two-step verification of {email} is removed, and its owner is told by email");
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn perform(config: &Config, act: &Act, email: &EmailAddress) -> anyhow::Result<Outcome> {
    let database = Database::open_migrated(config)?;
    let (now, actor) = (Clock::default().now(), Actor::operator());
    let mail = MailContext { locale: config.default_locale, keys: secret_file::keys(config)? };
    let outcome = server::connect(&database.url)?.transaction(|conn| {
        let Some(user) = User::find_by_email(conn, email)? else { return Ok(Outcome::NotFound) };
        match act {
            Act::Deactivate => activation::deactivate(conn, now, &actor, &user.id),
            Act::Activate => activation::reactivate(conn, now, &actor, &user.id),
            Act::EndSessions => activation::end_sessions(conn, now, &actor, &user.id),
            Act::RemoveSecondFactor => {
                let is_removed = Removal { actor: &actor, user: &user, mail: &mail }.apply(conn, now)?;
                Ok(if is_removed { Outcome::Done } else { Outcome::Unchanged })
            }
        }
    });
    outcome.map_err(|error: diesel::result::Error| error.into())
}
