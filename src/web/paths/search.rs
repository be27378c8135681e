//! The path of the one search of admins.

use super::with_query;

/// Finds a person, a place, an account or a wave.
pub const SEARCH: &str = "/admin/search";

/// The search for what was typed; for a whole address, all that is known of it.
#[must_use]
pub fn search_for(typed: &str) -> String {
    with_query(SEARCH, &[("q", typed)])
}
