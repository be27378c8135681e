//! The letter that tells admins that an endpoint was switched off.

use askama::Template;

use super::words::letter::LetterWords;
use crate::mail::letter::{Letter, address};
use crate::mail::link::Link;
use crate::values::locale::Locale;

/// Tells that an endpoint was switched off. The endpoint is named by its page: its address may hold a key.
#[derive(Clone, Debug)]
pub(super) struct SwitchedOff {
    locale: Locale,
    url: String,
}

impl SwitchedOff {
    /// About the endpoint with this page.
    pub(super) fn new(locale: Locale, page: &str) -> Self {
        Self { locale, url: address(page) }
    }
}

impl Letter for SwitchedOff {
    fn kind(&self) -> &'static str {
        "webhook-off"
    }

    fn subject(&self) -> &'static str {
        LetterWords::of(self.locale).subject
    }

    fn text(&self) -> askama::Result<String> {
        Text { t: LetterWords::of(self.locale), letter: self }.render()
    }

    fn html(&self) -> askama::Result<String> {
        Html { lang: self.locale.code(), t: LetterWords::of(self.locale), letter: self }.render()
    }

    fn link(&self) -> Option<&Link> {
        None
    }
}

#[derive(Template)]
#[template(path = "webhook/switched_off.txt")]
struct Text<'a> {
    t: &'static LetterWords,
    letter: &'a SwitchedOff,
}

#[derive(Template)]
#[template(path = "webhook/switched_off.html")]
struct Html<'a> {
    lang: &'static str,
    t: &'static LetterWords,
    letter: &'a SwitchedOff,
}
