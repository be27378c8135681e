//! What the process counts for its operator: requests by route, refusals, verdicts on mail, background jobs, panics. The
//! server shows it on the metrics page. No label holds an address, a token or an id: each is a word of the code.

pub mod counts;
pub mod job_runs;
pub mod metrics;
pub mod route;
pub mod route_metrics;
