//! How many entries there are by day, role and state. Triggers count every write (migration 009), so that no page has
//! to scan the list.

use chrono::NaiveDate;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Nullable, Text, Timestamptz};

use super::role::{ROLE, Role};
use super::state::{STATE, State};
use crate::db::BATCH;
use crate::schema::{waitlist_wave, waitlist_wave_count};
use crate::values::clock::Timestamp;

/// Every count: the sums, and the changes that are not added to them yet.
pub(in crate::waitlist) const COUNTED: &str = "(SELECT day, role, state, entries FROM waitlist_total \
    UNION ALL SELECT day, role, state, entries FROM waitlist_change) AS counted";

/// The confirmed entries of each role by the minute in which they joined, in the same way (migration 026).
pub(in crate::waitlist) const COUNTED_TURNS: &str = "(SELECT role, minute, entries FROM waitlist_turn_total \
    UNION ALL SELECT role, minute, entries FROM waitlist_turn_change) AS counted";

/// Waves of a week whose invitations are counted at most. Admins send a handful.
const MOST_WAVES: i64 = 200;

/// Invitations of a week that are counted one by one at most.
const MOST_INVITED: i64 = 5_000;

/// The listed places of each source and those of them that were confirmed, in the same way (migration 051).
const COUNTED_SOURCES: &str = "(SELECT source, joined, confirmed FROM waitlist_source_total \
    UNION ALL SELECT source, joined, confirmed FROM waitlist_source_change) AS counted";

/// Forgets sources from which nobody is left, as after an erasure.
const FORGET_SOURCES: &str = "DELETE FROM waitlist_source_total WHERE joined = 0 AND confirmed = 0";

/// Waits for another recount: two at once would both add what is missing.
const LOCK: &str = "SELECT pg_advisory_xact_lock(hashtext('waitlist_recount'))";

/// How many entries there are, of each role in each state.
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

/// How many came from a source.
#[derive(Clone, Debug, PartialEq, Eq, QueryableByName)]
pub struct SourceTotal {
    /// The source.
    #[diesel(sql_type = Text)]
    pub source: String,
    /// How many the list shows of those who came from it.
    #[diesel(sql_type = BigInt)]
    pub joined: i64,
    /// How many of them confirmed their address.
    #[diesel(sql_type = BigInt)]
    pub confirmed: i64,
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
struct Invited {
    #[diesel(sql_type = BigInt)]
    all_roles: i64,
    #[diesel(sql_type = BigInt)]
    of_role: i64,
}

#[derive(QueryableByName)]
struct RolledUp {
    #[diesel(sql_type = BigInt)]
    entries: i64,
}

impl Totals {
    /// Of every day.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn all(conn: &mut PgConnection) -> QueryResult<Self> {
        Self::between(conn, None, None)
    }

    /// Of the entries that joined from one day to another, both included, in Chile; without a day there is no bound.
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

    /// Of this role, or of both without one, all that the list shows: it hides the deleted.
    #[must_use]
    pub fn listed(&self, role: Option<Role>) -> i64 {
        self.of(role, &State::LISTED)
    }

    /// Of this role, or of both without one, in any of these states.
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

/// How many of a role were invited since then. Where more than some thousands were, whom nobody counts at each look at a page,
/// those of the waves that were made since then, if they are more.
///
/// # Errors
/// When a statement fails.
pub(in crate::waitlist) fn invited_since(conn: &mut PgConnection, role: Role, since: Timestamp) -> QueryResult<i64> {
    let invited = format!("SELECT {ROLE} AS role FROM waitlist WHERE invited_at >= $1 LIMIT $3");
    let count = "SELECT count(*) AS all_roles, count(*) FILTER (WHERE role = $2) AS of_role";
    let count = diesel::sql_query(format!("{count} FROM ({invited}) AS invited"));
    let count = count.bind::<Timestamptz, _>(since).bind::<Text, _>(role.as_str()).bind::<BigInt, _>(MOST_INVITED);
    let Invited { all_roles, of_role } = count.get_result(conn)?;
    if all_roles < MOST_INVITED { Ok(of_role) } else { Ok(of_role.max(by_waves_since(conn, role, since)?)) }
}

fn by_waves_since(conn: &mut PgConnection, role: Role, since: Timestamp) -> QueryResult<i64> {
    let recent = waitlist_wave::table.filter(waitlist_wave::made_at.ge(since)).order(waitlist_wave::id.desc());
    let recent: Vec<i64> = recent.select(waitlist_wave::id).limit(MOST_WAVES).load(conn)?;
    if recent.is_empty() {
        return Ok(0);
    }
    let of_role = waitlist_wave_count::table.filter(waitlist_wave_count::role.eq(role.as_str()));
    let counts = of_role.filter(waitlist_wave_count::wave_id.eq_any(recent)).select(waitlist_wave_count::sent);
    Ok(counts.load::<i64>(conn)?.into_iter().sum())
}

/// The sources from which most came, at most so many.
///
/// # Errors
/// When the statement fails.
pub fn by_source(conn: &mut PgConnection, most: i64) -> QueryResult<Vec<SourceTotal>> {
    diesel::sql_query(include_str!("totals/by_source.sql")).bind::<BigInt, _>(most).load(conn)
}

/// Adds a batch of the changes of each kind to the sums; returns the largest number of changes.
///
/// # Errors
/// When a statement fails.
pub fn roll_up(conn: &mut PgConnection) -> QueryResult<usize> {
    let statement = diesel::sql_query(include_str!("totals/roll_up.sql"));
    let RolledUp { entries } = statement.bind::<BigInt, _>(BATCH).get_result(conn)?;
    let turns = diesel::sql_query(include_str!("totals/roll_up_turns.sql"));
    let RolledUp { entries: turns } = turns.bind::<BigInt, _>(BATCH).get_result(conn)?;
    let sources = diesel::sql_query(include_str!("totals/roll_up_sources.sql"));
    let RolledUp { entries: sources } = sources.bind::<BigInt, _>(BATCH).get_result(conn)?;
    if sources > 0 {
        diesel::sql_query(FORGET_SOURCES).execute(conn)?;
    }
    Ok(usize::try_from(entries.max(turns).max(sources)).unwrap_or_default())
}

/// Counts the whole list and sets the totals right; returns how many of them were wrong. Nobody waits for it, and what is
/// written meanwhile is counted as always.
///
/// # Errors
/// When a statement fails.
pub fn recount(conn: &mut PgConnection) -> QueryResult<usize> {
    conn.build_transaction().read_committed().run(|conn| {
        // The statements after it see what the recount before this one added.
        diesel::sql_query(LOCK).execute(conn)?;
        let days = format!(include_str!("totals/recount.sql"), state = STATE, counted = COUNTED);
        let turns =
            format!(include_str!("totals/recount_turns.sql"), role = ROLE, state = STATE, counted = COUNTED_TURNS);
        let sources = format!(include_str!("totals/recount_sources.sql"), counted = COUNTED_SOURCES);
        let set_right = [days, turns, sources].into_iter().map(|statement| diesel::sql_query(statement).execute(conn));
        set_right.sum()
    })
}
