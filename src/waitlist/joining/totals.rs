//! How many places there are by day, role and state. The writes keep count themselves (triggers of migration 009), so
//! that no page has to scan the list.

use chrono::NaiveDate;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Nullable, Text};

use super::role::Role;
use super::state::State;
use crate::db::BATCH;

/// Both tables: what was summed up, and what has changed since.
const COUNTED: &str = "(SELECT day, role, state, entries FROM waitlist_total \
                       UNION ALL SELECT day, role, state, entries FROM waitlist_change) AS counted";

/// Brings the sums up to date. In one order, so that two processes which do so never wait for each other in a circle.
const FOLD: &str = "WITH taken AS ( \
                      DELETE FROM waitlist_change WHERE id IN ( \
                        SELECT id FROM waitlist_change ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED) \
                      RETURNING day, role, state, entries), \
                    summed AS ( \
                      INSERT INTO waitlist_total (day, role, state, entries) \
                      SELECT day, role, state, sum(entries) FROM taken GROUP BY 1, 2, 3 ORDER BY 1, 2, 3 \
                      ON CONFLICT ON CONSTRAINT waitlist_total_pkey \
                      DO UPDATE SET entries = waitlist_total.entries + excluded.entries) \
                    SELECT count(*) AS entries FROM taken";

/// How many places there are, of each role in each state.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Totals(pub(in crate::waitlist) Vec<(Role, State, i64)>);

/// How many of a role joined on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayTotal {
    /// The day, in Chile.
    pub day: NaiveDate,
    /// Of which role.
    pub role: Role,
    /// How many, whatever became of them.
    pub entries: i64,
}

#[derive(QueryableByName)]
struct StateRow {
    #[diesel(sql_type = Text)]
    role: String,
    #[diesel(sql_type = Text)]
    state: String,
    #[diesel(sql_type = BigInt)]
    entries: i64,
}

#[derive(QueryableByName)]
struct DayRow {
    #[diesel(sql_type = Date)]
    day: NaiveDate,
    #[diesel(sql_type = Text)]
    role: String,
    #[diesel(sql_type = BigInt)]
    entries: i64,
}

#[derive(QueryableByName)]
struct Folded {
    #[diesel(sql_type = BigInt)]
    entries: i64,
}

impl Totals {
    /// Of everyone who joined from one day to another, both included, in Chile; without a day there is no bound.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn between(conn: &mut PgConnection, from: Option<NaiveDate>, to: Option<NaiveDate>) -> QueryResult<Self> {
        let statement = format!(
            "SELECT role, state, sum(entries)::bigint AS entries FROM {COUNTED} \
             WHERE ($1 IS NULL OR day >= $1) AND ($2 IS NULL OR day <= $2) GROUP BY role, state"
        );
        let rows: Vec<StateRow> =
            diesel::sql_query(statement).bind::<Nullable<Date>, _>(from).bind::<Nullable<Date>, _>(to).load(conn)?;
        Ok(Self(rows.into_iter().map(|row| (row.role.into(), row.state.into(), row.entries)).collect()))
    }

    /// Of this role, or of both, that the list shows: all but the deleted.
    #[must_use]
    pub fn listed(&self, role: Option<Role>) -> i64 {
        self.of(role, &State::LISTED)
    }

    /// Of this role, or of both, in one of these states.
    #[must_use]
    pub fn of(&self, role: Option<Role>, states: &[State]) -> i64 {
        let counted =
            self.0.iter().filter(|(of, state, _)| role.is_none_or(|role| role == *of) && states.contains(state));
        counted.map(|(_, _, entries)| entries).sum()
    }
}

/// How many joined on each day since this one; a day on which nobody did is not in it.
///
/// # Errors
/// When the statement fails.
pub fn joined_since(conn: &mut PgConnection, day: NaiveDate) -> QueryResult<Vec<DayTotal>> {
    let statement = format!(
        "SELECT day, role, sum(entries)::bigint AS entries FROM {COUNTED} WHERE day >= $1 GROUP BY day, role \
         HAVING sum(entries) <> 0 ORDER BY day, role"
    );
    let rows: Vec<DayRow> = diesel::sql_query(statement).bind::<Date, _>(day).load(conn)?;
    Ok(rows.into_iter().map(|row| DayTotal { day: row.day, role: row.role.into(), entries: row.entries }).collect())
}

/// Brings the sums up to date, a batch of changes at a time; tells how many.
///
/// # Errors
/// When the statement fails.
pub fn fold(conn: &mut PgConnection) -> QueryResult<usize> {
    let Folded { entries } = diesel::sql_query(FOLD).bind::<BigInt, _>(BATCH).get_result(conn)?;
    Ok(usize::try_from(entries).unwrap_or_default())
}
