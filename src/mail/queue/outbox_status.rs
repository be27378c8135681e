//! The status of the outbox: whether sending is paused, how many letters wait and were refused, and how many there are in
//! each state.

use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Nullable, Text, Timestamptz};

use crate::audit::account_name;
use crate::mail::state::State;
use crate::values::clock::Timestamp;
use crate::values::santiago_time;

/// Letters of a state that are counted at most.
pub const MOST_COUNTED: i64 = 10_000;

/// The status of the outbox.
#[derive(Clone, Debug, QueryableByName)]
pub struct OutboxStatus {
    /// Since when no mail is sent, if an admin stopped it.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub paused_at: Option<Timestamp>,
    /// That admin's name or address.
    #[diesel(sql_type = Nullable<Text>)]
    pub paused_by: Option<String>,
    /// Since when the relay takes no letters, if it does not.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub relay_fails_since: Option<Timestamp>,
    /// What it said last about that.
    #[diesel(sql_type = Nullable<Text>)]
    pub relay_reply: Option<String>,
    /// Letters that wait, counted up to one more than [`MOST_COUNTED`].
    #[diesel(sql_type = BigInt)]
    pub waiting: i64,
    /// Since when the one that waits the longest is due, by the database's clock.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub due_since: Option<Timestamp>,
    /// Letters of today, in Chile, that were refused; counted up to the same number.
    #[diesel(sql_type = BigInt)]
    pub refused: i64,
    /// Why a letter cannot be sent through a fault of ours, if there is one.
    #[diesel(sql_type = Nullable<Text>)]
    pub own_fault: Option<String>,
}

#[derive(QueryableByName)]
struct CountRow {
    #[diesel(sql_type = Text)]
    status: String,
    #[diesel(sql_type = BigInt)]
    letters: i64,
}

impl OutboxStatus {
    /// The status now.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn find(conn: &mut PgConnection, now: Timestamp) -> QueryResult<Self> {
        let today = santiago_time::start_of(santiago_time::day_of(now));
        let paused_by = account_name::name_of("pause.paused_by");
        let statement = diesel::sql_query(format!(include_str!("outbox_status.sql"), paused_by = paused_by))
            .bind::<Timestamptz, _>(today);
        statement.bind::<BigInt, _>(MOST_COUNTED + 1).get_result(conn)
    }

    /// Whether no letter goes out: an admin stopped it, or the relay takes none.
    #[must_use]
    pub const fn is_stopped(&self) -> bool {
        self.paused_at.is_some() || self.relay_fails_since.is_some()
    }
}

/// How many letters there are in each state, in the order of [`State::ALL`]; counted up to one more than [`MOST_COUNTED`].
///
/// # Errors
/// When the statement fails.
pub fn counts(conn: &mut PgConnection) -> QueryResult<Vec<(State, i64)>> {
    let states = State::ALL.map(State::column);
    let statement =
        diesel::sql_query(include_str!("outbox_status/letter_counts.sql")).bind::<Array<Text>, _>(&states[..]);
    let rows: Vec<CountRow> = statement.bind::<BigInt, _>(MOST_COUNTED + 1).load(conn)?;
    let letters = |state: State| rows.iter().find(|row| row.status == state.column()).map_or(0, |row| row.letters);
    Ok(State::ALL.into_iter().map(|state| (state, letters(state))).collect())
}
