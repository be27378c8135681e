//! How the background jobs fare: when each last succeeded, how long it took, how often it failed.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::values::clock::Timestamp;

/// The jobs by their names.
#[derive(Debug, Default)]
pub struct JobRuns(Mutex<BTreeMap<&'static str, Job>>);

/// One job.
#[derive(Clone, Copy, Debug, Default)]
pub struct Job {
    /// When it last succeeded.
    pub succeeded_at: Option<Timestamp>,
    /// How long its last run took.
    pub took: Duration,
    /// How often it failed.
    pub failures: u64,
}

impl JobRuns {
    /// A run succeeded at `now`, and took this long.
    pub fn succeeded(&self, job: &'static str, now: Timestamp, took: Duration) {
        self.change(job, |job| *job = Job { succeeded_at: Some(now), took, failures: job.failures });
    }

    /// A run failed after this long.
    pub fn failed(&self, job: &'static str, took: Duration) {
        self.change(job, |job| *job = Job { took, failures: job.failures + 1, ..*job });
    }

    fn change(&self, job: &'static str, change: impl FnOnce(&mut Job)) {
        change(self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(job).or_default());
    }

    /// All that have run.
    #[must_use]
    pub fn all(&self) -> Vec<(&'static str, Job)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().map(|(name, job)| (*name, *job)).collect()
    }
}
