//! A wave to be: whose turn it is, and how those are taken into it.

use std::time::Duration;

use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::result::Error as QueryError;
use diesel::sql_types::{BigInt, Text, Timestamptz};
use serde_json::json;

use super::wave_sender::INTERVAL;
use crate::audit::event::{Action, Actor};
use crate::schema::{waitlist_invitation, waitlist_wave};
use crate::values::clock::Timestamp;
use crate::values::id::{UserId, WaveId};
use crate::waitlist::joining::role::{ROLE, Role};
use crate::waitlist::joining::state::{STATE, State};
use crate::waitlist::joining::totals::Totals;

/// Places of a role that a wave takes at most.
pub const MOST: i64 = 10_000;
/// Places that a rehearsal names.
const NAMED: i64 = 10;

/// Two admins who invite at once take one after the other, or both would take the same people.
const ONE_AT_A_TIME: &str = "SELECT pg_advisory_xact_lock(hashtext('waitlist_wave'))";

/// How many wait in a wave already and still are to be invited.
const HELD: &str = "SELECT waitlist_invitation.role, count(*) AS entries \
                    FROM waitlist_invitation JOIN waitlist ON waitlist.id = entry_id \
                    WHERE state IN ('waiting', 'queued') AND waitlist_state(confirmed_at, invited_at, \
                      waitlist.signed_up_at, waitlist.bounced_at, left_at, deleted_at) = 'confirmed' \
                    GROUP BY 1";

/// Whose turn it is, as `waitlist_turn_idx` has it: those of a role who confirmed and are in no wave, oldest first. No
/// more are in a wave than are held, so the first `most` are among so many more; without that bound all would be read.
/// `NOT IN` and not `NOT EXISTS`: one look into a hash, whatever the planner thinks of the table.
fn turn(most: &str) -> String {
    format!(
        "FROM (SELECT id, email, created_at FROM waitlist WHERE {STATE} = 'confirmed' \
                 AND {ROLE} = $1 \
               ORDER BY created_at, id LIMIT {most} + ( \
                 SELECT count(*) FROM waitlist_invitation WHERE state IN ('waiting', 'queued'))) AS oldest \
         WHERE id NOT IN (SELECT entry_id FROM waitlist_invitation \
                          WHERE state IN ('waiting', 'queued') AND entry_id IS NOT NULL) \
         ORDER BY created_at, id"
    )
}

/// How many of each role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// People who look for work.
    pub employees: i64,
    /// Companies and institutions.
    pub organizations: i64,
}

/// What a wave would do.
#[derive(Clone, Debug)]
pub struct Rehearsal {
    /// For each role.
    pub lanes: [Lane; 2],
    /// When the last letter will have gone, if nothing stops it.
    pub done_at: Timestamp,
}

/// Whom a wave would take of a role.
#[derive(Clone, Debug)]
pub struct Lane {
    /// Which.
    pub role: Role,
    /// How many could be invited.
    pub available: i64,
    /// How many will be.
    pub invited: i64,
    /// The first of them.
    pub first: Vec<Turn>,
    /// The last of them, when it is none of those.
    pub last: Option<Turn>,
}

/// Somebody whose turn it is.
#[derive(Clone, Debug, QueryableByName)]
pub struct Turn {
    /// The address.
    #[diesel(sql_type = Text)]
    pub email: String,
    /// When they joined.
    #[diesel(sql_type = Timestamptz)]
    pub created_at: Timestamp,
}

/// A wave as an admin confirmed it.
#[derive(Clone, Debug)]
pub struct NewWave {
    /// How many to take.
    pub size: Size,
    /// How many the admin was told of.
    pub expected: i64,
    /// Who invites.
    pub actor: Actor,
}

#[derive(QueryableByName)]
struct Held {
    #[diesel(sql_type = Text)]
    role: String,
    #[diesel(sql_type = BigInt)]
    entries: i64,
}

impl Size {
    /// Of this role.
    #[must_use]
    pub const fn of(self, role: Role) -> i64 {
        match role {
            Role::Employee => self.employees,
            Role::Organization => self.organizations,
        }
    }

    /// Of both.
    #[must_use]
    pub const fn total(self) -> i64 {
        self.employees + self.organizations
    }
}

/// How many of each role could be invited now.
///
/// # Errors
/// When a statement fails.
pub fn available(conn: &mut PgConnection) -> QueryResult<Size> {
    let totals = Totals::all(conn)?;
    let held: Vec<Held> = diesel::sql_query(HELD).load(conn)?;
    let of = |role: Role| {
        let held = held.iter().find(|held| held.role == role.as_str()).map_or(0, |held| held.entries);
        (totals.of(Some(role), &[State::Confirmed]) - held).max(0)
    };
    Ok(Size { employees: of(Role::Employee), organizations: of(Role::Organization) })
}

