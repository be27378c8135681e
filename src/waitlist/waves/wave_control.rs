//! Pausing a wave, resuming it and cancelling it; a wave of which too many mails bounce is paused as well.

use diesel::dsl::sql;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool};
use serde_json::json;

use super::wave_counts::WaveCounts;
use crate::audit::event::{Action, Actor};
use crate::mail::outbox;
use crate::schema::{waitlist_invitation, waitlist_wave};
use crate::values::clock::Timestamp;
use crate::values::id::WaveId;
use crate::web::{Subject, Submission};

/// The bounce rate that pauses a wave: one letter of so many.
const BOUNCE_RATE: i64 = 50;
/// Among fewer letters than these, a single bounce does not pause a wave.
const ENOUGH: i64 = 50;

const WAITING: &str = "waiting";
const QUEUED: &str = "queued";
const SKIPPED: &str = "skipped";

/// The wave that somebody controls.
#[derive(Clone, Debug)]
pub struct WaveControl {
    /// The wave.
    pub wave: WaveId,
    /// Who controls it.
    pub actor: Actor,
}

/// What an admin does to a wave.
pub type Act = fn(&WaveControl, &mut PgConnection, Timestamp) -> QueryResult<ControlOutcome>;

/// The outcome of pausing, resuming or cancelling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ControlOutcome {
    /// It was done.
    Done,
    /// The wave is in a state where this is not possible.
    TooLate,
    /// There is no such wave.
    NotFound,
}

#[derive(QueryableByName)]
struct Outcomes {
    #[diesel(sql_type = BigInt)]
    ended: i64,
    #[diesel(sql_type = BigInt)]
    bounced: i64,
}

impl WaveControl {
    /// Pauses the wave. Its letters that nobody has begun to send are taken back.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn pause(&self, conn: &mut PgConnection, now: Timestamp) -> QueryResult<ControlOutcome> {
        if let Some(refused) = self.refused(conn, &["sending"])? {
            return Ok(refused);
        }
        self.stop(conn, now, "admin")?;
        Ok(ControlOutcome::Done)
    }

    /// Resumes the wave; bounces until now count no more.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn resume(&self, conn: &mut PgConnection, now: Timestamp) -> QueryResult<ControlOutcome> {
        if let Some(refused) = self.refused(conn, &["paused"])? {
            return Ok(refused);
        }
        let counts = WaveCounts::of(conn, self.wave)?;
        let changes = (
            waitlist_wave::state.eq("sending"),
            waitlist_wave::paused_by.eq(None::<String>),
            waitlist_wave::next_at.eq(now),
            waitlist_wave::counted_from.eq(now),
            waitlist_wave::sent_before.eq(counts.sent),
            waitlist_wave::bounced_before.eq(counts.bounced),
        );
        diesel::update(waitlist_wave::table.find(self.wave.as_i64())).set(changes).execute(conn)?;
        Submission::forget(conn, &[changes_of(self.wave)])?;
        Action::WaveResumed.to_many(&self.actor).with(json!({ "wave": self.wave.as_i64() })).record(conn, now)?;
        Ok(ControlOutcome::Done)
    }

    /// Cancels what was not sent: those people wait for another wave.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn cancel(&self, conn: &mut PgConnection, now: Timestamp) -> QueryResult<ControlOutcome> {
        if let Some(refused) = self.refused(conn, &["sending", "paused"])? {
            return Ok(refused);
        }
        recall_letters(conn, self.wave)?;
        let entries = skip_waiting(conn, self.wave)?;
        let changes = (
            waitlist_wave::state.eq("cancelled"),
            waitlist_wave::paused_by.eq(None::<String>),
            waitlist_wave::ended_at.eq(now),
        );
        diesel::update(waitlist_wave::table.find(self.wave.as_i64())).set(changes).execute(conn)?;
        Submission::forget(conn, &[changes_of(self.wave)])?;
        let details = json!({ "wave": self.wave.as_i64(), "entries": entries });
        Action::WaveCancelled.to_many(&self.actor).with(details).record(conn, now)?;
        Ok(ControlOutcome::Done)
    }

    /// Why the wave cannot be controlled, unless it is in one of these states. Locks its row, whose lock comes before those
    /// of places, invitations and letters.
    fn refused(&self, conn: &mut PgConnection, states: &[&str]) -> QueryResult<Option<ControlOutcome>> {
        let state = waitlist_wave::table.find(self.wave.as_i64()).select(waitlist_wave::state).for_update();
        Ok(match state.first::<String>(conn).optional()? {
            None => Some(ControlOutcome::NotFound),
            Some(state) if states.contains(&state.as_str()) => None,
            Some(_) => Some(ControlOutcome::TooLate),
        })
    }

    fn stop(&self, conn: &mut PgConnection, now: Timestamp, paused_by: &'static str) -> QueryResult<()> {
        recall_letters(conn, self.wave)?;
        let changes = (waitlist_wave::state.eq("paused"), waitlist_wave::paused_by.eq(paused_by));
        diesel::update(waitlist_wave::table.find(self.wave.as_i64())).set(changes).execute(conn)?;
        Submission::forget(conn, &[changes_of(self.wave)])?;
        let details = json!({ "wave": self.wave.as_i64(), "paused_by": paused_by });
        Action::WavePaused.to_many(&self.actor).with(details).record(conn, now)
    }
}

