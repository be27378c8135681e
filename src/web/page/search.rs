//! The search of an admin's list: any page of any filter within milliseconds, of a million rows too.

use chrono::NaiveDate;
use diesel::deserialize;
use diesel::pg::{Pg, PgConnection};
use diesel::prelude::*;
use diesel::row::NamedRow;
use diesel::sql_types::BigInt;

use super::paging::{self, Position};
use crate::db::binds::Binds;
use crate::values::id::{EntryId, UserId};
use crate::values::term::Term;

/// Rows beside the position that are looked at one by one: enough for whatever many rows have in common.
const NEAR: i64 = 3_000;
/// Weeks that are looked through at once, for short terms and for long ones.
const WEEKS: (usize, usize) = (6, 24);

/// What is searched: a table with an index by `created_at` and `id`, and one for searches that begins with the week.
#[derive(Debug)]
pub struct Source {
    /// The table, for statements.
    pub table: &'static str,
    /// Its column with the time, for statements.
    pub created_at: &'static str,
    /// The week of a row, as an array's one value in the index.
    pub week: &'static str,
    /// The type of its ids.
    pub id_type: &'static str,
}

/// Which rows come first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// The newest.
    #[default]
    Newest,
    /// The oldest.
    Oldest,
}

/// What is searched for.
#[derive(Debug)]
pub struct Search<'a> {
    /// Where.
    pub source: &'static Source,
    /// What to read of a row.
    pub columns: String,
    /// What a row has to meet; `true` for every row.
    pub conditions: String,
    /// What it has.
    pub term: Option<&'a Term>,
    /// On which days it was made, as [`Source::between`] says; `true` for every day.
    pub days: String,
    /// The values of both.
    pub binds: Binds,
    /// In which order.
    pub order: Order,
}

/// How many rows there are: so many, or more than that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// So many.
    Exactly(i64),
    /// More, which nobody waits to see counted.
    MoreThan(i64),
}

/// An id as a statement takes it.
pub trait SqlKey {
    /// Its text, which the statement casts.
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

/// A row, and of how many it was chosen.
struct Seen<R> {
    row: R,
    looked_at: i64,
}

impl<R: QueryableByName<Pg>> QueryableByName<Pg> for Seen<R> {
    fn build<'a>(row: &impl NamedRow<'a, Pg>) -> deserialize::Result<Self> {
        Ok(Self { row: R::build(row)?, looked_at: NamedRow::get::<BigInt, _>(row, "looked_at")? })
    }
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

/// A search from a position on, or before it the other way.
struct Walk<'a> {
    search: &'a Search<'a>,
    is_ascending: bool,
    /// The condition that a row lies beyond the position, on one of the days.
    beyond: String,
    limit: i64,
    /// Its placeholder among the values.
    limit_bind: String,
    binds: Binds,
}

impl Source {
    /// The condition that a row was made between two days of Chile, both included; those are the days of the totals too.
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
    /// The rows nearest to a position, in the order of walking away from it, and whether these are surely all. There
    /// are fewer than `limit` only when a page is full or there are no more.
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
    /// When the statement fails.
    pub fn count(&self, conn: &mut PgConnection, most: i64) -> QueryResult<Count> {
        let walk = Walk::new(self, &Position::<EntryId>::Start, most + 1);
        let statement = format!("SELECT count(*) AS number FROM ({}) AS part", walk.far("id"));
        let rows: Vec<Number> = walk.binds.query(statement).load(conn)?;
        let number = rows.first().map_or(0, |row| row.number);
        Ok(if number > most { Count::MoreThan(most) } else { Count::Exactly(number) })
    }

    fn is_everything(&self) -> bool {
        self.conditions == "true"
    }
}

