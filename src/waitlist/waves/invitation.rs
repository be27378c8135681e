//! A place's invitation within a wave, from its letter to what the relay said of it.

use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Timestamptz};

use super::letters::Invite;
use super::wave_control;
use crate::mail::outbox;
use crate::mail::outcome::Settled;
use crate::schema::{waitlist, waitlist_invitation, waitlist_wave};
use crate::values::clock::Timestamp;
use crate::values::id::WaveId;

const WAITING: &str = "waiting";
const QUEUED: &str = "queued";
const SKIPPED: &str = "skipped";

/// Takes note of letters that ended without a word to us: cancelled, expired, given up after many tries, erased, or sent
/// by a process that knew no waves.
const SETTLE_QUIET: &str = "WITH ended AS ( \
                              SELECT waitlist_invitation.id, entry_id, wave_id, outbox_letter.sent_at, \
                                CASE outbox_letter.status WHEN 'sent' THEN 'sent' WHEN 'dead' THEN 'bounced' \
                                  ELSE 'skipped' END AS ending \
                              FROM waitlist_invitation LEFT JOIN outbox_letter ON outbox_letter.id = letter_id \
                              WHERE state = 'queued' \
                                AND (outbox_letter.id IS NULL OR outbox_letter.status NOT IN ('queued', 'sending')) \
                              FOR UPDATE OF waitlist_invitation SKIP LOCKED), \
                            invited AS ( \
                              UPDATE waitlist SET invited_at = ended.sent_at FROM ended \
                              WHERE ending = 'sent' AND waitlist.id = entry_id AND waitlist.invited_at IS NULL) \
                            UPDATE waitlist_invitation SET state = ending, sent_at = ended.sent_at, \
                              bounced_at = CASE ending WHEN 'bounced' THEN $1 END \
                            FROM ended WHERE waitlist_invitation.id = ended.id \
                            RETURNING ended.wave_id";

#[derive(QueryableByName)]
struct OfWave {
    #[diesel(sql_type = BigInt)]
    wave_id: i64,
}

/// Takes note of what the relay said of an invitation's letter: only whoever's mail it took over is invited.
///
/// # Errors
/// When a statement fails.
pub fn record_outcome(conn: &mut PgConnection, now: Timestamp, settled: &Settled<'_>) -> QueryResult<()> {
    if settled.kind != Invite::KIND {
        return Ok(());
    }
    let own = waitlist_invitation::letter_id.eq(settled.letter.as_str());
    let found = waitlist_invitation::table.filter(own);
    let found = found.select((waitlist_invitation::id, waitlist_invitation::wave_id, waitlist_invitation::entry_id));
    let Some((id, wave, entry)) = found.first::<(i64, i64, Option<i64>)>(conn).optional()? else { return Ok(()) };
    // One verdict of a wave at a time, or of two bounces at once neither would know of the other.
    waitlist_wave::table.find(wave).select(waitlist_wave::id).for_update().first::<i64>(conn)?;
    let invitation = diesel::update(waitlist_invitation::table.find(id));
    if settled.was_sent {
        let place = waitlist::table.filter(waitlist::id.nullable().eq(entry));
        let invited = (waitlist::invited_at.eq(now), waitlist::bounced_at.eq(None::<Timestamp>));
        diesel::update(place).set(invited).execute(conn)?;
        let sent = (waitlist_invitation::state.eq("sent"), waitlist_invitation::sent_at.eq(now));
        invitation.set(sent).execute(conn)?;
    } else {
        let bounced = (waitlist_invitation::state.eq("bounced"), waitlist_invitation::bounced_at.eq(now));
        invitation.set(bounced).execute(conn)?;
    }
    wave_control::pause_if_bouncing(conn, now, wave.into())
}

/// Takes note of letters that ended without [`record_outcome`].
pub(in crate::waitlist) fn settle_quiet(conn: &mut PgConnection, now: Timestamp) -> QueryResult<()> {
    let rows: Vec<OfWave> = diesel::sql_query(SETTLE_QUIET).bind::<Timestamptz, _>(now).load(conn)?;
    let mut waves: Vec<i64> = rows.into_iter().map(|row| row.wave_id).collect();
    waves.sort_unstable();
    waves.dedup();
    for wave in waves {
        wave_control::pause_if_bouncing(conn, now, wave.into())?;
    }
    Ok(())
}

/// Takes back those letters of a wave that nobody has begun to send: these people wait again.
pub(in crate::waitlist) fn take_back(conn: &mut PgConnection, wave: WaveId) -> QueryResult<()> {
    let queued = waitlist_invitation::table.filter(of(wave, QUEUED)).select(waitlist_invitation::letter_id);
    let letters: Vec<Option<String>> = queued.load(conn)?;
    let taken = outbox::take_back(conn, &letters.into_iter().flatten().collect::<Vec<_>>())?;
    let waiting = (waitlist_invitation::state.eq(WAITING), waitlist_invitation::letter_id.eq(None::<String>));
    let of_taken = waitlist_invitation::table.filter(waitlist_invitation::letter_id.eq_any(taken));
    diesel::update(of_taken).set(waiting).execute(conn)?;
    Ok(())
}

/// Writes to nobody of a wave who still waits; tells how many those are.
pub(in crate::waitlist) fn give_up(conn: &mut PgConnection, wave: WaveId) -> QueryResult<usize> {
    let waiting = waitlist_invitation::table.filter(of(wave, WAITING));
    diesel::update(waiting).set(waitlist_invitation::state.eq(SKIPPED)).execute(conn)
}

#[diesel::dsl::auto_type(no_type_alias)]
fn of(wave: WaveId, state: &'static str) -> _ {
    let id: i64 = wave.as_i64();
    waitlist_invitation::wave_id.eq(id).and(waitlist_invitation::state.eq(state))
}
