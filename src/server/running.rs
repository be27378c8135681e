//! Starting the server with what runs beside it, and stopping both.

use std::fs;
use std::net::TcpListener;
use std::path::PathBuf;
use std::time::Duration;

use actix_web::dev::ServerHandle;
use futures_util::future::join_all;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::sleep;

use super::http_server::ServerSettings;
use super::listener::Listener;
use super::{http_server, jobs, metrics_page};
use crate::accounts::session::load_viewer;
use crate::mail::delivery::worker::Worker;
use crate::waitlist::joining::new_entry::join_queue::JoinQueue;
use crate::web::App;
use crate::webhook::delivery::worker::Worker as WebhookWorker;

/// Time for the last connections to send what they connected for: actix drops connections without an answer that no worker
/// has begun with when it stops.
const LAST_HEADS: Duration = Duration::from_millis(250);

/// A server that answers, and what runs beside it.
pub struct Running {
    app: App,
    /// The Unix socket that goes with it.
    socket: Option<PathBuf>,
    joins: JoinQueue,
    server: ServerHandle,
    stop: watch::Sender<bool>,
    /// Told last: connections without a request close.
    close_idle: watch::Sender<bool>,
    workers: Vec<JoinHandle<()>>,
    metrics: Option<ServerHandle>,
}

impl Running {
    /// Starts answering on `listener`, with `threads` threads, and what runs beside the server.
    ///
    /// # Errors
    /// When the listener or the mail settings are of no use.
    pub fn start(app: &App, listener: Listener, threads: usize) -> anyhow::Result<Self> {
        let joins = JoinQueue::start(app);
        let (stop, close_idle) = (watch::channel(false).0, watch::channel(false).0);
        let settings = ServerSettings { threads, is_stopping: close_idle.subscribe() };
        let (server, socket) = http_server::build(app, &joins, listener, settings)?;
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
            stop,
            close_idle,
            workers: Vec::new(),
            metrics: None,
        })
    }

    /// Starts the workers too: of mail and of webhooks.
    pub fn deliver(&mut self, mail: Worker, webhooks: WebhookWorker) {
        self.workers.push(tokio::task::spawn_local(mail.run(self.stop.subscribe())));
        self.workers.push(tokio::task::spawn_local(webhooks.run(self.stop.subscribe())));
    }

    /// Shows the metrics on `listener`.
    ///
    /// # Errors
    /// When the listener is of no use.
    pub fn show_metrics(&mut self, listener: TcpListener) -> std::io::Result<()> {
        self.metrics = Some(metrics_page::start(&self.app, listener)?);
        Ok(())
    }

    /// Says that it is not ready any more, and waits for letters and calls in flight. Then takes no more connections, waits for
    /// requests and joins in flight, and stops. What connects meanwhile to a socket that was handed over waits for the next
    /// process: so nobody waits for a relay that takes long to say that it has a letter.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        let (workers, notice) = (self.workers, self.app.lifecycle.drain());
        tokio::join!(sleep(notice), join_all(workers));
        // Before the socket closes: the next process may put its own there at once.
        self.socket.map(fs::remove_file);
        self.server.pause().await;
        sleep(LAST_HEADS).await;
        self.close_idle.send_replace(true);
        self.server.stop(true).await;
        self.joins.drain().await;
        jobs::store_last_counts(&self.app).await;
        if let Some(metrics) = self.metrics {
            metrics.stop(false).await;
        }
    }
}
