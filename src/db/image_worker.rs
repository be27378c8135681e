//! Work that takes a core and much memory: one piece at a time, all on one thread.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc;
use std::time::Duration;

use tokio::sync::oneshot;

use super::gate::Error;
use super::permits::Permits;

/// Pieces waiting at most, and how long: behind usual pictures, at 30 ms each, everyone gets in; behind several of the
/// largest, at two seconds, the last ones are told to come back.
const MOST_WAITING: usize = 8;
const PATIENCE: Duration = Duration::from_secs(5);

type Job = Box<dyn FnOnce() + Send>;

/// Does one such piece of work at a time, whoever asks: together they take the memory of one. On a thread of its own,
/// since each thread keeps what glibc does not give back: some 20 MB of a picture, on every blocking thread that ever
/// had one.
#[derive(Clone, Debug)]
pub struct ImageWorker {
    permits: Permits,
    jobs: mpsc::Sender<Job>,
}

impl ImageWorker {
    /// An empty one. Its thread ends with its last clone.
    #[must_use]
    pub fn new() -> Self {
        let (jobs, queue) = mpsc::channel::<Job>();
        let work = move || {
            for job in queue {
                // The decoder's fault: the next picture is another one.
                let _ = catch_unwind(AssertUnwindSafe(job));
            }
        };
        // Without a thread nothing takes the jobs, so each is refused.
        if let Err(error) = std::thread::Builder::new().name("image_worker".to_owned()).spawn(work) {
            tracing::error!("there is no thread for pictures: {error}");
        }
        Self { permits: Permits::new(1, MOST_WAITING, PATIENCE), jobs }
    }

    /// Does this when its turn has come. Never call it while holding a connection.
    ///
    /// # Errors
    /// [`Error::Busy`] when too much waits already.
    pub async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
        let permit = self.permits.enter().await.ok_or(Error::Busy)?;
        let (told, result) = oneshot::channel();
        let job = move || {
            // Given back at the end, also of work that panics or that nobody waits for any more.
            let _permit = permit;
            let _ = told.send(work());
        };
        self.jobs.send(Box::new(job)).map_err(|_| Error::Busy)?;
        result.await.map_err(|_| Error::Busy)
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
        let (bench, busy) = (ImageWorker::new(), Arc::new(AtomicUsize::new(0)));
        let pieces = (0..12).map(|_| {
            let (bench, busy) = (bench.clone(), Arc::clone(&busy));
            tokio::spawn(async move {
                let work = move || {
                    let at_once = busy.fetch_add(1, Ordering::SeqCst) + 1;
                    std::thread::sleep(Duration::from_millis(5));
                    busy.fetch_sub(1, Ordering::SeqCst);
                    (at_once, std::thread::current().id())
                };
                bench.run(work).await
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
        let bench = ImageWorker::new();
        assert!(bench.run(|| panic!("a decoder's fault")).await.map(|(): ()| ()).is_err());
        assert_eq!(bench.run(|| 7).await.unwrap(), 7);
    }
}
