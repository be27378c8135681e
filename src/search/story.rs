//! What happened to one person: the steps of the place, what was done to place and account, and every letter.

use std::cmp::Reverse;

use diesel::pg::PgConnection;
use diesel::prelude::*;

use crate::accounts::directory::user_search::FoundUser;
use crate::accounts::profile::security_event::SecurityEvent;
use crate::audit::entry_history::EntryEvent;
use crate::mail::queue::queued_letter::QueuedLetter;
use crate::values::clock::Timestamp;
use crate::values::email_address::EmailAddress;
use crate::waitlist::joining::state::State;
use crate::waitlist::review::entry_search::ListedEntry;

/// Events of each place that are told at most, and letters.
const MOST: i64 = 50;

/// Whose story is told.
#[derive(Clone, Copy, Debug)]
pub struct Person<'a> {
    /// The address.
    pub email: &'a EmailAddress,
    /// Its places on the waitlist: rows of the old application may have it once more in another case.
    pub places: &'a [ListedEntry],
    /// Its accounts, of which there may be several for the same reason.
    pub users: &'a [FoundUser],
}

/// Something that happened.
#[derive(Debug)]
pub struct Happening {
    /// When.
    pub at: Timestamp,
    /// What.
    pub what: What,
}

/// What happened.
#[derive(Debug)]
pub enum What {
    /// The place came so far.
    Step(State),
    /// Something was done to the place.
    Place(EntryEvent),
    /// Something happened to the account.
    Account(Box<SecurityEvent>),
    /// A letter was written.
    Letter(Box<QueuedLetter>),
}

impl Person<'_> {
    /// All of it, the newest first.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn story(&self, conn: &mut PgConnection) -> QueryResult<Vec<Happening>> {
        let mut story = Vec::new();
        for place in self.places {
            story.extend(steps(place));
            let events = EntryEvent::recent(conn, place.id, MOST)?;
            story.extend(events.into_iter().map(|event| Happening { at: event.happened_at, what: What::Place(event) }));
        }
        for user in self.users {
            let events = SecurityEvent::recent_of(conn, &user.id)?;
            story.extend(
                events
                    .into_iter()
                    .map(|event| Happening { at: event.happened_at, what: What::Account(Box::new(event)) }),
            );
        }
        let letters = QueuedLetter::to(conn, &self.addresses(), MOST)?;
        story.extend(letters.into_iter().map(|letter| Happening {
            at: letter.sent_at.unwrap_or(letter.created_at),
            what: What::Letter(Box::new(letter)),
        }));
        story.sort_by_key(|happening| Reverse(happening.at));
        Ok(story)
    }

    /// The address as letters may have it: as it was typed now, and as place and account keep it.
    fn addresses(&self) -> Vec<String> {
        let places = self.places.iter().map(|place| place.email.clone());
        let users = self.users.iter().map(|user| user.email.to_string());
        places.chain(users).chain([self.email.to_string(), self.email.lowercase()]).collect()
    }
}

/// The steps that the place took by itself; what admins did to it is an event.
fn steps(place: &ListedEntry) -> impl Iterator<Item = Happening> {
    let steps = [
        (State::Joined, Some(place.created_at)),
        (State::Confirmed, place.confirmed_at),
        (State::Invited, place.invited_at),
        (State::SignedUp, place.signed_up_at),
        (State::Bounced, place.bounced_at),
    ];
    steps.into_iter().filter_map(|(state, at)| Some(Happening { at: at?, what: What::Step(state) }))
}
