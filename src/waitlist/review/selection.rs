//! The entries of a bulk act: some that were ticked, or all that a filter leaves.

use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use serde_json::json;

use super::entry_filter::EntryFilter;
use super::entry_search::MOST_FOUND;
use crate::audit::event::{Action, Actor};
use crate::db::binds::Binds;
use crate::schema::waitlist;
use crate::values::clock::Timestamp;
use crate::values::id::EntryId;
use crate::values::secret_key::SecretKeys;
use crate::waitlist::joining::confirmation_request;
use crate::waitlist::joining::entry::Entry;
use crate::waitlist::joining::role::ROLE;
use crate::waitlist::joining::state::{STATE, State};
use crate::waitlist::joining::totals::Totals;
use crate::web::page::paging::{self, Position};
use crate::web::page::search::Count;

mod left_out;

/// The states of those who can be asked to confirm.
pub(super) const ASKABLE: [State; 2] = [State::Joined, State::Bounced];
/// The id of no entry, where none was ticked: no ids at all would mean everyone.
pub(super) const NOBODY: i64 = 0;
/// Entries that a confirmation shows.
const SAMPLES: usize = 10;

/// What can be done to many entries at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Deletes them; this can be undone for some time.
    Delete,
    /// Asks them for their confirmation again.
    Ask,
}

/// Which entries.
#[derive(Clone, Debug)]
pub struct Selection {
    /// What is done to them. Entries to which it cannot be done are not chosen.
    pub act: Act,
    /// Those that were ticked; when none was, all that the filter leaves are chosen.
    pub ids: Vec<i64>,
    /// The filter.
    pub filter: EntryFilter,
}

/// An act on a selection, as an admin confirmed it.
#[derive(Clone, Debug)]
pub struct ConfirmedAct {
    /// The act and its entries.
    pub selection: Selection,
    /// How many entries the page said to the admin.
    pub expected: i64,
    /// Who acts.
    pub actor: Actor,
}

/// How many of the chosen were asked again. The others got as many such mails within a day as anybody may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// How many were.
    pub sent: i64,
    /// Of how many.
    pub of: i64,
}

/// How many are chosen, and some of them.
#[derive(Clone, Debug)]
pub struct Preview {
    /// How many: exactly, or more than the act is done to.
    pub count: Count,
    /// The addresses of the newest.
    pub samples: Vec<String>,
    /// Those of the selection to which it cannot be done, by their states.
    pub left_out: Vec<(State, i64)>,
}

#[derive(QueryableByName)]
struct Sample {
    #[diesel(sql_type = BigInt)]
    number: i64,
    #[diesel(sql_type = Text)]
    email: String,
}

#[derive(QueryableByName)]
struct Id {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

impl Act {
    /// The most that it is done to at once, so that it ends within the time that a request has; of the matches of a search no more
    /// than are counted.
    pub(super) fn most(self, is_search: bool) -> i64 {
        let most = match self {
            Self::Delete => 20_000,
            Self::Ask => 1_000,
        };
        if is_search { MOST_FOUND.min(most) } else { most }
    }

    fn condition(self) -> String {
        match self {
            Self::Delete => "deleted_at IS NULL".to_owned(),
            // The states are for the index of searches: the other columns are in none.
            Self::Ask => format!(
                "ARRAY[{ROLE}, {STATE}] && ARRAY['joined', 'bounced'] AND confirmed_at IS NULL AND invited_at IS NULL \
                 AND signed_up_at IS NULL AND left_at IS NULL AND deleted_at IS NULL"
            ),
        }
    }
}

/// The entries that an act could be done to.
struct Chosen {
    count: Count,
    samples: Vec<String>,
}

impl Selection {
    /// The most that the act is done to at once: no more than the page counts, since it acts on exactly what it restates.
    #[must_use]
    pub fn most(&self) -> i64 {
        self.act.most(self.ids.is_empty() && self.filter.is_search())
    }

    /// Whether none was ticked.
    #[must_use]
    pub fn is_nobody(&self) -> bool {
        self.ids == [NOBODY]
    }

    /// What it holds, and what of it is left out.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn preview(&self, conn: &mut PgConnection) -> QueryResult<Preview> {
        let Chosen { count, samples } = self.chosen(conn)?;
        Ok(Preview { count, samples, left_out: self.left_out(conn, count)? })
    }

