//! Paths of webhooks, below `/admin`.

/// All endpoints, and the form that adds one.
pub const ENDPOINTS: &str = "/admin/webhooks";
/// One endpoint, and the form of what it is told.
pub const ENDPOINT: &str = "/admin/webhooks/{id}";
/// Sends a probe to an endpoint.
pub const PROBE: &str = "/admin/webhooks/{id}/probe";
/// Switches an endpoint on.
pub const SWITCH_ON: &str = "/admin/webhooks/{id}/on";
/// Pauses an endpoint.
pub const PAUSE: &str = "/admin/webhooks/{id}/pause";
/// Replaces the secret of an endpoint, after asking where another one signs too.
pub const ROTATE: &str = "/admin/webhooks/{id}/rotate";
/// Sends deliveries once more.
pub const REPLAY: &str = "/admin/webhooks/{id}/replay";
/// Deletes an endpoint, after asking.
pub const DELETE: &str = "/admin/webhooks/{id}/delete";
