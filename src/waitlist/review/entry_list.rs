//! The admin's list of the waitlist: searched, filtered and sorted, page by page. Every view has an address of its own.

use askama::Template;
use serde::Deserialize;

use super::entry_filter::{EntryFilter, NEEDS_REVIEW};
use super::entry_search::{self, Found};
use super::selection::{ASKABLE, Act};
use super::words::Words;
use super::words::bulk::BulkWords;
use super::words::given::Part;
use super::words::ticks::TickWords;
use crate::values::clock::Timestamp;
use crate::values::id::EntryId;
use crate::values::search_term::SearchTerm;
use crate::waitlist::joining::role::Role;
use crate::waitlist::joining::state::State;
use crate::web::page::paging::{Cursor, Pager, Position};
use crate::web::page::query::{self, Origin, Query, given};
use crate::web::page::response;
use crate::web::page::search::set_field::{Chip, SetField};
use crate::web::page::search::{Count, Order};
use crate::web::visitor::source::Source;
use crate::web::{self, Admin, FieldErrors, Layout, ListReader, paths};

mod state_links;

/// A view of the list. A position that cannot be read counts as not given.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct View {
    #[serde(deserialize_with = "query::filter")]
    pub(super) q: String,
    #[serde(deserialize_with = "query::filter")]
    pub(super) role: String,
    #[serde(deserialize_with = "query::filter")]
    pub(super) state: String,
    #[serde(deserialize_with = "query::filter")]
    pub(super) from: String,
    #[serde(deserialize_with = "query::filter")]
    pub(super) to: String,
    #[serde(deserialize_with = "query::filter")]
    pub(super) source: String,
    #[serde(deserialize_with = "query::filter")]
    pub(super) sort: String,
    #[serde(deserialize_with = "query::filter")]
    pub(super) after: String,
    #[serde(deserialize_with = "query::filter")]
    pub(super) before: String,
    /// `page` shows every place of the page ticked, and `all` what is done to all who match.
    #[serde(deserialize_with = "query::filter")]
    pub(super) ticked: String,
    /// The places that are shown ticked.
    pub(super) id: Vec<String>,
}

#[derive(Template)]
#[template(path = "waitlist/review/entry_list.html")]
struct EntriesPage {
    t: &'static Words,
    acts: &'static BulkWords,
    ticks: &'static TickWords,
    layout: Layout,
    view: View,
    errors: FieldErrors,
    filter: EntryFilter,
    /// Where the pages of the places lead back to.
    origin: Origin,
    found: Found,
    /// Printed above the list.
    now: Timestamp,
}

/// The form with what is wrong with the filter, and nothing else: neither a list nor anything to do with one.
#[derive(Template)]
#[template(path = "waitlist/review/filter_refused.html")]
struct RefusedPage {
    t: &'static Words,
    layout: Layout,
    view: View,
    errors: FieldErrors,
}

/// One page of the list.
///
/// # Errors
/// When the database is unavailable.
pub async fn show(_: Admin, reader: ListReader, layout: Layout, Query(view): Query<View>) -> web::Result {
    let filter = match view.filter(&layout) {
        Ok(filter) => filter,
        Err(errors) => return refuse(layout, view, errors),
    };
    let position = Position::parse(&view.after, &view.before);
    let of = filter.clone();
    let (found, _) = reader.read(move |conn| entry_search::page(conn, &of, &position)).await?;
    let (t, acts, ticks) = (Words::of(layout.locale), BulkWords::of(layout.locale), TickWords::of(layout.locale));
    let (now, origin, errors) = (reader.app.clock.now(), view.origin(&filter), FieldErrors::default());
    // The form of the places is there where there are any: whoever chooses another language finds them ticked as they were.
    let has_form = !found.entries.rows.is_empty();
    // What is typed into the filter meanwhile is not kept: a browser sends one form.
    let layout = if has_form {
        layout.with_typed_query(paths::waitlist::LIST)
    } else {
        layout.with_typed_filter(paths::waitlist::LIST)
    };
    response::ok(EntriesPage { t, acts, ticks, layout, view, errors, filter, origin, found, now })
}

/// 422, wherever a filter of the list cannot be read.
pub(super) fn refuse(layout: Layout, view: View, errors: FieldErrors) -> web::Result {
    let layout = layout.with_typed_filter(paths::waitlist::LIST);
    response::invalid(RefusedPage { t: Words::of(layout.locale), layout, view, errors })
}

impl View {
    /// The entries that it asks for.
    ///
    /// # Errors
    /// What cannot be read, field by field: a part of a filter that is left out would let everybody in.
    pub fn filter(&self, layout: &Layout) -> Result<EntryFilter, FieldErrors> {
        let (mut errors, t) = (FieldErrors::default(), &layout.t.admin);
        let own = Words::of(layout.locale);
        let day = |typed, name| given(typed, EntryFilter::day, ()).map_err(|()| format!("{name}: {}", t.no_day));
        let needs_review = self.state == NEEDS_REVIEW;
        let state = if needs_review { "" } else { &self.state };
        let filter = EntryFilter {
            term: errors.take("q", given(&self.q, SearchTerm::parse, t.no_search)).flatten(),
            role: errors.take("role", given(&self.role, Role::parse, t.no_choice)).flatten(),
            state: errors.take("state", given(state, State::parse, t.no_choice)).flatten(),
            needs_review,
            from: errors.take("from", day(&self.from, own.from)).flatten(),
            to: errors.take("to", day(&self.to, own.to)).flatten(),
            source: errors.take("source", given(&self.source, Source::parse, t.no_source)).flatten(),
            order: if self.sort == "oldest" { Order::Oldest } else { Order::Newest },
        };
        if filter.from.zip(filter.to).is_some_and(|(from, to)| to < from) {
            errors.add("to", t.days_reversed);
        }
        if errors.is_empty() { Ok(filter) } else { Err(errors) }
    }

