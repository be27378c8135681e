//! The admin's search of the accounts: any page of any filter within milliseconds, of a million rows too.

use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Nullable, Text, Timestamptz};

use super::user_filter::{Term, UserFilter};
use super::user_state::{KIND, STATE, UserState};
use crate::values::account_kind::AccountKind;
use crate::values::clock::Timestamp;
use crate::values::email_address::EmailAddress;
use crate::values::id::UserId;
use crate::web::paged::{self, Cursor, Paged, Position};

/// Accounts that are counted at most, without a filter.
const MOST_COUNTED: i64 = 10_000;
/// Accounts that are counted at most with one, since each has to be looked for.
const MOST_FOUND: i64 = 100;
/// Rows beside the position that are looked at one by one: enough for whatever many accounts have in common.
const NEAR: i64 = 3_000;
/// Weeks that are looked through at once, for short terms and for long ones.
const WEEKS: (usize, usize) = (6, 24);
/// The week of a row, for statements: as in `user_search_idx`.
const WEEK: &str = r#"floor(date_part('epoch', "createdAt" AT TIME ZONE 'UTC') / 604800)"#;
/// An account as the list shows it.
#[derive(Clone, Debug)]
pub struct FoundUser {
    /// Its id.
    pub id: UserId,
    /// Its address.
    pub email: EmailAddress,
    /// Its name, when it has one.
    pub name: Option<String>,
    /// What it is for.
    pub kind: AccountKind,
    /// Whether it can be used.
    pub state: UserState,
    /// Since when it is there.
    pub created_at: Timestamp,
}

/// How many accounts there are: so many, or more than that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// So many.
    Exactly(i64),
    /// More, which nobody waits to see counted.
    MoreThan(i64),
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Text)]
    email: String,
    #[diesel(sql_type = Nullable<Text>)]
    name: Option<String>,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Text)]
    state: String,
    #[diesel(sql_type = Timestamptz)]
    created_at: Timestamp,
    /// Of how many rows this was chosen.
    #[diesel(sql_type = BigInt)]
    looked_at: i64,
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

/// One page of the accounts, newest first; on the first one, and without a filter on every one, how many there are.
///
/// # Errors
/// When a statement fails.
pub fn page(
    conn: &mut PgConnection,
    filter: &UserFilter,
    position: &Position<UserId>,
) -> QueryResult<(Paged<FoundUser, UserId>, Option<Count>)> {
    let mut found = None;
    let walk = |position: &Position<UserId>| -> QueryResult<_> {
        let first = *position == Position::Start && !filter.is_empty();
        let limit = if first { MOST_FOUND + 1 } else { paged::LIMIT };
        let (rows, are_all) = Walk { filter, position, limit }.run(conn)?;
        found = first.then(|| Count::of(&rows, are_all));
        Ok(rows)
    };
    let paged = Paged::read(position, walk, |user| Cursor { created_at: user.created_at, id: user.id.clone() })?;
    Ok((paged, if filter.is_empty() { Some(count(conn)?) } else { found }))
}

fn count(conn: &mut PgConnection) -> QueryResult<Count> {
    let statement = r#"SELECT count(*) AS number FROM (SELECT FROM "user" LIMIT $1) AS part"#;
    let Number { number } = diesel::sql_query(statement).bind::<BigInt, _>(MOST_COUNTED + 1).get_result(conn)?;
    Ok(if number > MOST_COUNTED { Count::MoreThan(MOST_COUNTED) } else { Count::Exactly(number) })
}

/// A search from a position on, towards older rows, or before it towards newer ones.
struct Walk<'a> {
    filter: &'a UserFilter,
    position: &'a Position<UserId>,
    limit: i64,
}

