//! The admin's list of the waitlist: searched, filtered and sorted, page by page. Every view has an address of its own.

use actix_web::web::Data;
use askama::Template;
use serde::Deserialize;

use super::entry_filter::EntryFilter;
use super::entry_search::{self, Found};
use super::words::Words;
use super::words::bulk::BulkWords;
use crate::values::id::EntryId;
use crate::values::search_term::SearchTerm;
use crate::waitlist::joining::role::Role;
use crate::waitlist::joining::state::State;
use crate::web::page::paging::{Pager, Position};
use crate::web::page::query::Query;
use crate::web::page::response;
use crate::web::page::search::{Count, Order};
use crate::web::{self, Admin, App, Layout, paths};

/// A view of the list. What cannot be read counts as not given.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct View {
    pub(super) q: String,
    pub(super) role: String,
    pub(super) state: String,
    pub(super) from: String,
    pub(super) to: String,
    pub(super) sort: String,
    pub(super) after: String,
    pub(super) before: String,
}

#[derive(Template)]
#[template(path = "waitlist/review/entry_list.html")]
struct EntriesPage {
    t: &'static Words,
    acts: &'static BulkWords,
    layout: Layout,
    filter: EntryFilter,
    found: Found,
}

/// One page of the list.
///
/// # Errors
/// When the database is unavailable.
pub async fn show(_: Admin, app: Data<App>, layout: Layout, Query(view): Query<View>) -> web::Result {
    let (filter, position) = (view.filter(), Position::parse(&view.after, &view.before));
    let of = filter.clone();
    let found = app.db.read(move |conn| entry_search::page(conn, &of, &position)).await?;
    response::ok(EntriesPage { t: Words::of(layout.locale), acts: BulkWords::of(layout.locale), layout, filter, found })
}

impl View {
    /// The entries that it asks for.
    #[must_use]
    pub fn filter(&self) -> EntryFilter {
        EntryFilter {
            term: SearchTerm::parse(&self.q),
            role: Role::parse(&self.role),
            state: State::parse(&self.state),
            from: EntryFilter::day(&self.from),
            to: EntryFilter::day(&self.to),
            order: if self.sort == "oldest" { Order::Oldest } else { Order::Newest },
        }
    }
}

impl EntriesPage {
    /// The values of the field for roles, with their words.
    fn roles(&self) -> [(&'static str, &'static str); 3] {
        let (employee, organization) = (Role::Employee.as_str(), Role::Organization.as_str());
        [("", self.t.all_roles), (employee, self.t.employees), (organization, self.t.organizations)]
    }

    /// The values of the field for states, with their words.
    fn states(&self) -> Vec<(&'static str, &'static str)> {
        let all = ("", self.t.all_states);
        std::iter::once(all).chain(State::ALL.map(|state| (state.as_str(), self.t.state_of(state)))).collect()
    }

    /// The value of a parameter of this view.
    fn given(&self, name: &str) -> String {
        let mut parameters = self.filter.parameters().into_iter();
        parameters.find(|(known, _)| *known == name).map(|(_, value)| value).unwrap_or_default()
    }

    fn is_oldest_first(&self) -> bool {
        self.filter.order == Order::Oldest
    }

    /// The pages beside this one, with the same filter.
    fn pager(&self) -> Pager {
        let parameters = self.filter.parameters();
        self.found.entries.pager(paths::waitlist::LIST, &pairs(&parameters))
    }

    /// The first page in the other order.
    fn turned(&self) -> String {
        let order = if self.is_oldest_first() { Order::Newest } else { Order::Oldest };
        let parameters = EntryFilter { order, ..self.filter.clone() }.parameters();
        paths::waitlist::list(&pairs(&parameters))
    }

    fn page_of(id: &EntryId) -> String {
        paths::with_id(paths::waitlist::ENTRY, &id.to_string())
    }

    /// The same entries as a file.
    fn file(&self) -> String {
        let parameters = self.filter.parameters();
        paths::waitlist::export(&pairs(&parameters))
    }

    /// How many match: `171`, or `5,000+`.
    fn how_many(&self) -> String {
        let number = |number| self.layout.locale.number(number);
        match self.found.count {
            Count::Exactly(matches) => number(matches),
            Count::MoreThan(matches) => format!("{}+", number(matches)),
        }
    }

    /// Whether nobody matches the filter. Otherwise an empty page has entries on the pages before it.
    fn is_nobody_found(&self) -> bool {
        self.found.count == Count::Exactly(0)
    }
}

/// Parameters as paths take them.
pub(super) fn pairs<'a>(parameters: &'a [(&'static str, String)]) -> Vec<(&'a str, &'a str)> {
    parameters.iter().map(|(name, value)| (*name, value.as_str())).collect()
}