impl<'a> Walk<'a> {
    fn new<K: SqlKey>(search: &'a Search<'a>, position: &Position<K>, limit: i64) -> Self {
        let (Source { created_at, id_type, .. }, days) = (search.source, &search.days);
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

    /// What many rows have in common is found among those beside the position, which the order's index gives. For the
    /// rest, the index of the search says where to look. The planner would choose one or the other by the words'
    /// statistics, which it does not have, and take seconds when it is wrong.
    fn run<R: QueryableByName<Pg> + 'static>(&self, conn: &mut PgConnection) -> QueryResult<(Vec<R>, bool)> {
        let is_everything = self.search.is_everything();
        let window = if is_everything { self.limit } else { NEAR };
        let mut binds = self.binds.clone();
        let near = self.near(&binds.add(window));
        let near: Vec<Seen<R>> = binds.query(near).load(conn)?;
        let are_all = near.first().is_some_and(|seen| seen.looked_at < window);
        if are_all || is_everything || near.len() > usize::from(paging::PAGE_SIZE) {
            return Ok((near.into_iter().map(|seen| seen.row).collect(), are_all));
        }
        let far: Vec<Seen<R>> = self.binds.clone().query(self.far(&self.search.columns)).load(conn)?;
        let are_all = i64::try_from(far.len()).is_ok_and(|rows| rows < self.limit);
        Ok((far.into_iter().map(|seen| seen.row).collect(), are_all))
    }

    /// Looks at rows beside the position, one after the other.
    fn near(&self, window: &str) -> String {
        let Search { source: Source { table, .. }, columns, conditions, .. } = self.search;
        let (beyond, order, limit) = (&self.beyond, self.order(), &self.limit_bind);
        format!(
            "WITH near AS MATERIALIZED (SELECT * FROM {table} WHERE {beyond} ORDER BY {order} LIMIT {window}) \
             SELECT {columns}, (SELECT count(*) FROM near) AS looked_at \
             FROM near WHERE {conditions} ORDER BY {order} LIMIT {limit}"
        )
    }

    /// Looks into the index, a few weeks at a time and past those without rows, until there are enough.
    fn far(&self, columns: &str) -> String {
        let Source { table, created_at, week, .. } = self.search.source;
        let (conditions, days) = (&self.search.conditions, &self.search.days);
        let (beyond, order, limit) = (&self.beyond, self.order(), &self.limit_bind);
        let (sign, next) = if self.is_ascending {
            ("+", format!("{created_at} >= to_timestamp((span.week + span.weeks) * 604800)"))
        } else {
            ("-", format!("{created_at} < to_timestamp((span.week - span.weeks + 1) * 604800)"))
        };
        let weeks = self.search.most_weeks();
        // OFFSET 0 and IS TRUE keep the planner from walking the order's index after all.
        format!(
            "WITH RECURSIVE span AS ( \
               SELECT (SELECT {week} FROM {table} WHERE {beyond} ORDER BY {order} LIMIT 1) AS week, 1 AS weeks \
               UNION ALL \
               SELECT (SELECT {week} FROM {table} WHERE {next} AND {days} ORDER BY {order} LIMIT 1), \
                 least(weeks * 2, {weeks}) \
               FROM span WHERE week IS NOT NULL \
             ) \
             SELECT found.* FROM span, LATERAL ( \
               SELECT {columns}, 0::bigint AS looked_at FROM ( \
                 SELECT * FROM {table} \
                 WHERE ARRAY[{week}] && ARRAY(SELECT span.week {sign} n FROM generate_series(0, span.weeks - 1) AS n) \
                   AND {conditions} AND ({beyond}) IS TRUE \
                 OFFSET 0 \
               ) AS part ORDER BY {order} LIMIT {limit} \
             ) AS found LIMIT {limit}"
        )
    }

    fn order(&self) -> String {
        let created_at = self.search.source.created_at;
        if self.is_ascending { format!("{created_at}, id") } else { format!("{created_at} DESC, id DESC") }
    }
}

impl Search<'_> {
    /// Each part of a long term costs time at every step, and few rows have them all.
    fn most_weeks(&self) -> usize {
        let letters = self.term.map_or(0, |term| term.as_str().chars().count());
        letters.clamp(WEEKS.0, WEEKS.1)
    }
}
