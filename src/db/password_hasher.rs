//! Password hashing on threads of its own, one for each core, each hash in a reused block of memory.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use argon2::Block;

use super::error::{Error, Queue};
use super::permits::Permits;
use super::permits::worker_threads::{Threads, Usage, WorkerThreads};

/// Hashes that wait at most, and for how long. At 15 ms a hash the whole queue takes less than a second.
const MOST_WAITING: usize = 64;
const WAIT_TIMEOUT: Duration = Duration::from_secs(2);

/// How far the threads stand behind those that answer requests, as `nice` counts it: while pages want all cores, a hash gets
/// a quarter of one. Much further, and a flood of pages would keep everybody from logging in.
const NICE: i32 = 5;

/// Blocks of 1 KiB that a memory has room for; a hash touches fewer. glibc maps an allocation of more than 32 MiB by
/// itself, and returns it to the system when it is dropped. A smaller one would stay in the heap of its thread.
const CAPACITY: usize = 33 * 1024;

/// The working memory of one hash (19 MiB for Argon2id with OWASP's parameters). It is reused: if each
/// thread allocated its own, glibc would keep gigabytes under a flood of log-ins.
pub type Memory = Vec<Block>;

/// Runs password hashes; a flood of log-ins takes at most as many cores and memories as there are threads.
#[derive(Clone, Debug)]
pub struct PasswordHasher {
    threads: WorkerThreads,
    /// Permits of estimates: whoever sends slow passwords must not take the turns of log-ins.
    estimates: Permits,
    memory: Arc<Mutex<Vec<Memory>>>,
    hashes: Arc<AtomicU64>,
    /// How many there had been at the last [`PasswordHasher::release_idle_memory`].
    at_last_release: Arc<AtomicU64>,
}

impl PasswordHasher {
    /// Starts a thread for each core; they end with the last clone.
    #[must_use]
    pub fn new() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        // One hash more for each thread is under way to it, so that no core waits for the next one.
        let permits = Permits::new(2 * cores, MOST_WAITING, WAIT_TIMEOUT).refusing_by_pace();
        let estimates = Permits::new(cores.div_ceil(2), MOST_WAITING, WAIT_TIMEOUT);
        let threads = Threads { name: "password_hasher", count: cores, nice: NICE, queue: Queue::Hashes };
        let threads = WorkerThreads::start(threads, permits);
        let (memory, hashes) = Default::default();
        Self { threads, estimates, memory, hashes, at_last_release: Arc::default() }
    }

    /// Gives the memory back when nothing was hashed since the last call.
    pub fn release_idle_memory(&self) {
        let hashes = self.hashes();
        if self.at_last_release.swap(hashes, Ordering::Relaxed) == hashes {
            self.memory.lock().unwrap_or_else(PoisonError::into_inner).clear();
        }
    }

    /// How many hashes are under way and wait now.
    #[must_use]
    pub fn usage(&self) -> Usage {
        self.threads.usage()
    }

    /// Hashes run so far.
    #[must_use]
    pub fn hashes(&self) -> u64 {
        self.hashes.load(Ordering::Relaxed)
    }

    /// Runs `hash` with memory of its own. Never call it while holding a connection.
    ///
    /// # Errors
    /// [`Error::Busy`] when too many hashes wait already.
    pub async fn run<T: Send + 'static>(
        &self,
        hash: impl FnOnce(&mut Memory) -> T + Send + 'static,
    ) -> Result<T, Error> {
        let (shared, hashes) = (Arc::clone(&self.memory), Arc::clone(&self.hashes));
        let work = move || {
            hashes.fetch_add(1, Ordering::Relaxed);
            let memory = shared.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let mut memory = memory.unwrap_or_else(|| Memory::with_capacity(CAPACITY));
            let result = hash(&mut memory);
            shared.lock().unwrap_or_else(PoisonError::into_inner).push(memory);
            result
        };
        self.threads.run(work).await
    }

    /// Runs work that needs a core for a while and no memory, such as estimating how strong a password is; on half of the
    /// cores at most.
    ///
    /// # Errors
    /// [`Error::Busy`] when too many wait already.
    #[expect(clippy::disallowed_methods, reason = "one of the three places that hand work to blocking threads")]
    pub async fn estimate<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
        let permit = self.estimates.acquire().await.ok_or(Error::Busy(Queue::Estimates))?;
        let work = move || {
            let _permit = permit;
            work()
        };
        tokio::task::spawn_blocking(work).await.map_err(|_| Error::Busy(Queue::Estimates))
    }
}

impl Default for PasswordHasher {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[tokio::test]
    async fn hashes_stand_behind_the_requests() {
        let priority = || rustix::process::getpriority_process(None).unwrap();
        let before = priority();
        assert_eq!(PasswordHasher::new().run(move |_| priority()).await.unwrap(), (before + NICE).min(19));
        assert_eq!(priority(), before);
    }

    #[tokio::test]
    async fn memory_is_reused_and_given_back_after_a_rest() {
        let hasher = PasswordHasher::new();
        let kept = || hasher.memory.lock().unwrap().len();
        for _ in 0..3 {
            hasher.run(|memory| memory.resize(8, Block::default())).await.unwrap();
        }
        assert_eq!(kept(), 1);
        hasher.release_idle_memory();
        assert_eq!(kept(), 1, "used a moment ago");
        hasher.release_idle_memory();
        assert_eq!(kept(), 0);
    }

    #[tokio::test]
    async fn estimates_take_no_turn_of_a_log_in() {
        let (hasher, (open, gate)) = (PasswordHasher::new(), mpsc::channel::<()>());
        let gate = Arc::new(Mutex::new(gate));
        let estimates = (0..MOST_WAITING).map(|_| {
            let (hasher, gate) = (hasher.clone(), Arc::clone(&gate));
            tokio::spawn(async move { hasher.estimate(move || gate.lock().unwrap().recv().is_err()).await })
        });
        let estimates: Vec<_> = estimates.collect();
        tokio::task::yield_now().await;
        hasher.run(|_| ()).await.unwrap();
        drop(open);
        for estimate in estimates {
            assert!(estimate.await.unwrap().unwrap());
        }
    }
}
