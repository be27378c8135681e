//! The search of an admin's list: any page of any filter within milliseconds, of a million rows too.

use chrono::NaiveDate;
use diesel::deserialize;
use diesel::pg::{Pg, PgConnection};
use diesel::prelude::*;
use diesel::row::NamedRow;
use diesel::sql_types::{BigInt, Date, Nullable, Text, Timestamptz};

use super::paging::{self, Cursor, Position};
use crate::values::id::{EntryId, UserId};
use crate::values::search_term::SearchTerm;

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
    /// What a row has to meet, with the term's pattern and letters as `$1` and `$2`; `true` for every row.
    pub conditions: String,
    /// What it has.
    pub term: Option<&'a SearchTerm>,
    /// The first and the last day on which it was made, in Chile.
    pub days: (Option<NaiveDate>, Option<NaiveDate>),
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
struct Walk<'a, K> {
    search: &'a Search<'a>,
    position: &'a Position<K>,
    limit: i64,
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
        Walk { search: self, position, limit }.run(conn)
    }

    /// How many rows match, counted up to `most`.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn count(&self, conn: &mut PgConnection, most: i64) -> QueryResult<Count> {
        let walk = Walk { search: self, position: &Position::<EntryId>::Start, limit: most + 1 };
        let statement = format!("SELECT count(*) AS number FROM ({}) AS part", walk.far("id"));
        let rows: Vec<Number> = walk.bound(conn, &statement, 0)?;
        let number = rows.first().map_or(0, |row| row.number);
        Ok(if number > most { Count::MoreThan(most) } else { Count::Exactly(number) })
    }

    /// What a row has to meet, its days as `$7` and `$8`: for acts on all that match.
    #[must_use]
    pub fn matching(&self) -> String {
        format!("{} AND {}", self.conditions, self.days_condition())
    }

    fn is_everything(&self) -> bool {
        self.conditions == "true"
    }
}

impl<K: SqlKey> Walk<'_, K> {
    /// What many rows have in common is found among those beside the position, which the order's index gives. For the
    /// rest, the index of the search says where to look. The planner would choose one or the other by the words'
    /// statistics, which it does not have, and take seconds when it is wrong.
    fn run<R: QueryableByName<Pg> + 'static>(&self, conn: &mut PgConnection) -> QueryResult<(Vec<R>, bool)> {
        let is_everything = self.search.is_everything();
        let window = if is_everything { self.limit } else { NEAR };
        let near: Vec<Seen<R>> = self.bound(conn, &self.near(), window)?;
        let are_all = near.first().is_some_and(|seen| seen.looked_at < window);
        if are_all || is_everything || near.len() > usize::from(paging::PAGE_SIZE) {
            return Ok((near.into_iter().map(|seen| seen.row).collect(), are_all));
        }
        let far: Vec<Seen<R>> = self.bound(conn, &self.far(&self.search.columns), window)?;
        let are_all = i64::try_from(far.len()).is_ok_and(|rows| rows < self.limit);
        Ok((far.into_iter().map(|seen| seen.row).collect(), are_all))
    }

    fn bound<T: QueryableByName<Pg> + 'static>(
        &self,
        conn: &mut PgConnection,
        statement: &str,
        window: i64,
    ) -> QueryResult<Vec<T>> {
        let (term, cursor, (from, to)) = (self.search.term, self.cursor(), self.search.days);
        diesel::sql_query(statement)
            .bind::<Nullable<Text>, _>(term.map(SearchTerm::pattern))
            .bind::<Nullable<Text>, _>(term.map(SearchTerm::letters))
            .bind::<Nullable<Timestamptz>, _>(cursor.map(|cursor| cursor.created_at))
            .bind::<Nullable<Text>, _>(cursor.map(|cursor| cursor.id.sql_text()))
            .bind::<BigInt, _>(self.limit)
            .bind::<BigInt, _>(window)
            .bind::<Nullable<Date>, _>(from)
            .bind::<Nullable<Date>, _>(to)
            .load(conn)
    }

    /// Looks at rows beside the position, one after the other.
    fn near(&self) -> String {
        let Search { source: Source { table, .. }, columns, conditions, .. } = self.search;
        let (beyond, order) = (self.beyond(), self.order());
        format!(
            "WITH near AS MATERIALIZED (SELECT * FROM {table} WHERE {beyond} ORDER BY {order} LIMIT $6) \
             SELECT {columns}, (SELECT count(*) FROM near) AS looked_at \
             FROM near WHERE {conditions} ORDER BY {order} LIMIT $5"
        )
    }

    /// Looks into the index, a few weeks at a time and past those without rows, until there are enough.
    fn far(&self, columns: &str) -> String {
        let Source { table, created_at, week, .. } = self.search.source;
        let (conditions, beyond, order, days) =
            (&self.search.conditions, self.beyond(), self.order(), self.search.days_condition());
        let (sign, next) = if self.is_ascending() {
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
               ) AS part ORDER BY {order} LIMIT $5 \
             ) AS found LIMIT $5"
        )
    }

    const fn cursor(&self) -> Option<&Cursor<K>> {
        match self.position {
            Position::Start => None,
            Position::After(cursor) | Position::Before(cursor) => Some(cursor),
        }
    }

    fn is_ascending(&self) -> bool {
        (self.search.order == Order::Oldest) != matches!(self.position, Position::Before(_))
    }

    fn beyond(&self) -> String {
        let Source { created_at, id_type, .. } = self.search.source;
        let days = self.search.days_condition();
        if matches!(self.position, Position::Start) {
            return days;
        }
        let comparison = if self.is_ascending() { ">" } else { "<" };
        format!("({created_at}, id) {comparison} ($3, $4::{id_type}) AND {days}")
    }

    fn order(&self) -> String {
        let created_at = self.search.source.created_at;
        if self.is_ascending() { format!("{created_at}, id") } else { format!("{created_at} DESC, id DESC") }
    }
}

impl Search<'_> {
    /// Days of Chile are those of the totals.
    fn days_condition(&self) -> String {
        let created_at = self.source.created_at;
        let from = self.days.0.map(|_| format!("{created_at} >= ($7::timestamp AT TIME ZONE 'America/Santiago')"));
        let to = self.days.1.map(|_| format!("{created_at} < (($8 + 1)::timestamp AT TIME ZONE 'America/Santiago')"));
        let all: Vec<_> = from.into_iter().chain(to).collect();
        if all.is_empty() { "true".to_owned() } else { all.join(" AND ") }
    }

    /// Each part of a long term costs time at every step, and few rows have them all.
    fn most_weeks(&self) -> usize {
        let letters = self.term.map_or(0, |term| term.as_str().chars().count());
        letters.clamp(WEEKS.0, WEEKS.1)
    }
}
