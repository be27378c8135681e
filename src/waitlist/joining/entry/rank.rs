//! The rank of an entry: how many confirmed ones of its role joined before it or at the same time, itself included.

use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text, Timestamptz};

use crate::waitlist::joining::entry::Entry;
use crate::waitlist::joining::role::ROLE;
use crate::waitlist::joining::state::{STATE, State};
use crate::waitlist::joining::totals::{COUNTED, COUNTED_TURNS};

#[derive(QueryableByName)]
struct Rank {
    #[diesel(sql_type = BigInt)]
    rank: i64,
}

impl Entry {
    /// Its rank, the oldest first; only of a confirmed entry. Whoever joined in the minutes before is counted already, so
    /// the statement reads the entries of its own minute only.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn rank(&self, conn: &mut PgConnection) -> QueryResult<Option<i64>> {
        if self.state != State::Confirmed {
            return Ok(None);
        }
        let statement =
            include_str!("rank.sql").replace("{counted}", COUNTED).replace("{counted_turns}", COUNTED_TURNS);
        let statement = statement.replace("{state}", STATE).replace("{role}", ROLE);
        let row: Rank = diesel::sql_query(statement)
            .bind::<Timestamptz, _>(self.created_at)
            .bind::<BigInt, _>(self.id.as_i64())
            .bind::<Text, _>(self.role.as_str())
            .get_result(conn)?;
        Ok(Some(row.rank))
    }
}
