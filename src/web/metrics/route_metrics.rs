//! The counts of one route. A request adds to a few numbers and takes no lock.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use actix_web::http::{Method, StatusCode};

/// The route of a request that no address of ours matches, or that was refused before it was looked up; a method or a
/// status that is not told apart.
pub const OTHER: &str = "other";
/// The methods that are told apart; the last one stands for all others.
const METHODS: [&str; 6] = ["GET", "HEAD", "POST", "PATCH", "DELETE", OTHER];
/// The statuses that are told apart; the last one stands for all others.
const STATUSES: [&str; 26] = [
    "200", "201", "204", "206", "303", "304", "307", "308", "400", "401", "403", "404", "405", "408", "409", "410",
    "412", "413", "415", "421", "422", "428", "429", "500", "503", OTHER,
];
/// The upper bounds of the durations that are counted apart, in microseconds.
const BOUNDS: [u64; 13] = [
    1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000,
];

/// The answers of one route by method and status, and how long they took.
#[derive(Debug, Default)]
pub struct RouteMetrics {
    answers: [[AtomicU64; STATUSES.len()]; METHODS.len()],
    /// By [`BOUNDS`]; the last one counts what took longer.
    durations: [AtomicU64; BOUNDS.len() + 1],
    micros: AtomicU64,
}

/// How often a route answered a method with a status.
#[derive(Clone, Copy, Debug)]
pub struct Answers {
    /// The method.
    pub method: &'static str,
    /// The status.
    pub status: &'static str,
    /// How often.
    pub count: u64,
}

/// How long the answers of a route took.
#[derive(Clone, Debug)]
pub struct Durations {
    /// All together, in seconds.
    pub sum: f64,
    /// For each upper bound in seconds, how many took longer than the bound before it and no longer than this one.
    pub buckets: Vec<(f64, u64)>,
}

impl RouteMetrics {
    /// Counts an answer.
    pub fn record(&self, method: &Method, status: StatusCode, took: Duration) {
        let place =
            |names: &[&str], name: &str| names.iter().position(|known| *known == name).unwrap_or(names.len() - 1);
        let (method, status) = (place(&METHODS, method.as_str()), place(&STATUSES, status.as_str()));
        if let Some(count) = self.answers.get(method).and_then(|of_method| of_method.get(status)) {
            count.fetch_add(1, Ordering::Relaxed);
        }
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        if let Some(count) = self.durations.get(BOUNDS.partition_point(|bound| *bound < micros)) {
            count.fetch_add(1, Ordering::Relaxed);
        }
        self.micros.fetch_add(micros, Ordering::Relaxed);
    }

    /// The answers that were given at all.
    pub fn answers(&self) -> impl Iterator<Item = Answers> {
        METHODS.into_iter().zip(&self.answers).flat_map(|(method, of_method)| {
            let counts = STATUSES.into_iter().zip(of_method);
            let answers =
                counts.map(move |(status, count)| Answers { method, status, count: count.load(Ordering::Relaxed) });
            answers.filter(|answers| answers.count > 0)
        })
    }

    /// How long they took.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "a sum of seconds needs no more than 52 bits")]
    pub fn durations(&self) -> Durations {
        let seconds = |micros: u64| micros as f64 / 1e6;
        let bounds = BOUNDS.into_iter().map(seconds).chain([f64::INFINITY]);
        let buckets =
            bounds.zip(&self.durations).map(|(bound, count)| (bound, count.load(Ordering::Relaxed))).collect();
        Durations { sum: seconds(self.micros.load(Ordering::Relaxed)), buckets }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_asked_the_number_of_series_has_a_bound() {
        let route = RouteMetrics::default();
        for number in 0..5_000_u16 {
            let method = Method::from_bytes(format!("M{number}").as_bytes()).unwrap();
            route.record(&method, StatusCode::from_u16(100 + number % 900).unwrap(), Duration::from_secs(1));
        }
        assert!(route.answers().count() <= STATUSES.len());
        assert_eq!(route.answers().map(|answers| answers.count).sum::<u64>(), 5_000);
    }

    #[test]
    fn a_duration_counts_in_the_first_bucket_that_holds_it() {
        let route = RouteMetrics::default();
        for millis in [0, 1, 2, 10_000, 10_001] {
            route.record(&Method::GET, StatusCode::OK, Duration::from_millis(millis));
        }
        let filled: Vec<_> = route.durations().buckets.into_iter().filter(|(_, count)| *count > 0).collect();
        assert_eq!(filled, [(0.001, 2), (0.0025, 1), (10.0, 1), (f64::INFINITY, 1)]);
    }
}
