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
use crate::mail::queue::queued_letter::QueuedLetter;
use crate::mail::queue::words::Words as LetterWords;
use crate::values::search_term::SearchTerm;
use crate::waitlist::review::entry_search::ListedEntry;
use crate::waitlist::review::words::Words as PlaceWords;
use crate::web::page::query::{self, Query, given};
use crate::web::page::response;
use crate::web::{self, Admin, App, FieldErrors, Layout, paths};

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
    let mut errors = FieldErrors::default();
    let term = errors.take("q", given(&view.q, SearchTerm::parse, layout.t.admin.no_search)).flatten();
    let found = match term {
        Some(term) => Some(app.db.read(move |conn| Found::of(conn, &term)).await?),
        None => None,
    };
    let is_readable = errors.is_empty();
    let page = SearchPage::new(layout, view, errors, found);
    if is_readable { response::ok(page) } else { response::invalid(page) }
}

impl SearchPage {
    fn new(layout: Layout, view: View, errors: FieldErrors, found: Option<Found>) -> Self {
        let locale = layout.locale;
        let (t, of_places) = (Words::of(locale), PlaceWords::of(locale));
        let (of_users, of_letters) = (UserWords::of(locale), LetterWords::of(locale));
        Self { t, of_places, of_users, of_letters, layout, view, errors, found }
    }

    fn place_path(place: &ListedEntry) -> String {
        paths::with_id(paths::waitlist::ENTRY, &place.id.to_string())
    }

    fn user_path(user: &FoundUser) -> String {
        paths::with_id(paths::accounts::USER, user.id.as_str())
    }

    fn letter_path(letter: &QueuedLetter) -> String {
        paths::with_id(paths::mail::QUEUED_LETTER, letter.id.as_str())
    }

    /// A list with the same search, which shows all of them.
    fn list(&self, path: &str) -> String {
        paths::with_query(path, &[("q", self.view.q.trim())])
    }

    fn origin(&self, event: &SecurityEvent) -> Option<String> {
        event.origin(self.layout.locale)
    }
}
