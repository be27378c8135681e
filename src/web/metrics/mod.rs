//! What the process counts for its operator: requests by route, refusals, attempts to send mail and webhooks, and runs of
//! background jobs. The server shows it on the metrics page. A label is a word of the code or the pattern of a route, never
//! an address, a token or an id.

pub mod counts;
pub mod failing_job;
pub mod job_runs;
pub mod metrics;
pub mod route;
pub mod route_metrics;
