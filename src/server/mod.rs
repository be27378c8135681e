//! The application as a whole: what it opens, what runs beside the server, and how it all stops.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use actix_web::body::MessageBody;
use actix_web::dev::{ServerHandle, ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::middleware::from_fn;
use actix_web::web::{Data, PayloadConfig};
use actix_web::{App as Site, HttpServer};
use anyhow::Context;
use diesel::connection::{CacheSize, Connection};
use diesel::pg::PgConnection;
use diesel::result::QueryResult;
use tokio::sync::watch;

use crate::accounts::own_data::purge;
use crate::accounts::session::load_viewer;
use crate::accounts::session::session::Session;
use crate::accounts::user::viewer_change;
use crate::audit::event;
use crate::config::Config;
use crate::db::{BATCH, Db, Hasher, Health, ImageWorker, Settings, migrations, sliding_window};
use crate::mail::delivery::Worker;
use crate::mail::link::Link;
use crate::mail::outbox;
use crate::values::clock::{Clock, Timestamp};
use crate::values::database_url::DatabaseUrl;
use crate::values::secret_key::SecretKeys;
use crate::waitlist::importing::import;
use crate::waitlist::joining::{mail_outcome, totals};
use crate::waitlist::place::removal;
use crate::waitlist::waves::signed_up;
use crate::web::App;
use crate::web::page::form;
use crate::web::page::multipart::Space;
use crate::web::protection::abuse_counters::AbuseCounters;
use crate::web::protection::limits::Limits;
use crate::web::protection::{headers, middleware};
use crate::web::visitor::cookie;
use crate::web::visitor::viewer::Changes;

pub mod jobs;
pub mod routes;

/// Longest wait for requests that are being served when the process is asked to stop.
const DRAIN_SECONDS: u64 = 10;
/// Longest wait for the head of a request.
const HEAD: Duration = Duration::from_secs(5);
/// Idle connections are closed after this.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// Connections of one worker; slow clients beyond them wait in the listener's queue.
const CONNECTIONS: usize = 8_192;
/// How often the database is looked at: often until it is ready, then in peace.
const PROBE_SOON: Duration = Duration::from_millis(200);
const PROBE: Duration = Duration::from_secs(2);
/// How often what has run out is swept away.
const SWEEP: Duration = Duration::from_mins(1);

/// How often it is written down what the gates held off: a crash loses no more.
const WRITE_DOWN: Duration = Duration::from_secs(5);

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
        hasher: Hasher::new(),
        image_worker: ImageWorker::new(),
        space: Space::new(),
        limits,
        abuse_counters: AbuseCounters::default(),
        changes: Changes::default(),
        address_proved: signed_up::record_sign_up,
    }
}

/// The site: every address behind every gate. The last layer is the outermost.
pub fn site(
    app: App,
) -> Site<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<impl MessageBody>,
        Error = actix_web::Error,
        InitError = (),
    >,
> {
    let session = cookie::middleware(&app.config, &app.keys);
    Site::new()
        .app_data(Data::new(app))
        .app_data(PayloadConfig::new(form::MAX_BYTES))
        .configure(routes::register)
        .wrap(from_fn(load_viewer::load))
        .wrap(session)
        .wrap(from_fn(cookie::prepare))
        .wrap(from_fn(middleware::check))
        .wrap(from_fn(headers::add))
}

/// The worker that sends the application's mail.
///
/// # Errors
/// Says what is wrong with `SMTP_URL`.
pub fn worker(app: &App) -> anyhow::Result<Worker> {
    let App { config, db, clock, keys, .. } = app.clone();
    Ok(Worker::new(config, &db, (clock, keys), mail_outcome::record_outcome)?)
}

/// A server that answers, and what runs beside it.
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    app: App,
    server: ServerHandle,
    stop: watch::Sender<bool>,
    worker: Option<tokio::task::JoinHandle<()>>,
}

