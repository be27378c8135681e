//! How the background jobs fare: when each last succeeded, how long it took, how often it failed.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::db::Error;
use crate::values::clock::{Clock, Stopwatch, Timestamp};

/// The jobs by their names.
#[derive(Debug, Default)]
pub struct JobRuns(Mutex<BTreeMap<&'static str, Job>>);

/// One job.
#[derive(Clone, Debug, Default)]
pub struct Job {
    /// When it was first run.
    pub first_run: Timestamp,
    /// When it last succeeded.
    pub succeeded_at: Option<Timestamp>,
    /// How long its last run took.
    pub took: Duration,
    /// What is wrong; nothing when the last run succeeded.
    pub failure: Option<Failure>,
    /// How often it failed.
    pub failures: u64,
}

/// Why no run succeeds.
#[derive(Clone, Debug)]
pub struct Failure {
    /// When the first of them failed.
    pub since: Timestamp,
    /// When the last one did.
    pub last: Timestamp,
    /// Why that one did, in words of ours.
    pub reason: String,
}

impl JobRuns {
    /// Runs it, and records whether it succeeded.
    ///
    /// # Errors
    /// Those of the work.
    pub async fn run<T>(
        &self,
        job: &'static str,
        clock: &Clock,
        work: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        let watch = Stopwatch::start();
        // Known from now on, so that one that never ends, or never succeeds, is missed.
        self.jobs().entry(job).or_insert_with(|| Job { first_run: clock.now(), ..Job::default() });
        let outcome = work.await;
        let mut jobs = self.jobs();
        let job = jobs.entry(job).or_default();
        job.took = watch.elapsed();
        let now = clock.now();
        match &outcome {
            Ok(_) => (job.succeeded_at, job.failure) = (Some(now), None),
            Err(error) => {
                job.failures += 1;
                let since = job.failure.as_ref().map_or(now, |failure| failure.since);
                job.failure = Some(Failure { since, last: now, reason: error.summary() });
            }
        }
        outcome
    }

    /// All that have run, or run for the first time.
    #[must_use]
    pub fn all(&self) -> Vec<(&'static str, Job)> {
        self.jobs().iter().map(|(name, job)| (*name, job.clone())).collect()
    }

    fn jobs(&self) -> MutexGuard<'_, BTreeMap<&'static str, Job>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
