//! Writes the letters of waves, so many a minute: at a rate that relays and mailbox providers accept.

use std::time::Duration;

use chrono::TimeDelta;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Text, Timestamptz};
use serde_json::json;

use super::invitation::{self, single};
use super::letters::Invite;
use super::{signed_up, wave_control};
use crate::mail::link::{Link, NewLink, WAITLIST_INVITATION};
use crate::mail::outbox;
use crate::schema::{waitlist, waitlist_invitation, waitlist_wave};
use crate::values::clock::Timestamp;
use crate::values::secret_key::SecretKeys;
use crate::waitlist::joining::entry::Entry;
use crate::web::app::VerifiedAddresses;

/// The rate: letters a minute, of all waves together.
pub const PER_MINUTE: u32 = 120;
/// The time between two letters.
pub const INTERVAL: Duration = Duration::from_millis(60_000 / PER_MINUTE as u64);
/// After an outage only the letters of this time are caught up on, so that it does not end in a burst.
const CATCH_UP: Duration = Duration::from_secs(5);
/// Letters of waves that are due at once: other mail goes out between them, and a paused wave stops soon. Those that the relay
/// put off hold up no others.
const MOST_DUE: i64 = 20;

/// Whether any wave or invitation is open.
const IS_BUSY: &str = "SELECT EXISTS (SELECT FROM waitlist_wave WHERE state IN ('sending', 'paused')) \
                         OR EXISTS (SELECT FROM waitlist_invitation WHERE state = 'queued') AS is_true";

/// Ends the waves without an open invitation.
const FINISH: &str = "UPDATE waitlist_wave SET state = 'done', paused_by = NULL, ended_at = $1 \
                      WHERE state IN ('sending', 'paused') AND NOT EXISTS (SELECT FROM waitlist_invitation \
                        WHERE wave_id = waitlist_wave.id AND waitlist_invitation.state IN ('waiting', 'queued'))";

/// Records the letters that were written.
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

/// The next invitations, and those of their places that may be written to.
struct Batch {
    next: Vec<Next>,
    invitable: Vec<Entry>,
}

/// A place that may be written to, and the wave that invites it.
struct Invitee<'a> {
    entry: &'a Entry,
    wave: i64,
}

/// Writes the letters that are due; tells how many. Any number of processes may call this at the same time. Whoever has an
/// account already, as `verified_addresses` tells, is not written to.
///
/// # Errors
/// When a statement or the letter's template fails.
pub fn send_due(
    conn: &mut PgConnection,
    now: Timestamp,
    keys: &SecretKeys,
    verified_addresses: VerifiedAddresses,
) -> QueryResult<usize> {
    if !diesel::sql_query(IS_BUSY).get_result::<Answer>(conn)?.is_true {
        return Ok(0);
    }
    let next_at = lock_next_at(conn)?;
    wave_control::recall_returned(conn)?;
    invitation::reconcile(conn, now)?;
    diesel::sql_query(FINISH).bind::<Timestamptz, _>(now).execute(conn)?;
    let Some(next_at) = next_at else { return Ok(0) };
    let from = next_at.max(now - CATCH_UP);
    let most = due(from, now).min(MOST_DUE - outbox::count_due_bulk(conn, Invite::KIND)?);
    if most <= 0 {
        return Ok(0);
    }
    let written = Batch::lock(conn, now, most, verified_addresses)?.write(conn, now, keys)?;
    let gone = INTERVAL * u32::try_from(written).unwrap_or(u32::MAX);
    let sending = waitlist_wave::table.filter(waitlist_wave::state.eq("sending"));
    diesel::update(sending).set(waitlist_wave::next_at.eq(from + gone)).execute(conn)?;
    Ok(written)
}

/// When the next letter may go, if any wave is sending. Locks these waves: another process waits here, and then reads the
/// new time.
fn lock_next_at(conn: &mut PgConnection) -> QueryResult<Option<Timestamp>> {
    let sending = waitlist_wave::table.filter(waitlist_wave::state.eq("sending")).order(waitlist_wave::id);
    let times: Vec<Timestamp> = sending.select(waitlist_wave::next_at).for_update().load(conn)?;
    Ok(times.into_iter().max())
}

/// How many letters may go until `now`, when the next one may go at `from`.
fn due(from: Timestamp, now: Timestamp) -> i64 {
    let passed = (now - from).num_milliseconds();
    let interval = TimeDelta::from_std(INTERVAL).map_or(i64::MAX, |interval| interval.num_milliseconds());
    if passed < 0 { 0 } else { passed / interval + 1 }
}

impl Batch {
    /// Locks the places of the next invitations, and marks those whose address has an account already.
    fn lock(
        conn: &mut PgConnection,
        now: Timestamp,
        most: i64,
        verified_addresses: VerifiedAddresses,
    ) -> QueryResult<Self> {
        // Locks places before invitations, as everywhere: transactions that lock in different orders would deadlock.
        let next = diesel::sql_query(include_str!("wave_sender/next_invitations.sql"));
        let next: Vec<Next> = next.bind::<BigInt, _>(most).load(conn)?;
        let ids: Vec<i64> = next.iter().filter_map(|next| next.entry_id).collect();
        let entries = waitlist::table.filter(waitlist::id.eq_any(ids)).order(waitlist::id);
        let entries: Vec<Entry> = entries.select(Entry::as_select()).load(conn)?;
        let signed_up = signed_up::record_existing_accounts(conn, now, &entries, verified_addresses)?;
        let mut invitable = Vec::new();
        for entry in entries.into_iter().filter(|entry| !signed_up.contains(&entry.id)) {
            if single::can_be_written_to(conn, now, &entry)? {
                invitable.push(entry);
            }
        }
        Ok(Self { next, invitable })
    }

    /// Writes to those whose place may be written to, and skips the others; tells how many letters it wrote.
    fn write(&self, conn: &mut PgConnection, now: Timestamp, keys: &SecretKeys) -> QueryResult<usize> {
        let (mut invitations, mut letters, mut skipped) = (Vec::new(), Vec::new(), Vec::new());
        for Next { id, wave_id, entry_id } in &self.next {
            let Some(entry) = self.invitable.iter().find(|entry| Some(entry.id.as_i64()) == *entry_id) else {
                skipped.push(*id);
                continue;
            };
            invitations.push(*id);
            letters.push(Invitee { entry, wave: *wave_id }.invite(conn, now, keys)?);
        }
        let written = letters.len();
        let queue = diesel::sql_query(QUEUE).bind::<Array<BigInt>, _>(invitations).bind::<Array<Text>, _>(letters);
        queue.execute(conn)?;
        let skipped = waitlist_invitation::table.filter(waitlist_invitation::id.eq_any(skipped));
        diesel::update(skipped).set(waitlist_invitation::state.eq("skipped")).execute(conn)?;
        Ok(written)
    }
}

impl Invitee<'_> {
    /// Queues the letter that opens the account, and ends the links of former ones; returns the letter's id.
    fn invite(&self, conn: &mut PgConnection, now: Timestamp, keys: &SecretKeys) -> QueryResult<String> {
        let Self { entry, wave } = self;
        let subject = entry.id.to_string();
        Link::end_all(conn, WAITLIST_INVITATION, &subject)?;
        let pending = Some(json!({ "email": entry.email, "role": entry.role.as_str(), "wave": wave }));
        let link = NewLink { purpose: WAITLIST_INVITATION, subject, pending }.issue(conn, now, keys)?;
        let letter = Invite { link, links: entry.links(), locale: entry.mail_locale() };
        Ok(outbox::enqueue(conn, now, &entry.email, &letter)?.to_string())
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
