//! Starting the server with what runs beside it, and stopping both.

use std::fs;
use std::net::TcpListener;
use std::path::PathBuf;
use std::time::Duration;

use actix_web::HttpServer;
use actix_web::dev::ServerHandle;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::sleep;

use super::listener::Listener;
use super::middleware_order::site;
use super::{jobs, metrics_page};
use crate::accounts::session::load_viewer;
use crate::mail::delivery::worker::Worker;
use crate::waitlist::joining::new_entry::join_queue::JoinQueue;
use crate::web::App;

/// Longest wait for requests that are being served when the process is asked to stop.
const DRAIN_SECONDS: u64 = 10;
/// Longest wait for the head of a request.
const HEAD_TIMEOUT: Duration = Duration::from_secs(5);
/// Time for the last connections to send what they connected for: actix drops connections without an answer that no worker
/// has begun with when it stops.
const LAST_HEADS: Duration = Duration::from_millis(250);
/// Idle connections are closed after this.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// Connections of one worker; slow clients beyond them wait in the listener's queue.
const CONNECTIONS: usize = 8_192;

/// A server that answers, and what runs beside it.
pub struct Running {
    app: App,
    /// The Unix socket that goes with it.
    socket: Option<PathBuf>,
    joins: JoinQueue,
    server: ServerHandle,
    stop: watch::Sender<bool>,
    worker: Option<JoinHandle<()>>,
    metrics: Option<ServerHandle>,
}

impl Running {
    /// Starts answering on `listener`, with `threads` threads, and what runs beside the server.
    ///
    /// # Errors
    /// When the listener or the mail settings are of no use.
    pub fn start(app: &App, listener: Listener, threads: usize) -> anyhow::Result<Self> {
        let joins = JoinQueue::start(app);
        let shared = (app.clone(), joins.clone());
        let server = HttpServer::new(move || site(shared.0.clone(), shared.1.clone()))
            .workers(threads)
            .keep_alive(KEEP_ALIVE)
            .client_request_timeout(HEAD_TIMEOUT)
            .max_connections(CONNECTIONS)
            .shutdown_timeout(DRAIN_SECONDS)
            .disable_signals();
        let (server, socket) = match listener {
            Listener::Tcp(listener) => (server.listen(listener)?.run(), None),
            Listener::Unix(listener, made) => (server.listen_uds(listener)?.run(), made),
        };
        let handle = server.handle();
        tokio::spawn(server);
        tokio::spawn(load_viewer::follow_changes(app.clone()));
        jobs::start(app);
        app.lifecycle.start();
        Ok(Self {
            app: app.clone(),
            socket,
            joins,
            server: handle,
            stop: watch::channel(false).0,
            worker: None,
            metrics: None,
        })
    }

    /// Starts the delivery worker too.
    pub fn deliver(&mut self, worker: Worker) {
        self.worker = Some(tokio::task::spawn_local(worker.run(self.stop.subscribe())));
    }

    /// Shows the metrics on `listener`.
    ///
    /// # Errors
    /// When the listener is of no use.
    pub fn show_metrics(&mut self, listener: TcpListener) -> std::io::Result<()> {
        self.metrics = Some(metrics_page::start(&self.app, listener)?);
        Ok(())
    }

    /// Says that it is not ready any more, then takes no more connections, waits for requests, joins and letters in flight,
    /// and stops. What connects meanwhile to a socket that was handed over waits for the next process.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        sleep(self.app.lifecycle.drain()).await;
        // Before the socket closes: the next process may put its own there at once.
        self.socket.map(fs::remove_file);
        self.server.pause().await;
        sleep(LAST_HEADS).await;
        self.server.stop(true).await;
        self.joins.drain().await;
        if let Some(worker) = self.worker {
            let _ = worker.await;
        }
        jobs::store_last_counts(&self.app).await;
        if let Some(metrics) = self.metrics {
            metrics.stop(false).await;
        }
    }
}
