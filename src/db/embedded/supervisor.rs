//! The thread that owns the server: it starts the server again when it ends by itself, and stops it on request.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

use super::error::Error;
use super::launch::Launch;
use super::server::Server;

/// How often to check the server.
const CHECK_INTERVAL: Duration = Duration::from_secs(1);

/// The longest pause between attempts to start a server that keeps ending.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// The thread's handle.
#[derive(Debug)]
pub struct Supervisor {
    /// Orders to stop; each says how long the server may take.
    orders: Sender<Duration>,
    thread: Option<JoinHandle<()>>,
}

impl Supervisor {
    /// Starts the thread.
    pub fn start(server: Server, launch: Launch) -> Result<Self, Error> {
        let (orders, inbox) = channel();
        let data = launch.folders.data();
        let thread = Builder::new()
            .name("postgres".to_owned())
            .spawn(move || supervise(server, &launch, &inbox))
            .map_err(Error::io("start a thread for", &data))?;
        Ok(Self { orders, thread: Some(thread) })
    }

    /// Stops the server and waits for it; does nothing the second time.
    pub fn stop(&mut self, patience: Duration) {
        let _ = self.orders.send(patience);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn supervise(mut server: Server, launch: &Launch, orders: &Receiver<Duration>) {
    let mut pause = CHECK_INTERVAL;
    loop {
        match orders.recv_timeout(pause) {
            Ok(patience) => return server.stop(patience),
            Err(RecvTimeoutError::Disconnected) => return,
            Err(RecvTimeoutError::Timeout) => pause = check(&mut server, launch, pause),
        }
    }
}

/// Starts the server again if it has ended; returns how long to wait until the next check.
fn check(server: &mut Server, launch: &Launch, pause: Duration) -> Duration {
    let Some(status) = server.ended() else {
        if let Err(e) = server.ensure_watcher(&launch.folders) {
            tracing::error!("{e}");
        }
        return CHECK_INTERVAL;
    };
    tracing::error!("the database server has ended ({status}); starting it again");
    match Server::launch(launch) {
        Ok(next) => *server = next,
        Err(e) => tracing::error!("{e}"),
    }
    (pause * 2).min(LONGEST_PAUSE)
}
