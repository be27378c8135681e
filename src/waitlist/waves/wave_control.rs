//! Stopping a wave for a while, going on with it, and giving it up.

use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use serde_json::json;

use super::invitation;
use crate::audit::event::{Action, Actor};
use crate::schema::waitlist_wave;
use crate::values::clock::Timestamp;
use crate::values::id::WaveId;

/// What was settled since a sending wave was made or resumed.
const SETTLED: &str = "SELECT count(*) AS settled, \
                         count(*) FILTER (WHERE waitlist_invitation.state = 'bounced') AS bounced \
                       FROM waitlist_invitation JOIN waitlist_wave ON waitlist_wave.id = wave_id \
                       WHERE wave_id = $1 AND waitlist_wave.state = 'sending' \
                         AND (waitlist_invitation.state = 'sent' AND sent_at >= counted_from \
                           OR waitlist_invitation.state = 'bounced' AND bounced_at >= counted_from)";

/// Too many of a wave's mails are refused when it is this part of them: one of fifty.
const BAD_PART: i64 = 50;
/// One refused mail tells something only among this many.
const ENOUGH: i64 = 50;

/// What became of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Steered {
    /// It was done.
    Done,
    /// The wave is not in a state for it.
    TooLate,
    /// There is no such wave.
    NotFound,
}

#[derive(QueryableByName)]
struct Settled {
    #[diesel(sql_type = BigInt)]
    settled: i64,
    #[diesel(sql_type = BigInt)]
    bounced: i64,
}

/// Stops a wave. Its letters that nobody has begun to send are taken back.
///
/// # Errors
/// When a statement fails.
pub fn pause(conn: &mut PgConnection, now: Timestamp, id: WaveId, actor: &Actor) -> QueryResult<Steered> {
    steer(conn, id, &["sending"], |conn| stop(conn, now, (id, actor), "admin"))
}

/// Goes on with a wave; bounces until now are forgiven.
///
/// # Errors
/// When a statement fails.
pub fn resume(conn: &mut PgConnection, now: Timestamp, id: WaveId, actor: &Actor) -> QueryResult<Steered> {
    steer(conn, id, &["paused"], |conn| {
        let changes = (
            waitlist_wave::state.eq("sending"),
            waitlist_wave::paused_by.eq(None::<String>),
            waitlist_wave::next_at.eq(now),
            waitlist_wave::counted_from.eq(now),
        );
        diesel::update(waitlist_wave::table.find(id.as_i64())).set(changes).execute(conn)?;
        Action::WaveResumed.to_many(actor).with(json!({ "wave": id.as_i64() })).record(conn, now)
    })
}

/// Gives up whatever was not sent: those people wait for another wave.
///
/// # Errors
/// When a statement fails.
pub fn cancel(conn: &mut PgConnection, now: Timestamp, id: WaveId, actor: &Actor) -> QueryResult<Steered> {
    steer(conn, id, &["sending", "paused"], |conn| {
        invitation::take_back(conn, id)?;
        let entries = invitation::give_up(conn, id)?;
        let changes = (
            waitlist_wave::state.eq("cancelled"),
            waitlist_wave::paused_by.eq(None::<String>),
            waitlist_wave::ended_at.eq(now),
        );
        diesel::update(waitlist_wave::table.find(id.as_i64())).set(changes).execute(conn)?;
        let details = json!({ "wave": id.as_i64(), "entries": entries });
        Action::WaveCancelled.to_many(actor).with(details).record(conn, now)
    })
}

/// Stops a wave of which too many mails are refused. Lock its row first.
pub(in crate::waitlist) fn pause_if_bouncing(conn: &mut PgConnection, now: Timestamp, id: WaveId) -> QueryResult<()> {
    let Settled { settled, bounced } = diesel::sql_query(SETTLED).bind::<BigInt, _>(id.as_i64()).get_result(conn)?;
    if bounced == 0 || bounced * BAD_PART < settled || settled < ENOUGH && bounced < 2 {
        return Ok(());
    }
    tracing::warn!(wave = id.as_i64(), bounced, settled, "a wave of invitations stops, since too many bounce");
    stop(conn, now, (id, &Actor::application()), "bounces")
}

/// Locks a wave's row, whose lock comes before those of places, invitations and letters, and acts on it.
fn steer(
    conn: &mut PgConnection,
    id: WaveId,
    from: &[&str],
    act: impl FnOnce(&mut PgConnection) -> QueryResult<()>,
) -> QueryResult<Steered> {
    let state = waitlist_wave::table.find(id.as_i64()).select(waitlist_wave::state).for_update();
    match state.first::<String>(conn).optional()? {
        None => Ok(Steered::NotFound),
        Some(state) if from.contains(&state.as_str()) => act(conn).map(|()| Steered::Done),
        Some(_) => Ok(Steered::TooLate),
    }
}

fn stop(
    conn: &mut PgConnection,
    now: Timestamp,
    (id, actor): (WaveId, &Actor),
    paused_by: &'static str,
) -> QueryResult<()> {
    invitation::take_back(conn, id)?;
    let changes = (waitlist_wave::state.eq("paused"), waitlist_wave::paused_by.eq(paused_by));
    diesel::update(waitlist_wave::table.find(id.as_i64())).set(changes).execute(conn)?;
    let details = json!({ "wave": id.as_i64(), "paused_by": paused_by });
    Action::WavePaused.to_many(actor).with(details).record(conn, now)
}
