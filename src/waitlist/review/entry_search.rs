//! The admin's search of the list: a page of any filter within milliseconds, even among a million entries.

use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, Text, Timestamptz};
use serde_json::json;

use super::entry_filter::{EntryFilter, IS_FLAGGED};
use crate::audit::event::{Action, Actor};
use crate::values::clock::Timestamp;
use crate::values::id::EntryId;
use crate::waitlist::joining::role::Role;
use crate::waitlist::joining::state::{STATE, State};
use crate::waitlist::joining::totals::Totals;
use crate::web::page::paging::{self, Cursor, Paged, Position};
use crate::web::page::search::{Count, Search};

/// Places that wait for a review, of any role and state, among which those of a filter are counted; beside more of them the
/// list goes without the number.
const MOST_FLAGGED: i64 = 1_000;
/// Matches of a term that are counted at most, since counting takes time for each. A bulk act is done to no more.
pub(super) const MOST_FOUND: i64 = 5_000;

/// An entry as lists show it.
#[derive(Clone, Debug, QueryableByName)]
pub struct ListedEntry {
    #[diesel(sql_type = BigInt, deserialize_as = i64)]
    /// Its id.
    pub id: EntryId,
    /// Its address.
    #[diesel(sql_type = Text)]
    pub email: String,
    /// What they are here for.
    #[diesel(sql_type = Text, deserialize_as = String)]
    pub role: Role,
    /// How far it has come.
    #[diesel(sql_type = Text, deserialize_as = String)]
    pub state: State,
    /// When they joined.
    #[diesel(sql_type = Timestamptz)]
    pub created_at: Timestamp,
    /// When they were last asked to confirm their address.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub asked_at: Option<Timestamp>,
    /// When they confirmed it.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub confirmed_at: Option<Timestamp>,
    /// When the relay took their invitation over.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub invited_at: Option<Timestamp>,
    /// When their address had an account.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub signed_up_at: Option<Timestamp>,
    /// When mail to them was refused.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub bounced_at: Option<Timestamp>,
    /// When they left.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub left_at: Option<Timestamp>,
    /// When an admin deleted the place.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub deleted_at: Option<Timestamp>,
    /// Where they came from.
    #[diesel(sql_type = Nullable<Text>)]
    pub source: Option<String>,
    /// Whether anything suggested a bot when it joined.
    #[diesel(sql_type = Bool)]
    pub is_flagged: bool,
}

/// A page of the list, and how much there is.
#[derive(Debug)]
pub struct Found {
    /// The page.
    pub entries: Paged<ListedEntry, EntryId>,
    /// How many match.
    pub count: Count,
    /// How many that match wait for a review; not told where there are many, and in a search.
    pub flagged: Option<i64>,
    /// How many joined on the days of the filter, whatever its term and its source.
    pub totals: Totals,
    /// Whether nobody at all is on the list.
    pub is_nobody_there: bool,
}

#[derive(QueryableByName)]
struct Flagged {
    #[diesel(sql_type = BigInt)]
    number: i64,
    /// Among how many.
    #[diesel(sql_type = BigInt)]
    counted: i64,
}

impl ListedEntry {
    /// When it came so far as its state says.
    #[must_use]
    pub const fn reached_at(&self) -> Option<Timestamp> {
        match self.state {
            State::Joined => Some(self.created_at),
            State::Confirmed => self.confirmed_at,
            State::Invited => self.invited_at,
            State::SignedUp => self.signed_up_at,
            State::Bounced => self.bounced_at,
            State::Left => self.left_at,
            State::Deleted => self.deleted_at,
        }
    }

    /// Its place in the list.
    #[must_use]
    pub const fn cursor(&self) -> Cursor<EntryId> {
        Cursor { created_at: self.created_at, id: self.id }
    }
}

