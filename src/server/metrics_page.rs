//! The metrics page for Prometheus, on a port of its own: the site never shows it.

use std::net::TcpListener;
use std::time::Duration;

use actix_web::dev::ServerHandle;
use actix_web::http::header;
use actix_web::web::{Data, get};
use actix_web::{App as Site, HttpResponse, HttpServer};
use prometheus_client::encoding::text;
use prometheus_client::registry::Registry;
use tokio::sync::Mutex;
use tokio::time::timeout;

use super::metrics_text::{Outbox, Scrape};
use crate::mail::queue::outbox_status::{self, OutboxStatus};
use crate::values::clock::Stopwatch;
use crate::web::App;

/// Where Prometheus looks.
const PATH: &str = "/metrics";
/// How long the outbox is not looked at again, however often somebody asks.
const OUTBOX_EVERY: Duration = Duration::from_secs(10);
/// Longest wait for the outbox, well below the 10 s that Prometheus waits for the whole page.
const OUTBOX_TIMEOUT: Duration = Duration::from_secs(2);
/// `OpenMetrics`, which Prometheus reads since version 2.5.
const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// What the page needs.
struct Page {
    app: App,
    outbox: Mutex<Option<LastLook>>,
}

/// What the last look at the outbox found; nothing when the database was away.
struct LastLook {
    at: Stopwatch,
    outbox: Option<Outbox>,
}

/// Starts answering on `listener`, on a thread of its own: it answers while the site is overloaded.
///
/// # Errors
/// When the listener is of no use.
pub fn start(app: &App, listener: TcpListener) -> std::io::Result<ServerHandle> {
    let page = Data::new(Page { app: app.clone(), outbox: Mutex::default() });
    let server = HttpServer::new(move || Site::new().app_data(page.clone()).route(PATH, get().to(show)));
    let server = server.workers(1).disable_signals().listen(listener)?.run();
    let handle = server.handle();
    tokio::spawn(server);
    Ok(handle)
}

/// Never fails: what is not known is left out.
async fn show(page: Data<Page>) -> HttpResponse {
    let (mut registry, mut body) = (Registry::default(), String::new());
    registry.register_collector(Box::new(Scrape { app: page.app.clone(), outbox: page.outbox().await }));
    if let Err(error) = text::encode(&mut body, &registry) {
        tracing::error!("the metrics cannot be written: {error}");
    }
    HttpResponse::Ok().insert_header((header::CONTENT_TYPE, CONTENT_TYPE)).body(body)
}

impl Page {
    /// Who asks while somebody else looks waits for what that one finds.
    async fn outbox(&self) -> Option<Outbox> {
        let mut last = self.outbox.lock().await;
        if let Some(last) = last.as_ref().filter(|last| last.at.elapsed() < OUTBOX_EVERY) {
            return last.outbox.clone();
        }
        let (now, at) = (self.app.clock.now(), Stopwatch::start());
        let db = self.app.db.for_background();
        let found = db.read(move |conn| {
            let letters = outbox_status::counts(conn)?;
            Ok(Outbox { letters, due_since: OutboxStatus::find(conn, now)?.due_since })
        });
        let outbox = timeout(OUTBOX_TIMEOUT, found).await.ok().and_then(Result::ok);
        last.insert(LastLook { at, outbox }).outbox.clone()
    }
}
