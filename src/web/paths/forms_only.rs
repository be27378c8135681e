//! Paths that have no page: a link or a redirect back to one of them would lead nowhere.

use super::{accounts, mail, site, waitlist};

/// The paths that answer POST alone.
pub const FORMS_ONLY: &[&str] = &[
    site::LANGUAGE,
    waitlist::LEAVE,
    waitlist::ERASE,
    accounts::LOG_OUT,
    accounts::NOT_ME,
    accounts::END_SESSION,
    accounts::END_OTHERS,
    accounts::EMAIL_CANCEL,
    accounts::LEAVE,
    accounts::REMOVE_AVATAR,
    accounts::MEMBER_DEACTIVATE,
    accounts::MEMBER_REACTIVATE,
    accounts::MEMBER_RELEASE,
    accounts::INVITATION_REVOKE,
    waitlist::WAVE_PAUSE,
    waitlist::WAVE_RESUME,
    waitlist::DELETION_UNDO,
    accounts::USER_DEACTIVATE,
    accounts::USER_REACTIVATE,
    accounts::USER_END_SESSIONS,
    accounts::USER_RESEND,
    accounts::USER_RESET,
    waitlist::IMPORT_START,
    waitlist::IMPORT_CANCEL,
    waitlist::IMPORT_UNDO,
    mail::QUEUE_PAUSE,
    mail::QUEUE_RESUME,
    mail::RETRY,
    mail::CANCEL,
];
