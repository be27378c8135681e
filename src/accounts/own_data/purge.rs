//! The purge: erases accounts whose `purge_at` has passed, with everything that names their owners. Those are deleted
//! accounts after their days of grace, and accounts whose address nobody verified.

use diesel::pg::PgConnection;
use diesel::prelude::*;

use crate::accounts::user::viewer_change;
use crate::audit::account_history::former_addresses;
use crate::audit::event;
use crate::db::{BATCH, lower};
use crate::mail::link::{self, Link};
use crate::mail::outbox;
use crate::schema::user;
use crate::values::clock::Timestamp;
use crate::values::email_address;
use crate::values::secret_key::SecretKeys;
use crate::web::app::{AccountErased, HeldAddresses, NamesForgotten};

/// How the purge reaches what another room holds of the addresses.
#[derive(Clone, Copy, Debug)]
pub struct Hooks {
    /// Erases it.
    pub account_erased: AccountErased,
    /// Tells of which of them there is any.
    pub held_addresses: HeldAddresses,
    /// Removes those that have no owner from what is said of them.
    pub names_forgotten: NamesForgotten,
}

/// An account to erase.
#[derive(Queryable, Selectable)]
#[diesel(table_name = user)]
struct Due {
    id: String,
    email: String,
    is_email_verified: Option<bool>,
}

/// Erases the accounts whose `purge_at` has passed, a batch at a time; returns how many. Their sessions, passwords and
/// pictures go with the row.
///
/// # Errors
/// When a statement fails.
pub fn sweep(conn: &mut PgConnection, now: Timestamp, keys: &SecretKeys, hooks: Hooks) -> QueryResult<usize> {
    let due = lock_due(conn, now)?;
    if due.is_empty() {
        return Ok(0);
    }
    let ids: Vec<String> = due.iter().map(|account| account.id.clone()).collect();
    let (verified, unverified): (Vec<_>, Vec<_>) =
        due.iter().partition(|account| account.is_email_verified == Some(true));
    let links = Link::end_all_of(conn, &link::OF_ACCOUNTS, &ids)?;
    Link::forget_uses(conn, &link::OF_ACCOUNTS, &ids)?;
    // Read before the events are anonymized that tell them.
    let former = former_addresses(conn, &ids)?;
    let proved = addresses(&verified);
    if !proved.is_empty() {
        (hooks.account_erased)(conn, now, keys, &proved)?;
        let spellings = email_address::spellings(&proved);
        event::forget_addresses(conn, &spellings)?;
        outbox::forget_addresses(conn, &spellings)?;
        outbox::erase(conn, &proved)?;
        // Another account may wait to change to the address; no letter carries that link, since the address was taken.
        Link::end_all_naming(conn, &proved)?;
    }
    let unproved = [addresses(&unverified), former].concat();
    if !unproved.is_empty() {
        let unproved = without_owner(conn, unproved, &ids, hooks.held_addresses)?;
        (hooks.names_forgotten)(conn, &unproved)?;
        outbox::erase_ended(conn, &unproved, &links)?;
    }
    event::forget_users(conn, &ids)?;
    invalidate_viewers(conn, &ids)?;
    diesel::delete(user::table.filter(user::id.eq_any(ids))).execute(conn)
}

/// Skips rows that are locked: another process erases them, or their owner is just cancelling the deletion.
fn lock_due(conn: &mut PgConnection, now: Timestamp) -> QueryResult<Vec<Due>> {
    let due = user::table.filter(user::purge_at.le(now)).order(user::purge_at).limit(BATCH);
    due.select(Due::as_select()).for_update().skip_locked().load(conn)
}

/// Those of these addresses that nobody else has. Anybody may have typed an address that was never proved, and a former
/// one may be somebody else's now: what its owner has or waits for stays, since a stranger's sign-up must take away
/// neither a place on the waitlist nor an invitation.
fn without_owner(
    conn: &mut PgConnection,
    mut addresses: Vec<String>,
    erased: &[String],
    held_addresses: HeldAddresses,
) -> QueryResult<Vec<String>> {
    let held = held_addresses(conn, &addresses)?;
    let accounts = user::table.filter(lower(user::email).eq_any(&addresses)).filter(user::id.ne_all(erased));
    let owned: Vec<String> = accounts.select(lower(user::email)).load(conn)?;
    addresses.retain(|address| {
        let address = address.to_lowercase();
        !held.contains(&address) && !owned.contains(&address)
    });
    Ok(addresses)
}

/// Ends the cached views of the accounts, and of the members that they managed until now.
fn invalidate_viewers(conn: &mut PgConnection, ids: &[String]) -> QueryResult<()> {
    let members = user::table.filter(user::organization_id.eq_any(ids)).select(user::id);
    let members: Vec<String> = members.load(conn)?;
    viewer_change::record_all(conn, &[ids, &members].concat())
}

/// The addresses as stored and in lower case: rows of the old application may hold mixed case.
fn addresses(accounts: &[&Due]) -> Vec<String> {
    let mut addresses: Vec<_> =
        accounts.iter().flat_map(|account| [account.email.clone(), account.email.to_lowercase()]).collect();
    addresses.sort_unstable();
    addresses.dedup();
    addresses
}
