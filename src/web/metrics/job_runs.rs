//! How the background jobs fare: when each last succeeded, how long it took, how often it failed.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::values::clock::{Clock, Stopwatch, Timestamp};

/// The jobs by their names.
#[derive(Debug, Default)]
pub struct JobRuns(Mutex<BTreeMap<&'static str, Job>>);

/// One job.
#[derive(Clone, Copy, Debug, Default)]
pub struct Job {
    /// When it was first run.
    pub first_run: Timestamp,
    /// When it last succeeded.
    pub succeeded_at: Option<Timestamp>,
    /// How long its last run took.
    pub took: Duration,
    /// Since when every run failed; nothing when the last one succeeded.
    pub fails_since: Option<Timestamp>,
    /// How often it failed.
    pub failures: u64,
}

impl JobRuns {
    /// Runs it, and records whether it succeeded.
    ///
    /// # Errors
    /// Those of the work.
    pub async fn run<T, E>(
        &self,
        job: &'static str,
        clock: &Clock,
        work: impl Future<Output = Result<T, E>>,
    ) -> Result<T, E> {
        let watch = Stopwatch::start();
        // Known from now on, so that one that never ends, or never succeeds, is missed.
        self.jobs().entry(job).or_insert_with(|| Job { first_run: clock.now(), ..Job::default() });
        let outcome = work.await;
        let mut jobs = self.jobs();
        let job = jobs.entry(job).or_default();
        job.took = watch.elapsed();
        if outcome.is_ok() {
            (job.succeeded_at, job.fails_since) = (Some(clock.now()), None);
        } else {
            job.failures += 1;
            job.fails_since = job.fails_since.or_else(|| Some(clock.now()));
        }
        outcome
    }

    /// All that have run, or run for the first time.
    #[must_use]
    pub fn all(&self) -> Vec<(&'static str, Job)> {
        self.jobs().iter().map(|(name, job)| (*name, *job)).collect()
    }

    fn jobs(&self) -> MutexGuard<'_, BTreeMap<&'static str, Job>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
