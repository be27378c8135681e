//! The route of a request: its pattern, which holds no id and no token, and its counts.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::http::StatusCode;

use super::metrics::Metrics;
use super::route_metrics::{OTHER, RouteMetrics};

/// Kept beside the handlers of a route, so that no request looks its counts up by the pattern.
#[derive(Debug, Default)]
pub struct Route {
    pattern: OnceLock<String>,
    counts: OnceLock<Arc<RouteMetrics>>,
}

impl Route {
    /// The pattern of the route that this request took, such as `/admin/users/{id}`.
    #[must_use]
    pub fn pattern(request: &HttpRequest) -> &str {
        request.app_data::<Self>().map_or(OTHER, |route| route.pattern_of(request))
    }

    /// Counts an answer to this request.
    pub fn record(metrics: &Metrics, request: &HttpRequest, status: StatusCode, took: Duration) {
        let Some(route) = request.app_data::<Self>() else {
            return metrics.route(OTHER).record(request.method(), status, took);
        };
        let counts = route.counts.get_or_init(|| metrics.route(route.pattern_of(request)));
        counts.record(request.method(), status, took);
    }

    fn pattern_of(&self, request: &HttpRequest) -> &str {
        self.pattern.get_or_init(|| request.match_pattern().unwrap_or_else(|| OTHER.to_owned()))
    }
}
