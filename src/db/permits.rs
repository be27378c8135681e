//! A semaphore with a bounded queue: it bounds how many work, how many wait, and for how long.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::values::clock::Stopwatch;

pub(super) mod caller;
pub(super) mod rows;
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
    /// How fast those who wait get in; nothing where that is not looked at.
    pace: Option<Arc<Mutex<Pace>>>,
}

impl Permits {
    /// `at_once` work at the same time and `most_waiting` wait, each for at most `timeout`.
    pub(super) fn new(at_once: usize, most_waiting: usize, timeout: Duration) -> Self {
        let semaphore = Arc::new(Semaphore::new(at_once));
        Self { semaphore, at_once, waiting: Arc::default(), most_waiting, timeout, pace: None }
    }

    /// Refuses at once whoever would wait in vain, as far as the waits before tell: on a slow machine a queue that is not
    /// full may take longer than anybody waits.
    pub(super) fn refusing_by_pace(self) -> Self {
        let pace = Pace { last: Stopwatch::start(), interval: Duration::ZERO };
        Self { pace: Some(Arc::new(Mutex::new(pace))), ..self }
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
        let place = Waiting::take(self)?;
        let watch = Stopwatch::start();
        let acquired = tokio::time::timeout(self.timeout, Arc::clone(&self.semaphore).acquire_owned()).await;
        let permit = acquired.ok().and_then(Result::ok);
        self.change_pace(|pace| pace.note(watch.elapsed(), permit.is_some()));
        drop(place);
        permit
    }

    /// Whether whoever is so far behind would wait twice as long as anybody does: the pace changes, and who might get in is not
    /// refused. The next one is always let in: so it is found out when those who wait get in faster again.
    fn is_too_far(&self, number: usize) -> bool {
        let before = u32::try_from(number).unwrap_or(u32::MAX);
        number > 1
            && self.change_pace(|pace| pace.interval).unwrap_or_default().saturating_mul(before) > 2 * self.timeout
    }

    fn change_pace<T>(&self, change: impl FnOnce(&mut Pace) -> T) -> Option<T> {
        let pace = self.pace.as_ref()?;
        Some(change(&mut pace.lock().unwrap_or_else(PoisonError::into_inner)))
    }
}

/// How fast those who wait get in.
#[derive(Debug)]
struct Pace {
    /// Since when nobody got in.
    last: Stopwatch,
    /// The time between two who got in: the mean of the last few.
    interval: Duration,
}

impl Pace {
    /// Somebody waited so long, and got in or gave up.
    fn note(&mut self, waited: Duration, got_in: bool) {
        let interval = self.last.elapsed().min(waited);
        // Whoever gives up tells something only if nobody got in meanwhile.
        if got_in || interval == waited {
            self.interval = (self.interval * 7 + interval) / 8;
        }
        if got_in {
            self.last = Stopwatch::start();
        }
    }
}

/// A place in the queue, given back when the caller gets in, gives up or goes away.
struct Waiting(Arc<AtomicUsize>);

impl Waiting {
    fn take(permits: &Permits) -> Option<Self> {
        let places = Arc::clone(&permits.waiting);
        // 1 is the next one.
        let number = places.fetch_add(1, Ordering::Relaxed) + 1;
        let place = Self(places);
        (number <= permits.most_waiting && !permits.is_too_far(number)).then_some(place)
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

    #[tokio::test]
    async fn whoever_would_wait_in_vain_is_refused_at_once_and_a_faster_pace_is_found_out() {
        let permits = Permits::new(1, 64, Duration::from_millis(200)).refusing_by_pace();
        let all = || futures_util::future::join_all((0..64).map(|_| permits.acquire()));
        let inside = permits.acquire().await.unwrap();
        assert!(all().await.iter().all(Option::is_none), "nobody gets in");
        let (refused, early) = tokio::join!(all(), async {
            tokio::time::sleep(Duration::from_millis(50)).await;
            permits.waiting()
        });
        assert!(refused.iter().all(Option::is_none) && early < 5, "{early} wait, in vain");
        drop(inside);
        for _ in 0..40 {
            let held = permits.acquire().await.unwrap();
            let (next, ()) = tokio::join!(permits.acquire(), async { drop(held) });
            assert!(next.is_some(), "the next one is always let in");
        }
        let _inside = permits.acquire().await.unwrap();
        let (_, waiting) = tokio::join!(all(), async {
            tokio::time::sleep(Duration::from_millis(50)).await;
            permits.waiting()
        });
        assert!(waiting > 10, "{waiting} wait, now that it goes fast");
    }
}
