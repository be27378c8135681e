//! Paths of the rooms of `waitlist`; those below `/admin` are in `review`, `importing`, `waves` and `overview`.

use super::parameters::with_query;

/// The form for joining.
pub const JOIN: &str = "/waitlist";
/// The thank-you page after joining.
pub const THANK_YOU: &str = "/waitlist/joined";
/// The link that confirms a place.
pub const CONFIRM: &str = "/waitlist/confirm";
/// A person's own place.
pub const PLACE: &str = "/waitlist/place";
/// Sends the email that confirms a place again.
pub const RESEND: &str = "/waitlist/resend";
/// Goes on to the sign-up, with the address of a place.
pub const TO_SIGN_UP: &str = "/waitlist/sign-up";
/// Leaves the waitlist.
pub const LEAVE: &str = "/waitlist/leave";
/// What is held about a place, as a file.
pub const DOWNLOAD: &str = "/waitlist/place.json";
/// Erases a place and what is held about it.
pub const ERASE: &str = "/waitlist/erase";
/// Stops mail about a place, with one click (RFC 8058).
pub const UNSUBSCRIBE: &str = "/waitlist/unsubscribe";
/// What somebody tries who heard of the API.
pub const API_ROOT: &str = "/api";
/// Joining by JSON, and the admin's list for programs.
pub const API: &str = "/api/waitlist";
/// One entry for programs.
pub const API_ENTRY: &str = "/api/waitlist/{id}";
/// Starts a wave, for programs.
pub const API_WAVES: &str = "/api/waves";
/// The totals for programs.
pub const API_TOTALS: &str = "/api/totals";
/// The description of the API, in OpenAPI.
pub const API_DESCRIPTION: &str = "/api/openapi.json";
/// How programs use the API.
pub const API_DOCS: &str = "/docs/api";
/// The overview, an admin's start page.
pub const OVERVIEW: &str = "/admin";
/// The list of everybody who joined.
pub const LIST: &str = "/admin/waitlist";
/// Waves of invitations.
pub const WAVES: &str = "/admin/waitlist/waves";
/// Shows what a wave would do, before it is started.
pub const REHEARSAL: &str = "/admin/waitlist/waves/rehearsal";
/// One wave.
pub const WAVE: &str = "/admin/waitlist/waves/{id}";
/// The people of a wave, with what became of each invitation.
pub const WAVE_PEOPLE: &str = "/admin/waitlist/waves/{id}/people";
/// Pauses the sending of a wave.
pub const WAVE_PAUSE: &str = "/admin/waitlist/waves/{id}/pause";
/// Resumes the sending of a wave.
pub const WAVE_RESUME: &str = "/admin/waitlist/waves/{id}/resume";
/// Cancels what a wave has not sent, after asking.
pub const WAVE_CANCEL: &str = "/admin/waitlist/waves/{id}/cancel";
/// The list as a CSV file.
pub const EXPORT: &str = "/admin/waitlist.csv";
/// The admin's page of one entry.
pub const ENTRY: &str = "/admin/waitlist/entries/{id}";
/// Restores a deleted entry.
pub const ENTRY_RESTORE: &str = "/admin/waitlist/entries/{id}/restore";
/// Clears an entry's bounce.
pub const ENTRY_CLEAR_BOUNCE: &str = "/admin/waitlist/entries/{id}/clear";
/// Marks one entry as reviewed.
pub const ENTRY_REVIEW: &str = "/admin/waitlist/entries/{id}/review";
/// Invites one entry, for the first time or again.
pub const ENTRY_INVITE: &str = "/admin/waitlist/entries/{id}/invite";
/// Acts on many entries at once.
pub const BULK: &str = "/admin/waitlist/bulk";
/// The deletions that can still be undone, and those that were.
pub const DELETIONS: &str = "/admin/waitlist/deletions";
/// A deletion of many entries.
pub const DELETION: &str = "/admin/waitlist/deletions/{id}";
/// Undoes such a deletion.
pub const DELETION_UNDO: &str = "/admin/waitlist/deletions/{id}/undo";
/// The imports of lists, and the form that uploads one.
pub const IMPORTS: &str = "/admin/waitlist/imports";
/// One import.
pub const IMPORT: &str = "/admin/waitlist/imports/{id}";
/// The lines of an import that were rejected.
pub const IMPORT_REJECTS: &str = "/admin/waitlist/imports/{id}/rejects.csv";
/// Adds the places of an import.
pub const IMPORT_START: &str = "/admin/waitlist/imports/{id}/start";
/// Goes on with an import that was interrupted while it was read.
pub const IMPORT_RESUME: &str = "/admin/waitlist/imports/{id}/resume";
/// Cancels an import before its places are added.
pub const IMPORT_CANCEL: &str = "/admin/waitlist/imports/{id}/cancel";
/// Removes the places of an import again.
pub const IMPORT_UNDO: &str = "/admin/waitlist/imports/{id}/undo";

/// The admin's list with this filter, as pairs of parameter and value. Those without a value are left out.
#[must_use]
pub fn list(filter: &[(&str, &str)]) -> String {
    with_query(LIST, filter)
}

/// The list with this filter as a CSV file.
#[must_use]
pub fn export(filter: &[(&str, &str)]) -> String {
    with_query(EXPORT, filter)
}