impl Rehearsal {
    /// What a wave of this size would do now.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn read(conn: &mut PgConnection, now: Timestamp, size: Size) -> QueryResult<Self> {
        let available = available(conn)?;
        let lanes = [
            Lane::read(conn, Role::Employee, size, available)?,
            Lane::read(conn, Role::Organization, size, available)?,
        ];
        let before: i64 = waitlist_invitation::table
            .inner_join(waitlist_wave::table)
            .filter(waitlist_wave::state.eq("sending").and(waitlist_invitation::state.eq("waiting")))
            .count()
            .get_result(conn)?;
        let letters = before + lanes.iter().map(|lane| lane.invited).sum::<i64>();
        let lasts = INTERVAL.saturating_mul(u32::try_from(letters).unwrap_or(u32::MAX));
        Ok(Self { lanes, done_at: now + lasts.max(Duration::from_secs(1)) })
    }

    /// How many it would take.
    #[must_use]
    pub fn size(&self) -> Size {
        let [Lane { invited: employees, .. }, Lane { invited: organizations, .. }] = self.lanes;
        Size { employees, organizations }
    }
}

impl Lane {
    fn read(conn: &mut PgConnection, role: Role, size: Size, available: Size) -> QueryResult<Self> {
        let (available, invited) = (available.of(role), size.of(role).min(available.of(role)));
        let first = turns(conn, role, (0, invited.min(NAMED)))?;
        let last = if invited > NAMED { turns(conn, role, (invited - 1, 1))?.pop() } else { None };
        Ok(Self { role, available, invited, first, last })
    }
}

fn turns(conn: &mut PgConnection, role: Role, (from, most): (i64, i64)) -> QueryResult<Vec<Turn>> {
    if most == 0 {
        return Ok(Vec::new());
    }
    diesel::sql_query(format!("SELECT email, created_at {} OFFSET $2 LIMIT $3", turn("$2 + $3")))
        .bind::<Text, _>(role.as_str())
        .bind::<BigInt, _>(from)
        .bind::<BigInt, _>(most)
        .load(conn)
}

impl NewWave {
    /// Makes the wave and takes its places in. Nothing is done when there are not as many as were expected.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn start(&self, conn: &mut PgConnection, now: Timestamp) -> QueryResult<Option<WaveId>> {
        diesel::sql_query(ONE_AT_A_TIME).execute(conn)?;
        let started = conn.transaction(|conn| {
            let id = self.insert(conn, now)?;
            let taken = self.take(conn, id, Role::Employee)? + self.take(conn, id, Role::Organization)?;
            if i64::try_from(taken) == Ok(self.expected) { Ok(id) } else { Err(QueryError::RollbackTransaction) }
        });
        let id = match started {
            Ok(id) => id,
            Err(QueryError::RollbackTransaction) => return Ok(None),
            Err(error) => return Err(error),
        };
        let Size { employees, organizations } = self.size;
        let details = json!({ "wave": id.as_i64(), "employees": employees, "organizations": organizations });
        Action::WaveStarted.to_many(&self.actor).with(details).record(conn, now)?;
        Ok(Some(id))
    }

    fn insert(&self, conn: &mut PgConnection, now: Timestamp) -> QueryResult<WaveId> {
        let row = (
            waitlist_wave::state.eq("sending"),
            waitlist_wave::made_at.eq(now),
            waitlist_wave::made_by.eq(self.actor.id.as_ref().map(UserId::as_str)),
            waitlist_wave::next_at.eq(now),
            waitlist_wave::counted_from.eq(now),
        );
        let id = diesel::insert_into(waitlist_wave::table).values(row).returning(waitlist_wave::id);
        id.get_result::<i64>(conn).map(WaveId::from)
    }

    fn take(&self, conn: &mut PgConnection, wave: WaveId, role: Role) -> QueryResult<usize> {
        if self.size.of(role) == 0 {
            return Ok(0);
        }
        diesel::sql_query(format!(
            "INSERT INTO waitlist_invitation (wave_id, entry_id, role) SELECT $2, id, $1 {} LIMIT $3 \
             ON CONFLICT (entry_id) WHERE state IN ('waiting', 'queued') DO NOTHING",
            turn("$3")
        ))
        .bind::<Text, _>(role.as_str())
        .bind::<BigInt, _>(wave.as_i64())
        .bind::<BigInt, _>(self.size.of(role))
        .execute(conn)
    }
}
