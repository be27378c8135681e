//! The thread that has the server: starts it again when it ends by itself, stops it when told to.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

use super::Error;
use super::server::{Launch, Server};

/// How often to look after the server.
const ROUND: Duration = Duration::from_secs(1);

/// The longest pause between attempts to start a server that keeps ending.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// The thread's handle.
#[derive(Debug)]
pub struct Supervisor {
    /// An order to stop says how long the server may take.
    orders: Sender<Duration>,
    thread: Option<JoinHandle<()>>,
}

impl Supervisor {
    /// Starts the thread.
    pub fn watch_over(server: Server, launch: Launch) -> Result<Self, Error> {
        let (orders, inbox) = channel();
        let data = launch.folders.data();
        let thread = Builder::new()
            .name("postgres".to_owned())
            .spawn(move || keep(server, &launch, &inbox))
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

fn keep(mut server: Server, launch: &Launch, orders: &Receiver<Duration>) {
    let mut pause = ROUND;
    loop {
        match orders.recv_timeout(pause) {
            Ok(patience) => return server.stop(patience),
            Err(RecvTimeoutError::Disconnected) => return,
            Err(RecvTimeoutError::Timeout) => pause = look_after(&mut server, launch, pause),
        }
    }
}

/// Returns how long to wait until the next round.
fn look_after(server: &mut Server, launch: &Launch, pause: Duration) -> Duration {
    let Some(status) = server.ended() else {
        if let Err(e) = server.stay_watched(&launch.folders) {
            tracing::error!("{e}");
        }
        return ROUND;
    };
    tracing::error!("the database server has ended ({status}); starting it again");
    match Server::launch(launch) {
        Ok(next) => *server = next,
        Err(e) => tracing::error!("{e}"),
    }
    (pause * 2).min(LONGEST_PAUSE)
}
