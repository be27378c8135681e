//! Paths of the pages about keys of the API.

/// The keys, and the form that makes one.
pub const KEYS: &str = "/admin/keys";
/// The page that shows a new key, once.
pub const SHOWN: &str = "/admin/keys/new/{id}";
/// Revokes a key, after asking.
pub const REVOKE: &str = "/admin/keys/{id}/revoke";
