//! Threads for work that takes a core for a while: each does one piece after the other, and what waits for them is bounded.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError, mpsc};

use tokio::sync::oneshot;

use super::Permits;
use crate::db::error::{Error, Queue};

type Job = Box<dyn FnOnce() + Send>;

/// Threads that end with the last clone.
#[derive(Clone, Debug)]
pub(in crate::db) struct WorkerThreads {
    permits: Permits,
    jobs: mpsc::Sender<Job>,
    queue: Queue,
}

/// How much is under way, and how much waits.
#[derive(Clone, Copy, Debug)]
pub struct Usage {
    /// Pieces of work that a thread does or does next.
    pub running: usize,
    /// Pieces that wait.
    pub waiting: usize,
}

/// What threads to start.
#[derive(Clone, Copy, Debug)]
pub(in crate::db) struct Threads {
    /// Their name.
    pub(in crate::db) name: &'static str,
    /// How many.
    pub(in crate::db) count: usize,
    /// How far they stand behind those that answer requests, as `nice` counts it.
    pub(in crate::db) nice: i32,
    /// What waits for them.
    pub(in crate::db) queue: Queue,
}

impl WorkerThreads {
    /// Starts them. `permits` bound the pieces that are under way and those that wait.
    pub(in crate::db) fn start(threads: Threads, permits: Permits) -> Self {
        let (jobs, queue) = mpsc::channel();
        let queue = Arc::new(Mutex::new(queue));
        for _ in 0..threads.count {
            let queue = Arc::clone(&queue);
            let thread = std::thread::Builder::new().name(threads.name.to_owned());
            // Without a thread every piece is refused, because the receiver of the channel is gone.
            if let Err(error) = thread.spawn(move || work(&queue, threads.nice)) {
                tracing::error!("there is no thread {}: {error}", threads.name);
            }
        }
        Self { permits, jobs, queue: threads.queue }
    }

    /// How much is under way and waits now.
    pub(in crate::db) fn usage(&self) -> Usage {
        Usage { running: self.permits.in_use(), waiting: self.permits.waiting() }
    }

    /// Does `work` when its turn has come.
    pub(in crate::db) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Error> {
        let busy = || Error::Busy(self.queue);
        let permit = self.permits.acquire().await.ok_or_else(busy)?;
        let (told, result) = oneshot::channel();
        let job = move || {
            // Given back when the work ends, also when it panics or when nobody waits for it any more.
            let _permit = permit;
            let _ = told.send(work());
        };
        self.jobs.send(Box::new(job)).map_err(|_| busy())?;
        result.await.map_err(|_| busy())
    }
}

/// Does one job after the other until nobody can send any more.
fn work(queue: &Mutex<mpsc::Receiver<Job>>, nice: i32) {
    if nice > 0 {
        // `nice` is of the thread alone on Linux. Where it is not allowed, the work stands beside the requests.
        let _ = rustix::process::nice(nice);
    }
    loop {
        let job = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = job else { return };
        // A panic is the fault of one piece, and the next must still be done.
        let _ = catch_unwind(AssertUnwindSafe(job));
    }
}
