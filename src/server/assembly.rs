//! The application's shared parts, and the hooks by which one room tells another what happened.

use std::sync::Arc;

use crate::config::Config;
use crate::db::{Db, ImageWorker, PasswordHasher, Settings};
use crate::mail::delivery::worker::Worker;
use crate::values::clock::Clock;
use crate::values::database_url::DatabaseUrl;
use crate::values::secret_key::SecretKeys;
use crate::waitlist::joining::mail_outcome;
use crate::waitlist::waves::signed_up;
use crate::web::App;
use crate::web::page::multipart::Space;
use crate::web::protection::abuse_counters::AbuseCounters;
use crate::web::protection::limits::Limits;
use crate::web::visitor::viewer::Changes;

/// Puts the shared parts together; connects to nothing.
#[must_use]
pub fn assemble(config: Config, url: DatabaseUrl, keys: SecretKeys, clock: Clock) -> App {
    let settings = Settings { url, statement_cache: config.statement_cache };
    let limits = Limits::new(config.rate_limits.then(|| keys.current.clone()));
    if !config.rate_limits {
        tracing::warn!("RATE_LIMITS=off: nothing limits how often anything may be asked");
    }
    App {
        config: Arc::new(config),
        db: Db::new(&settings),
        clock,
        keys,
        hasher: PasswordHasher::new(),
        image_worker: ImageWorker::new(),
        space: Space::new(),
        limits,
        abuse_counters: AbuseCounters::default(),
        changes: Changes::default(),
        address_proved: signed_up::mark,
    }
}

/// The worker that sends the application's mail.
///
/// # Errors
/// Says what is wrong with `SMTP_URL`.
pub fn worker(app: &App) -> anyhow::Result<Worker> {
    Ok(Worker::new(app, mail_outcome::record_outcome)?)
}
