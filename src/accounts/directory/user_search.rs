//! The admin's search of the accounts.

use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text, Timestamptz};

use super::user_filter::UserFilter;
use crate::accounts::user::state::{KIND, STATE, UserState};
use crate::db::binds::Binds;
use crate::values::account_kind::AccountKind;
use crate::values::clock::Timestamp;
use crate::values::email_address::EmailAddress;
use crate::values::id::UserId;
use crate::web::page::paging::{self, Cursor, Paged, Position};
use crate::web::page::search::{Count, Order, Search, SearchedTable};

/// Accounts that are counted at most, without a filter.
const MOST_COUNTED: i64 = 10_000;
/// Accounts that are counted at most with one, since each has to be looked for.
const MOST_FOUND: i64 = 100;

static SEARCHED: SearchedTable = SearchedTable {
    table: r#""user""#,
    created_at: r#""createdAt""#,
    // As in `user_key_search_idx`.
    week: r#"floor(date_part('epoch', "createdAt" AT TIME ZONE 'UTC') / 604800)"#,
    id_type: "text",
};

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
    let mut binds = Binds::default();
    let search = Search {
        searched: &SEARCHED,
        columns: format!(r#"id, email, name, {KIND} AS kind, {STATE} AS state, "createdAt" AS created_at"#),
        conditions: filter.conditions(&mut binds),
        days: "true".to_owned(),
        binds,
        term: filter.term.as_ref(),
        order: Order::Newest,
    };
    let walk = |position: &Position<UserId>| -> QueryResult<_> {
        let first = *position == Position::Start && !filter.is_empty();
        let limit = if first { MOST_FOUND + 1 } else { paging::LIMIT };
        let (rows, are_all) = search.walk::<Row, _>(conn, position, limit)?;
        found = first.then(|| count_of(rows.len(), are_all));
        Ok(rows.into_iter().map(FoundUser::from).collect())
    };
    let paged = Paged::read(position, walk, |user| Cursor { created_at: user.created_at, id: user.id.clone() })?;
    Ok((paged, if filter.is_empty() { Some(count(conn)?) } else { found }))
}

/// The accounts of this address, whatever its case, and the one of this id.
///
/// # Errors
/// When the statement fails.
pub fn named(conn: &mut PgConnection, name: &str) -> QueryResult<Vec<FoundUser>> {
    let statement = format!(
        r#"SELECT id, email, name, {KIND} AS kind, {STATE} AS state, "createdAt" AS created_at
           FROM "user" WHERE lower(email) = lower($1) OR id = $1 LIMIT 10"#
    );
    let rows: Vec<Row> = diesel::sql_query(statement).bind::<Text, _>(name).load(conn)?;
    Ok(rows.into_iter().map(FoundUser::from).collect())
}

fn count(conn: &mut PgConnection) -> QueryResult<Count> {
    let statement = r#"SELECT count(*) AS number FROM (SELECT FROM "user" LIMIT $1) AS part"#;
    let Number { number } = diesel::sql_query(statement).bind::<BigInt, _>(MOST_COUNTED + 1).get_result(conn)?;
    Ok(if number > MOST_COUNTED { Count::MoreThan(MOST_COUNTED) } else { Count::Exactly(number) })
}

/// The count that is known from the rows that were found.
fn count_of(rows: usize, are_all: bool) -> Count {
    let number = i64::try_from(rows).unwrap_or(MOST_FOUND);
    if are_all { Count::Exactly(number) } else { Count::MoreThan(round_down(number - 1)) }
}

/// Rounds down to one digit and zeros: a count that means "more than" must not look exact.
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
            kind: AccountKind::from(row.kind.as_str()),
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
