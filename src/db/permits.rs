//! A semaphore with a bounded queue: it bounds how many work, how many wait, and for how long.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

pub(super) mod caller;
pub(super) mod worker_threads;

/// Bounds how many work at once and how many wait. Overload is refused at once instead of queueing without end: the queue
/// of blocking threads has no bound of its own (tokio#6347).
#[derive(Clone, Debug)]
pub(super) struct Permits {
    semaphore: Arc<Semaphore>,
    at_once: usize,
    waiting: Arc<AtomicUsize>,
    most_waiting: usize,
    timeout: Duration,
}

impl Permits {
    /// `at_once` work at the same time and `most_waiting` wait, each for at most `timeout`.
    pub(super) fn new(at_once: usize, most_waiting: usize, timeout: Duration) -> Self {
        let semaphore = Arc::new(Semaphore::new(at_once));
        Self { semaphore, at_once, waiting: Arc::default(), most_waiting, timeout }
    }

    /// How many have a permit now.
    pub(super) fn in_use(&self) -> usize {
        self.at_once.saturating_sub(self.semaphore.available_permits())
    }

    /// How many wait for one now.
    pub(super) fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed).min(self.most_waiting)
    }

    /// Whether more than half of them, but one at least, are taken now.
    pub(super) fn are_scarce(&self) -> bool {
        self.in_use() > (self.at_once / 2).max(1)
    }

    /// Whether somebody has a permit now.
    pub(super) fn are_in_use(&self) -> bool {
        self.in_use() > 0
    }

    /// A permit; none when too many wait already, or when the wait took too long. Move it into the blocking closure: the
    /// closure of a caller that goes away still runs, and must keep its permit until it ends.
    pub(super) async fn acquire(&self) -> Option<OwnedSemaphorePermit> {
        if let Ok(permit) = Arc::clone(&self.semaphore).try_acquire_owned() {
            return Some(permit);
        }
        let _place = Waiting::take(self)?;
        let acquired = tokio::time::timeout(self.timeout, Arc::clone(&self.semaphore).acquire_owned()).await;
        acquired.ok()?.ok()
    }
}

/// A place in the queue, given back when the caller gets in, gives up or goes away.
struct Waiting(Arc<AtomicUsize>);

impl Waiting {
    fn take(permits: &Permits) -> Option<Self> {
        let place = Self(Arc::clone(&permits.waiting));
        (place.0.fetch_add(1, Ordering::Relaxed) < permits.most_waiting).then_some(place)
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn too_many_are_refused_at_once_and_places_come_back() {
        let permits = Permits::new(1, 1, Duration::from_millis(40));
        let inside = permits.acquire().await.unwrap();
        let (waited, refused) = tokio::join!(permits.acquire(), permits.acquire());
        assert!(waited.is_none() && refused.is_none());
        drop(inside);
        assert!(permits.acquire().await.is_some());
    }
}
