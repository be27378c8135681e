//! The background jobs: the database probe, the steps of waves and imports, the sweeps, and storing the counts of abuse.

use std::mem::discriminant;
use std::time::Duration;

use diesel::pg::PgConnection;
use diesel::result::QueryResult;

use super::{erasure, failing_jobs};
use crate::accounts::one_time_code::trusted_device::TrustedDevice;
use crate::accounts::provider::attempt;
use crate::accounts::session::session::Session;
use crate::accounts::user::user::User;
use crate::accounts::user::viewer_change;
use crate::audit::event;
use crate::db::migrations::{self, statistics};
use crate::db::{self, Db, Health, Standby, StandbyState, batch, sequences, sliding_window};
use crate::mail::link::Link;
use crate::mail::outbox;
use crate::values::clock::Timestamp;
use crate::values::secret_key::SecretKeys;
use crate::waitlist::importing::{confirmation_sender, import, import_batch};
use crate::waitlist::joining::totals;
use crate::waitlist::place::removal;
use crate::waitlist::review::search_index;
use crate::waitlist::waves::wave_sender;
use crate::web::metrics::failing_job;
use crate::web::page::kept_upload;
use crate::web::{App, Submission};
use crate::webhook::past_delivery::{self, JOIN_NUMBERS, unticked};

/// How often the database is probed until it is there.
const PROBE_UNREADY: Duration = Duration::from_millis(200);
/// How often the database is probed while it is there.
const PROBE_READY: Duration = Duration::from_secs(2);
/// How long the steps pause when there was nothing to do.
const STEP_PAUSE: Duration = Duration::from_millis(500);
/// How often expired rows are deleted.
const SWEEP: Duration = Duration::from_mins(1);
/// How long nobody logs in before the memory for it is given back: once at least, and less than twice. A log-in that needs
/// new memory takes a few milliseconds longer.
const RELEASE_MEMORY: Duration = Duration::from_secs(10);
/// How often the counts of abuse are stored: a crash loses no more than this.
const STORE_COUNTS: Duration = Duration::from_secs(5);

/// How often new entries are put into the index for searches, while there are any and while there are none. At 10,000
/// joins a second, as many wait meanwhile as its list has room for.
const CLEAN_LISTS: Duration = Duration::from_millis(250);
const CLEAN_LISTS_IDLE: Duration = Duration::from_secs(1);
/// How often the standby is looked at.
const OBSERVE_STANDBY: Duration = Duration::from_secs(1);

/// Changes at most a batch of rows; returns how many.
type Job = fn(&mut PgConnection, Timestamp, &SecretKeys) -> QueryResult<usize>;

/// What waves and imports do next. A wave asks the accounts whose address has one already.
const STEPS: [Step; 3] = [
    Step { run: |conn, now, keys| wave_sender::send_due(conn, now, keys, User::verified_among), fills_tables: false },
    Step { run: import_batch::run_next, fills_tables: true },
    Step { run: confirmation_sender::send_due, fills_tables: false },
];

/// A step of waves or imports.
struct Step {
    run: Job,
    /// Whether it may double a table within seconds.
    fills_tables: bool,
}

/// What the steps did.
#[derive(Clone, Copy, Debug, Default)]
pub struct StepsDone {
    /// How much.
    pub count: usize,
    /// Whether tables may have doubled.
    pub has_filled_tables: bool,
}

impl StepsDone {
    fn with(self, step: &Step, count: usize) -> Self {
        let has_filled_tables = self.has_filled_tables || step.fills_tables && count > 0;
        Self { count: self.count + count, has_filled_tables }
    }
}

