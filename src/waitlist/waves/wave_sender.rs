//! Turns the invitations of waves into letters, at a pace that a relay and those who read them can bear.

use std::time::Duration;

use chrono::TimeDelta;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Text, Timestamptz};
use serde_json::json;

use super::invitation;
use super::letters::Invite;
use super::signed_up;
use crate::mail::link::{Link, NewLink, WAITLIST_INVITATION};
use crate::mail::outbox;
use crate::schema::{waitlist, waitlist_invitation, waitlist_wave};
use crate::values::clock::Timestamp;
use crate::values::secret_key::SecretKeys;
use crate::waitlist::joining::entry::Entry;
use crate::waitlist::joining::links::EntryLinks;
use crate::waitlist::joining::state::State;

/// Letters a minute, of all waves together.
pub const PER_MINUTE: u32 = 120;
/// Between two of them.
pub const INTERVAL: Duration = Duration::from_millis(60_000 / PER_MINUTE as u64);
/// What was missed is made up for no longer than this: an outage must not end in a burst.
const CREDIT: Duration = Duration::from_secs(5);
/// Letters in the outbox at once: other mail goes out between them, and a wave that is stopped really stops.
const MOST_QUEUED: i64 = 20;

/// Whether there is anything to look at.
const IS_BUSY: &str = "SELECT EXISTS (SELECT FROM waitlist_wave WHERE state IN ('sending', 'paused')) \
                         OR EXISTS (SELECT FROM waitlist_invitation WHERE state = 'queued') AS is_true";

/// Ends the waves of which nothing waits any more.
const FINISH: &str = "UPDATE waitlist_wave SET state = 'done', paused_by = NULL, ended_at = $1 \
                      WHERE state IN ('sending', 'paused') AND NOT EXISTS (SELECT FROM waitlist_invitation \
                        WHERE wave_id = waitlist_wave.id AND waitlist_invitation.state IN ('waiting', 'queued'))";

/// The next ones of the oldest wave of which any wait.
const NEXT: &str = "SELECT id, wave_id, entry_id FROM waitlist_invitation \
                    WHERE state = 'waiting' AND wave_id = ( \
                      SELECT id FROM waitlist_wave WHERE state = 'sending' AND EXISTS ( \
                        SELECT FROM waitlist_invitation WHERE wave_id = waitlist_wave.id AND state = 'waiting') \
                      ORDER BY id LIMIT 1) \
                    ORDER BY id LIMIT $1";

const QUEUE: &str = "UPDATE waitlist_invitation SET state = 'queued', letter_id = letter \
                     FROM unnest($1, $2) AS written (invitation, letter) WHERE id = invitation";

#[derive(QueryableByName)]
struct Answer {
    #[diesel(sql_type = Bool)]
    is_true: bool,
}

#[derive(QueryableByName)]
struct Next {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = BigInt)]
    wave_id: i64,
    #[diesel(sql_type = diesel::sql_types::Nullable<BigInt>)]
    entry_id: Option<i64>,
}

/// Writes the letters whose time has come; tells how many. Any number of processes may ask at once.
///
/// # Errors
/// When a statement or the letter's template fails.
pub fn send_next(conn: &mut PgConnection, now: Timestamp, keys: &SecretKeys) -> QueryResult<usize> {
    if !diesel::sql_query(IS_BUSY).get_result::<Answer>(conn)?.is_true {
        return Ok(0);
    }
    // Whoever else asks waits here, and then finds the time of the next letter moved on.
    let sending = waitlist_wave::table.filter(waitlist_wave::state.eq("sending")).order(waitlist_wave::id);
    let sending: Vec<Timestamp> = sending.select(waitlist_wave::next_at).for_update().load(conn)?;
    invitation::settle_quiet(conn, now)?;
    diesel::sql_query(FINISH).bind::<Timestamptz, _>(now).execute(conn)?;
    let Some(next_at) = sending.into_iter().max() else { return Ok(0) };
    let from = next_at.max(now - CREDIT);
    let queued = waitlist_invitation::table.filter(waitlist_invitation::state.eq("queued"));
    let room = MOST_QUEUED - queued.count().get_result::<i64>(conn)?;
    let most = due(from, now).min(room);
    if most <= 0 {
        return Ok(0);
    }
    let next: Vec<Next> = diesel::sql_query(NEXT).bind::<BigInt, _>(most).load(conn)?;
    let written = write(conn, now, keys, &next)?;
    let gone = INTERVAL * u32::try_from(written).unwrap_or(u32::MAX);
    let sending = waitlist_wave::table.filter(waitlist_wave::state.eq("sending"));
    diesel::update(sending).set(waitlist_wave::next_at.eq(from + gone)).execute(conn)?;
    Ok(written)
}

