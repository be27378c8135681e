//! All counts of the process, to be shared by its parts.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::counts::Counts;
use super::job_runs::JobRuns;
use super::route_metrics::RouteMetrics;

/// The counts of this process since its start. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct Metrics(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    /// By pattern. There are as many as there are routes, since only patterns of routes come in.
    routes: Mutex<BTreeMap<String, Arc<RouteMetrics>>>,
    in_flight: AtomicI64,
    overloads: Counts,
    verdicts: Counts,
    webhooks: Counts,
    jobs: JobRuns,
}

impl Metrics {
    /// The counts of a route, by its pattern.
    #[must_use]
    pub fn route(&self, pattern: &str) -> Arc<RouteMetrics> {
        let mut routes = self.0.routes.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(routes.entry(pattern.to_owned()).or_default())
    }

    /// All routes that were asked for, with their patterns.
    #[must_use]
    pub fn routes(&self) -> Vec<(String, Arc<RouteMetrics>)> {
        let routes = self.0.routes.lock().unwrap_or_else(PoisonError::into_inner);
        routes.iter().map(|(pattern, route)| (pattern.clone(), Arc::clone(route))).collect()
    }

    /// Counts a request as in flight until the guard goes.
    #[must_use]
    pub fn enter(&self) -> InFlight {
        self.0.in_flight.fetch_add(1, Ordering::Relaxed);
        InFlight(Arc::clone(&self.0))
    }

    /// Requests in flight.
    #[must_use]
    pub fn in_flight(&self) -> i64 {
        self.0.in_flight.load(Ordering::Relaxed)
    }

    /// Requests and connections that were refused as too many or too slow, or because the database was away, by reason.
    #[must_use]
    pub fn overloads(&self) -> &Counts {
        &self.0.overloads
    }

    /// What became of attempts to send a mail.
    #[must_use]
    pub fn verdicts(&self) -> &Counts {
        &self.0.verdicts
    }

    /// What became of calls of webhooks.
    #[must_use]
    pub fn webhooks(&self) -> &Counts {
        &self.0.webhooks
    }

    /// The background jobs.
    #[must_use]
    pub fn jobs(&self) -> &JobRuns {
        &self.0.jobs
    }
}

/// A request in flight.
#[derive(Debug)]
pub struct InFlight(Arc<Shared>);

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.in_flight.fetch_sub(1, Ordering::Relaxed);
    }
}
