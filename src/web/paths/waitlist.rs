//! Paths of the rooms of `waitlist`; those below `/admin` are in `review`, `importing`, `waves` and `overview`.

use super::parameters::with_query;

/// The form.
pub const JOIN: &str = "/waitlist";
/// The thank-you page.
pub const JOINED: &str = "/waitlist/joined";
/// The link that confirms a place.
pub const CONFIRM: &str = "/waitlist/confirm";
/// A person's own place.
pub const PLACE: &str = "/waitlist/place";
/// Leaves the waitlist.
pub const LEAVE: &str = "/waitlist/leave";
/// What is held about a place, as a file.
pub const DOWNLOAD: &str = "/waitlist/place.json";
/// Erases what is held about it.
pub const ERASE: &str = "/waitlist/erase";
/// Stops mail about it, with one click (RFC 8058).
pub const UNSUBSCRIBE: &str = "/waitlist/unsubscribe";
/// The form as JSON.
pub const API: &str = "/api/waitlist";
/// The overview.
pub const OVERVIEW: &str = "/admin";
/// The list of everybody who joined.
pub const LIST: &str = "/admin/waitlist";
/// Waves of invitations.
pub const WAVES: &str = "/admin/waitlist/waves";
/// What a wave would do.
pub const REHEARSAL: &str = "/admin/waitlist/waves/rehearsal";
/// One wave.
pub const WAVE: &str = "/admin/waitlist/waves/{id}";
/// Stops sending it for a while.
pub const WAVE_PAUSE: &str = "/admin/waitlist/waves/{id}/pause";
/// Goes on sending it.
pub const WAVE_RESUME: &str = "/admin/waitlist/waves/{id}/resume";
/// Gives up what was not sent, after asking.
pub const WAVE_CANCEL: &str = "/admin/waitlist/waves/{id}/cancel";
/// The list as a file.
pub const EXPORT: &str = "/admin/waitlist.csv";
/// One entry.
pub const ENTRY: &str = "/admin/waitlist/entries/{id}";
/// What is done to many places at once.
pub const BULK: &str = "/admin/waitlist/bulk";
/// A deletion of many places.
pub const DELETION: &str = "/admin/waitlist/deletions/{id}";
/// Undoes it.
pub const DELETION_UNDO: &str = "/admin/waitlist/deletions/{id}/undo";
/// Lists of places that admins brought, and the form that brings one.
pub const IMPORTS: &str = "/admin/waitlist/imports";
/// One of them.
pub const IMPORT: &str = "/admin/waitlist/imports/{id}";
/// Its lines that bring no place.
pub const IMPORT_REJECTS: &str = "/admin/waitlist/imports/{id}/rejects.csv";
/// Adds its places.
pub const IMPORT_START: &str = "/admin/waitlist/imports/{id}/start";
/// Gives it up.
pub const IMPORT_CANCEL: &str = "/admin/waitlist/imports/{id}/cancel";
/// Takes its places away again.
pub const IMPORT_UNDO: &str = "/admin/waitlist/imports/{id}/undo";

/// A view of the list: its filter and its page, as pairs of parameter and value. Empty ones are left out.
#[must_use]
pub fn list(view: &[(&str, &str)]) -> String {
    with_query(LIST, view)
}

/// The confirmation of what is done to places: the act, and which.
#[must_use]
pub fn bulk(act: &[(&str, &str)]) -> String {
    with_query(BULK, act)
}

/// The same view as a file.
#[must_use]
pub fn export(view: &[(&str, &str)]) -> String {
    with_query(EXPORT, view)
}
