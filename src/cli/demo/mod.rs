//! `biovity demo`: a made-up waitlist with accounts, waves, mail and history, to look at every page alive.

use std::process::ExitCode;

use anyhow::{Context, ensure};
use chrono::TimeDelta;
use diesel::PgConnection;
use diesel::connection::{CacheSize, Connection};

use self::accounts::{EMPLOYEE, ORGANIZATION};
use self::demonstration::{Beginning, Demonstration};
use super::database::Database;
use super::secret_file;
use super::serve::first_admin;
use crate::accounts::directory::admin::{self, NewAdmin};
use crate::accounts::own_data::grace_period::DeletionRequest;
use crate::accounts::session::activation;
use crate::accounts::user::password::{Password, PasswordHash};
use crate::accounts::user::user::User;
use crate::audit::event::Actor;
use crate::config::Config;
use crate::db::migrations::statistics;
use crate::mail::delivery::SendResult;
use crate::mail::delivery::simulated_relay::SimulatedRelay;
use crate::mail::mail_context::MailContext;
use crate::server;
use crate::values::clock::Clock;
use crate::values::email_address::EmailAddress;
use crate::values::locale::Locale;
use crate::waitlist::joining::state::State;
use crate::waitlist::joining::totals::{self, Totals};
use crate::waitlist::place::removal;
use crate::web::protection::abuse_counters::Reason;
use crate::web::{App, Submission};

mod accounts;
mod admins_work;
mod calendar;
mod demonstration;
mod joins;
mod people;
mod programs;
mod random;

const ADMIN: &str = "admin@example.cl";
/// An admin who was deactivated, and one who is leaving.
const FORMER_ADMINS: [&str; 2] = ["paula.vergara@example.cl", "tomas.bravo@example.cl"];
/// What programs tried in the last week, and how often a day.
const BLOCKED: [(Reason, i64); 4] =
    [(Reason::Honeypot, 6), (Reason::TooMany, 3), (Reason::Fast, 2), (Reason::Invalid, 9)];

/// Fills the embedded database, if it is empty.
pub(super) async fn run(config: Config) -> anyhow::Result<ExitCode> {
    refuse_elsewhere(&config)?;
    let data_dir = config.data_dir.display().to_string();
    let (database, keys) = (Database::own(&config)?, secret_file::keys(&config)?);
    database.migrate_own()?;
    let mut conn = server::connect(&database.url)?;
    ensure!(
        is_empty(&mut conn)?,
        "the database in {data_dir} holds places or accounts already, which make run and biovity serve show, and the \
         demonstration is never mixed with them: give it a folder of its own, such as DATA_DIR=\"$HOME/biovity-demo\" \
         biovity demo"
    );
    println!("Making up 90 days of a waitlist: some ten seconds. No email is sent.");
    let app = server::assemble(config, database.url.clone(), keys, Clock::default());
    let password = first_admin::new_password()?;
    let typed = Password::typed(&password);
    let hash = app.hasher.run(move |memory| typed.hash(memory)).await??;
    // There is no pooler before the embedded database, and the same statements come a thousand times.
    conn.set_prepared_statement_cache_size(CacheSize::Unbounded);
    conn.transaction(|conn| fill(conn, &app, hash))?;
    println!(
        "biovity serve shows it. Log in as one of these, with the password below, shown only now:\n  admin         {ADMIN}\n  \
         organization  {ORGANIZATION}\n  job seeker    {EMPLOYEE}\npassword: {password}"
    );
    while totals::roll_up(&mut conn)? > 0 {}
    conn.transaction(statistics::analyze_all)?;
    count_blocked(&app).await?;
    drop(conn);
    database.close();
    Ok(ExitCode::SUCCESS)
}

/// It is for a database that nobody else uses, from which no mail can leave.
fn refuse_elsewhere(config: &Config) -> anyhow::Result<()> {
    ensure!(
        config.database.is_none(),
        "the demonstration is made only in the embedded database, and DATABASE_URL is set: unset it, as with \
         `env -u DATABASE_URL biovity demo`"
    );
    ensure!(
        config.smtp_url.is_none(),
        "the people of the demonstration must get no email, and SMTP_URL is set: unset it, as with \
         `env -u SMTP_URL biovity demo`, and for `biovity serve` as well"
    );
    ensure!(
        !Database::is_running(config),
        "another Biovity is running on {}: stop it first, or give the demonstration a folder of its own, such as \
         DATA_DIR=\"$HOME/biovity-demo\" biovity demo",
        config.data_dir.display()
    );
    Ok(())
}

/// Whether nobody is in it but the first admin.
fn is_empty(conn: &mut PgConnection) -> anyhow::Result<bool> {
    let first = EmailAddress::from(first_admin::ADDRESS.to_owned());
    Ok(Totals::all(conn)?.of(None, &State::ALL) == 0 && !User::any_but(conn, &first)?)
}

/// All of it in one transaction: there is a whole demonstration, or none.
fn fill(conn: &mut PgConnection, app: &App, password: PasswordHash) -> anyhow::Result<()> {
    let present = app.clock.now();
    let mail = MailContext::of(app, Locale::Es);
    let begun = present - TimeDelta::days(91);
    for email in [ADMIN, FORMER_ADMINS[0], FORMER_ADMINS[1]] {
        let new = NewAdmin { email: EmailAddress::from(email.to_owned()), password: password.clone() };
        admin::create(conn, begun, &new, &mail)?;
    }
    let admin = account(conn, ADMIN)?.id;
    let relay = SimulatedRelay { present, record_outcome: server::assembly::record_outcome };
    let keys = app.keys.clone();
    Demonstration::new(Beginning { conn, keys, relay, password, admin: admin.clone() }).run()?;
    let former = account(conn, FORMER_ADMINS[0])?;
    activation::deactivate(conn, present - TimeDelta::days(20), &Actor::operator(), &former.id)?;
    let user = account(conn, FORMER_ADMINS[1])?;
    let client = people::client(&mut random::Random::new(1));
    let submission = Submission::default();
    let deletion = DeletionRequest { user, code: None, submission, session: None, client, mail };
    deletion.schedule(conn, present - TimeDelta::hours(30))?;
    relay.deliver(conn, present, |_| SendResult::Sent)?;
    // What the first minute of a server would prune.
    while removal::prune_unanswered(conn, present)? > 0 {}
    Ok(())
}

fn account(conn: &mut PgConnection, email: &str) -> anyhow::Result<User> {
    let found = User::find_by_email(conn, &EmailAddress::from(email.to_owned()))?;
    found.with_context(|| format!("the account of {email} is missing"))
}

/// What the overview shows as blocked.
async fn count_blocked(app: &App) -> anyhow::Result<()> {
    for day in 0..7 {
        for (reason, times) in BLOCKED {
            (0..times + day % 3).for_each(|_| app.abuse_counters.count(reason));
        }
        app.abuse_counters.flush(&app.db, app.clock.now() - TimeDelta::days(day)).await?;
    }
    Ok(())
}
