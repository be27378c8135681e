//! What a feature writes: a letter, rendered in the language of its reader.

use crate::mail::link::Link;

/// Stands for `BASE_URL` in a queued letter.
pub(super) const BASE_URL: &str = "[[base-url]]";
/// Stands for the token of the letter's link: neither the outbox nor a backup of it ever holds one.
pub(super) const TOKEN: &str = "[[link-token]]";

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
