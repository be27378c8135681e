//! The letters about a change of address: to the new address, to the old one, and to the owner of one that is taken.

use super::words::Words;
use crate::accounts::user::letters::{AccountLetter, LetterText};
use crate::mail::link::Link;
use crate::values::locale::Locale;
use crate::web::paths;

/// Asks a new address to confirm itself.
#[must_use]
pub fn confirm_email(locale: Locale, link: Link) -> AccountLetter {
    let text = LetterText { locale, words: &Words::of(locale).confirm_letter };
    AccountLetter::with_link("confirm-email", text, paths::accounts::EMAIL_CONFIRM, link)
}

/// Tells the old address that the account has another, and how to get it back.
#[must_use]
pub fn undo_email(locale: Locale, link: Link) -> AccountLetter {
    let text = LetterText { locale, words: &Words::of(locale).undo_letter };
    AccountLetter::with_link("undo-email", text, paths::accounts::EMAIL_UNDO, link)
}

/// Tells an owner that somebody wanted the address for another account. Its kind is that of the letter after a sign-up
/// with a known address: both tell the same, and count together against flooding.
#[must_use]
pub fn address_taken(locale: Locale) -> AccountLetter {
    let text = LetterText { locale, words: &Words::of(locale).taken_letter };
    AccountLetter::with_address("already-have-account", text, paths::accounts::LOG_IN)
}
