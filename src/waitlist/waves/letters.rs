//! The letter that invites somebody of the waitlist to open an account.

use askama::Template;

use super::words::letter::LetterWords;
use crate::mail::letter::{self, Letter, Priority, link_address, manage_address, unsubscribe_address};
use crate::mail::link::{Link, StandingLink, WAITLIST_INVITATION};
use crate::values::clock::Timestamp;
use crate::values::id::{EntryId, LinkId};
use crate::values::locale::Locale;
use crate::values::secret_token::TokenHash;
use crate::waitlist::joining::links::{EntryLinks, LinkedEntry};
use crate::web::paths;

/// Invites the owner of a place to open an account.
#[derive(Clone, Debug)]
pub struct Invite {
    /// Opens it.
    pub link: Link,
    /// Lead to the place, and stop mail about it.
    pub links: EntryLinks,
    /// The reader's language.
    pub locale: Locale,
}

/// What a letter says, without a link that works.
#[derive(Clone, Debug)]
pub struct Sample {
    /// Its language.
    pub locale: Locale,
    /// Its subject.
    pub subject: &'static str,
    /// Its text.
    pub text: String,
}

/// The addresses in the letter.
struct Addresses {
    open: String,
    place: String,
    stop: String,
}

#[derive(Template)]
#[template(path = "waitlist/waves/invite.txt")]
struct InviteText<'a> {
    letter: &'a Invite,
    to: Addresses,
    t: &'static LetterWords,
}

#[derive(Template)]
#[template(path = "waitlist/waves/invite.html")]
struct InviteHtml<'a> {
    lang: &'static str,
    letter: &'a Invite,
    to: Addresses,
    t: &'static LetterWords,
}

impl Invite {
    /// Its kind in the outbox.
    pub const KIND: &str = "waitlist-invitation";

    /// The letter as it would be sent now, for whoever decides about it.
    ///
    /// # Errors
    /// When the template fails.
    pub fn sample(locale: Locale, now: Timestamp, base_url: &str) -> askama::Result<Sample> {
        let link = Link {
            id: LinkId::generate(),
            subject: String::new(),
            hash: TokenHash::from(String::new()),
            expires_at: now + WAITLIST_INVITATION.lasts,
            pending: None,
        };
        let links = EntryLinks::of(LinkedEntry { id: EntryId::from(0), generation: 0 });
        let invite = Self { link, links, locale };
        Ok(Sample { locale, subject: invite.subject(), text: letter::sample(&invite.text()?, base_url) })
    }

    fn words(&self) -> &'static LetterWords {
        LetterWords::of(self.locale)
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

impl Letter for Invite {
    fn kind(&self) -> &'static str {
        Self::KIND
    }

    fn subject(&self) -> &'static str {
        self.words().subject
    }

    fn text(&self) -> askama::Result<String> {
        InviteText { letter: self, to: addresses(), t: self.words() }.render()
    }

    fn html(&self) -> askama::Result<String> {
        InviteHtml { lang: self.locale.code(), letter: self, to: addresses(), t: self.words() }.render()
    }

    fn link(&self) -> Option<&Link> {
        Some(&self.link)
    }

    fn edition(&self) -> Option<String> {
        Some(format!("{} {}", self.locale.code(), self.until()))
    }

    fn priority(&self) -> Priority {
        Priority::Bulk
    }

    fn manage(&self) -> Option<&StandingLink> {
        Some(&self.links.place)
    }

    fn unsubscribe(&self) -> Option<(&StandingLink, &'static str)> {
        Some((&self.links.unsubscribe, paths::waitlist::UNSUBSCRIBE))
    }
}

fn addresses() -> Addresses {
    Addresses {
        open: link_address(paths::accounts::SIGN_UP_INVITED),
        place: manage_address(paths::waitlist::PLACE),
        stop: unsubscribe_address(paths::waitlist::UNSUBSCRIBE),
    }
}
