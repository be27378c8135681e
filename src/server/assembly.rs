//! The application's shared parts, and the hooks by which one room learns what happened in another.

use std::sync::Arc;

use diesel::pg::PgConnection;
use diesel::result::QueryResult;

use crate::accounts::directory::admin;
use crate::accounts::user::user::User;
use crate::config::Config;
use crate::db::{Db, ImageWorker, PasswordHasher, Settings, Standby};
use crate::mail::delivery::worker::Worker;
use crate::mail::outcome::SendOutcome;
use crate::values::clock::{Clock, Timestamp};
use crate::values::database_url::DatabaseUrl;
use crate::values::secret_key::SecretKeys;
use crate::waitlist::joining::entry_mail;
use crate::waitlist::place::{held_data, summary};
use crate::waitlist::waves::{invitation, signed_up};
use crate::web::App;
use crate::web::lifecycle::Lifecycle;
use crate::web::metrics::metrics::Metrics;
use crate::web::page::upload_memory::UploadMemory;
use crate::web::protection::abuse_counters::AbuseCounters;
use crate::web::protection::limits::Limits;
use crate::web::protection::middleware;
use crate::web::protection::network_shares::NetworkShares;
use crate::web::submission::turns::Turns;
use crate::web::visitor::viewer_cache::ViewerCache;
use crate::webhook::delivery::client::Client;
use crate::webhook::delivery::worker::Worker as WebhookWorker;

/// Puts the shared parts together; connects to nothing.
#[must_use]
pub fn assemble(config: Config, url: DatabaseUrl, keys: SecretKeys, clock: Clock) -> App {
    let db = Db::new(&settings(&config, url));
    let limits = Limits::new(config.rate_limits.then(|| keys.current.clone()));
    if !config.rate_limits {
        tracing::warn!("RATE_LIMITS=off: nothing limits how often anything may be asked");
    }
    App {
        standby: standby(&config, &db),
        db,
        keys,
        hasher: PasswordHasher::new(),
        image_worker: ImageWorker::new(),
        upload_memory: UploadMemory::new(),
        limits,
        shares: NetworkShares::new(middleware::REQUESTS_OF_NETWORK),
        hash_shares: NetworkShares::new(middleware::HASHES_OF_NETWORK),
        abuse_counters: AbuseCounters::default(),
        turns: Turns::default(),
        viewer_cache: ViewerCache::new(&clock),
        clock,
        lifecycle: Lifecycle::default(),
        metrics: Metrics::default(),
        address_proved: signed_up::record_sign_up,
        verified_addresses: User::verified_among,
        language_chosen: User::keep_language,
        what_is_held: held_data::find,
        place_of_address: summary::find,
        config: Arc::new(config),
    }
}

/// What the pool of this database needs to know.
#[must_use]
pub fn settings(config: &Config, url: DatabaseUrl) -> Settings {
    Settings { url, connections: config.connections, statement_cache: config.statement_cache }
}

/// The standby of this primary, if there is one.
#[must_use]
pub fn standby(config: &Config, primary: &Db) -> Standby {
    let settings = config.database_replica.clone().map(|url| {
        let statement_cache = config.statement_cache && !url.is_pooled();
        Settings { statement_cache, ..settings(config, url) }
    });
    Standby::new(primary, settings.as_ref())
}

/// The worker that sends the application's mail.
///
/// # Errors
/// Says what is wrong with `SMTP_URL`.
pub fn worker(app: &App) -> anyhow::Result<Worker> {
    Ok(Worker::new(app, record_outcome)?)
}

/// The worker that tells the endpoints of webhooks what happens.
#[must_use]
pub fn webhook_worker(app: &App) -> WebhookWorker {
    WebhookWorker::new(app, Client::new(&app.config.webhook_allowed_hosts), admin::readers)
}

/// Passes the outcomes of letters on to the rooms of the waitlist, which record it.
///
/// # Errors
/// When a statement fails.
pub fn record_outcome(conn: &mut PgConnection, now: Timestamp, outcomes: &[SendOutcome]) -> QueryResult<()> {
    entry_mail::lock_entries(conn, outcomes)?;
    invitation::record_outcomes(conn, now, outcomes)?;
    entry_mail::record_outcomes(conn, now, outcomes)
}