/// What has expired, room by room, each with the name that the metrics and the log have. Each deletes at most
/// [`batch::BATCH`] rows. The last one looks at what has grown.
const SWEEPS: [(&str, Job); 21] = [
    ("limits", |conn, _, _| sliding_window::sweep(conn)),
    ("viewer_changes", |conn, _, _| viewer_change::sweep(conn)),
    ("sessions", |conn, now, _| Session::sweep(conn, now)),
    ("trusted_devices", |conn, now, _| TrustedDevice::sweep(conn, now)),
    ("links", |conn, now, _| Link::sweep(conn, now)),
    ("used_links", |conn, now, _| Link::sweep_used(conn, now)),
    ("provider_attempts", |conn, now, _| attempt::sweep(conn, now)),
    ("letters", |conn, now, _| outbox::sweep(conn, now)),
    ("submissions", |conn, now, _| Submission::sweep(conn, now)),
    ("history", |conn, now, _| event::sweep(conn, now)),
    ("accounts", erasure::sweep),
    ("unanswered_places", |conn, now, _| removal::prune_unanswered(conn, now)),
    ("deleted_places", |conn, now, _| removal::prune_deleted(conn, now)),
    ("totals", |conn, _, _| totals::roll_up(conn)),
    ("imports", |conn, now, _| import::sweep(conn, now)),
    ("webhooks", |conn, now, _| past_delivery::sweep(conn, now)),
    ("unticked_webhooks", |conn, _, _| unticked::sweep(conn)),
    ("deleted_webhooks", |conn, _, _| past_delivery::sweep_orphans(conn)),
    ("failing_jobs", |conn, _, _| failing_job::sweep(conn)),
    ("uploads", |conn, now, _| kept_upload::sweep(conn, now)),
    ("statistics", |conn, _, _| statistics::analyze_doubled(conn)),
];

/// Starts all background jobs.
pub fn start(app: &App) {
    start_steps(app);
    tokio::spawn(sweep(app.clone()));
    tokio::spawn(store_counts(app.clone()));
    tokio::spawn(release_idle_memory(app.clone()));
    tokio::spawn(clean_pending_lists(app.clone()));
    tokio::spawn(observe_standby(app.standby.clone()));
}

/// Starts what a process needs that serves no pages: the probe of the database, waves and imports, and what the other
/// processes are told of failures.
pub fn start_steps(app: &App) {
    tokio::spawn(probe(app.db.for_background()));
    tokio::spawn(run_steps(app.clone()));
    tokio::spawn(failing_jobs::tell(app.clone()));
}

/// Runs the steps of waves and imports until the process ends, without a pause while there is work.
async fn run_steps(app: App) {
    let app = App { db: app.db.for_background(), ..app };
    let (mut was_away, mut has_filled_tables) = (false, false);
    loop {
        let outcome = app.metrics.jobs().run("steps", &app.clock, run_steps_once(&app)).await;
        if let (Err(error), false) = (&outcome, was_away) {
            tracing::warn!(
                error = error as &dyn std::error::Error,
                "a step of an import or of a wave failed; it is tried again"
            );
        }
        was_away = outcome.is_err();
        let done = outcome.unwrap_or_default();
        has_filled_tables |= done.has_filled_tables;
        if done.count > 0 {
            continue;
        }
        if std::mem::take(&mut has_filled_tables)
            && let Err(error) = app.db.write(statistics::analyze_doubled).await
        {
            tracing::debug!("the tables are analyzed later: {error}");
        }
        tokio::time::sleep(STEP_PAUSE).await;
    }
}

/// Runs each step once; returns what was done.
///
/// # Errors
/// When the database is unavailable, or a step fails; the steps after it are run before.
pub async fn run_steps_once(app: &App) -> Result<StepsDone, db::Error> {
    let now = app.clock.now();
    let mut outcome = Ok(StepsDone::default());
    for step in STEPS {
        let keys = app.keys.clone();
        let count = app.db.write(move |conn| (step.run)(conn, now, &keys)).await;
        outcome = outcome.and_then(|before| Ok(before.with(&step, count?)));
    }
    outcome
}

