//! Decoding pictures, which takes a core and much memory: one at a time, all on one thread.

use std::time::Duration;

use super::error::{Error, Queue};
use super::permits::Permits;
use super::permits::worker_threads::{Threads, WorkerThreads};

/// Pictures that wait at most, and for how long. A usual picture takes 30 ms, so that everyone's turn comes; the largest
/// take two seconds, and behind several of those the last ones are refused.
const MOST_WAITING: usize = 8;
const WAIT_TIMEOUT: Duration = Duration::from_secs(5);

/// Does one piece of work at a time, so that all pictures together take the memory of one. It has a thread of its own,
/// because glibc keeps some 20 MB of a picture for each thread that ever decoded one.
#[derive(Clone, Debug)]
pub struct ImageWorker(WorkerThreads);

impl ImageWorker {
    /// Starts the thread, which ends with the last clone.
    #[must_use]
    pub fn new() -> Self {
        let permits = Permits::new(1, MOST_WAITING, WAIT_TIMEOUT);
        let threads = Threads { name: "image_worker", count: 1, nice: 0, queue: Queue::Pictures };
        Self(WorkerThreads::start(threads, permits))
    }

    /// Does `work` when its turn has come. Never call it while holding a connection.
    ///
    /// # Errors
    /// [`Error::Busy`] when too much waits already.
    pub async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
        self.0.run(work).await
    }
}

impl Default for ImageWorker {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[tokio::test]
    async fn one_piece_at_a_time_and_a_short_queue() {
        let (worker, busy) = (ImageWorker::new(), Arc::new(AtomicUsize::new(0)));
        let pieces = (0..12).map(|_| {
            let (worker, busy) = (worker.clone(), Arc::clone(&busy));
            tokio::spawn(async move {
                let work = move || {
                    let at_once = busy.fetch_add(1, Ordering::SeqCst) + 1;
                    std::thread::sleep(Duration::from_millis(5));
                    busy.fetch_sub(1, Ordering::SeqCst);
                    (at_once, std::thread::current().id())
                };
                worker.run(work).await
            })
        });
        let mut done = Vec::new();
        for piece in pieces.collect::<Vec<_>>() {
            done.extend(piece.await.unwrap());
        }
        let thread = done[0].1;
        assert_eq!(done, vec![(1, thread); 1 + MOST_WAITING]);
    }

    #[tokio::test]
    async fn work_that_panics_leaves_its_place() {
        let worker = ImageWorker::new();
        assert!(worker.run(|| panic!("a decoder's fault")).await.map(|(): ()| ()).is_err());
        assert_eq!(worker.run(|| 7).await.unwrap(), 7);
    }
}
