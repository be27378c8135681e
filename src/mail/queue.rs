//! How the outbox stands, and stopping it.

use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Nullable, Text, Timestamptz};

use super::state::State;
use crate::schema::outbox_pause;
use crate::values::clock::Timestamp;
use crate::values::id::UserId;
use crate::values::santiago_time;

/// Letters of a state that are counted at most.
pub const MOST_COUNTED: i64 = 10_000;

/// One look at the outbox: each part reads the beginning of an index alone, which is why those that wait are in order.
const STANDING: &str = r#"
    SELECT pause.paused_at, coalesce(nullif(person.name, ''), person.email, pause.paused_by) AS paused_by,
      (SELECT count(*) FROM (
        SELECT FROM outbox_letter WHERE status = 'queued' ORDER BY created_at, id LIMIT $3) AS part) AS waiting,
      (SELECT next_attempt_at FROM outbox_letter
       WHERE status IN ('queued', 'sending') AND next_attempt_at <= $1 ORDER BY next_attempt_at LIMIT 1) AS due_since,
      (SELECT count(*) FROM (
        SELECT FROM outbox_letter WHERE status = 'dead' AND created_at >= $2 LIMIT $3) AS part) AS refused
    FROM (SELECT) AS one
    LEFT JOIN outbox_pause AS pause ON true
    LEFT JOIN "user" AS person ON person.id = pause.paused_by"#;

const COUNTS: &str = "SELECT state.status, \
                        (SELECT count(*) FROM ( \
                          SELECT FROM outbox_letter WHERE status = state.status ORDER BY created_at, id LIMIT $2) AS part) AS letters \
                      FROM unnest($1) AS state (status)";

/// How the outbox stands.
#[derive(Clone, Debug, QueryableByName)]
pub struct Standing {
    /// Since when no mail is sent, if an admin stopped it.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub paused_at: Option<Timestamp>,
    /// That admin's name or address.
    #[diesel(sql_type = Nullable<Text>)]
    pub paused_by: Option<String>,
    /// Letters that wait; one more than [`MOST_COUNTED`] stands for more.
    #[diesel(sql_type = BigInt)]
    pub waiting: i64,
    /// Since when the one that waits the longest is due.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub due_since: Option<Timestamp>,
    /// Letters of today, in Chile, that were refused; counted as those that wait.
    #[diesel(sql_type = BigInt)]
    pub refused: i64,
}

#[derive(QueryableByName)]
struct CountRow {
    #[diesel(sql_type = Text)]
    status: String,
    #[diesel(sql_type = BigInt)]
    letters: i64,
}

impl Standing {
    /// How it stands now.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn find(conn: &mut PgConnection, now: Timestamp) -> QueryResult<Self> {
        let today = santiago_time::start_of(santiago_time::day_of(now));
        let statement = diesel::sql_query(STANDING).bind::<Timestamptz, _>(now).bind::<Timestamptz, _>(today);
        statement.bind::<BigInt, _>(MOST_COUNTED + 1).get_result(conn)
    }
}

/// How many letters there are in each state, in the order of [`State::ALL`]; counted as those that wait.
///
/// # Errors
/// When the statement fails.
pub fn counts(conn: &mut PgConnection) -> QueryResult<Vec<(State, i64)>> {
    let states = State::ALL.map(State::column);
    let statement = diesel::sql_query(COUNTS).bind::<Array<Text>, _>(&states[..]);
    let rows: Vec<CountRow> = statement.bind::<BigInt, _>(MOST_COUNTED + 1).load(conn)?;
    let letters = |state: State| rows.iter().find(|row| row.status == state.column()).map_or(0, |row| row.letters);
    Ok(State::ALL.into_iter().map(|state| (state, letters(state))).collect())
}

/// Stops all mail; tells whether it was not stopped before.
///
/// # Errors
/// When the statement fails.
pub fn pause(conn: &mut PgConnection, now: Timestamp, by: &UserId) -> QueryResult<bool> {
    let row =
        (outbox_pause::is_paused.eq(true), outbox_pause::paused_at.eq(now), outbox_pause::paused_by.eq(by.as_str()));
    Ok(diesel::insert_into(outbox_pause::table).values(row).on_conflict_do_nothing().execute(conn)? > 0)
}

/// Goes on sending it; tells whether it was stopped.
///
/// # Errors
/// When the statement fails.
pub fn resume(conn: &mut PgConnection) -> QueryResult<bool> {
    Ok(diesel::delete(outbox_pause::table).execute(conn)? > 0)
}
