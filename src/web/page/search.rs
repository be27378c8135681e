//! The search of an admin's list: reads any page of any filter within milliseconds, also of a million rows.

use chrono::NaiveDate;
use diesel::deserialize;
use diesel::pg::{Pg, PgConnection};
use diesel::prelude::*;
use diesel::row::NamedRow;
use diesel::sql_types::{BigInt, Nullable};

use super::paging::{self, Position};
use crate::db::binds::Binds;
use crate::values::id::{EntryId, UserId};
use crate::values::search_term::SearchTerm;

pub mod set_field;

/// Rows beside the position that are scanned: enough to fill a page with whatever many rows have in common.
const SCANNED: i64 = 3_000;
/// Weeks that one step of the index search reads at most, for a short term.
const WEEKS_OF_SHORT_TERM: usize = 6;
/// The same for a long term.
const WEEKS_OF_LONG_TERM: usize = 24;

/// What is searched: a table with an index by `created_at` and `id`, and one for searches, of which the week is the
/// first column.
#[derive(Debug)]
pub struct SearchedTable {
    /// The table, for statements.
    pub table: &'static str,
    /// Its column with the time, for statements.
    pub created_at: &'static str,
    /// The expression of a row's week, which the index for searches holds as an array of one value.
    pub week: &'static str,
    /// The type of its ids.
    pub id_type: &'static str,
}

/// The order of the rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// The newest first.
    #[default]
    Newest,
    /// The oldest first.
    Oldest,
}

/// What is searched for.
#[derive(Debug)]
pub struct Search<'a> {
    /// The table.
    pub searched: &'static SearchedTable,
    /// The columns to read, for statements.
    pub columns: String,
    /// The condition that a row has to meet; `true` for every row.
    pub conditions: String,
    /// The term that a row has to hold.
    pub term: Option<&'a SearchTerm>,
    /// The condition of the days on which it was made, by [`SearchedTable::between`]; `true` for every day.
    pub days: String,
    /// The values of both conditions.
    pub binds: Binds,
    /// The order of the rows.
    pub order: Order,
}

/// How many rows match: a number, or more than a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// This many.
    Exactly(i64),
    /// More than this many; counting them all would take too long.
    MoreThan(i64),
}

/// An id as a parameter of a statement.
pub trait SqlKey {
    /// The id as text, which the statement casts to its type.
    fn sql_text(&self) -> String;
}

impl SqlKey for UserId {
    fn sql_text(&self) -> String {
        self.to_string()
    }
}

impl SqlKey for EntryId {
    fn sql_text(&self) -> String {
        self.to_string()
    }
}

/// A row that was found, and how many rows were scanned to find it.
struct FoundRow<R> {
    row: R,
    scanned: i64,
}

impl<R: QueryableByName<Pg>> QueryableByName<Pg> for FoundRow<R> {
    fn build<'a>(row: &impl NamedRow<'a, Pg>) -> deserialize::Result<Self> {
        Ok(Self { row: R::build(row)?, scanned: NamedRow::get::<BigInt, _>(row, "scanned")? })
    }
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

/// The rows beside a position that match, and how many were scanned; unknown when none matches.
#[derive(QueryableByName)]
struct Beside {
    #[diesel(sql_type = BigInt)]
    number: i64,
    #[diesel(sql_type = Nullable<BigInt>)]
    scanned: Option<i64>,
}

/// A search that reads the rows after a position, or, in the opposite order, those before it.
struct Walk<'a> {
    search: &'a Search<'a>,
    is_ascending: bool,
    /// The condition that a row comes after the position, on one of the days.
    beyond: String,
    limit: i64,
    /// The placeholder of the limit.
    limit_bind: String,
    binds: Binds,
}

impl SearchedTable {
    /// The condition that a row was made between two days, both included, which begin and end in Chile as those of the
    /// totals do.
    #[must_use]
    pub fn between(&self, from: Option<NaiveDate>, to: Option<NaiveDate>, binds: &mut Binds) -> String {
        let at = self.created_at;
        let from = from.map(|day| format!("{at} >= ({}::timestamp AT TIME ZONE 'America/Santiago')", binds.add(day)));
        let to = to.map(|day| format!("{at} < (({} + 1)::timestamp AT TIME ZONE 'America/Santiago')", binds.add(day)));
        let all: Vec<_> = from.into_iter().chain(to).collect();
        if all.is_empty() { "true".to_owned() } else { all.join(" AND ") }
    }
}

impl Search<'_> {
    /// The rows nearest to a position, the nearest first, and whether these are surely all. They are fewer than `limit`
    /// only when they fill a page or there are no more.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn walk<R: QueryableByName<Pg> + 'static, K: SqlKey>(
        &self,
        conn: &mut PgConnection,
        position: &Position<K>,
        limit: i64,
    ) -> QueryResult<(Vec<R>, bool)> {
        Walk::new(self, position, limit).run(conn)
    }

    /// How many rows match, counted up to `most`.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn count(&self, conn: &mut PgConnection, most: i64) -> QueryResult<Count> {
        let walk = Walk::new(self, &Position::<EntryId>::Start, most + 1);
        let number = match walk.count_beside(conn)? {
            Some(number) => number,
            None => walk.count_by_index(conn)?,
        };
        Ok(if number > most { Count::MoreThan(most) } else { Count::Exactly(number) })
    }

    fn is_everything(&self) -> bool {
        self.conditions == "true"
    }
}

