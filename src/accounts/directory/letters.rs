//! The letter of this room: tells an owner that the account is an admin's now.

use super::words::Words;
use crate::accounts::user::letters::{AccountLetter, LetterText};
use crate::mail::link::Link;
use crate::values::locale::Locale;
use crate::web::paths;

/// Tells an owner that the operator gave the account the admin pages and a new password.
#[must_use]
pub fn made_admin(locale: Locale, link: Link) -> AccountLetter {
    let text = LetterText { locale, words: &Words::of(locale).made_admin_letter };
    AccountLetter::with_link("made-admin", text, paths::accounts::SECURE, link)
}
