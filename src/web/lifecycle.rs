//! Whether the process has started or is about to stop: what `/readyz` says besides the database's health.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::values::clock::Stopwatch;

/// Whoever asked `/readyz` within this time is a balancer that goes on asking (the default interval of Kubernetes: 10 s).
const STILL_ASKING: Duration = Duration::from_secs(15);
/// How long a balancer has to learn that this process is not ready (the default of `HAProxy`, three checks in 2 s each).
const BALANCER_NOTICE: Duration = Duration::from_secs(6);
/// How long connections in use are told to close when no balancer asks: each with its next answer.
const CONNECTION_NOTICE: Duration = Duration::from_millis(500);

/// The phases of the process. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct Lifecycle(Arc<Phases>);

#[derive(Debug, Default)]
struct Phases {
    has_started: AtomicBool,
    is_draining: AtomicBool,
    last_asked: Mutex<Option<Stopwatch>>,
}

impl Lifecycle {
    /// All parts run.
    pub fn start(&self) {
        self.0.has_started.store(true, Ordering::Relaxed);
    }

    /// From now on the process is not ready, and every answer closes its connection. Returns how long to go on serving, so
    /// that a balancer and the connections in use learn of it.
    #[must_use]
    pub fn drain(&self) -> Duration {
        self.0.is_draining.store(true, Ordering::Relaxed);
        let asked = self.0.last_asked.lock().unwrap_or_else(PoisonError::into_inner);
        let is_balanced = asked.is_some_and(|asked| asked.elapsed() < STILL_ASKING);
        if is_balanced { BALANCER_NOTICE } else { CONNECTION_NOTICE }
    }

    /// Whether all parts run.
    #[must_use]
    pub fn has_started(&self) -> bool {
        self.0.has_started.load(Ordering::Relaxed)
    }

    /// Whether the process is about to stop.
    #[must_use]
    pub fn is_draining(&self) -> bool {
        self.0.is_draining.load(Ordering::Relaxed)
    }

    /// Somebody asked whether it is ready.
    pub(super) fn asked(&self) {
        *self.0.last_asked.lock().unwrap_or_else(PoisonError::into_inner) = Some(Stopwatch::start());
    }
}
