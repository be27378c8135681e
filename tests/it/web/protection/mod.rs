//! What protects the site.

mod abuse_counters;
mod handler_faults;
mod headers;
mod limits;
mod middleware;
