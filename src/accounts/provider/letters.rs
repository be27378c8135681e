//! The letters of this room, which tell an owner what opens the account.

use super::words::Words;
use crate::accounts::user::letters::{AccountLetter, LetterText};
use crate::mail::link::Link;
use crate::values::locale::Locale;
use crate::web::paths;

/// Tells an owner that this provider opens the account from now on.
#[must_use]
pub fn connected(locale: Locale, link: Link, provider: &str) -> AccountLetter {
    let text = LetterText { locale, words: &Words::of(locale).connected_letter };
    AccountLetter::with_link("provider-connected", text, paths::accounts::SECURE, link).naming(provider)
}

/// Tells an owner that this provider opens the account no more.
#[must_use]
pub fn disconnected(locale: Locale, link: Link, provider: &str) -> AccountLetter {
    let text = LetterText { locale, words: &Words::of(locale).disconnected_letter };
    AccountLetter::with_link("provider-disconnected", text, paths::accounts::SECURE, link).naming(provider)
}
