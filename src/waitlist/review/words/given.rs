//! What a filter asks for, in the words of its form, and how much of it a page shows.

use super::Words;
use crate::values::locale::Locale;
use crate::values::search_term::SearchTerm;
use crate::waitlist::joining::role::Role;
use crate::waitlist::review::entry_filter::EntryFilter;
use crate::web::page::search::set_field::SetField;

/// A page of the list with so many rows. Of a later one nobody knows how many are before it.
#[derive(Clone, Copy, Debug)]
pub(in crate::waitlist::review) enum Part {
    /// It begins the list.
    First(usize),
    /// It does not.
    Later(usize),
}

impl Words {
    /// The fields that narrow the list, with what was chosen in them.
    pub(in crate::waitlist::review) fn given(&self, filter: &EntryFilter) -> Vec<SetField> {
        let roles = |role| if role == Role::Employee { self.employees } else { self.organizations };
        let day = |day| self.locale.day(day);
        let fields = [
            SetField::new("q", self.search, filter.term.as_ref().map(SearchTerm::as_str)),
            SetField::new("role", self.role, filter.role.map(roles)),
            SetField::new("state", self.state, filter.state.map(|state| self.state_of(state))),
            SetField::new("state", self.state, filter.needs_review.then_some(self.flagged)),
            SetField::new("from", self.from, filter.from.map(day)),
            SetField::new("to", self.to, filter.to.map(day)),
            SetField::new("source", self.source, filter.source.as_ref().map(ToString::to_string)),
        ];
        fields.into_iter().flatten().collect()
    }

    /// For paper, which has no next page to press: `1–25 of 103`, or `25 of 103` of a later page.
    pub(in crate::waitlist::review) fn part(&self, part: Part, of: &str) -> String {
        let of = if self.locale == Locale::Es { format!("de {of}") } else { format!("of {of}") };
        match part {
            Part::First(rows) => format!("1–{rows} {of}"),
            Part::Later(rows) => format!("{rows} {of}"),
        }
    }
}
