//! The letter that tells admins that an endpoint was switched off.

use askama::Template;

use super::endpoint::Endpoint;
use super::words::Words;
use super::words::letter::LetterWords;
use crate::mail::letter::{Letter, address};
use crate::mail::link::Link;
use crate::values::locale::Locale;
use crate::web::paths;

/// Tells that an endpoint was switched off, and why. It is named by its host and its page: its address may hold a key.
#[derive(Clone, Debug)]
pub(super) struct SwitchedOff {
    locale: Locale,
    host: String,
    reason: String,
    url: String,
}

impl SwitchedOff {
    /// About this endpoint.
    pub(super) fn new(locale: Locale, endpoint: &Endpoint) -> Self {
        let url = address(&paths::with_id(paths::webhook::ENDPOINT, endpoint.id.as_str()));
        Self { locale, host: endpoint.host(), reason: Words::of(locale).off_reason(endpoint), url }
    }

    /// Which endpoint, and why.
    fn named(&self) -> String {
        format!("{}: {}", self.host, self.reason)
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
