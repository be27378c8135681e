//! How an entry ends: its owner leaves or erases it, nobody confirms it, or an admin deleted it a month ago.

use chrono::TimeDelta;
use diesel::pg::PgConnection;
use diesel::prelude::*;

use super::erasure;
use crate::audit::event::{Action, Actor};
use crate::db::BATCH;
use crate::mail::link::{Link, WAITLIST_INVITATION};
use crate::mail::outbox;
use crate::schema::waitlist;
use crate::values::clock::Timestamp;
use crate::values::secret_key::SecretKeys;
use crate::waitlist::joining::entry::{Entry, forget};
use crate::waitlist::joining::entry_mail::KINDS;
use crate::waitlist::joining::links::CONFIRM;
use crate::web::retention;

/// An entry that nobody confirms is kept this long, as the privacy page says.
const UNANSWERED: TimeDelta = retention::UNCONFIRMED_PLACE;
/// An admin can undo a deletion for this long.
const DELETED: TimeDelta = retention::DELETED_PLACE;

impl Entry {
    /// Leaves the waitlist, so that no mail about it goes out any more; a second time changes nothing. Lock the row
    /// first.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn leave(&self, conn: &mut PgConnection, now: Timestamp, actor: &Actor) -> QueryResult<()> {
        // A deleted entry is marked too, so that its owner stays away when an admin undoes the deletion.
        if self.left_at.is_some() {
            return Ok(());
        }
        diesel::update(waitlist::table.find(self.id.as_i64())).set(waitlist::left_at.eq(now)).execute(conn)?;
        // A queued letter is not sent once its link has ended.
        Link::end_all_of(conn, &[CONFIRM.name, WAITLIST_INVITATION.name], &[self.id.to_string()])?;
        Action::EntryLeft.to_entry(actor, self.id).record(conn, now)
    }

    /// Erases everything that names the owner: only a keyed hash of the address stays, so that no import brings it
    /// back. Mails of an account with the same address are the account's. Lock the row first.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn erase(&self, conn: &mut PgConnection, now: Timestamp, keys: &SecretKeys) -> QueryResult<()> {
        let address = self.email.as_str().to_lowercase();
        outbox::erase_kinds(conn, &[self.email.as_str().to_owned(), address.clone()], KINDS)?;
        erasure::erase_addresses(conn, now, keys, &[address])?;
        // Neither the network nor the browser of whoever asked to be forgotten is kept.
        Action::EntryErased.to_entry(&Actor::operator(), self.id).record(conn, now)
    }
}

/// Deletes a batch of the entries whose owners were asked to confirm and never did. Rows of the old application stay:
/// their owners agreed to no such text, and a stranger who types their address must not be able to erase them.
///
/// # Errors
/// When a statement fails.
pub fn prune_unanswered(conn: &mut PgConnection, now: Timestamp) -> QueryResult<usize> {
    let asked = waitlist::confirmed_at.is_null().and(waitlist::asked_at.lt(now - UNANSWERED));
    // A place that an admin brought back has as long as a new one.
    let restored = waitlist::restored_at.is_null().or(waitlist::restored_at.lt(now - UNANSWERED));
    let waiting = waitlist::invited_at.is_null().and(waitlist::signed_up_at.is_null());
    let listed = waitlist::left_at.is_null().and(waitlist::deleted_at.is_null());
    let ours = waitlist::consent.is_not_null().or(waitlist::import_id.is_not_null());
    let over = waitlist::table.filter(asked.and(restored).and(waiting).and(listed).and(ours)).order(waitlist::asked_at);
    let rows = over.select((waitlist::id, waitlist::email)).limit(BATCH).for_update().skip_locked().load(conn)?;
    prune(conn, rows)
}

/// Deletes a batch of the entries that an admin deleted a month ago.
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
    erasure::forget_names(conn, &addresses)?;
    forget(conn, &rows.into_iter().map(|(id, _)| id).collect::<Vec<_>>())
}
