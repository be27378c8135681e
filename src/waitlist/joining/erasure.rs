//! How entries end for good: their rows with all that points to them, and everything that names an erased address.

use diesel::pg::PgConnection;
use diesel::prelude::*;

use crate::audit::event;
use crate::db::lower;
use crate::mail::link::{self, Link};
use crate::schema::{waitlist, waitlist_erased, waitlist_import_line};
use crate::values::clock::Timestamp;
use crate::values::email_address::EmailAddress;
use crate::values::erasure;
use crate::values::secret_key::SecretKeys;

/// Erases these addresses, whose owner proved them and wants that: their entries, and the lines of imports that hold
/// them. Of each a keyed hash stays, so that no import brings the address back. The addresses are in small letters; any
/// other form among them finds nothing.
///
/// # Errors
/// When a statement fails.
pub fn erase_addresses(
    conn: &mut PgConnection,
    now: Timestamp,
    keys: &SecretKeys,
    addresses: &[String],
) -> QueryResult<()> {
    let entries = waitlist::table.filter(lower(waitlist::email).eq_any(addresses));
    let ids: Vec<i64> = entries.select(waitlist::id).for_update().load(conn)?;
    let erased = addresses.iter().map(|address| {
        let key = erasure::key(keys, &EmailAddress::from(address.clone()));
        (waitlist_erased::key.eq(key), waitlist_erased::erased_at.eq(now))
    });
    let erased: Vec<_> = erased.collect();
    diesel::insert_into(waitlist_erased::table).values(erased).on_conflict_do_nothing().execute(conn)?;
    diesel::delete(waitlist_import_line::table.filter(waitlist_import_line::email.eq_any(addresses))).execute(conn)?;
    forget(conn, &ids)?;
    Ok(())
}

/// Deletes entries, with their links and with what events tell of them.
///
/// # Errors
/// When a statement fails.
pub(in crate::waitlist) fn forget(conn: &mut PgConnection, ids: &[i64]) -> QueryResult<usize> {
    let subjects: Vec<String> = ids.iter().map(ToString::to_string).collect();
    Link::end_all_of(conn, &link::OF_WAITLIST, &subjects)?;
    event::forget_entries(conn, ids)?;
    diesel::delete(waitlist::table.filter(waitlist::id.eq_any(ids))).execute(conn)
}
