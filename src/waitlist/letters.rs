//! The letters of the waitlist.

use askama::Template;

use super::links::Standing;
use super::words::{LetterWords, Words};
use crate::mail::letter::{Letter, link_address};
use crate::mail::link::Link;
use crate::values::locale::Locale;
use crate::web::paths;

mod invite;

pub use invite::Invite;

/// Asks a new entry to confirm its address.
#[derive(Clone, Debug)]
pub struct ConfirmPlace {
    /// Confirms the place.
    pub link: Link,
    /// Lead to it, and stop mail about it.
    pub standing: Standing,
    /// The reader's language.
    pub locale: Locale,
}

#[derive(Template)]
#[template(path = "mail/confirm_place.txt")]
struct ConfirmPlaceText<'a> {
    letter: &'a ConfirmPlace,
    url: String,
    t: &'static LetterWords,
}

#[derive(Template)]
#[template(path = "mail/confirm_place.html")]
struct ConfirmPlaceHtml<'a> {
    lang: &'static str,
    letter: &'a ConfirmPlace,
    url: String,
    t: &'static LetterWords,
}

impl ConfirmPlace {
    /// Its kind in the outbox.
    pub const KIND: &str = "waitlist-confirm";

    fn words(&self) -> &'static LetterWords {
        &Words::of(self.locale).confirm_letter
    }

    /// The day on which the link ends.
    fn until(&self) -> String {
        self.locale.date(&self.link.expires_at)
    }
}

impl Letter for ConfirmPlace {
    fn kind(&self) -> &'static str {
        Self::KIND
    }

    fn subject(&self) -> &'static str {
        self.words().subject
    }

    fn text(&self) -> askama::Result<String> {
        ConfirmPlaceText { letter: self, url: url(), t: self.words() }.render()
    }

    fn html(&self) -> askama::Result<String> {
        ConfirmPlaceHtml { lang: self.locale.code(), letter: self, url: url(), t: self.words() }.render()
    }

    fn link(&self) -> Option<&Link> {
        Some(&self.link)
    }

    fn manage(&self) -> Option<&Link> {
        Some(&self.standing.place)
    }
}

/// Where the button leads.
fn url() -> String {
    link_address(paths::waitlist::CONFIRM)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::id::LinkId;
    use crate::values::secret_token::TokenHash;

    #[test]
    fn both_parts_lead_to_the_same_page_in_both_languages() {
        for locale in [Locale::En, Locale::Es] {
            let link = Link {
                id: LinkId::generate(),
                hash: TokenHash::from(String::new()),
                subject: "1".to_owned(),
                expires_at: "2026-11-23T12:00:00Z".parse().unwrap(),
                pending: None,
            };
            let standing = Standing { place: link.clone(), unsubscribe: link.clone() };
            let letter = ConfirmPlace { link, standing, locale };
            for part in [letter.text().unwrap(), letter.html().unwrap()] {
                assert!(part.contains(&url()), "{part}");
                assert!(part.contains(letter.words().not_you), "{part}");
            }
        }
    }
}
