//! What protects the site.

mod abuse_counters;
mod headers;
mod limits;
mod middleware;
