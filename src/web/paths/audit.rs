//! The path of the log.

/// The log of all events.
pub const LOG: &str = "/admin/audit";
