//! What a feature writes: a letter, rendered in the language of its reader.

use crate::mail::link::{Link, StandingLink};

/// Stands for `BASE_URL` in a queued letter.
pub(super) const BASE_URL: &str = "[[base-url]]";
/// Stands for the token of the letter's link: neither the outbox nor a backup of it ever holds one.
pub(super) const TOKEN: &str = "[[link-token]]";
/// Stands for the token of [`Letter::manage`].
pub(super) const MANAGE_TOKEN: &str = "[[manage-token]]";
/// Stands for the token of [`Letter::unsubscribe`].
pub(super) const UNSUBSCRIBE_TOKEN: &str = "[[unsubscribe-token]]";

/// Which letters go first when many wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Priority {
    /// One person waits for it: a link to verify, to set a password, a notice.
    Urgent,
    /// One person waits for it, but so may thousands who do the same at that hour, such as joining.
    Normal,
    /// It goes to many, and nobody waits for it.
    Bulk,
}

impl Priority {
    /// As the outbox keeps it; less goes first. `claim.sql` and `outbox_status.sql` name all of them.
    pub(super) const fn column(self) -> i32 {
        match self {
            Self::Urgent => 0,
            Self::Normal => 1,
            Self::Bulk => 2,
        }
    }
}

/// A mail that a feature sends. No text of a stranger goes into one before its reader has verified the address, or
/// the site becomes a relay for spam.
pub trait Letter {
    /// Names the kind in the outbox, such as `verify-email`.
    fn kind(&self) -> &'static str;

    /// The subject: our own words only.
    fn subject(&self) -> &'static str;

    /// The text part.
    ///
    /// # Errors
    /// When the template fails.
    fn text(&self) -> askama::Result<String>;

    /// The HTML part.
    ///
    /// # Errors
    /// When the template fails.
    fn html(&self) -> askama::Result<String>;

    /// The link whose token [`link_address`] stands for. The letter is not sent once it has expired or was used.
    fn link(&self) -> Option<&Link>;

    /// Names the text among those of its kind, if it is the same for every reader of a language: by all that it depends on,
    /// such as the language and the day. Such a text is stored once. A text that holds anything about one person has no name,
    /// and stays in the letter's row, which goes when that person is forgotten.
    fn edition(&self) -> Option<String> {
        None
    }

    /// Which letters it goes before.
    fn priority(&self) -> Priority {
        Priority::Urgent
    }

    /// The link whose token [`manage_address`] stands for: to a page where the reader sees and changes what is held.
    fn manage(&self) -> Option<&StandingLink> {
        None
    }

    /// The link whose token [`unsubscribe_address`] stands for, and the path of its page. A mail that nobody asked for has
    /// one, and says so in its headers (RFC 8058).
    fn unsubscribe(&self) -> Option<(&StandingLink, &'static str)> {
        None
    }
}

/// A part as somebody would read it, for a page that shows a letter before it is sent: its links lead nowhere.
#[must_use]
pub fn sample(part: &str, base_url: &str) -> String {
    let placeholders = [TOKEN, MANAGE_TOKEN, UNSUBSCRIBE_TOKEN];
    placeholders.iter().fold(part.replace(BASE_URL, base_url), |part, placeholder| part.replace(placeholder, "…"))
}

/// The address of a page, for a letter's template.
#[must_use]
pub fn address(path: &str) -> String {
    format!("{BASE_URL}{path}")
}

/// The address of a page with the token of the letter's link, for a letter's template.
#[must_use]
pub fn link_address(path: &str) -> String {
    format!("{BASE_URL}{path}?token={TOKEN}")
}

/// The address of a page with the token of [`Letter::manage`], for a letter's template.
#[must_use]
pub fn manage_address(path: &str) -> String {
    format!("{BASE_URL}{path}?token={MANAGE_TOKEN}")
}

/// The address of a page with the token of [`Letter::unsubscribe`], for a letter's template and its headers.
#[must_use]
pub fn unsubscribe_address(path: &str) -> String {
    format!("{BASE_URL}{path}?token={UNSUBSCRIBE_TOKEN}")
}

/// A letter's text as an admin may read it: with the paths of its links, without their tokens.
pub(super) fn without_links(text: &str) -> String {
    [TOKEN, MANAGE_TOKEN, UNSUBSCRIBE_TOKEN]
        .into_iter()
        .fold(text.replace(BASE_URL, ""), |text, token| text.replace(token, "…"))
}