impl Running {
    /// Starts answering on `listener`, with `threads` threads, and what runs beside the server.
    ///
    /// # Errors
    /// When the listener or the mail settings are of no use.
    pub fn start(app: &App, listener: TcpListener, threads: usize) -> anyhow::Result<Self> {
        let address = listener.local_addr()?;
        let shared = app.clone();
        let server = HttpServer::new(move || site(shared.clone()))
            .workers(threads)
            .keep_alive(KEEP_ALIVE)
            .client_request_timeout(HEAD)
            .max_connections(CONNECTIONS)
            .shutdown_timeout(DRAIN_SECONDS)
            .disable_signals()
            .listen(listener)?
            .run();
        let handle = server.handle();
        tokio::spawn(server);
        tokio::spawn(load_viewer::follow_changes(app.clone()));
        tokio::spawn(probe(app.db.aside()));
        tokio::spawn(sweep(app.clone()));
        tokio::spawn(jobs::keep_on(app.clone()));
        tokio::spawn(write_down(app.clone()));
        Ok(Self { address, app: app.clone(), server: handle, stop: watch::channel(false).0, worker: None })
    }

    /// Sends mail as well.
    pub fn deliver(&mut self, worker: Worker) {
        self.worker = Some(tokio::task::spawn_local(worker.run(self.stop.subscribe())));
    }

    /// Finishes what is being answered and sent, then stops.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        self.server.stop(true).await;
        if let Some(worker) = self.worker {
            let _ = worker.await;
        }
        if let Err(error) = self.app.abuse_counters.flush(&self.app.db.aside(), self.app.clock.now()).await {
            tracing::warn!("what the gates held off lately is not written down: {error}");
        }
    }
}

/// Migrates over a connection of its own, and says what it did.
///
/// # Errors
/// When the database cannot be reached or a migration fails.
pub fn migrate(url: &DatabaseUrl) -> anyhow::Result<Vec<String>> {
    let mut conn = connect(url)?;
    migrations::run(&mut conn).context("the migrations did not run")
}

/// A connection outside the gate, for commands.
///
/// # Errors
/// When the database cannot be reached.
pub fn connect(url: &DatabaseUrl) -> anyhow::Result<PgConnection> {
    let mut conn: PgConnection = Connection::establish(&url.for_libpq()).context("the database cannot be reached")?;
    // Named statements would stay behind on a pooler's connection, for the next command to stumble over.
    conn.set_prepared_statement_cache_size(CacheSize::Disabled);
    Ok(conn)
}

/// Keeps an eye on the database, and says so when it goes, comes back or lacks migrations.
async fn probe(db: Db) {
    let mut before = None;
    loop {
        let health = db.probe(migrations::lacks_any).await;
        if before.replace(health) != Some(health) {
            match health {
                Health::Ready => tracing::info!("the database is ready"),
                Health::Behind => tracing::error!("the database lacks migrations; run `biovity migrate`"),
                Health::Away | Health::Unseen => tracing::warn!("the database is away; trying again"),
            }
        }
        tokio::time::sleep(if health == Health::Ready { PROBE } else { PROBE_SOON }).await;
    }
}

/// Writes down what the gates held off; while the database is away, it is counted on.
async fn write_down(app: App) {
    let db = app.db.aside();
    loop {
        tokio::time::sleep(WRITE_DOWN).await;
        if let Err(error) = app.abuse_counters.flush(&db, app.clock.now()).await {
            tracing::debug!("what the gates held off is written down later: {error}");
        }
    }
}

/// Deletes what has run out, in batches, so that no lock is held for long.
async fn sweep(app: App) {
    let db = app.db.aside();
    loop {
        tokio::time::sleep(SWEEP).await;
        app.hasher.rest();
        let now = app.clock.now();
        for batch in SWEEPS {
            loop {
                let keys = app.keys.clone();
                match db.write(move |conn| batch(conn, now, &keys)).await {
                    Ok(rows) if i64::try_from(rows) == Ok(BATCH) => {}
                    Ok(_) => break,
                    Err(error) => break tracing::warn!("what has run out could not be deleted: {error}"),
                }
            }
        }
    }
}

/// Deletes at most [`BATCH`] rows; tells how many.
type Sweep = fn(&mut PgConnection, Timestamp, &SecretKeys) -> QueryResult<usize>;

const SWEEPS: [Sweep; 11] = [
    |conn, _, _| sliding_window::sweep(conn),
    |conn, _, _| viewer_change::sweep(conn),
    |conn, now, _| Session::sweep(conn, now),
    |conn, now, _| Link::sweep(conn, now),
    |conn, now, _| outbox::sweep(conn, now),
    |conn, now, _| event::sweep(conn, now),
    purge::sweep,
    |conn, now, _| removal::prune_unanswered(conn, now),
    |conn, now, _| removal::prune_deleted(conn, now),
    |conn, _, _| totals::fold(conn),
    |conn, now, _| import::sweep(conn, now),
];
