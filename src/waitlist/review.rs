//! The admin's list of the waitlist: filtered, page by page, every view an address.

use actix_web::web::Data;
use askama::Template;
use serde::Deserialize;

use super::entry::{Entry, EntryFilter};
use super::role::Role;
use super::totals::Totals;
use super::words::{Review, Words};
use crate::values::id::EntryId;
use crate::web::paged::{Cursor, Paged, Position};
use crate::web::query::Query;
use crate::web::{self, Admin, App, Layout, page, paths};

/// A view of the list. What cannot be read counts as not given.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct View {
    role: String,
    after: String,
    before: String,
}

#[derive(Template)]
#[template(path = "waitlist/review.html")]
struct ReviewPage {
    t: &'static Review,
    layout: Layout,
    filter: EntryFilter,
    totals: Totals,
    entries: Paged<Entry, EntryId>,
}

/// One page of the list.
///
/// # Errors
/// When the database is away.
pub async fn show(_: Admin, app: Data<App>, layout: Layout, Query(view): Query<View>) -> web::Result {
    let filter = EntryFilter { role: Role::parse(&view.role) };
    let position = Position::parse(&view.after, &view.before);
    let read = app.db.read(move |conn| Ok((Totals::between(conn, None, None)?, Entry::page(conn, filter, position)?)));
    let (totals, entries) = read.await?;
    page::ok(ReviewPage { t: &Words::of(layout.locale).review, layout, filter, totals, entries })
}

impl ReviewPage {
    /// The values of the filter's field, with their words.
    fn roles(&self) -> [(&'static str, &'static str); 3] {
        let (employee, organization) = (Role::Employee.as_str(), Role::Organization.as_str());
        [("", self.t.all_roles), (employee, self.t.employees), (organization, self.t.organizations)]
    }

    fn chosen(&self) -> &'static str {
        self.filter.role.map_or("", Role::as_str)
    }

    /// The first page, with the same filter.
    fn newest(&self) -> String {
        paths::admin::waitlist(&[("role", self.chosen())])
    }

    /// The page of newer entries, with the same filter.
    fn newer(&self) -> Option<String> {
        self.entries.newer.map(|cursor| self.beside("before", cursor))
    }

    /// The page of older entries, with the same filter.
    fn older(&self) -> Option<String> {
        self.entries.older.map(|cursor| self.beside("after", cursor))
    }

    fn beside(&self, side: &str, cursor: Cursor<EntryId>) -> String {
        paths::admin::waitlist(&[("role", self.chosen()), (side, &cursor.to_string())])
    }
}
