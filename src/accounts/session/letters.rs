//! The letters of this room, which tell an owner what happened to the account.

use super::words::Words;
use crate::accounts::user::letters::{AccountLetter, LetterText};
use crate::accounts::user::user::User;
use crate::mail::link::Link;
use crate::values::locale::Locale;
use crate::web::paths;

/// Tells an owner that somebody logged in on a device that had not been seen before.
#[must_use]
pub fn new_device(locale: Locale, link: Link) -> AccountLetter {
    let text = LetterText { locale, words: &Words::of(locale).security_notice.new_device };
    AccountLetter::with_link("new-device", text, paths::accounts::SECURE, link)
}

/// Tells an owner that many did, and that no more mails tell of one today.
#[must_use]
pub fn many_new_devices(locale: Locale, link: Link) -> AccountLetter {
    let text = LetterText { locale, words: &Words::of(locale).security_notice.many_new_devices };
    AccountLetter::with_link("new-device", text, paths::accounts::SECURE, link)
}

/// Tells an owner that the password has changed.
#[must_use]
pub fn password_changed(locale: Locale, link: Link) -> AccountLetter {
    let text = LetterText { locale, words: &Words::of(locale).security_notice.password_changed };
    AccountLetter::with_link("password-changed", text, paths::accounts::SECURE, link)
}

/// Tells an owner that a second factor was switched on.
#[must_use]
pub fn second_factor_on(locale: Locale, link: Link) -> AccountLetter {
    let text = LetterText { locale, words: &Words::of(locale).security_notice.second_factor_on };
    AccountLetter::with_link("second-factor-on", text, paths::accounts::SECURE, link)
}

/// The same, soon after a device logged in for the first time.
#[must_use]
pub fn second_factor_on_after_new_device(locale: Locale, link: Link) -> AccountLetter {
    let text = LetterText { locale, words: &Words::of(locale).security_notice.second_factor_on_after_new_device };
    AccountLetter::with_link("second-factor-on", text, paths::accounts::SECURE, link)
}

/// Tells an owner that another app makes the codes.
#[must_use]
pub fn second_factor_moved(locale: Locale, link: Link) -> AccountLetter {
    let text = LetterText { locale, words: &Words::of(locale).security_notice.second_factor_moved };
    AccountLetter::with_link("second-factor-moved", text, paths::accounts::SECURE, link)
}

/// Tells an owner that the second factor was switched off.
#[must_use]
pub fn second_factor_off(locale: Locale, link: Link) -> AccountLetter {
    let text = LetterText { locale, words: &Words::of(locale).security_notice.second_factor_off };
    AccountLetter::with_link("second-factor-off", text, paths::accounts::SECURE, link)
}

/// Tells an owner that there are new recovery codes.
#[must_use]
pub fn recovery_codes_made(locale: Locale, link: Link) -> AccountLetter {
    let text = LetterText { locale, words: &Words::of(locale).security_notice.recovery_codes_made };
    AccountLetter::with_link("recovery-codes-made", text, paths::accounts::SECURE, link)
}

/// Tells an owner that an admin or the operator removed the second factor.
#[must_use]
pub fn second_factor_removed(locale: Locale, link: Link) -> AccountLetter {
    let text = LetterText { locale, words: &Words::of(locale).security_notice.second_factor_removed };
    AccountLetter::with_link("second-factor-removed", text, paths::accounts::SECURE, link)
}

/// Tells an owner that a recovery code was used.
#[must_use]
pub fn recovery_code_used(locale: Locale, link: Link) -> AccountLetter {
    let text = LetterText { locale, words: &Words::of(locale).security_notice.recovery_code_used };
    AccountLetter::with_link("recovery-code-used", text, paths::accounts::SECURE, link)
}

/// Tells an owner that somebody gave several codes that do not work.
#[must_use]
pub fn wrong_codes(locale: Locale, link: Link) -> AccountLetter {
    let text = LetterText { locale, words: &Words::of(locale).security_notice.wrong_codes };
    AccountLetter::with_link("wrong-codes", text, paths::accounts::SECURE, link)
}

/// What another letter tells the owner of an account that nobody can log in to; nothing of any other account.
#[must_use]
pub fn closed(locale: Locale, user: &User) -> Vec<(&'static str, String)> {
    let words = &Words::of(locale).pending_deletion;
    let told = match user.leaves_at() {
        _ if !user.is_active => Some(words.inactive.to_owned()),
        Some(until) => Some(words.closed(&until)),
        None => None,
    };
    told.map(|text| (words.important, text)).into_iter().collect()
}

/// Tells the owner of a deleted account when it is erased; the link keeps it.
#[must_use]
pub fn deletion(locale: Locale, link: Link) -> AccountLetter {
    let (words, until) = (&Words::of(locale).pending_deletion, locale.zoned_date_time(&link.expires_at));
    let text = LetterText { locale, words: &words.letter };
    AccountLetter::with_link("deletion", text, paths::accounts::CANCEL_DELETE, link)
        .with_facts(vec![(words.erased_at, until)])
}
