//! Admins start here: totals, joins by day, and what needs their attention. Its noun is the chart. It reads the totals
//! of `joining`, the outbox and the audit log, and owns no table; `seed` fills the waitlist for measuring.

pub mod chart;
mod funnel;
mod notices;
mod numbers;
pub mod overview;
pub mod seed;
pub mod words;
