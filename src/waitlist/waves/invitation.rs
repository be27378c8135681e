//! The invitation of a place, and the outcome of its letter as the relay or the outbox has it.

use std::collections::{BTreeSet, HashMap};

use diesel::pg::{Pg, PgConnection};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Timestamptz};

use super::letters::Invite;
use super::wave_control;
use crate::mail::outcome::SendOutcome;
use crate::schema::{waitlist, waitlist_invitation, waitlist_wave};
use crate::values::clock::Timestamp;
use crate::values::id::LetterId;

pub mod single;

/// The place of somebody in a wave.
#[derive(Queryable, Selectable)]
#[diesel(table_name = waitlist_invitation, check_for_backend(Pg))]
struct Invitation {
    id: i64,
    wave_id: i64,
    entry_id: Option<i64>,
    letter_id: Option<String>,
    bounced_at: Option<Timestamp>,
}

#[derive(QueryableByName)]
struct OfWave {
    #[diesel(sql_type = BigInt)]
    wave_id: i64,
}

/// Records that letters of invitations were sent or refused. A place counts as invited once the relay took the letter over.
///
/// # Errors
/// When a statement fails.
pub fn record_outcomes(conn: &mut PgConnection, now: Timestamp, outcomes: &[SendOutcome]) -> QueryResult<()> {
    let ours: Vec<_> = outcomes.iter().filter(|outcome| outcome.kind == Invite::KIND).collect();
    if ours.is_empty() {
        return Ok(());
    }
    let letters = ours.iter().map(|outcome| outcome.letter.as_str());
    let own = waitlist_invitation::table.filter(waitlist_invitation::letter_id.eq_any(letters));
    let own: Vec<Invitation> = own.order(waitlist_invitation::entry_id).select(Invitation::as_select()).load(conn)?;
    // Locks the waves: of two bounces at the same time, neither transaction would count the other's.
    let waves = own.iter().map(|invitation| invitation.wave_id);
    let waves = waitlist_wave::table.filter(waitlist_wave::id.eq_any(waves)).order(waitlist_wave::id).for_update();
    let counted_from: HashMap<i64, Timestamp> =
        waves.select((waitlist_wave::id, waitlist_wave::counted_from)).load(conn)?.into_iter().collect();
    for invitation in &own {
        let was_sent = ours.iter().any(|outcome| invitation.is_of(&outcome.letter) && outcome.was_sent);
        invitation.record(conn, now, was_sent)?;
        let since = counted_from.get(&invitation.wave_id);
        if was_sent && invitation.bounced_at.zip(since).is_some_and(|(at, since)| at < *since) {
            invitation.forget_former_bounce(conn)?;
        }
    }
    pause_on_bounces(conn, now, own.into_iter().map(|invitation| invitation.wave_id).collect())
}

impl Invitation {
    fn is_of(&self, letter: &LetterId) -> bool {
        self.letter_id.as_deref() == Some(letter.as_str())
    }

    fn record(&self, conn: &mut PgConnection, now: Timestamp, was_sent: bool) -> QueryResult<usize> {
        if was_sent { self.mark_sent(conn, now) } else { self.mark_bounced(conn, now) }
    }

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

/// Records the outcome of letters that ended without [`record_outcomes`]: cancelled, expired, erased, or
/// sent by a process of an older version that knew no waves.
pub(super) fn reconcile(conn: &mut PgConnection, now: Timestamp) -> QueryResult<()> {
    let reconciled = diesel::sql_query(include_str!("invitation/reconcile.sql")).bind::<Timestamptz, _>(now);
    let rows: Vec<OfWave> = reconciled.load(conn)?;
    pause_on_bounces(conn, now, rows.into_iter().map(|row| row.wave_id).collect())
}

/// Pauses those of these waves whose bounce rate is too high. Each is counted once, however many of its letters ended.
fn pause_on_bounces(conn: &mut PgConnection, now: Timestamp, waves: BTreeSet<i64>) -> QueryResult<()> {
    waves.into_iter().try_for_each(|wave| wave_control::pause_on_bounces(conn, now, wave.into()))
}