/// One page of the entries that a filter leaves, and their count.
///
/// # Errors
/// When a statement fails.
pub fn page(conn: &mut PgConnection, filter: &EntryFilter, position: &Position<EntryId>) -> QueryResult<Found> {
    let walk = |position: &Position<EntryId>| walk(conn, filter, position, paging::LIMIT);
    let entries = Paged::read(position, walk, ListedEntry::cursor)?;
    let totals = Totals::between(conn, filter.from, filter.to)?;
    let (count, flagged) = if filter.is_search() {
        (filter.search(columns()).count(conn, MOST_FOUND)?, None)
    } else {
        (Count::Exactly(totals.of(filter.role, filter.states())), flagged(conn, filter)?)
    };
    let is_nobody_there = entries.rows.is_empty() && Totals::all(conn)?.of(None, &State::ALL) == 0;
    Ok(Found { entries, count, flagged, totals, is_nobody_there })
}

/// How many of the role and the days of a filter wait for a review, whatever state it asks for.
fn flagged(conn: &mut PgConnection, filter: &EntryFilter) -> QueryResult<Option<i64>> {
    let filter = EntryFilter { needs_review: true, ..filter.in_state(None) };
    let Search { conditions, days, mut binds, .. } = filter.search(String::new());
    let limit = binds.add(MOST_FLAGGED + 1);
    // By the index of those alone: to count the matches themselves up to a limit could read any number of others.
    let statement = format!(
        "WITH flagged AS MATERIALIZED (SELECT * FROM waitlist WHERE {IS_FLAGGED} AND {days} \
         ORDER BY created_at DESC, id DESC LIMIT {limit}) \
         SELECT count(*) FILTER (WHERE {conditions}) AS number, count(*) AS counted FROM flagged"
    );
    let Flagged { number, counted } = binds.query(statement).get_result(conn)?;
    Ok((counted <= MOST_FLAGGED).then_some(number))
}

/// The newest entries that a filter leaves, at most so many.
///
/// # Errors
/// When a statement fails.
pub fn first(conn: &mut PgConnection, filter: &EntryFilter, most: usize) -> QueryResult<Vec<ListedEntry>> {
    walk(conn, filter, &Position::Start, i64::try_from(most).unwrap_or(paging::LIMIT))
}

/// The entries of this address, the deleted too, whatever its case, and the one of this id.
///
/// # Errors
/// When the statement fails.
pub fn named(conn: &mut PgConnection, address: &str, id: Option<EntryId>) -> QueryResult<Vec<ListedEntry>> {
    // Found first, each way by its index: one condition for all would be planned as a walk through the whole list by id.
    let found = "SELECT id FROM waitlist WHERE email = lower($1) \
                 UNION ALL SELECT id FROM waitlist WHERE email <> lower(email) AND lower(email) = lower($1) \
                 UNION ALL SELECT $2";
    let statement = format!("SELECT {} FROM waitlist WHERE id = ANY (ARRAY({found})) ORDER BY id LIMIT 10", columns());
    let statement = diesel::sql_query(statement).bind::<Text, _>(address);
    statement.bind::<Nullable<BigInt>, _>(id.map(EntryId::as_i64)).load(conn)
}

/// Records that the entries of a filter were exported: who, when and the filter, none of the addresses.
///
/// # Errors
/// When the statement fails.
pub fn record_export(conn: &mut PgConnection, now: Timestamp, actor: &Actor, filter: &EntryFilter) -> QueryResult<()> {
    Action::WaitlistExported.to_many(actor).with(json!({ "filter": filter.as_query() })).record(conn, now)
}

/// The next entries that a filter leaves, beginning after one; an empty batch means that there are no more.
///
/// # Errors
/// When a statement fails.
pub fn batch(
    conn: &mut PgConnection,
    filter: &EntryFilter,
    after: Option<Cursor<EntryId>>,
) -> QueryResult<Vec<ListedEntry>> {
    walk(conn, filter, &after.map_or(Position::Start, Position::After), crate::db::BATCH)
}

fn walk(
    conn: &mut PgConnection,
    filter: &EntryFilter,
    position: &Position<EntryId>,
    limit: i64,
) -> QueryResult<Vec<ListedEntry>> {
    Ok(filter.search(columns()).walk(conn, position, limit)?.0)
}

fn columns() -> String {
    format!(
        "id, email, role, {STATE} AS state, created_at, asked_at, confirmed_at, invited_at, signed_up_at, bounced_at, \
         left_at, deleted_at, source, {IS_FLAGGED} AS is_flagged"
    )
}
