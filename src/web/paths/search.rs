//! The path of the one search of admins.

/// Finds a person, a place, an account or a wave.
pub const SEARCH: &str = "/admin/search";
