//! The rank of an entry: how many confirmed ones of its role joined before it or at the same time, itself included.

use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Text, Timestamptz};

use crate::waitlist::joining::entry::Entry;
use crate::waitlist::joining::state::{STATE, State};
use crate::waitlist::joining::totals::COUNTED;

#[derive(QueryableByName)]
struct Rank {
    #[diesel(sql_type = BigInt)]
    rank: i64,
}

impl Entry {
    /// Its rank, the oldest first; only of a confirmed entry. Days before its own are counted already, so the statement
    /// reads the entries of its own day only.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn rank(&self, conn: &mut PgConnection) -> QueryResult<Option<i64>> {
        if self.state != State::Confirmed {
            return Ok(None);
        }
        let statement = include_str!("rank.sql").replace("{counted}", COUNTED).replace("{state}", STATE);
        let row: Rank = diesel::sql_query(statement)
            .bind::<Timestamptz, _>(self.created_at)
            .bind::<BigInt, _>(self.id.as_i64())
            .bind::<Text, _>(self.role.as_str())
            .bind::<Array<Text>, _>(self.role.stored_values())
            .get_result(conn)?;
        Ok(Some(row.rank))
    }
}
