//! The letters of the waitlist.

use askama::Template;

use super::links::Standing;
use crate::mail::letter::{Letter, link_address, manage_address, unsubscribe_address};
use crate::mail::link::Link;
use crate::values::locale::Locale;
use crate::waitlist::words::{LetterWords, Words};
use crate::web::paths;

/// Asks a new entry to confirm its address.
#[derive(Clone, Debug)]
pub struct ConfirmPlace {
    /// Confirms the place.
    pub link: Link,
    /// Lead to it, and stop mail about it.
    pub standing: Standing,
    /// Who asked for it.
    pub asked_for: AskedFor,
    /// The reader's language.
    pub locale: Locale,
}

/// Whose act brought a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AskedFor {
    /// The address was typed into our form.
    ByReader,
    /// An organizer brought the address: nobody there asked for mail, so the letter can be stopped with one click.
    ByOrganizer,
}

#[derive(Template)]
#[template(path = "waitlist/joining/confirm_place.txt")]
struct ConfirmPlaceText<'a> {
    letter: &'a ConfirmPlace,
    url: String,
    place: String,
    t: &'static LetterWords,
}

#[derive(Template)]
#[template(path = "waitlist/joining/confirm_place.html")]
struct ConfirmPlaceHtml<'a> {
    lang: &'static str,
    letter: &'a ConfirmPlace,
    url: String,
    place: String,
    t: &'static LetterWords,
}

impl ConfirmPlace {
    /// Its kind in the outbox.
    pub const KIND: &str = "waitlist-confirm";

    fn words(&self) -> &'static LetterWords {
        &Words::of(self.locale).confirm_letter
    }

    /// Why the letter comes: the words fit whose act it was.
    fn why(&self) -> &'static str {
        match self.asked_for {
            AskedFor::ByReader => self.words().why,
            AskedFor::ByOrganizer => self.words().why_imported,
        }
    }

    fn text_of(&self) -> &'static str {
        match self.asked_for {
            AskedFor::ByReader => self.words().text,
            AskedFor::ByOrganizer => self.words().text_imported,
        }
    }

    /// Where such mail is stopped.
    fn stop(&self) -> Option<String> {
        self.unsubscribe().map(|(_, path)| unsubscribe_address(path))
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
        ConfirmPlaceText { letter: self, url: url(), place: manage_address(paths::waitlist::PLACE), t: self.words() }
            .render()
    }

    fn html(&self) -> askama::Result<String> {
        ConfirmPlaceHtml {
            lang: self.locale.code(),
            letter: self,
            url: url(),
            place: manage_address(paths::waitlist::PLACE),
            t: self.words(),
        }
        .render()
    }

    fn link(&self) -> Option<&Link> {
        Some(&self.link)
    }

    fn manage(&self) -> Option<&Link> {
        Some(&self.standing.place)
    }

    fn unsubscribe(&self) -> Option<(&Link, &'static str)> {
        let is_unasked = self.asked_for == AskedFor::ByOrganizer;
        is_unasked.then_some((&self.standing.unsubscribe, paths::waitlist::UNSUBSCRIBE))
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
        for (locale, asked_for) in [(Locale::En, AskedFor::ByReader), (Locale::Es, AskedFor::ByOrganizer)] {
            let link = Link {
                id: LinkId::generate(),
                hash: TokenHash::from(String::new()),
                subject: "1".to_owned(),
                expires_at: "2026-11-23T12:00:00Z".parse().unwrap(),
                pending: None,
            };
            let standing = Standing { place: link.clone(), unsubscribe: link.clone() };
            let letter = ConfirmPlace { link, standing, asked_for, locale };
            for part in [letter.text().unwrap(), letter.html().unwrap()] {
                assert!(part.contains(&url()), "{part}");
                assert!(part.contains(letter.words().not_you) && part.contains(letter.why()), "{part}");
                assert_eq!(part.contains(paths::waitlist::UNSUBSCRIBE), asked_for == AskedFor::ByOrganizer, "{part}");
            }
        }
    }
}
