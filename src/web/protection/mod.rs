//! What protects the site: rate limits, fair shares of client networks, what happens when a handler fails, the checks before any handler, response headers, constant-time answers, the age
//! of a form, throwaway addresses, and the counters of abuse, which own the table `gate_total`.

pub mod abuse_counters;
pub mod constant_time;
pub mod disposable_address;
pub mod foreign_host;
pub mod form_age;
pub mod handler_faults;
pub mod headers;
pub mod limits;
pub mod middleware;
pub mod network_shares;
pub mod requests_in_hand;
