//! Paths of the admin pages; every route below `/admin` refuses guests and plain users.

use super::with_query;

/// The overview.
pub const OVERVIEW: &str = "/admin";
/// Who joined the waitlist.
pub const WAITLIST: &str = "/admin/waitlist";
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
/// The same as a file.
pub const WAITLIST_CSV: &str = "/admin/waitlist.csv";
/// One place on it.
pub const ENTRY: &str = "/admin/waitlist/entries/{id}";
/// What is done to many places at once.
pub const BULK: &str = "/admin/waitlist/bulk";
/// A deletion of many places.
pub const DELETION: &str = "/admin/waitlist/deletions/{id}";
/// Undoes it.
pub const DELETION_UNDO: &str = "/admin/waitlist/deletions/{id}/undo";
/// Who has an account.
pub const USERS: &str = "/admin/users";
/// One account.
pub const USER: &str = "/admin/users/{id}";
/// Deactivates it.
pub const USER_DEACTIVATE: &str = "/admin/users/{id}/deactivate";
/// Reactivates it.
pub const USER_REACTIVATE: &str = "/admin/users/{id}/reactivate";
/// Ends its sessions.
pub const USER_END_SESSIONS: &str = "/admin/users/{id}/end-sessions";
/// Sends its verification mail again.
pub const USER_RESEND: &str = "/admin/users/{id}/resend-verification";
/// Sends it the link that sets a new password.
pub const USER_RESET: &str = "/admin/users/{id}/reset-password";
/// The outbox.
pub const MAIL: &str = "/admin/mail";
/// Stops all mail.
pub const MAIL_PAUSE: &str = "/admin/mail/pause";
/// Goes on sending it.
pub const MAIL_RESUME: &str = "/admin/mail/resume";
/// One letter of it.
pub const MAIL_LETTER: &str = "/admin/mail/{id}";
/// Has it tried again.
pub const MAIL_RETRY: &str = "/admin/mail/{id}/retry";
/// Gives it up.
pub const MAIL_CANCEL: &str = "/admin/mail/{id}/cancel";
/// What happened.
pub const AUDIT: &str = "/admin/audit";

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
pub fn waitlist(view: &[(&str, &str)]) -> String {
    with_query(WAITLIST, view)
}

/// One page of the waves.
#[must_use]
pub fn waves(view: &[(&str, &str)]) -> String {
    with_query(WAVES, view)
}

/// The confirmation of what is done to places: the act, and which.
#[must_use]
pub fn bulk(act: &[(&str, &str)]) -> String {
    with_query(BULK, act)
}

/// The same view as a file.
#[must_use]
pub fn waitlist_csv(view: &[(&str, &str)]) -> String {
    with_query(WAITLIST_CSV, view)
}

/// A view of the accounts, as of the waitlist.
#[must_use]
pub fn users(view: &[(&str, &str)]) -> String {
    with_query(USERS, view)
}
