//! Starting the server with what runs beside it, and stopping both.

use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use actix_web::HttpServer;
use actix_web::dev::ServerHandle;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::jobs;
use super::middleware_order::site;
use crate::accounts::session::load_viewer;
use crate::mail::delivery::worker::Worker;
use crate::waitlist::joining::new_entry::join_queue::JoinQueue;
use crate::web::App;

/// Longest wait for requests that are being served when the process is asked to stop.
const DRAIN_SECONDS: u64 = 10;
/// Longest wait for the head of a request.
const HEAD_TIMEOUT: Duration = Duration::from_secs(5);
/// Idle connections are closed after this.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// Connections of one worker; slow clients beyond them wait in the listener's queue.
const CONNECTIONS: usize = 8_192;

/// A server that answers, and what runs beside it.
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    app: App,
    joins: JoinQueue,
    server: ServerHandle,
    stop: watch::Sender<bool>,
    worker: Option<JoinHandle<()>>,
}

impl Running {
    /// Starts answering on `listener`, with `threads` threads, and what runs beside the server.
    ///
    /// # Errors
    /// When the listener or the mail settings are of no use.
    pub fn start(app: &App, listener: TcpListener, threads: usize) -> anyhow::Result<Self> {
        let address = listener.local_addr()?;
        let joins = JoinQueue::start(app);
        let shared = (app.clone(), joins.clone());
        let server = HttpServer::new(move || site(shared.0.clone(), shared.1.clone()))
            .workers(threads)
            .keep_alive(KEEP_ALIVE)
            .client_request_timeout(HEAD_TIMEOUT)
            .max_connections(CONNECTIONS)
            .shutdown_timeout(DRAIN_SECONDS)
            .disable_signals()
            .listen(listener)?
            .run();
        let handle = server.handle();
        tokio::spawn(server);
        tokio::spawn(load_viewer::follow_changes(app.clone()));
        jobs::start(app);
        Ok(Self { address, app: app.clone(), joins, server: handle, stop: watch::channel(false).0, worker: None })
    }

    /// Starts the delivery worker too.
    pub fn deliver(&mut self, worker: Worker) {
        self.worker = Some(tokio::task::spawn_local(worker.run(self.stop.subscribe())));
    }

    /// Waits for requests, joins and letters in flight, then stops.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        self.server.stop(true).await;
        self.joins.drain().await;
        if let Some(worker) = self.worker {
            let _ = worker.await;
        }
        jobs::store_last_counts(&self.app).await;
    }
}