impl<'a> Walk<'a> {
    fn new<K: SqlKey>(search: &'a Search<'a>, position: &Position<K>, limit: i64) -> Self {
        let (SearchedTable { created_at, id_type, .. }, days) = (search.searched, &search.days);
        let is_ascending = (search.order == Order::Oldest) != matches!(position, Position::Before(_));
        let comparison = if is_ascending { ">" } else { "<" };
        let mut binds = search.binds.clone();
        let beyond = match position {
            Position::Start => days.clone(),
            Position::After(cursor) | Position::Before(cursor) => {
                let (at, id) = (binds.add(cursor.created_at), binds.add(cursor.id.sql_text()));
                format!("({created_at}, id) {comparison} ({at}, {id}::{id_type}) AND {days}")
            }
        };
        let limit_bind = binds.add(limit);
        Self { search, is_ascending, beyond, limit, limit_bind, binds }
    }

    /// Scans the rows beside the position first, by the index of the order: whatever many rows have in common is found
    /// there. When that does not fill a page, asks the index for searches. The planner would have to choose between the
    /// two by statistics of the words, which it does not have, and a wrong choice takes seconds.
    fn run<R: QueryableByName<Pg> + 'static>(&self, conn: &mut PgConnection) -> QueryResult<(Vec<R>, bool)> {
        let is_everything = self.search.is_everything();
        let window = if is_everything { self.limit } else { SCANNED };
        let mut binds = self.binds.clone();
        let scan = self.scan_statement(&self.search.columns, &binds.add(window));
        let scanned: Vec<FoundRow<R>> = binds.query(scan).load(conn)?;
        let are_all = scanned.first().is_some_and(|found| found.scanned < window);
        if are_all || is_everything || scanned.len() > usize::from(paging::PAGE_SIZE) {
            return Ok((scanned.into_iter().map(|found| found.row).collect(), are_all));
        }
        let statement = self.index_statement(&self.search.columns, &format!("ORDER BY {}", self.order()));
        let indexed: Vec<FoundRow<R>> = self.binds.clone().query(statement).load(conn)?;
        let are_all = i64::try_from(indexed.len()).is_ok_and(|rows| rows < self.limit);
        Ok((indexed.into_iter().map(|found| found.row).collect(), are_all))
    }

    /// How many of the rows beside the position match, up to the limit, when these tell it: as many as the limit, or all
    /// rows. A limit above them is never reached there.
    fn count_beside(&self, conn: &mut PgConnection) -> QueryResult<Option<i64>> {
        if self.limit > SCANNED {
            return Ok(None);
        }
        let mut binds = self.binds.clone();
        let scan = self.scan_statement("id", &binds.add(SCANNED));
        let statement = format!("SELECT count(*) AS number, max(scanned) AS scanned FROM ({scan}) AS part");
        let Beside { number, scanned } = binds.query(statement).get_result(conn)?;
        let is_told = number >= self.limit || scanned.is_some_and(|scanned| scanned < SCANNED);
        Ok(is_told.then_some(number))
    }

    fn count_by_index(&self, conn: &mut PgConnection) -> QueryResult<i64> {
        let statement = format!("SELECT count(*) AS number FROM ({}) AS part", self.index_statement("id", ""));
        Ok(self.binds.clone().query(statement).get_result::<Number>(conn)?.number)
    }

    /// Scans the rows beside the position, one after the other.
    fn scan_statement(&self, columns: &str, window: &str) -> String {
        let Search { searched: SearchedTable { table, .. }, conditions, .. } = self.search;
        let (beyond, order, limit) = (&self.beyond, self.order(), &self.limit_bind);
        format!(
            "WITH beside AS MATERIALIZED (SELECT * FROM {table} WHERE {beyond} ORDER BY {order} LIMIT {window}) \
             SELECT {columns}, (SELECT count(*) FROM beside) AS scanned \
             FROM beside WHERE {conditions} ORDER BY {order} LIMIT {limit}"
        )
    }

    /// Reads the index for searches from week to week, a few at a time and without those that have no rows, until there
    /// are enough. To count them, a step is not sorted, so that it ends at the limit and not with its weeks.
    fn index_statement(&self, columns: &str, sort: &str) -> String {
        let SearchedTable { table, created_at, week, .. } = self.search.searched;
        let (sign, next) = if self.is_ascending {
            ("+", format!("{created_at} >= to_timestamp((span.week + span.weeks) * 604800)"))
        } else {
            ("-", format!("{created_at} < to_timestamp((span.week - span.weeks + 1) * 604800)"))
        };
        format!(
            include_str!("search/by_week.sql"),
            table = table,
            week = week,
            columns = columns,
            conditions = self.search.conditions,
            beyond = self.beyond,
            order = self.order(),
            sort = sort,
            days = self.search.days,
            limit = self.limit_bind,
            sign = sign,
            next = next,
            weeks = self.search.most_weeks(),
        )
    }

    fn order(&self) -> String {
        let created_at = self.search.searched.created_at;
        if self.is_ascending { format!("{created_at}, id") } else { format!("{created_at} DESC, id DESC") }
    }
}

impl Search<'_> {
    /// Each part of a long term costs time at every step of the index search, and few rows hold them all: steps of more
    /// weeks are fewer steps. So it is without a term, where the index tells all, and nothing is compared.
    fn most_weeks(&self) -> usize {
        let letters = self.term.map_or(WEEKS_OF_LONG_TERM, |term| term.as_str().chars().count());
        letters.clamp(WEEKS_OF_SHORT_TERM, WEEKS_OF_LONG_TERM)
    }
}
