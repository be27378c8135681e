//! The honest number of a place: how many confirmed ones of the same role are as old or older.

use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Text, Timestamptz};

use crate::waitlist::joining::entry::Entry;
use crate::waitlist::joining::state::{STATE, State};

#[derive(QueryableByName)]
struct Rank {
    #[diesel(sql_type = BigInt)]
    rank: i64,
}

impl Entry {
    /// Its number among those who wait, the oldest first; only of a confirmed place. Earlier days are counted already,
    /// so only the places of its own day are walked.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn rank(&self, conn: &mut PgConnection) -> QueryResult<Option<i64>> {
        if self.state != State::Confirmed {
            return Ok(None);
        }
        let statement = format!(
            "WITH own AS (SELECT ($1 AT TIME ZONE 'America/Santiago')::date AS day) \
             SELECT ((SELECT coalesce(sum(entries), 0) FROM ( \
                 SELECT day, role, state, entries FROM waitlist_total \
                 UNION ALL SELECT day, role, state, entries FROM waitlist_change) AS counted \
                 WHERE role = $3 AND state = 'confirmed' AND day < (SELECT day FROM own)) \
               + (SELECT count(*) FROM waitlist WHERE {STATE} = 'confirmed' AND role = ANY($4) \
                 AND created_at >= (SELECT day::timestamp AT TIME ZONE 'America/Santiago' FROM own) \
                 AND (created_at, id) <= ($1, $2)))::bigint AS rank"
        );
        let row: Rank = diesel::sql_query(statement)
            .bind::<Timestamptz, _>(self.created_at)
            .bind::<BigInt, _>(self.id.as_i64())
            .bind::<Text, _>(self.role.as_str())
            .bind::<Array<Text>, _>(self.role.columns())
            .get_result(conn)?;
        Ok(Some(row.rank))
    }
}
