//! The letter of this room: the link that sets a new password.

use super::words::Words;
use crate::accounts::user::letters::{AccountLetter, LetterText};
use crate::mail::link::Link;
use crate::values::locale::Locale;
use crate::web::paths;

/// Lets the owner of an address choose a new password.
#[must_use]
pub fn reset_password(locale: Locale, link: Link) -> AccountLetter {
    let text = LetterText { locale, words: &Words::of(locale).letter };
    AccountLetter::with_link("reset-password", text, paths::accounts::RESET, link)
}