    /// What it holds. No more is counted than the act can be done to, or than the totals tell.
    fn chosen(&self, conn: &mut PgConnection) -> QueryResult<Chosen> {
        if !self.ids.is_empty() {
            return self.ticked(conn);
        }
        if self.act == Act::Ask && !self.filter.states().iter().any(|state| ASKABLE.contains(state)) {
            return Ok(Chosen { count: Count::Exactly(0), samples: Vec::new() });
        }
        let mut search = self.filter.search("id, email, created_at, 0::bigint AS number".to_owned());
        search.conditions = format!("{} AND {}", search.conditions, self.act.condition());
        let count = if self.act == Act::Delete && !self.filter.is_search() {
            let totals = Totals::between(conn, self.filter.from, self.filter.to)?;
            let states = self.filter.states().iter().copied().filter(|state| *state != State::Deleted);
            Count::Exactly(totals.of(self.filter.role, &states.collect::<Vec<_>>()))
        } else {
            search.count(conn, self.most())?
        };
        if count == Count::Exactly(0) {
            return Ok(Chosen { count, samples: Vec::new() });
        }
        let (rows, _): (Vec<Sample>, _) = search.walk(conn, &Position::<EntryId>::Start, paging::LIMIT)?;
        Ok(Chosen { count, samples: rows.into_iter().map(|row| row.email).take(SAMPLES).collect() })
    }

    /// The same of those that were ticked, which are few.
    fn ticked(&self, conn: &mut PgConnection) -> QueryResult<Chosen> {
        let mut binds = Binds::default();
        let statement = include_str!("selection/preview.sql").replace("{condition}", &self.condition(&mut binds));
        let rows: Vec<Sample> = binds.query(statement).load(conn)?;
        let count = Count::Exactly(rows.first().map_or(0, |row| row.number));
        Ok(Chosen { count, samples: rows.into_iter().map(|row| row.email).take(SAMPLES).collect() })
    }

    /// What an entry has to meet to be chosen.
    pub(super) fn condition(&self, binds: &mut Binds) -> String {
        let is_chosen = if self.ids.is_empty() {
            self.filter.matching(binds)
        } else {
            format!("id = ANY ({})", binds.add(self.ids.clone()))
        };
        format!("{is_chosen} AND {}", self.act.condition())
    }

    /// The ids of the chosen entries, at most so many, whose rows it locks.
    fn lock(&self, conn: &mut PgConnection, most: i64) -> QueryResult<Vec<i64>> {
        let mut binds = Binds::default();
        let (condition, most) = (self.condition(&mut binds), binds.add(most));
        let statement = format!("SELECT id FROM waitlist WHERE {condition} ORDER BY id LIMIT {most} FOR UPDATE");
        let ids: Vec<Id> = binds.query(statement).load(conn)?;
        Ok(ids.into_iter().map(|row| row.id).collect())
    }
}

impl ConfirmedAct {
    /// Asks the chosen again, as far as each may be asked, if they are as many as expected.
    ///
    /// # Errors
    /// When a statement or the letter's template fails.
    pub fn ask(&self, conn: &mut PgConnection, now: Timestamp, keys: &SecretKeys) -> QueryResult<Option<Asked>> {
        let ids = self.selection.lock(conn, self.expected.saturating_add(1))?;
        if i64::try_from(ids.len()).ok() != Some(self.expected) {
            return Ok(None);
        }
        let chosen = waitlist::table.filter(waitlist::id.eq_any(ids)).select(Entry::as_select()).order(waitlist::id);
        let chosen: Vec<Entry> = chosen.load(conn)?;
        let asked = confirmation_request::request_confirmations(conn, now, keys, &chosen)?;
        let sent = i64::try_from(asked.len()).unwrap_or(i64::MAX);
        let told = Asked { sent, of: self.expected };
        if sent == 0 {
            return Ok(Some(told));
        }
        let Selection { ids, filter, .. } = &self.selection;
        let details = json!({ "filter": filter.as_query(), "ticked": ids.len(), "count": sent });
        Action::EntriesAsked.to_many(&self.actor).with(details).record_on(conn, now, &asked)?;
        Ok(Some(told))
    }
}
