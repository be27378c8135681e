//! Work that takes a core and much memory, on a blocking thread: one piece at a time.

use std::time::Duration;

use super::gate::Error;
use super::permits::Permits;

/// Pieces waiting at most, and how long. At half a second a picture the last one in the queue still gets in.
const MOST_WAITING: usize = 8;
const PATIENCE: Duration = Duration::from_secs(5);

/// Does one such piece of work at a time, whoever asks: together they take the memory of one.
#[derive(Clone, Debug)]
pub struct Workbench {
    permits: Permits,
}

impl Workbench {
    /// An empty one.
    #[must_use]
    pub fn new() -> Self {
        Self { permits: Permits::new(1, MOST_WAITING, PATIENCE) }
    }

    /// Does this when its turn has come. Never call it while holding a connection.
    ///
    /// # Errors
    /// [`Error::Busy`] when too much waits already.
    #[expect(clippy::disallowed_methods, reason = "one of the three places that hand work to blocking threads")]
    pub async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
        let permit = self.permits.enter().await.ok_or(Error::Busy)?;
        let work = move || {
            let _permit = permit;
            work()
        };
        tokio::task::spawn_blocking(work).await.map_err(|_| Error::Busy)
    }
}

impl Default for Workbench {
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
        let (bench, busy) = (Workbench::new(), Arc::new(AtomicUsize::new(0)));
        let pieces = (0..12).map(|_| {
            let (bench, busy) = (bench.clone(), Arc::clone(&busy));
            tokio::spawn(async move {
                let work = move || {
                    let at_once = busy.fetch_add(1, Ordering::SeqCst) + 1;
                    std::thread::sleep(Duration::from_millis(5));
                    busy.fetch_sub(1, Ordering::SeqCst);
                    at_once
                };
                bench.run(work).await
            })
        });
        let mut done = Vec::new();
        for piece in pieces.collect::<Vec<_>>() {
            done.push(piece.await.unwrap());
        }
        let worked: Vec<_> = done.iter().flatten().collect();
        assert_eq!(worked, vec![&1; 1 + MOST_WAITING]);
    }

    #[tokio::test]
    async fn work_that_panics_leaves_its_place() {
        let bench = Workbench::new();
        assert!(bench.run(|| panic!("a decoder's fault")).await.map(|(): ()| ()).is_err());
        assert_eq!(bench.run(|| 7).await.unwrap(), 7);
    }
}
