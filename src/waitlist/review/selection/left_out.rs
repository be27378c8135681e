//! The entries of a selection to which its act cannot be done: what a confirmation tells of them.

use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use super::{ASKABLE, Act, Selection};
use crate::db::binds::Binds;
use crate::waitlist::joining::state::{STATE, State};
use crate::waitlist::joining::totals::Totals;
use crate::web::page::search::Count;

#[derive(QueryableByName)]
struct LeftOut {
    #[diesel(sql_type = Text, deserialize_as = String)]
    state: State,
    #[diesel(sql_type = BigInt)]
    entries: i64,
}

impl Selection {
    /// How many there are in each state, beside those who can be asked. Nothing of a search, where only what is found is
    /// counted, and nothing of a deletion, which leaves out nobody whom the list shows.
    pub(super) fn left_out(&self, conn: &mut PgConnection, chosen: Count) -> QueryResult<Vec<(State, i64)>> {
        let is_search = self.ids.is_empty() && self.filter.is_search();
        let Count::Exactly(chosen) = chosen else { return Ok(Vec::new()) };
        if self.act == Act::Delete || is_search {
            return Ok(Vec::new());
        }
        if self.ids.is_empty() { self.left_out_of_filter(conn, chosen) } else { self.left_out_of_ticked(conn) }
    }

    fn left_out_of_ticked(&self, conn: &mut PgConnection) -> QueryResult<Vec<(State, i64)>> {
        let mut binds = Binds::default();
        let (ids, condition) = (binds.add(self.ids.clone()), self.act.condition());
        let statement = format!(
            "SELECT {STATE} AS state, count(*) AS entries FROM waitlist WHERE id = ANY ({ids}) AND NOT ({condition}) \
             GROUP BY 1 ORDER BY 2 DESC, 1"
        );
        let rows: Vec<LeftOut> = binds.query(statement).load(conn)?;
        Ok(rows.into_iter().map(|row| (row.state, row.entries)).collect())
    }

    /// By the totals. Whoever confirmed before the mail bounced cannot be asked either: those are what is missing of the
    /// states that can.
    fn left_out_of_filter(&self, conn: &mut PgConnection, chosen: i64) -> QueryResult<Vec<(State, i64)>> {
        let totals = Totals::between(conn, self.filter.from, self.filter.to)?;
        let count = |state: State| totals.of(self.filter.role, &[state]);
        let (with, without): (Vec<_>, Vec<_>) = self.filter.states().iter().partition(|state| ASKABLE.contains(state));
        let missing = with.into_iter().map(|state: State| count(state)).sum::<i64>() - chosen;
        let left_out = without.into_iter().map(|state: State| (state, count(state)));
        Ok(left_out.chain([(State::Bounced, missing)]).filter(|(_, entries)| *entries > 0).collect())
    }
}
