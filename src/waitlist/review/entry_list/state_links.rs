//! The states of the places beside the filter, each a link to the places in it.

use super::EntriesPage;
use crate::waitlist::joining::state::State;
use crate::waitlist::review::entry_filter::EntryFilter;
use crate::waitlist::review::entry_search::ListedEntry;
use crate::web::page::search::Count;
use crate::web::paths;

/// The places of one state among those that are listed.
pub(super) struct StateLink {
    pub(super) path: String,
    pub(super) label: &'static str,
    /// How many there are, if that is known.
    pub(super) number: Option<i64>,
    pub(super) is_here: bool,
}

impl EntriesPage {
    /// The states of the places beside the filter, as far as there are any. A search has no such counts: what is listed is
    /// counted, and so is each state where this page shows all that was found; else all states are named.
    pub(super) fn state_links(&self) -> Vec<StateLink> {
        let link = |state: Option<State>, label| {
            let filter = self.filter.in_state(state);
            let is_here = filter == self.filter;
            let number = match self.found.count {
                _ if self.has_states() => Some(self.found.totals.of(self.filter.role, filter.states())),
                Count::Exactly(number) if is_here => Some(number),
                // The deleted are not among the others.
                _ if state == Some(State::Deleted) => None,
                _ => self.shown(|entry| Some(entry.state) == state),
            };
            StateLink { path: filter.kept_in(paths::waitlist::LIST), label, number, is_here }
        };
        let states = State::ALL.map(|state| link(Some(state), self.t.state_of(state)));
        let all = std::iter::once(link(None, self.t.all_states)).chain(states).chain(self.review_link());
        all.filter(|link| link.number != Some(0) || link.is_here).collect()
    }

    /// Whether the totals tell how many there are in each state: also where there is nobody at all.
    const fn has_states(&self) -> bool {
        self.found.is_nobody_there || !self.filter.has_no_states()
    }

    /// How many of the places of this page these are, where it shows all that was found in whatever state.
    fn shown(&self, these: impl Fn(&ListedEntry) -> bool) -> Option<i64> {
        let rows = &self.found.entries.rows;
        let number = |rows: usize| i64::try_from(rows).unwrap_or(i64::MAX);
        let is_of_all = self.filter.state.is_none() && !self.filter.needs_review;
        let are_all_here = self.found.count == Count::Exactly(number(rows.len()));
        (is_of_all && are_all_here).then(|| number(rows.iter().filter(|entry| these(entry)).count()))
    }

    /// Those that wait for a review.
    fn review_link(&self) -> Option<StateLink> {
        let filter = EntryFilter { needs_review: true, ..self.filter.in_state(None) };
        let is_here = self.filter.needs_review;
        let number = match self.found.count {
            _ if !is_here => self.found.flagged.or_else(|| self.shown(|entry| entry.is_flagged)),
            Count::Exactly(number) => Some(number),
            Count::MoreThan(_) => None,
        };
        let link = StateLink { path: filter.kept_in(paths::waitlist::LIST), label: self.t.flagged, number, is_here };
        (!self.found.is_nobody_there).then_some(link)
    }
}