    /// The page of the list that it asks for, read strictly: a program that came back to the start would never end.
    ///
    /// # Errors
    /// A cursor that cannot be read.
    pub fn position(&self, layout: &Layout) -> Result<Position<EntryId>, FieldErrors> {
        let mut errors = FieldErrors::default();
        for (field, cursor) in [("after", &self.after), ("before", &self.before)] {
            errors.take(field, given(cursor, Cursor::<EntryId>::parse, layout.t.admin.no_choice));
        }
        if errors.is_empty() { Ok(Position::parse(&self.after, &self.before)) } else { Err(errors) }
    }

    /// This page of the list, for the pages that are opened from it.
    fn origin(&self, filter: &EntryFilter) -> Origin {
        let page = [("after", self.after.clone()), ("before", self.before.clone())];
        Origin::list(filter.parameters().into_iter().chain(page))
    }

    /// Whether anything of the filter was typed.
    fn is_filtered(&self) -> bool {
        let Self { q, role, state, from, to, source, .. } = self;
        [q, role, state, from, to, source].into_iter().any(|typed| !typed.is_empty())
    }
}

impl EntriesPage {
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

    /// The page of an entry, which leads back to this list.
    fn page_of(&self, id: &EntryId) -> String {
        self.origin.kept_in(&paths::with_id(paths::waitlist::ENTRY, &id.to_string()))
    }

    /// This page with those ticked: `page` or `all`.
    fn with_ticked(&self, which: &str) -> String {
        self.origin.kept_beside(paths::waitlist::LIST, &[(paths::TICKED_PARAMETER, which)])
    }

    /// This page with none ticked.
    fn none_ticked(&self) -> String {
        self.origin.kept_in(paths::waitlist::LIST)
    }

    fn is_page_ticked(&self) -> bool {
        self.found.entries.rows.iter().all(|entry| self.is_ticked(&entry.id))
    }

    /// Whether what is done concerns all who match, on every page.
    fn are_all_ticked(&self) -> bool {
        self.view.ticked == "all" && self.can_all_be_ticked()
    }

    fn is_ticked(&self, id: &EntryId) -> bool {
        self.are_all_ticked() || self.view.ticked == "page" || self.view.id.contains(&id.to_string())
    }

    /// Whether more match than stand on this page.
    fn is_one_page_of_several(&self) -> bool {
        self.found.entries.newer.is_some() || self.found.entries.older.is_some()
    }

    /// What the list was narrowed to.
    fn given(&self) -> Vec<SetField> {
        self.t.given(&self.filter)
    }

    /// The same as links that take it away, but for the search and the state, which are seen beside.
    fn chips(&self) -> Vec<Chip> {
        let parameters = self.filter.parameters();
        let folded = self.given().into_iter().filter(|field| !["q", "state"].contains(&field.name));
        folded.map(|field| field.chip(paths::waitlist::LIST, &pairs(&parameters))).collect()
    }

    /// Which of those who match stand on this page.
    fn part(&self) -> String {
        let rows = self.found.entries.rows.len();
        let part = if self.found.entries.newer.is_none() { Part::First(rows) } else { Part::Later(rows) };
        self.t.part(part, &self.how_many())
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

    /// The most that can be selected at once: as many as the act that is done to most.
    fn most_ticked(&self) -> i64 {
        Act::Delete.most(self.filter.is_search())
    }

    fn can_all_be_ticked(&self) -> bool {
        self.are_at_most(self.most_ticked())
    }

    fn are_at_most(&self, most: i64) -> bool {
        matches!(self.found.count, Count::Exactly(matches) if matches <= most)
    }

    /// The most that can be asked to confirm at once.
    fn most_asked(&self) -> i64 {
        Act::Ask.most(self.filter.is_search())
    }

    /// Whether all are selected, and surely too many of them could be asked to confirm.
    fn are_too_many_to_ask(&self) -> bool {
        let are_askable = self.filter.states().iter().all(|state| ASKABLE.contains(state));
        self.are_all_ticked() && are_askable && !self.are_at_most(self.most_asked())
    }

    /// Whether anybody who matches may not have confirmed yet. The next page says how many.
    fn can_any_be_asked(&self) -> bool {
        self.filter.states().iter().any(|state| ASKABLE.contains(state)) && !self.are_too_many_to_ask()
    }

    /// Whether the form has the link to the list without a filter. Where nobody matches, the box below has it.
    fn is_cleared_in_form(&self) -> bool {
        self.view.is_filtered() && (self.found.is_nobody_there || !self.is_nobody_found())
    }

    /// Whether these were deleted already: such places are restored, by the deletion that they went with.
    fn are_deleted(&self) -> bool {
        self.filter.state == Some(State::Deleted)
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
