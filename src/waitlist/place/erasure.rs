//! Erasing an address: its entries with all that points to them, and every import line that names it.

use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{Array, Text};

use crate::db::lower;
use crate::schema::{waitlist, waitlist_erased, waitlist_import_line};
use crate::values::clock::Timestamp;
use crate::values::email_address::EmailAddress;
use crate::values::erased_address;
use crate::values::search_term::escape_like;
use crate::values::secret_key::SecretKeys;
use crate::waitlist::joining::entry::forget;

/// Erases these addresses, whose owner proved them and wants that: their entries, and the lines of imports that hold
/// them. Of each a keyed hash stays, so that no import brings the address back. The addresses are in lower case; any
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
        let key = erased_address::key(keys, &EmailAddress::from(address.clone()));
        (waitlist_erased::key.eq(key), waitlist_erased::erased_at.eq(now))
    });
    let erased: Vec<_> = erased.collect();
    diesel::insert_into(waitlist_erased::table).values(erased).on_conflict_do_nothing().execute(conn)?;
    diesel::delete(waitlist_import_line::table.filter(waitlist_import_line::email.eq_any(addresses))).execute(conn)?;
    let mentions: Vec<_> = addresses.iter().map(|address| format!("%{}%", escape_like(address))).collect();
    let forget_mentions = diesel::sql_query(include_str!("erasure/forget_mentions.sql"));
    forget_mentions.bind::<Array<Text>, _>(mentions).execute(conn)?;
    forget(conn, &ids)?;
    Ok(())
}