impl Walk<'_> {
    /// The rows nearest to the position, and whether these are surely all.
    ///
    /// What many accounts have in common is found among those beside the position, which the order's index gives. For
    /// the rest, the index of the search says where to look. The planner would choose one or the other by the words'
    /// statistics, which it does not have, and take seconds when it is wrong.
    fn run(&self, conn: &mut PgConnection) -> QueryResult<(Vec<FoundUser>, bool)> {
        let window = if self.filter.is_empty() { self.limit } else { NEAR };
        let near = self.load(conn, &self.near(), window)?;
        let are_all = near.first().is_some_and(|row| row.looked_at < window);
        let is_enough = are_all || self.filter.is_empty() || near.len() > usize::from(paged::PAGE_SIZE);
        if is_enough {
            return Ok((near.into_iter().map(FoundUser::from).collect(), are_all));
        }
        let far = self.load(conn, &self.far(), window)?;
        let are_all = i64::try_from(far.len()).is_ok_and(|rows| rows < self.limit);
        Ok((far.into_iter().map(FoundUser::from).collect(), are_all))
    }

    fn load(&self, conn: &mut PgConnection, statement: &str, window: i64) -> QueryResult<Vec<Row>> {
        let (term, cursor) = (self.filter.term.as_ref(), self.cursor());
        diesel::sql_query(statement)
            .bind::<Array<Text>, _>(self.filter.kind_and_state())
            .bind::<Nullable<Text>, _>(term.map(Term::pattern))
            .bind::<Nullable<Text>, _>(term.map(Term::letters))
            .bind::<Nullable<Timestamptz>, _>(cursor.map(|cursor| cursor.created_at))
            .bind::<Nullable<Text>, _>(cursor.map(|cursor| cursor.id.as_str()))
            .bind::<BigInt, _>(self.limit)
            .bind::<BigInt, _>(window)
            .load(conn)
    }

    /// Looks at rows beside the position, one after the other.
    fn near(&self) -> String {
        let (conditions, beyond, order) = (self.filter.conditions(), self.beyond(), self.order());
        format!(
            r#"WITH near AS MATERIALIZED (SELECT * FROM "user" WHERE {beyond} ORDER BY {order} LIMIT $7)
               SELECT id, email, name, {KIND} AS kind, {STATE} AS state, "createdAt" AS created_at,
                 (SELECT count(*) FROM near) AS looked_at
               FROM near WHERE {conditions} ORDER BY {order} LIMIT $6"#
        )
    }

    /// Looks into the index, a few weeks at a time and past those without rows, until there are enough.
    fn far(&self) -> String {
        let (conditions, beyond, order) = (self.filter.conditions(), self.beyond(), self.order());
        let (sign, next) = match self.position {
            Position::Before(_) => ("+", r#""createdAt" >= to_timestamp((span.week + span.weeks) * 604800)"#),
            _ => ("-", r#""createdAt" < to_timestamp((span.week - span.weeks + 1) * 604800)"#),
        };
        let weeks = self.most_weeks();
        // OFFSET 0 and IS TRUE keep the planner from walking the order's index after all.
        format!(
            r#"WITH RECURSIVE span AS (
                 SELECT (SELECT {WEEK} FROM "user" WHERE {beyond} ORDER BY {order} LIMIT 1) AS week, 1 AS weeks
                 UNION ALL
                 SELECT (SELECT {WEEK} FROM "user" WHERE {next} ORDER BY {order} LIMIT 1), least(weeks * 2, {weeks})
                 FROM span WHERE week IS NOT NULL
               )
               SELECT found.* FROM span, LATERAL (
                 SELECT * FROM (
                   SELECT id, email, name, {KIND} AS kind, {STATE} AS state, "createdAt" AS created_at,
                     0::bigint AS looked_at, "createdAt"
                   FROM "user"
                   WHERE ARRAY[{WEEK}] && ARRAY(SELECT span.week {sign} n FROM generate_series(0, span.weeks - 1) AS n)
                     AND {conditions} AND ({beyond}) IS TRUE
                   OFFSET 0
                 ) AS part ORDER BY {order} LIMIT $6
               ) AS found LIMIT $6"#
        )
    }

    /// Each part of a long term costs time at every step, and few rows have them all.
    fn most_weeks(&self) -> usize {
        let letters = self.filter.term.as_ref().map_or(0, |term| term.as_str().chars().count());
        letters.clamp(WEEKS.0, WEEKS.1)
    }

    const fn cursor(&self) -> Option<&Cursor<UserId>> {
        match self.position {
            Position::Start => None,
            Position::After(cursor) | Position::Before(cursor) => Some(cursor),
        }
    }

    const fn beyond(&self) -> &'static str {
        match self.position {
            Position::Start => "true",
            Position::After(_) => r#"("createdAt", id) < ($4, $5)"#,
            Position::Before(_) => r#"("createdAt", id) > ($4, $5)"#,
        }
    }

    const fn order(&self) -> &'static str {
        match self.position {
            Position::Before(_) => r#""createdAt", id"#,
            _ => r#""createdAt" DESC, id DESC"#,
        }
    }
}

impl Count {
    /// What so many found rows tell.
    fn of(rows: &[FoundUser], are_all: bool) -> Self {
        let number = i64::try_from(rows.len()).unwrap_or(MOST_FOUND);
        if are_all { Self::Exactly(number) } else { Self::MoreThan(round_down(number - 1)) }
    }
}

/// With one digit that is no zero: a number that stands for more is no exact one.
fn round_down(number: i64) -> i64 {
    let power = 10_i64.pow(number.max(1).ilog10());
    number / power * power
}

impl From<Row> for FoundUser {
    fn from(row: Row) -> Self {
        Self {
            id: UserId::from(row.id),
            email: EmailAddress::from(row.email),
            name: row.name.filter(|name| !name.is_empty()),
            kind: AccountKind::from(row.kind),
            state: UserState::from(row.state),
            created_at: row.created_at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_that_stands_for_more_is_round() {
        let round = [0, 7, 26, 99, 100, 642, 1_000].map(round_down);
        assert_eq!(round, [0, 7, 20, 90, 100, 600, 1_000]);
    }
}
