//! What one term finds on the site.

use diesel::pg::PgConnection;
use diesel::prelude::*;

use super::story::{Happening, Person};
use crate::accounts::directory::user_filter::UserFilter;
use crate::accounts::directory::user_search::{self, FoundUser};
use crate::audit::account_history::former_owners;
use crate::values::email_address::EmailAddress;
use crate::values::id::{EntryId, WaveId};
use crate::values::search_term::SearchTerm;
use crate::waitlist::review::entry_filter::EntryFilter;
use crate::waitlist::review::entry_search::{self, ListedEntry};
use crate::waitlist::waves::wave::Wave;
use crate::web::page::paging::Position;

/// Places, and accounts, that are shown at most; their lists show all.
const MOST: usize = 10;

/// What stands before the number of a place or a wave.
const BEFORE_NUMBERS: [&str; 10] =
    ["invitations:", "invitaciones:", "wave", "tanda", "place", "lugar", "no.", "n.º", "n°", "#"];

/// What it finds.
#[derive(Debug, Default)]
pub struct Found {
    /// Places on the waitlist.
    pub places: Vec<ListedEntry>,
    /// Whether the list has more of them.
    pub has_more_places: bool,
    /// Accounts.
    pub users: Vec<FoundUser>,
    /// Whether the list has more of them.
    pub has_more_users: bool,
    /// The wave of this number.
    pub wave: Option<WaveId>,
    /// What happened to the person, the newest first, when the term is a whole address.
    pub story: Vec<Happening>,
}

impl Found {
    /// What this finds: everything about a whole address, or whatever has a part of an address or name, a number or an id.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn of(conn: &mut PgConnection, term: &SearchTerm) -> QueryResult<Self> {
        if let Ok(email) = EmailAddress::parse(term.as_str()) {
            let found = Self::of_address(conn, &email)?;
            // What reads as an address may be the end of a longer one.
            if !found.is_nothing() {
                return Ok(found);
            }
        }
        Self::of_part(conn, term)
    }

    /// Whether nothing was found.
    #[must_use]
    pub const fn is_nothing(&self) -> bool {
        self.places.is_empty() && self.users.is_empty() && self.wave.is_none() && self.story.is_empty()
    }

    fn of_address(conn: &mut PgConnection, email: &EmailAddress) -> QueryResult<Self> {
        let places = entry_search::named(conn, email.as_str(), None)?;
        let mut users = user_search::named(conn, email.as_str())?;
        for former in former_owners(conn, email.as_str())? {
            add_new(&mut users, user_search::named(conn, former.as_str())?, |user| user.id.clone());
        }
        let person = Person { email, places: &places, users: &users };
        let story = person.story(conn)?;
        Ok(Self { places, users, story, ..Self::default() })
    }

    fn of_part(conn: &mut PgConnection, term: &SearchTerm) -> QueryResult<Self> {
        let number = number(term.as_str());
        let mut places = entry_search::named(conn, term.as_str(), number.map(EntryId::from))?;
        let filter = EntryFilter { term: Some(term.clone()), ..EntryFilter::default() };
        let has_more_places = add_new(&mut places, entry_search::first(conn, &filter, MOST + 1)?, |place| place.id);
        let mut users = user_search::named(conn, term.as_str())?;
        let filter = UserFilter { term: Some(term.clone()), ..UserFilter::default() };
        let listed = user_search::page(conn, &filter, &Position::Start)?.0.rows;
        let has_more_users = add_new(&mut users, listed, |user| user.id.clone());
        let wave = number.map(|number| Wave::find(conn, WaveId::from(number))).transpose()?.flatten();
        let wave = wave.map(|wave| wave.id);
        Ok(Self { places, has_more_places, users, has_more_users, wave, story: Vec::new() })
    }
}

/// The number of a place or a wave, as people type it and as pages write it: `3`, `#3`, `Wave no. 3`, `Lugar n.º 3`.
fn number(typed: &str) -> Option<i64> {
    let typed = typed.to_lowercase();
    let mut rest = typed.as_str();
    while let Some(behind) = BEFORE_NUMBERS.iter().find_map(|word| rest.strip_prefix(*word)) {
        rest = behind.trim_start();
    }
    rest.parse().ok()
}

/// Adds those that are not there yet, up to what is shown; returns whether there are more.
fn add_new<T, Id: PartialEq>(found: &mut Vec<T>, others: Vec<T>, id: impl Fn(&T) -> Id) -> bool {
    for other in others {
        if found.iter().any(|one| id(one) == id(&other)) {
            continue;
        }
        if found.len() >= MOST {
            return true;
        }
        found.push(other);
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_as_pages_write_it() {
        for typed in
            ["3", "#3", "wave 3", "Wave no. 3", "Tanda n.º 3", "Place no. 3", "Lugar n.º3", "Invitations: wave 3"]
        {
            assert_eq!(number(typed), Some(3), "{typed}");
        }
        for other in ["", "wave", "no. x", "3 waves", "waves 3"] {
            assert_eq!(number(other), None, "{other}");
        }
    }
}
