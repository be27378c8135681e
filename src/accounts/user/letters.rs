//! The letter that every room about accounts writes: some words, one button, and names and values below them.

use std::borrow::Cow;

use askama::Template;
use chrono::TimeDelta;

use crate::accounts::user::words::LetterWords;
use crate::mail::letter::{Letter, address, link_address};
use crate::mail::link::Link;
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
    /// Another way than the button: its words, and the address of the link.
    other_way: Option<(&'static str, String)>,
    /// What stands for the `%` in the text.
    named: Option<String>,
    /// What happened: names and values.
    facts: Vec<(&'static str, String)>,
    /// Whether the button takes the account out of somebody else's hands, which its colour shows.
    protects: bool,
}

/// The words of a letter and their language.
#[derive(Clone, Copy, Debug)]
pub struct LetterText {
    /// The language of the reader.
    pub locale: Locale,
    /// The words in that language.
    pub words: &'static LetterWords,
}

/// An owner gets at most one mail in this time that says that somebody wanted their address for another account.
pub(in crate::accounts) const OWNER_NOTICE_INTERVAL: TimeDelta = TimeDelta::hours(1);

impl AccountLetter {
    /// A letter whose button leads to a page with the token of its link.
    pub(in crate::accounts) fn with_link(kind: &'static str, text: LetterText, path: &str, link: Link) -> Self {
        let protects = [paths::accounts::SECURE, paths::accounts::EMAIL_UNDO].contains(&path);
        Self {
            kind,
            text,
            url: link_address(path),
            link: Some(link),
            other_way: None,
            named: None,
            facts: Vec::new(),
            protects,
        }
    }

    /// A letter whose button leads to a page that everybody may see.
    pub(in crate::accounts) fn with_address(kind: &'static str, text: LetterText, path: &str) -> Self {
        Self {
            kind,
            text,
            url: address(path),
            link: None,
            other_way: None,
            named: None,
            facts: Vec::new(),
            protects: false,
        }
    }

    /// With another way below the button: to a page with the token of this link.
    #[must_use]
    pub(in crate::accounts) fn or_by_link(self, words: &'static str, path: &str, link: Link) -> Self {
        Self { other_way: Some((words, link_address(path))), link: Some(link), ..self }
    }

    /// With this in the place of the `%` in its text. No stranger may have typed it.
    #[must_use]
    pub(in crate::accounts) fn naming(self, name: &str) -> Self {
        Self { named: Some(name.to_owned()), ..self }
    }

    fn body(&self) -> Cow<'static, str> {
        let text = self.text.words.text;
        self.named.as_ref().map_or(Cow::Borrowed(text), |name| text.replace('%', name).into())
    }

    /// With what happened, as pairs of name and value. Nothing that a stranger typed may be among them.
    #[must_use]
    pub fn with_facts(self, facts: Vec<(&'static str, String)>) -> Self {
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