/// How many letters may go now, when the next one may go from then on.
fn due(from: Timestamp, now: Timestamp) -> i64 {
    let passed = (now - from).num_milliseconds();
    let interval = TimeDelta::from_std(INTERVAL).map_or(i64::MAX, |interval| interval.num_milliseconds());
    if passed < 0 { 0 } else { passed / interval + 1 }
}

/// Writes to those who still wait for it, and passes over the others.
fn write(conn: &mut PgConnection, now: Timestamp, keys: &SecretKeys, next: &[Next]) -> QueryResult<usize> {
    let ids: Vec<i64> = next.iter().filter_map(|next| next.entry_id).collect();
    signed_up::mark_known(conn, now, &ids)?;
    // The places before their invitations, as everywhere: two that lock in different orders would wait for each other.
    let entries = waitlist::table.filter(waitlist::id.eq_any(&ids)).order(waitlist::id).for_update();
    let entries: Vec<Entry> = entries.select(Entry::as_select()).load(conn)?;
    let confirmed = |entry: &&Entry| entry.state == State::Confirmed;
    let (mut invitations, mut letters, mut skipped) = (Vec::new(), Vec::new(), Vec::new());
    for Next { id, wave_id, entry_id } in next {
        let entry = entries.iter().filter(confirmed).find(|entry| Some(entry.id.as_i64()) == *entry_id);
        let Some(entry) = entry else {
            skipped.push(*id);
            continue;
        };
        invitations.push(*id);
        letters.push(entry.invite(conn, (now, keys), *wave_id)?);
    }
    let written = letters.len();
    let queue = diesel::sql_query(QUEUE).bind::<Array<BigInt>, _>(invitations).bind::<Array<Text>, _>(letters);
    queue.execute(conn)?;
    let skipped = waitlist_invitation::table.filter(waitlist_invitation::id.eq_any(skipped));
    diesel::update(skipped).set(waitlist_invitation::state.eq("skipped")).execute(conn)?;
    Ok(written)
}

impl Entry {
    /// Queues the letter that opens the account, and ends the links of former ones; gives the letter's id.
    fn invite(&self, conn: &mut PgConnection, (now, keys): (Timestamp, &SecretKeys), wave: i64) -> QueryResult<String> {
        let subject = self.id.to_string();
        Link::end_all(conn, WAITLIST_INVITATION, &subject)?;
        let pending = Some(json!({ "email": self.email, "role": self.role.as_str(), "wave": wave }));
        let link = NewLink { purpose: WAITLIST_INVITATION, subject, pending }.issue(conn, now, keys)?;
        let links = EntryLinks::of(conn, now, keys, self.id)?;
        let letter = Invite { link, links, locale: self.mail_locale() };
        Ok(outbox::enqueue(conn, now, &self.email, &letter)?.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_due_one_by_one() {
        let from: Timestamp = "2026-11-23T12:00:00Z".parse().unwrap();
        let after = |millis| due(from, from + TimeDelta::milliseconds(millis));
        assert_eq!([-1, 0, 499, 500, 1_000, 5_000].map(after), [0, 1, 1, 2, 3, 11]);
    }
}