/// Probes the database, and logs when it goes, comes back or lacks migrations.
async fn probe(db: Db) {
    let mut before = None;
    loop {
        let health = db.probe(migrations::lacks_any).await;
        if before.replace(health) != Some(health) {
            match health {
                Health::Ready => {
                    tracing::info!("the database is ready");
                    set_sequences_right(&db).await;
                }
                Health::LacksMigrations => tracing::error!("the database lacks migrations; run `biovity migrate`"),
                Health::ReadOnly => tracing::error!("the database takes no writes (SQLSTATE 25006)"),
                // The probe says why.
                Health::Unreachable | Health::Unknown => {}
            }
        }
        let is_there = matches!(health, Health::Ready | Health::ReadOnly);
        tokio::time::sleep(if is_there { PROBE_READY } else { PROBE_UNREADY }).await;
    }
}

/// Looks at the standby, if there is one, and logs when it begins or ceases to be read.
async fn observe_standby(standby: Standby) {
    let mut before = None;
    while let Some(state) = standby.observe().await {
        if before.replace(discriminant(&state)) != Some(discriminant(&state)) {
            match state {
                StandbyState::Unknown => {}
                StandbyState::Following(_) => tracing::info!("lists are read from the standby"),
                unread => tracing::warn!("lists are read from the primary, since the standby is of no use: {unread}"),
            }
        }
        tokio::time::sleep(OBSERVE_STANDBY).await;
    }
}

/// An operator may have restored a backup while the database was away.
async fn set_sequences_right(db: &Db) {
    match db.write(|conn| sequences::set_right(conn, &JOIN_NUMBERS)).await {
        Ok(moved) => moved.iter().for_each(|sequence| {
            tracing::warn!("the id sequence {sequence} stood behind its table and was set right");
        }),
        Err(error) => tracing::warn!(error = &error as &dyn std::error::Error, "id sequences cannot be checked"),
    }
}

/// Deletes expired rows in batches, so that no lock is held for long.
async fn sweep(app: App) {
    let app = App { db: app.db.for_background(), ..app };
    loop {
        tokio::time::sleep(SWEEP).await;
        sweep_once(&app).await;
    }
}

/// Runs each sweep until it finds nothing more; one that fails is run again with the next.
pub async fn sweep_once(app: &App) {
    let now = app.clock.now();
    for (name, sweep) in SWEEPS {
        loop {
            let keys = app.keys.clone();
            let swept = app.db.write(move |conn| sweep(conn, now, &keys));
            match app.metrics.jobs().run(name, &app.clock, swept).await {
                Ok(rows) if batch::is_full(rows) => {}
                Ok(_) => break,
                Err(error) => {
                    let error = &error as &dyn std::error::Error;
                    break tracing::warn!(job = name, error, "a sweep failed; it is run again with the next");
                }
            }
        }
    }
}

/// Puts new entries into the index for searches. While the database is unavailable, there are none.
async fn clean_pending_lists(app: App) {
    let db = app.db.for_background();
    loop {
        let found =
            app.metrics.jobs().run("search_index", &app.clock, db.write(search_index::clean_pending_lists)).await;
        if let Err(error) = &found {
            tracing::debug!("new entries are put into the index for searches later: {error}");
        }
        tokio::time::sleep(if found.unwrap_or_default() { CLEAN_LISTS } else { CLEAN_LISTS_IDLE }).await;
    }
}

/// Gives the memory of the last log-ins back.
async fn release_idle_memory(app: App) {
    loop {
        tokio::time::sleep(RELEASE_MEMORY).await;
        app.hasher.release_idle_memory();
    }
}

/// Stores what the middleware refused. While the database is unavailable, the counts stay in memory and grow.
async fn store_counts(app: App) {
    let db = app.db.for_background();
    loop {
        tokio::time::sleep(STORE_COUNTS).await;
        let stored = app.abuse_counters.flush(&db, app.clock.now());
        if let Err(error) = app.metrics.jobs().run("abuse_counts", &app.clock, stored).await {
            tracing::debug!("the counts of refused requests are stored later: {error}");
        }
    }
}

/// Stores the counts once more, when the server has stopped.
pub(super) async fn store_last_counts(app: &App) {
    if let Err(error) = app.abuse_counters.flush(&app.db.for_background(), app.clock.now()).await {
        tracing::warn!("the last counts of refused requests are not stored: {error}");
    }
}
