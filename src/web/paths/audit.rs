//! The path of the log of what happened.

/// What happened.
pub const LOG: &str = "/admin/audit";
