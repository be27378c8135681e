//! Paths of the development mailbox, and of the queue below `/admin`.

use super::parameters::with_id;

/// The development mailbox; only without an SMTP server.
pub const MAILBOX: &str = "/dev/mailbox";
/// One mail of the development mailbox.
pub const MAILBOX_LETTER: &str = "/dev/mailbox/{id}";
/// Its HTML part, as its reader sees it.
pub const MAILBOX_LETTER_HTML: &str = "/dev/mailbox/{id}/html";
/// The queue of mail: the outbox as admins see it.
pub const QUEUE: &str = "/admin/mail";
/// Pauses all mail.
pub const QUEUE_PAUSE: &str = "/admin/mail/pause";
/// Resumes the sending of mail.
pub const QUEUE_RESUME: &str = "/admin/mail/resume";
/// One letter of the queue.
pub const QUEUED_LETTER: &str = "/admin/mail/{id}";
/// Lets a letter be tried again.
pub const RETRY: &str = "/admin/mail/{id}/retry";
/// Cancels a letter.
pub const CANCEL: &str = "/admin/mail/{id}/cancel";

/// The HTML part of one mail.
#[must_use]
pub fn mailbox_letter_html(id: &str) -> String {
    with_id(MAILBOX_LETTER_HTML, id)
}

/// The page of one mail.
#[must_use]
pub fn mailbox_letter(id: &str) -> String {
    with_id(MAILBOX_LETTER, id)
}
