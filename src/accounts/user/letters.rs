//! The letter that every room about accounts writes: some words, one button, and names and values below them.

use askama::Template;
use chrono::TimeDelta;

use crate::accounts::organization::member::Act;
use crate::accounts::user::words::{LetterWords, Words};
use crate::mail::letter::{Letter, address, link_address};
use crate::mail::link::Link;
use crate::values::email_address::EmailAddress;
use crate::values::locale::Locale;
use crate::web::paths;

/// A letter with one button. All letters about accounts are such letters and share their templates.
#[derive(Clone, Debug)]
pub struct AccountLetter {
    kind: &'static str,
    text: LetterText,
    /// Where the button leads.
    url: String,
    /// The link whose token the address carries.
    link: Option<Link>,
    /// What happened: names and values.
    facts: Vec<(&'static str, String)>,
}

/// The words of a letter and their language.
#[derive(Clone, Copy, Debug)]
pub struct LetterText {
    /// The language of the reader.
    pub locale: Locale,
    /// The words in that language.
    pub words: &'static LetterWords,
}

/// An owner is told at most this often that somebody wanted their address for another account.
pub(in crate::accounts) const TELL_OWNER: TimeDelta = TimeDelta::hours(1);

/// Asks a new address to confirm itself.
#[must_use]
pub fn confirm_email(locale: Locale, link: Link) -> AccountLetter {
    let words = &Words::of(locale).address.confirm_letter;
    AccountLetter::with_link("confirm-email", LetterText { locale, words }, paths::accounts::EMAIL_CONFIRM, link)
}

/// Tells the old address that the account has another, and how to get it back.
#[must_use]
pub fn undo_email(locale: Locale, link: Link) -> AccountLetter {
    let words = &Words::of(locale).address.undo_letter;
    AccountLetter::with_link("undo-email", LetterText { locale, words }, paths::accounts::EMAIL_UNDO, link)
}

/// Tells an owner that somebody wanted the address for another account. Of the same kind as the letter after a sign-up:
/// it is the same news, and comes no oftener.
#[must_use]
pub fn address_taken(locale: Locale) -> AccountLetter {
    let words = &Words::of(locale).address.taken_letter;
    AccountLetter::with_address("already-have-account", LetterText { locale, words }, paths::accounts::LOG_IN)
}

/// Invites the owner of an address, who did not ask for it, on behalf of an organization: known by its verified address
/// alone, since its name is what anybody typed.
#[must_use]
pub fn organization_invitation(locale: Locale, link: Link, organization: &EmailAddress) -> AccountLetter {
    let t = &Words::of(locale).membership;
    let text = LetterText { locale, words: &t.invitation_letter };
    AccountLetter::with_link("organization-invitation", text, paths::accounts::INVITATION, link)
        .saying(vec![(t.invited_by, organization.to_string())])
}

/// Tells a member what the organization did.
#[must_use]
pub fn of_organization(locale: Locale, act: Act, organization: &EmailAddress) -> AccountLetter {
    let (t, paths) =
        (&Words::of(locale).organization, (paths::HOME, paths::accounts::LOG_IN, paths::accounts::ACCOUNT));
    let text = |words| LetterText { locale, words };
    let letter = match act {
        Act::Deactivate => AccountLetter::with_address("deactivated", text(&t.deactivated_letter), paths.0),
        Act::Reactivate => AccountLetter::with_address("reactivated", text(&t.reactivated_letter), paths.1),
        Act::Release => AccountLetter::with_address("released", text(&t.released_letter), paths.2),
    };
    letter.saying(vec![(Words::of(locale).membership.organization, organization.to_string())])
}

impl AccountLetter {
    /// A letter whose button leads to a page with the token of its link.
    pub(in crate::accounts) fn with_link(kind: &'static str, text: LetterText, path: &str, link: Link) -> Self {
        Self { kind, text, url: link_address(path), link: Some(link), facts: Vec::new() }
    }

    /// A letter whose button leads to a page that everybody may see.
    pub(in crate::accounts) fn with_address(kind: &'static str, text: LetterText, path: &str) -> Self {
        Self { kind, text, url: address(path), link: None, facts: Vec::new() }
    }

    /// With what happened, as pairs of name and value. Nothing that a stranger typed may be among them.
    #[must_use]
    pub fn saying(self, facts: Vec<(&'static str, String)>) -> Self {
        Self { facts, ..self }
    }
}

impl Letter for AccountLetter {
    fn kind(&self) -> &'static str {
        self.kind
    }

    fn subject(&self) -> &'static str {
        self.text.words.subject
    }

    fn text(&self) -> askama::Result<String> {
        Text { t: self.text.words, letter: self }.render()
    }

    fn html(&self) -> askama::Result<String> {
        Html { lang: self.text.locale.code(), t: self.text.words, letter: self }.render()
    }

    fn link(&self) -> Option<&Link> {
        self.link.as_ref()
    }
}

#[derive(Template)]
#[template(path = "accounts/user/letter.txt")]
struct Text<'a> {
    t: &'static LetterWords,
    letter: &'a AccountLetter,
}

#[derive(Template)]
#[template(path = "accounts/user/letter.html")]
struct Html<'a> {
    lang: &'static str,
    t: &'static LetterWords,
    letter: &'a AccountLetter,
}
