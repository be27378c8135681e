//! The invitation of a place, and the outcome of its letter as the relay or the outbox has it.

use diesel::pg::{Pg, PgConnection};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Timestamptz};

use super::letters::Invite;
use super::wave_control;
use crate::mail::outcome::SendOutcome;
use crate::schema::{waitlist, waitlist_invitation, waitlist_wave};
use crate::values::clock::Timestamp;

pub mod single;

/// The place of somebody in a wave.
#[derive(Queryable, Selectable)]
#[diesel(table_name = waitlist_invitation, check_for_backend(Pg))]
struct Invitation {
    id: i64,
    wave_id: i64,
    entry_id: Option<i64>,
    bounced_at: Option<Timestamp>,
}

#[derive(QueryableByName)]
struct OfWave {
    #[diesel(sql_type = BigInt)]
    wave_id: i64,
}

/// Records that the letter of an invitation was sent or refused. A place counts as invited once the relay took the
/// letter over.
///
/// # Errors
/// When a statement fails.
pub fn record_outcome(conn: &mut PgConnection, now: Timestamp, outcome: &SendOutcome<'_>) -> QueryResult<()> {
    if outcome.kind != Invite::KIND {
        return Ok(());
    }
    let own = waitlist_invitation::table.filter(waitlist_invitation::letter_id.eq(outcome.letter.as_str()));
    let found = own.select(Invitation::as_select()).first(conn).optional()?;
    let Some(invitation): Option<Invitation> = found else { return Ok(()) };
    // Locks the wave: of two bounces at the same time, neither transaction would count the other's.
    let wave = waitlist_wave::table.find(invitation.wave_id).select(waitlist_wave::counted_from);
    let counted_from: Timestamp = wave.for_update().first(conn)?;
    if outcome.was_sent {
        invitation.mark_sent(conn, now)?;
        if invitation.bounced_at.is_some_and(|at| at < counted_from) {
            invitation.forget_former_bounce(conn)?;
        }
    } else {
        invitation.mark_bounced(conn, now)?;
    }
    wave_control::pause_on_bounces(conn, now, invitation.wave_id.into())
}

impl Invitation {
    fn mark_sent(&self, conn: &mut PgConnection, now: Timestamp) -> QueryResult<usize> {
        let place = waitlist::table.filter(waitlist::id.nullable().eq(self.entry_id));
        let invited = (waitlist::invited_at.eq(now), waitlist::bounced_at.eq(None::<Timestamp>));
        diesel::update(place).set(invited).execute(conn)?;
        let sent = (
            waitlist_invitation::state.eq("sent"),
            waitlist_invitation::sent_at.eq(now),
            // A letter that was refused may have been tried again.
            waitlist_invitation::bounced_at.eq(None::<Timestamp>),
        );
        diesel::update(waitlist_invitation::table.find(self.id)).set(sent).execute(conn)
    }

    /// A letter that bounced before the wave was resumed is sent now, so it is no longer among the former bounces.
    fn forget_former_bounce(&self, conn: &mut PgConnection) -> QueryResult<usize> {
        let fewer = waitlist_wave::bounced_before.eq(waitlist_wave::bounced_before - 1);
        diesel::update(waitlist_wave::table.find(self.wave_id)).set(fewer).execute(conn)
    }

    fn mark_bounced(&self, conn: &mut PgConnection, now: Timestamp) -> QueryResult<usize> {
        let bounced = (waitlist_invitation::state.eq("bounced"), waitlist_invitation::bounced_at.eq(now));
        diesel::update(waitlist_invitation::table.find(self.id)).set(bounced).execute(conn)
    }
}

/// Records the outcome of letters that ended without [`record_outcome`]: cancelled, expired, erased, or
/// sent by a process of an older version that knew no waves.
pub(super) fn reconcile(conn: &mut PgConnection, now: Timestamp) -> QueryResult<()> {
    let reconciled = diesel::sql_query(include_str!("invitation/reconcile.sql")).bind::<Timestamptz, _>(now);
    let rows: Vec<OfWave> = reconciled.load(conn)?;
    let mut waves: Vec<i64> = rows.into_iter().map(|row| row.wave_id).collect();
    waves.sort_unstable();
    waves.dedup();
    for wave in waves {
        wave_control::pause_on_bounces(conn, now, wave.into())?;
    }
    Ok(())
}
