//! The letter that asks to confirm an entry.

use askama::Template;

use super::links::EntryLinks;
use super::words::{LetterWords, Words};
use crate::mail::letter::{Letter, Priority, link_address, manage_address, unsubscribe_address};
use crate::mail::link::{Link, StandingLink};
use crate::values::locale::Locale;
use crate::web::paths;

/// Asks the owner of an address to confirm its entry.
#[derive(Clone, Debug)]
pub struct ConfirmPlace {
    /// Confirms the entry.
    pub link: Link,
    /// Lead to the entry's own page, and stop mail about it.
    pub links: EntryLinks,
    /// Who had it sent.
    pub requested_by: RequestedBy,
    /// The reader's language.
    pub locale: Locale,
}

/// Who had the letter sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestedBy {
    /// Its reader, as far as we know: the address was typed into our form.
    Reader,
    /// An admin who imported the address. Its reader asked for no mail, so the letter can be stopped with one click.
    Organizer,
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
        &Words::of(self.locale).letter
    }

    /// Why the reader gets the letter.
    fn why(&self) -> &'static str {
        match self.requested_by {
            RequestedBy::Reader => self.words().why,
            RequestedBy::Organizer => self.words().why_imported,
        }
    }

    /// What happened, and what to do.
    fn introduction(&self) -> &'static str {
        match self.requested_by {
            RequestedBy::Reader => self.words().text,
            RequestedBy::Organizer => self.words().text_imported,
        }
    }

    /// What to do with it otherwise: nothing.
    fn otherwise(&self) -> &'static str {
        match self.requested_by {
            RequestedBy::Reader => self.words().not_you,
            RequestedBy::Organizer => self.words().not_you_imported,
        }
    }

    /// Where such mail is stopped, when its reader did not ask for it.
    fn stop(&self) -> Option<String> {
        self.unsubscribe().map(|(_, path)| unsubscribe_address(path))
    }

    /// The day on which the link ends.
    fn until(&self) -> String {
        self.locale.date(&self.link.expires_at)
    }

    /// The sentence that says so.
    fn works_until(&self) -> String {
        format!("{} {}.", self.words().works_until, self.until())
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
        let (url, place) = (url(), manage_address(paths::waitlist::PLACE));
        ConfirmPlaceText { letter: self, url, place, t: self.words() }.render()
    }

    fn html(&self) -> askama::Result<String> {
        let (url, place) = (url(), manage_address(paths::waitlist::PLACE));
        ConfirmPlaceHtml { lang: self.locale.code(), letter: self, url, place, t: self.words() }.render()
    }

    fn link(&self) -> Option<&Link> {
        Some(&self.link)
    }

    fn edition(&self) -> Option<String> {
        Some(format!("{} {:?} {}", self.locale.code(), self.requested_by, self.until()))
    }

    fn priority(&self) -> Priority {
        match self.requested_by {
            RequestedBy::Reader => Priority::Normal,
            RequestedBy::Organizer => Priority::Bulk,
        }
    }

    fn manage(&self) -> Option<&StandingLink> {
        Some(&self.links.place)
    }

    fn unsubscribe(&self) -> Option<(&StandingLink, &'static str)> {
        let is_unsolicited = self.requested_by == RequestedBy::Organizer;
        is_unsolicited.then_some((&self.links.unsubscribe, paths::waitlist::UNSUBSCRIBE))
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
    use crate::waitlist::joining::links::LinkedEntry;

    #[test]
    fn both_parts_lead_to_the_same_page_in_both_languages() {
        for (locale, requested_by) in [(Locale::En, RequestedBy::Reader), (Locale::Es, RequestedBy::Organizer)] {
            let link = Link {
                id: LinkId::generate(),
                hash: TokenHash::from(String::new()),
                subject: "1".to_owned(),
                expires_at: "2026-11-23T12:00:00Z".parse().unwrap(),
                pending: None,
            };
            let links = EntryLinks::of(LinkedEntry { id: 1.into(), generation: 0 });
            let letter = ConfirmPlace { link, links, requested_by, locale };
            for part in [letter.text().unwrap(), letter.html().unwrap()] {
                assert!(part.contains(&url()), "{part}");
                assert!(part.contains(letter.otherwise()) && part.contains(letter.why()), "{part}");
                assert_eq!(
                    part.contains(paths::waitlist::UNSUBSCRIBE),
                    requested_by == RequestedBy::Organizer,
                    "{part}"
                );
            }
        }
    }
}