/// Whether a wave goes on, as what a form changed.
pub(in crate::waitlist) fn changes_of(wave: WaveId) -> Subject {
    Subject::new("wave", &wave.to_string())
}

/// Pauses a wave whose bounce rate is too high. Lock its row first.
pub(super) fn pause_on_bounces(conn: &mut PgConnection, now: Timestamp, wave: WaveId) -> QueryResult<()> {
    let outcomes = diesel::sql_query(include_str!("wave_control/count_outcomes.sql")).bind::<BigInt, _>(wave.as_i64());
    let outcomes: Option<Outcomes> = outcomes.get_result(conn).optional()?;
    let Some(Outcomes { ended, bounced }) = outcomes else { return Ok(()) };
    if bounced <= 0 || bounced * BOUNCE_RATE < ended || ended < ENOUGH && bounced < 2 {
        return Ok(());
    }
    tracing::warn!(wave = wave.as_i64(), bounced, ended, "a wave of invitations is paused, because too many bounced");
    WaveControl { wave, actor: Actor::application() }.stop(conn, now, "bounces")
}

/// Takes back the letters of a wave that nobody has begun to send: these people wait again.
fn recall_letters(conn: &mut PgConnection, wave: WaveId) -> QueryResult<()> {
    let queued = waitlist_invitation::table.filter(of(wave, QUEUED)).select(waitlist_invitation::letter_id);
    let letters: Vec<Option<String>> = queued.load(conn)?;
    let recalled = outbox::cancel_unsent(conn, &letters.into_iter().flatten().collect::<Vec<_>>())?;
    let waiting = (waitlist_invitation::state.eq(WAITING), waitlist_invitation::letter_id.eq(None::<String>));
    let of_recalled = waitlist_invitation::table.filter(waitlist_invitation::letter_id.eq_any(recalled));
    diesel::update(of_recalled).set(waiting).execute(conn)?;
    Ok(())
}

/// Takes back the letters of waves that are paused or cancelled which came back to the outbox since: they were being sent then,
/// and the relay put them off.
pub(super) fn recall_returned(conn: &mut PgConnection) -> QueryResult<()> {
    let stopped = waitlist_wave::state.eq_any(["paused", "cancelled"]);
    // A literal: the partial index of queued invitations is found by it, and by no parameter.
    let queued = waitlist_invitation::table.filter(sql::<Bool>("state = 'queued'"));
    let waves = waitlist_wave::table
        .filter(stopped)
        .filter(waitlist_wave::id.eq_any(queued.select(waitlist_invitation::wave_id)));
    let waves = waves.order(waitlist_wave::id).select((waitlist_wave::id, waitlist_wave::state)).for_update();
    for (wave, state) in waves.load::<(i64, String)>(conn)? {
        recall_letters(conn, wave.into())?;
        if state == "cancelled" {
            skip_waiting(conn, wave.into())?;
        }
    }
    Ok(())
}

/// Skips everybody of a wave who still waits; returns how many those are.
fn skip_waiting(conn: &mut PgConnection, wave: WaveId) -> QueryResult<usize> {
    let waiting = waitlist_invitation::table.filter(of(wave, WAITING));
    diesel::update(waiting).set(waitlist_invitation::state.eq(SKIPPED)).execute(conn)
}

#[diesel::dsl::auto_type(no_type_alias)]
fn of(wave: WaveId, state: &'static str) -> _ {
    let id: i64 = wave.as_i64();
    waitlist_invitation::wave_id.eq(id).and(waitlist_invitation::state.eq(state))
}
