//! The letters of this room.

use askama::Template;

use super::words::{LetterWords, Words};
use crate::mail::letter::{Letter, address, link_address};
use crate::mail::link::Link;
use crate::values::locale::Locale;
use crate::web::paths;

/// Asks the owner of an address to verify it.
#[derive(Debug)]
pub struct VerifyEmail {
    locale: Locale,
    link: Link,
}

impl VerifyEmail {
    /// The letter around this link.
    #[must_use]
    pub const fn new(locale: Locale, link: Link) -> Self {
        Self { locale, link }
    }

    fn words(&self) -> &'static LetterWords {
        &Words::of(self.locale).verify_letter
    }
}

impl Letter for VerifyEmail {
    const KIND: &'static str = "verify-email";

    fn subject(&self) -> &'static str {
        self.words().subject
    }

    fn text(&self) -> askama::Result<String> {
        Text { t: self.words(), url: link_address(paths::accounts::VERIFY_EMAIL) }.render()
    }

    fn html(&self) -> askama::Result<String> {
        Html { lang: self.locale.code(), t: self.words(), url: link_address(paths::accounts::VERIFY_EMAIL) }.render()
    }

    fn link(&self) -> Option<&Link> {
        Some(&self.link)
    }
}

/// Tells an owner that somebody signed up with their address: the page that they saw did not say so.
#[derive(Debug)]
pub struct AlreadyHaveAccount {
    /// The language of whoever signed up.
    pub locale: Locale,
}

impl AlreadyHaveAccount {
    fn words(&self) -> &'static LetterWords {
        &Words::of(self.locale).already_letter
    }
}

impl Letter for AlreadyHaveAccount {
    const KIND: &'static str = "already-have-account";

    fn subject(&self) -> &'static str {
        self.words().subject
    }

    fn text(&self) -> askama::Result<String> {
        Text { t: self.words(), url: address(paths::accounts::LOG_IN) }.render()
    }

    fn html(&self) -> askama::Result<String> {
        Html { lang: self.locale.code(), t: self.words(), url: address(paths::accounts::LOG_IN) }.render()
    }

    fn link(&self) -> Option<&Link> {
        None
    }
}

/// Both letters have one button, so they share their templates.
#[derive(Template)]
#[template(path = "mail/account.txt")]
struct Text {
    t: &'static LetterWords,
    url: String,
}

#[derive(Template)]
#[template(path = "mail/account.html")]
struct Html {
    lang: &'static str,
    t: &'static LetterWords,
    url: String,
}
