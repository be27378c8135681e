//! The letters of organizations: the invitation, and what becomes of a member's account.

use super::words::Words;
use crate::accounts::user::letters::{AccountLetter, LetterText};
use crate::mail::link::Link;
use crate::values::email_address::EmailAddress;
use crate::values::locale::Locale;
use crate::web::paths;

/// Invites the owner of an address, who did not ask for it. It names the organization by its verified address alone:
/// anybody can type any name, and the mail must not carry a stranger's text.
#[must_use]
pub fn organization_invitation(locale: Locale, link: Link, organization: &EmailAddress) -> AccountLetter {
    let t = &Words::of(locale).membership;
    let text = LetterText { locale, words: &t.invitation_letter };
    AccountLetter::with_link("organization-invitation", text, paths::accounts::INVITATION, link)
        .with_facts(vec![(t.invited_by, organization.to_string())])
}

/// Tells a member that the organization deactivated the account.
#[must_use]
pub fn deactivated(locale: Locale, organization: &EmailAddress) -> AccountLetter {
    let text = LetterText { locale, words: &Words::of(locale).manage_members.deactivated_letter };
    naming(organization, AccountLetter::with_address("deactivated", text, paths::HOME), locale)
}

/// Tells a member that the organization reactivated the account.
#[must_use]
pub fn reactivated(locale: Locale, organization: &EmailAddress) -> AccountLetter {
    let text = LetterText { locale, words: &Words::of(locale).manage_members.reactivated_letter };
    naming(organization, AccountLetter::with_address("reactivated", text, paths::accounts::LOG_IN), locale)
}

/// Tells a former member that the organization no longer manages the account.
#[must_use]
pub fn released(locale: Locale, organization: &EmailAddress) -> AccountLetter {
    let text = LetterText { locale, words: &Words::of(locale).manage_members.released_letter };
    naming(organization, AccountLetter::with_address("released", text, paths::accounts::ACCOUNT), locale)
}

/// The same to who could not log in until then.
#[must_use]
pub fn released_open(locale: Locale, organization: &EmailAddress) -> AccountLetter {
    let text = LetterText { locale, words: &Words::of(locale).manage_members.released_open_letter };
    naming(organization, AccountLetter::with_address("released", text, paths::accounts::ACCOUNT), locale)
}

fn naming(organization: &EmailAddress, letter: AccountLetter, locale: Locale) -> AccountLetter {
    letter.with_facts(vec![(Words::of(locale).membership.organization, organization.to_string())])
}
