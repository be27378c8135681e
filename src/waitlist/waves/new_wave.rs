//! A new wave: its row, and the candidates that it takes.

use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::result::Error as QueryError;
use diesel::sql_types::{BigInt, Text};
use serde_json::json;

use super::candidate::oldest;
use super::wave_size::WaveSize;
use crate::audit::event::{Action, Actor};
use crate::schema::waitlist_wave;
use crate::values::clock::Timestamp;
use crate::values::id::{UserId, WaveId};
use crate::waitlist::joining::role::Role;

/// Of two admins who invite at once, the second waits for the first: otherwise both would take the same people.
const LOCK: &str = "SELECT pg_advisory_xact_lock(hashtext('waitlist_wave'))";

/// A wave as an admin confirmed it.
#[derive(Clone, Debug)]
pub struct NewWave {
    /// How many to take.
    pub size: WaveSize,
    /// How many the page said to the admin.
    pub expected: i64,
    /// Who invites.
    pub actor: Actor,
}

impl NewWave {
    /// Makes the wave and takes its candidates in; changes nothing when there are not as many as expected.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn start(&self, conn: &mut PgConnection, now: Timestamp) -> QueryResult<Option<WaveId>> {
        lock(conn)?;
        let started = conn.transaction(|conn| {
            let id = insert(conn, now, &self.actor)?;
            let taken = self.take(conn, id, Role::Employee)? + self.take(conn, id, Role::Organization)?;
            if i64::try_from(taken) == Ok(self.expected) { Ok(id) } else { Err(QueryError::RollbackTransaction) }
        });
        let id = match started {
            Ok(id) => id,
            Err(QueryError::RollbackTransaction) => return Ok(None),
            Err(error) => return Err(error),
        };
        let WaveSize { employees, organizations } = self.size;
        let details = json!({ "wave": id.as_i64(), "employees": employees, "organizations": organizations });
        Action::WaveStarted.to_many(&self.actor).with(details).record(conn, now)?;
        Ok(Some(id))
    }

    fn take(&self, conn: &mut PgConnection, wave: WaveId, role: Role) -> QueryResult<usize> {
        if self.size.of(role) == 0 {
            return Ok(0);
        }
        diesel::sql_query(format!(
            "INSERT INTO waitlist_invitation (wave_id, entry_id, role) SELECT $2, id, $1 {} LIMIT $3 \
             ON CONFLICT (entry_id) WHERE state IN ('waiting', 'queued') DO NOTHING",
            oldest("$3")
        ))
        .bind::<Text, _>(role.as_str())
        .bind::<BigInt, _>(wave.as_i64())
        .bind::<BigInt, _>(self.size.of(role))
        .execute(conn)
    }
}

/// Lets one admin invite at a time, until the transaction ends.
pub(super) fn lock(conn: &mut PgConnection) -> QueryResult<usize> {
    diesel::sql_query(LOCK).execute(conn)
}

/// Makes the row of a wave.
pub(super) fn insert(conn: &mut PgConnection, now: Timestamp, actor: &Actor) -> QueryResult<WaveId> {
    let row = (
        waitlist_wave::state.eq("sending"),
        waitlist_wave::made_at.eq(now),
        waitlist_wave::made_by.eq(actor.id.as_ref().map(UserId::as_str)),
        waitlist_wave::next_at.eq(now),
        waitlist_wave::counted_from.eq(now),
    );
    let id = diesel::insert_into(waitlist_wave::table).values(row).returning(waitlist_wave::id);
    id.get_result::<i64>(conn).map(WaveId::from)
}
