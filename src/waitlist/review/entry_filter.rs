//! Which entries of the list an admin looks at, and in which order.

use chrono::{Datelike, NaiveDate};

use crate::db::binds::Binds;
use crate::values::search_term::SearchTerm;
use crate::waitlist::joining::role::{ROLE, Role};
use crate::waitlist::joining::state::{STATE, State};
use crate::web::page::search::{Order, Search, SearchedTable};
use crate::web::paths;
use crate::web::visitor::source::Source;

/// The value of the parameter of states for those that wait for a review.
pub const NEEDS_REVIEW: &str = "review";
/// SQL: whether anything suggested a bot when it joined, and no admin has reviewed it.
pub const IS_FLAGGED: &str = "coalesce(cardinality(signals), 0) > 0";
/// As in `waitlist_search_idx`.
const ADDRESS: &str = r#"lower(email COLLATE "C")"#;
/// As in `waitlist_search_idx`.
const LETTERS: &str = r#"ARRAY[left(lower(email COLLATE "C"), 1), left(lower(email COLLATE "C"), 2)]"#;

static SEARCHED: SearchedTable = SearchedTable {
    table: "waitlist",
    created_at: "created_at",
    week: "floor(date_part('epoch', created_at AT TIME ZONE 'UTC') / 604800)",
    id_type: "bigint",
};

/// Which entries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EntryFilter {
    /// Those whose address has this.
    pub term: Option<SearchTerm>,
    /// Those of this role.
    pub role: Option<Role>,
    /// Those in this state; without one, all but the deleted.
    pub state: Option<State>,
    /// Those that something suggested a bot of when they joined, until an admin has reviewed them.
    pub needs_review: bool,
    /// Those who joined on this day or later.
    pub from: Option<NaiveDate>,
    /// Those who joined on this day or earlier.
    pub to: Option<NaiveDate>,
    /// Those who came from here.
    pub source: Option<Source>,
    /// In which order.
    pub order: Order,
}

impl EntryFilter {
    /// Reads a day of an address; nothing when it is none that anyone joined on.
    #[must_use]
    pub fn day(typed: &str) -> Option<NaiveDate> {
        NaiveDate::parse_from_str(typed, "%Y-%m-%d").ok().filter(|day| (1970..3000).contains(&day.year()))
    }

    /// Whether it excludes nobody whom the list shows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        Self { order: Order::Newest, ..self.clone() } == Self::default()
    }

    /// Whether the totals do not tell how many entries it has, so that they are counted, up to a bound.
    #[must_use]
    pub const fn is_search(&self) -> bool {
        self.needs_review || self.has_no_states()
    }

    /// Whether the totals do not tell either how many there are in each state.
    #[must_use]
    pub const fn has_no_states(&self) -> bool {
        self.term.is_some() || self.source.is_some()
    }

    /// The same entries, in this state alone or in any.
    #[must_use]
    pub fn in_state(&self, state: Option<State>) -> Self {
        Self { state, needs_review: false, ..self.clone() }
    }

    /// The states of its entries.
    #[must_use]
    pub fn states(&self) -> &[State] {
        self.state.as_ref().map_or(&State::LISTED, std::slice::from_ref)
    }

    /// Its parameters, as an address has them; an empty one is not given.
    #[must_use]
    pub fn parameters(&self) -> Vec<(&'static str, String)> {
        let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
        let sort = if self.order == Order::Oldest { "oldest" } else { "" };
        vec![
            ("q", self.term.as_ref().map(|term| term.as_str().to_owned()).unwrap_or_default()),
            ("role", self.role.map_or("", Role::as_str).to_owned()),
            ("state", if self.needs_review { NEEDS_REVIEW } else { self.state.map_or("", State::as_str) }.to_owned()),
            ("from", day(self.from)),
            ("to", day(self.to)),
            ("source", self.source.as_ref().map(ToString::to_string).unwrap_or_default()),
            ("sort", sort.to_owned()),
        ]
    }

    /// This path with the filter as its query, so that the page there leads back to the list as it was.
    #[must_use]
    pub fn kept_in(&self, path: &str) -> String {
        let parameters = self.parameters();
        paths::with_query(path, &parameters.iter().map(|(name, value)| (*name, value.as_str())).collect::<Vec<_>>())
    }

    /// The same as one text, without what is not given.
    #[must_use]
    pub fn as_query(&self) -> String {
        let given = self.parameters().into_iter().filter(|(_, value)| !value.is_empty());
        form_urlencoded::Serializer::new(String::new()).extend_pairs(given).finish()
    }

    /// The search for its entries.
    pub(super) fn search(&self, columns: String) -> Search<'_> {
        let mut binds = Binds::default();
        let (conditions, days) = (self.conditions(&mut binds), self.days(&mut binds));
        let (term, order) = (self.term.as_ref(), self.order);
        Search { searched: &SEARCHED, columns, conditions, term, days, binds, order }
    }

    /// What an entry has to meet to be one of them: for acts on all that match.
    pub(super) fn matching(&self, binds: &mut Binds) -> String {
        format!("{} AND {}", self.conditions(binds), self.days(binds))
    }

    fn days(&self, binds: &mut Binds) -> String {
        SEARCHED.between(self.from, self.to, binds)
    }

    fn conditions(&self, binds: &mut Binds) -> String {
        let states: Vec<_> = self.states().iter().map(|state| format!("'{}'", state.as_str())).collect();
        let mut all = vec![format!("ARRAY[{ROLE}, {STATE}] && ARRAY[{}]", states.join(", "))];
        if let Some(role) = self.role {
            all.push(format!("ARRAY[{ROLE}, {STATE}] @> ARRAY['{}']", role.as_str()));
        }
        if self.needs_review {
            all.push(IS_FLAGGED.to_owned());
        }
        if let Some(source) = &self.source {
            all.push(format!("ARRAY[source] @> ARRAY[{}]", binds.add(source.to_string())));
        }
        if let Some(term) = &self.term {
            if !term.is_anywhere() {
                all.push(format!("{LETTERS} @> ARRAY[lower({})]", binds.add(term.letters())));
            }
            let typed = format!("{ADDRESS} LIKE lower({})", binds.add(term.pattern()));
            let as_kept = [term.domain_pattern(), term.plain_pattern()].into_iter().flatten();
            let others: Vec<_> = as_kept.map(|kept| format!("{ADDRESS} LIKE {}", binds.add(kept))).collect();
            all.push(if others.is_empty() { typed } else { format!("({typed} OR {})", others.join(" OR ")) });
        }
        all.join(" AND ")
    }
}
