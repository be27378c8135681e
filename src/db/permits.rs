//! A bounded way in: so many inside, so many waiting, none for longer than its patience.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Lets a bounded number in. Overload is refused at once instead of queueing without end: the queue of blocking
/// threads behind it has no bound of its own (tokio#6347).
#[derive(Clone, Debug)]
pub(super) struct Permits {
    inside: Arc<Semaphore>,
    waiting: Arc<AtomicUsize>,
    most_waiting: usize,
    patience: Duration,
}

impl Permits {
    pub(super) fn new(most_inside: usize, most_waiting: usize, patience: Duration) -> Self {
        let inside = Arc::new(Semaphore::new(most_inside));
        Self { inside, waiting: Arc::default(), most_waiting, patience }
    }

    /// A permit, or nothing when too many wait already or the patience ran out. Move it into the blocking closure:
    /// a caller that goes away leaves its closure running, and the place stays taken until that ends.
    pub(super) async fn enter(&self) -> Option<OwnedSemaphorePermit> {
        if let Ok(permit) = Arc::clone(&self.inside).try_acquire_owned() {
            return Some(permit);
        }
        let _place = Waiting::take(self)?;
        let entered = tokio::time::timeout(self.patience, Arc::clone(&self.inside).acquire_owned()).await;
        entered.ok()?.ok()
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
        let inside = permits.enter().await.unwrap();
        let (waited, refused) = tokio::join!(permits.enter(), permits.enter());
        assert!(waited.is_none() && refused.is_none());
        drop(inside);
        assert!(permits.enter().await.is_some());
    }
}
