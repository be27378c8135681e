//! The letters of this room, to the owner of an address that somebody signed up with.

use super::words::Words;
use crate::accounts::user::letters::{AccountLetter, LetterText};
use crate::mail::link::Link;
use crate::values::locale::Locale;
use crate::values::site_path::SitePath;
use crate::web::paths;

/// Asks the owner of an address to verify it, after a sign-up with a password or with another provider.
#[must_use]
pub fn verify_email(locale: Locale, link: Link, is_by_provider: bool) -> AccountLetter {
    let t = Words::of(locale);
    let words = if is_by_provider { &t.verify_letter_of_provider } else { &t.verify_letter };
    let text = LetterText { locale, words };
    AccountLetter::with_link("verify-email", text, paths::accounts::VERIFY_EMAIL, link)
}

/// The kind of the letter to whoever has an account already.
pub const ALREADY_HAVE_ACCOUNT: &str = "already-have-account";

/// Tells an owner that somebody signed up with their address: the page that they saw did not say so. Who came with another
/// provider is led to where it is connected. The link sets a new password, for an owner who forgot that there is an account.
#[must_use]
pub fn already_have_account(locale: Locale, is_by_provider: bool, forgot: Link) -> AccountLetter {
    let t = Words::of(locale);
    let words = if is_by_provider { &t.already_letter_of_provider } else { &t.already_letter };
    let next = SitePath::parse(paths::accounts::PROVIDERS).filter(|_| is_by_provider);
    let path = paths::accounts::log_in_then(next.as_ref());
    AccountLetter::with_address(ALREADY_HAVE_ACCOUNT, LetterText { locale, words }, &path).or_by_link(
        t.already_letter_forgot,
        paths::accounts::RESET,
        forgot,
    )
}
