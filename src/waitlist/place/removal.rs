//! How a place ends: its owner leaves or has it erased, nobody answers, or an admin deleted it long ago.

use chrono::TimeDelta;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use serde_json::json;

use crate::audit::event::{Action, Actor};
use crate::db::BATCH;
use crate::mail::link::{Link, WAITLIST_INVITATION};
use crate::mail::outbox;
use crate::schema::waitlist;
use crate::values::clock::Timestamp;
use crate::values::secret_key::SecretKeys;
use crate::values::secret_token::SecretToken;
use crate::waitlist::joining::entry::Entry;
use crate::waitlist::joining::erasure::{self, forget};
use crate::waitlist::joining::links::{CONFIRM, PLACE, UNSUBSCRIBE};
use crate::waitlist::joining::mail_outcome::KINDS;
use crate::waitlist::joining::role::Role;
use crate::waitlist::joining::state::State;

/// Who was asked and did not answer is kept this long, as the privacy page says.
const UNANSWERED: TimeDelta = TimeDelta::days(14);
/// What an admin deleted can be brought back this long.
const DELETED: TimeDelta = TimeDelta::days(30);

/// What a link of a mail may be pressed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeavesBy {
    /// The private page of the place.
    Place,
    /// The one click of a mail program.
    Unsubscribe,
}

impl Entry {
    /// Leaves the waitlist, so that no mail about it goes out any more; again changes nothing. Tells whether the link
    /// works.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn leave(
        conn: &mut PgConnection,
        now: Timestamp,
        actor: &Actor,
        (by, token): (LeavesBy, &SecretToken),
    ) -> QueryResult<bool> {
        let purpose = if by == LeavesBy::Place { PLACE } else { UNSUBSCRIBE };
        let Some(entry) = Self::lock(conn, now, purpose, token)? else { return Ok(false) };
        // Of a deleted place too: who left stays away when an admin brings it back.
        if entry.left_at.is_some() {
            return Ok(true);
        }
        diesel::update(waitlist::table.find(entry.id.as_i64())).set(waitlist::left_at.eq(now)).execute(conn)?;
        // Letters that wait to be sent go no more once their links are over.
        Link::end_all_of(conn, &[CONFIRM.name, WAITLIST_INVITATION.name], &[entry.id.to_string()])?;
        Action::EntryLeft.to_entry(actor, entry.id).record(conn, now)?;
        Ok(true)
    }

    /// Says what the owner is here for; tells whether the link works.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn change_role(
        conn: &mut PgConnection,
        now: Timestamp,
        actor: &Actor,
        (role, token): (Role, &SecretToken),
    ) -> QueryResult<bool> {
        let Some(entry) = Self::lock(conn, now, PLACE, token)? else { return Ok(false) };
        if entry.role != role && !entry.is_gone() {
            let row = waitlist::table.find(entry.id.as_i64());
            diesel::update(row).set(waitlist::role.eq(role.as_str())).execute(conn)?;
            let both = json!({ "before": { "role": entry.role.as_str() }, "after": { "role": role.as_str() } });
            Action::EntryRoleChanged.to_entry(actor, entry.id).with(both).record(conn, now)?;
        }
        Ok(true)
    }

    /// Erases everything that names the owner: only a keyed hash of the address stays, so that no import brings it
    /// back. Mails of an account with the same address are the account's. Tells whether the link works.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn erase(conn: &mut PgConnection, now: Timestamp, keys: &SecretKeys, token: &SecretToken) -> QueryResult<bool> {
        let Some(entry) = Self::lock(conn, now, PLACE, token)? else { return Ok(false) };
        let address = entry.email.as_str().to_lowercase();
        outbox::erase_kinds(conn, &[entry.email.as_str().to_owned(), address.clone()], KINDS)?;
        erasure::erase_addresses(conn, now, keys, &[address])?;
        // Neither the network nor the browser of whoever asked to be forgotten is kept.
        Action::EntryErased.to_entry(&Actor::operator(), entry.id).record(conn, now)?;
        Ok(true)
    }

    /// Whether its owner left, or an admin deleted it.
    #[must_use]
    pub const fn is_gone(&self) -> bool {
        matches!(self.state, State::Left | State::Deleted)
    }
}

/// Takes away, a batch at a time, those who were asked to confirm and never did. Rows of the old application stay: who
/// joined there agreed to no such text, and a stranger who types their address must not have them erased.
///
/// # Errors
/// When a statement fails.
pub fn prune_unanswered(conn: &mut PgConnection, now: Timestamp) -> QueryResult<usize> {
    let asked = waitlist::confirmed_at.is_null().and(waitlist::asked_at.lt(now - UNANSWERED));
    let waiting = waitlist::invited_at.is_null().and(waitlist::signed_up_at.is_null());
    let listed = waitlist::left_at.is_null().and(waitlist::deleted_at.is_null());
    let ours = waitlist::consent.is_not_null().or(waitlist::import_id.is_not_null());
    let over = waitlist::table.filter(asked.and(waiting).and(listed).and(ours)).order(waitlist::asked_at);
    let rows = over.select((waitlist::id, waitlist::email)).limit(BATCH).for_update().skip_locked().load(conn)?;
    prune(conn, rows)
}

/// Takes away, a batch at a time, what admins deleted and nobody brought back.
///
/// # Errors
/// When a statement fails.
pub fn prune_deleted(conn: &mut PgConnection, now: Timestamp) -> QueryResult<usize> {
    let over = waitlist::table.filter(waitlist::deleted_at.lt(now - DELETED)).order(waitlist::deleted_at);
    let rows = over.select((waitlist::id, waitlist::email)).limit(BATCH).for_update().skip_locked().load(conn)?;
    prune(conn, rows)
}

fn prune(conn: &mut PgConnection, rows: Vec<(i64, String)>) -> QueryResult<usize> {
    if rows.is_empty() {
        return Ok(0);
    }
    let addresses: Vec<String> = rows.iter().flat_map(|(_, email)| [email.clone(), email.to_lowercase()]).collect();
    outbox::erase_kinds(conn, &addresses, KINDS)?;
    forget(conn, &rows.into_iter().map(|(id, _)| id).collect::<Vec<_>>())
}
