//! The page of the one search of admins.

use actix_web::web::Data;
use askama::Template;
use serde::Deserialize;

use super::found::Found;
use super::story::What;
use super::words::Words;
use crate::accounts::directory::user_search::FoundUser;
use crate::accounts::directory::words::Words as UserWords;
use crate::accounts::profile::security_event::SecurityEvent;
use crate::audit;
use crate::mail::queue::queued_letter::QueuedLetter;
use crate::mail::queue::words::Words as LetterWords;
use crate::values::email_address::EmailAddress;
use crate::values::search_term::SearchTerm;
use crate::waitlist::review::entry_search::ListedEntry;
use crate::waitlist::review::words::Words as PlaceWords;
use crate::web::page::query::{self, Origin, Query, given};
use crate::web::page::response;
use crate::web::{self, Admin, App, FieldErrors, Layout, paths};

/// Begins the link to an address.
const MAILTO: &str = "mailto:";

/// What is searched for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct View {
    #[serde(deserialize_with = "query::filter")]
    q: String,
}

#[derive(Template)]
#[template(path = "search/search.html")]
struct SearchPage {
    t: &'static Words,
    of_places: &'static PlaceWords,
    of_users: &'static UserWords,
    of_letters: &'static LetterWords,
    audit: &'static audit::words::Words,
    layout: Layout,
    view: View,
    errors: FieldErrors,
    /// Nothing before anything was typed.
    found: Option<Found>,
}

/// The box, and what it finds.
///
/// # Errors
/// When the database is unavailable.
pub async fn show(_: Admin, app: Data<App>, layout: Layout, Query(view): Query<View>) -> web::Result {
    let (mut errors, view) = (FieldErrors::default(), View { q: pasted(&view.q).to_owned() });
    let term = errors.take("q", given(&view.q, SearchTerm::parse, layout.t.admin.no_search)).flatten();
    let found = match term {
        Some(term) => Some(app.db.read(move |conn| Found::of(conn, &term)).await?),
        None => None,
    };
    let is_readable = errors.is_empty();
    let page = SearchPage::new(layout, view, errors, found);
    if is_readable { response::ok(page) } else { response::invalid(page) }
}

/// The address alone, where it was pasted as mail programs and lists give it: `Ana <ana@example.cl>`, `mailto:ana@example.cl`,
/// `ana@example.cl,`. Anything else as it was typed.
fn pasted(typed: &str) -> &str {
    let inner = typed.rsplit_once('<').and_then(|(_, rest)| rest.split_once('>')).map_or(typed, |(inner, _)| inner);
    let inner = inner.trim().trim_end_matches([',', ';']).trim_end();
    let address = match inner.split_at_checked(MAILTO.len()) {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case(MAILTO) => rest.split('?').next().unwrap_or(rest),
        _ => inner,
    };
    if address.contains('@') { address } else { typed }
}

impl SearchPage {
    fn new(layout: Layout, view: View, errors: FieldErrors, found: Option<Found>) -> Self {
        let (locale, layout) = (layout.locale, layout.with_typed_filter(paths::search::SEARCH));
        let (t, of_places) = (Words::of(locale), PlaceWords::of(locale));
        let (of_users, of_letters) = (UserWords::of(locale), LetterWords::of(locale));
        let audit = audit::words::Words::of(locale);
        Self { t, of_places, of_users, of_letters, audit, layout, view, errors, found }
    }

    fn place_path(&self, place: &ListedEntry) -> String {
        self.origin().kept_in(&paths::with_id(paths::waitlist::ENTRY, &place.id.to_string()))
    }

    fn user_path(&self, user: &FoundUser) -> String {
        self.origin().kept_in(&paths::with_id(paths::accounts::USER, user.id.as_str()))
    }

    /// This search, for the pages that are opened from it.
    fn origin(&self) -> Origin {
        Origin::search(self.view.q.trim())
    }

    /// Whether the account had the address that was searched for, and has another now.
    fn is_former(&self, user: &FoundUser) -> bool {
        let searched = EmailAddress::parse(&self.view.q).ok();
        let is_story = self.found.as_ref().is_some_and(|found| !found.story.is_empty());
        is_story && searched.is_some_and(|searched| searched.lowercase() != user.email.lowercase())
    }

    /// What was done, below the name of what it was done to, which is not said twice.
    fn told(of: &str, action: &str) -> String {
        if action.starts_with(of) { action.to_owned() } else { format!("{of}: {action}") }
    }

    fn letter_path(&self, letter: &QueuedLetter) -> String {
        self.origin().kept_in(&paths::with_id(paths::mail::QUEUED_LETTER, letter.id.as_str()))
    }

    /// A list with the same search, which shows all of them.
    fn list(&self, path: &str) -> String {
        paths::with_query(path, &[("q", self.view.q.trim())])
    }

    /// From which device and address it was done.
    fn place_of(&self, event: &SecurityEvent) -> Option<String> {
        Some(event.origin()?.in_words(self.layout.locale))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pasted_address_is_read_as_mail_programs_give_it() {
        let pasted_ones = [
            "Ana <ana@example.cl>",
            "\"Rojas, Ana\" <ana@example.cl>,",
            "<ana@example.cl>",
            "mailto:ana@example.cl",
            "MAILTO:ana@example.cl?subject=x",
            " ana@example.cl, ",
            "ana@example.cl;",
            "Ana <mailto:ana@example.cl>",
        ];
        for typed in pasted_ones {
            assert_eq!(pasted(typed), "ana@example.cl", "{typed}");
        }
        for other in ["", " ana ", "a<b", "<ana>", "mailto:", "ana,", "ñandú"] {
            assert_eq!(pasted(other), other);
        }
    }
}
