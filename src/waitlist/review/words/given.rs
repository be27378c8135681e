//! What a filter asks for, in the words of its form.

use super::Words;
use crate::waitlist::joining::role::Role;
use crate::waitlist::review::entry_filter::EntryFilter;

impl Words {
    /// The fields that narrow the list, with what was chosen in them.
    pub(in crate::waitlist::review) fn given(&self, filter: &EntryFilter) -> Vec<(&'static str, String)> {
        let roles = |role| if role == Role::Employee { self.employees } else { self.organizations };
        let day = |day| self.locale.day(day);
        let fields = [
            (self.search, filter.term.as_ref().map(|term| term.as_str().to_owned())),
            (self.role, filter.role.map(|role| roles(role).to_owned())),
            (self.state, filter.state.map(|state| self.state_of(state).to_owned())),
            (self.state, filter.needs_review.then(|| self.flagged.to_owned())),
            (self.from, filter.from.map(day)),
            (self.to, filter.to.map(day)),
            (self.source, filter.source.as_ref().map(ToString::to_string)),
        ];
        fields.into_iter().filter_map(|(label, value)| Some((label, value?))).collect()
    }
}
