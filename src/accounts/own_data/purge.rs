//! The purge: erases accounts whose time has come, with all that names their owners.

use diesel::pg::PgConnection;
use diesel::prelude::*;

use crate::accounts::user::viewer_change;
use crate::audit::event::{self, Action};
use crate::db::{BATCH, lower};
use crate::mail::link::{self, Link};
use crate::mail::outbox;
use crate::schema::{audit_event, user, waitlist, waitlist_erased};
use crate::values::clock::Timestamp;
use crate::values::email_address::EmailAddress;
use crate::values::erasure;
use crate::values::secret_key::SecretKeys;

/// An account whose time has come.
#[derive(Queryable, Selectable)]
#[diesel(table_name = user)]
struct Due {
    id: String,
    email: String,
    is_email_verified: Option<bool>,
}

/// Erases the accounts whose `purge_at` has passed, a batch at a time; tells how many. Their sessions, passwords and
/// pictures go with the row. Rows that another replica erases, or whose owner is just taking the deletion back, are
/// passed over.
///
/// # Errors
/// When a statement fails.
pub fn sweep(conn: &mut PgConnection, now: Timestamp, keys: &SecretKeys) -> QueryResult<usize> {
    let due: Vec<Due> = user::table
        .filter(user::purge_at.le(now))
        .order(user::purge_at)
        .limit(BATCH)
        .select(Due::as_select())
        .for_update()
        .skip_locked()
        .load(conn)?;
    if due.is_empty() {
        return Ok(0);
    }
    let ids: Vec<String> = due.iter().map(|account| account.id.clone()).collect();
    let (owned, claimed): (Vec<_>, Vec<_>) = due.iter().partition(|account| account.is_email_verified == Some(true));
    let links = Link::end_all_of(conn, &link::OF_ACCOUNTS, &ids)?;
    forget_owned(conn, (now, keys), &addresses(&owned))?;
    let claimed = [addresses(&claimed), former_addresses(conn, &ids)?].concat();
    forget_claimed(conn, (claimed, &links), &ids)?;
    event::forget_users(conn, &ids)?;
    forget_views(conn, &ids)?;
    diesel::delete(user::table.filter(user::id.eq_any(ids))).execute(conn)
}

/// The owner proved the address and asked for this: everything that was mailed to it, and its place on the waitlist.
/// Of the address a keyed hash stays, so that no import brings it back.
fn forget_owned(
    conn: &mut PgConnection,
    (now, keys): (Timestamp, &SecretKeys),
    addresses: &[String],
) -> QueryResult<()> {
    if addresses.is_empty() {
        return Ok(());
    }
    let erased = addresses.iter().map(|address| {
        let key = erasure::key(keys, &EmailAddress::from(address.clone()));
        (waitlist_erased::key.eq(key), waitlist_erased::erased_at.eq(now))
    });
    let erased = erased.collect::<Vec<_>>();
    diesel::insert_into(waitlist_erased::table).values(erased).on_conflict_do_nothing().execute(conn)?;
    let places = waitlist::table.filter(lower(waitlist::email).eq_any(addresses));
    let places: Vec<i64> = diesel::delete(places).returning(waitlist::id).get_results(conn)?;
    event::forget_entries(conn, &places)?;
    event::forget_addresses(conn, addresses)?;
    let places: Vec<String> = places.iter().map(ToString::to_string).collect();
    Link::end_all_of(conn, &link::OF_WAITLIST, &places)?;
    outbox::erase(conn, addresses)
}

/// Anybody may have typed these addresses, or has them now. What somebody else has or waits for there stays: a stranger's
/// sign-up must take away neither a place on the waitlist nor an invitation.
fn forget_claimed(
    conn: &mut PgConnection,
    (mut addresses, links): (Vec<String>, &[String]),
    ids: &[String],
) -> QueryResult<()> {
    if addresses.is_empty() {
        return Ok(());
    }
    let places = waitlist::table.filter(lower(waitlist::email).eq_any(&addresses));
    let waiting: Vec<String> = places.select(lower(waitlist::email)).load(conn)?;
    let accounts = user::table.filter(lower(user::email).eq_any(&addresses)).filter(user::id.ne_all(ids));
    let owned: Vec<String> = accounts.select(lower(user::email)).load(conn)?;
    addresses.retain(|address| {
        let address = address.to_lowercase();
        !waiting.contains(&address) && !owned.contains(&address)
    });
    outbox::erase_ended(conn, &addresses, links)
}

/// The addresses that the accounts had before.
fn former_addresses(conn: &mut PgConnection, ids: &[String]) -> QueryResult<Vec<String>> {
    let changes = [Action::EmailChanged, Action::EmailChangeUndone].map(Action::as_str);
    let changes = audit_event::table.filter(audit_event::user_id.eq_any(ids).and(audit_event::action.eq_any(changes)));
    let from: Vec<Option<String>> = changes.select(audit_event::details.retrieve_as_text("from")).load(conn)?;
    Ok(from.into_iter().flatten().collect())
}

/// The accounts' own views, and those of members that they managed to the last.
fn forget_views(conn: &mut PgConnection, ids: &[String]) -> QueryResult<()> {
    let members = user::table.filter(user::organization_id.eq_any(ids)).select(user::id);
    let members: Vec<String> = members.load(conn)?;
    viewer_change::record_all(conn, &[ids, &members].concat())
}

/// The addresses as stored and in canonical form: rows of the old application may hold mixed case.
fn addresses(accounts: &[&Due]) -> Vec<String> {
    let mut addresses: Vec<_> =
        accounts.iter().flat_map(|account| [account.email.clone(), account.email.to_lowercase()]).collect();
    addresses.sort_unstable();
    addresses.dedup();
    addresses
}
