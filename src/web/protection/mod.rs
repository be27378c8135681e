//! What protects the site: limits, checks before any handler, response headers, equal times, signs of bots, and the
//! counting of abuse.

pub mod abuse_counters;
pub mod constant_time;
pub mod disposable_address;
pub mod form_age;
pub mod headers;
pub mod limits;
pub mod middleware;
