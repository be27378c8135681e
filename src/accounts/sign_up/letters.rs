//! The letters of this room, to the owner of an address that somebody signed up with.

use super::words::Words;
use crate::accounts::user::letters::{AccountLetter, LetterText};
use crate::mail::link::Link;
use crate::values::locale::Locale;
use crate::web::paths;

/// Asks the owner of an address to verify it.
#[must_use]
pub fn verify_email(locale: Locale, link: Link) -> AccountLetter {
    let text = LetterText { locale, words: &Words::of(locale).verify_letter };
    AccountLetter::with_link("verify-email", text, paths::accounts::VERIFY_EMAIL, link)
}

/// Tells an owner that somebody signed up with their address: the page that they saw did not say so.
#[must_use]
pub fn already_have_account(locale: Locale) -> AccountLetter {
    let text = LetterText { locale, words: &Words::of(locale).already_letter };
    AccountLetter::with_address("already-have-account", text, paths::accounts::LOG_IN)
}
