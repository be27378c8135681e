//! What protects the site: rate limits, the checks before any handler, response headers, constant-time answers, the age
//! of a form, throwaway addresses, and the counters of abuse, which own the table `gate_total`.

pub mod abuse_counters;
pub mod constant_time;
pub mod disposable_address;
pub mod form_age;
pub mod headers;
pub mod limits;
pub mod middleware;
