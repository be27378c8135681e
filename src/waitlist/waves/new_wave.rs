//! A new wave: its row, and the candidates that it takes.

use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::result::Error as QueryError;
use serde_json::json;

use super::candidate::shown_people::ShownPeople;
use super::wave_size::WaveSize;
use crate::audit::event::{Action, Actor};
use crate::schema::waitlist_wave;
use crate::values::clock::Timestamp;
use crate::values::id::{UserId, WaveId};

/// Of two admins who invite at once, the second waits for the first: otherwise both would take the same people.
const LOCK: &str = "SELECT pg_advisory_xact_lock(hashtext('waitlist_wave'))";

/// A wave as an admin confirmed it.
#[derive(Clone, Debug)]
pub struct NewWave {
    /// How many to take.
    pub size: WaveSize,
    /// Whom the page showed to the admin; nothing for a program, which takes whoever comes first.
    pub shown: Option<ShownPeople>,
    /// Who invites.
    pub actor: Actor,
}

impl NewWave {
    /// Makes the wave and takes in those who were shown and still wait. Changes nothing when there are none, or when these
    /// are no longer the ones that were shown.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn start(&self, conn: &mut PgConnection, now: Timestamp) -> QueryResult<Option<WaveId>> {
        lock(conn)?;
        let started = conn.transaction(|conn| {
            let id = insert(conn, now, &self.actor)?;
            let taken = match &self.shown {
                Some(shown) => shown.take(conn, id)?.filter(|taken| taken.total() > 0),
                None => ShownPeople::of(conn, now, self.size)?.take(conn, id)?.filter(|taken| *taken == self.size),
            };
            taken.map(|taken| (id, taken)).ok_or(QueryError::RollbackTransaction)
        });
        let (id, taken) = match started {
            Ok(started) => started,
            Err(QueryError::RollbackTransaction) => return Ok(None),
            Err(error) => return Err(error),
        };
        let WaveSize { employees, organizations } = taken;
        let details = json!({ "wave": id.as_i64(), "employees": employees, "organizations": organizations });
        Action::WaveStarted.to_many(&self.actor).with(details).record(conn, now)?;
        Ok(Some(id))
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
