//! Erasing an address: its entries with all that points to them, and every import line, filter and event that names it.

use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{Array, Text};

use crate::audit::event;
use crate::db::{lower, names_any};
use crate::schema::{waitlist, waitlist_erased, waitlist_import_line};
use crate::values::clock::Timestamp;
use crate::values::email_address::{self, EmailAddress};
use crate::values::erased_address;
use crate::values::search_term::escape_like;
use crate::values::secret_key::SecretKeys;
use crate::waitlist::joining::entry::forget;

/// Erases these addresses, whose owner proved them and wants that: their entries, and whatever
/// else of the waitlist names them. Of each a keyed hash stays, so that no import brings the address back. The addresses are in lower case; any
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
    let spellings = email_address::spellings(addresses);
    let mentions: Vec<_> = spellings.iter().map(|spelling| format!("%{}%", escape_like(spelling))).collect();
    let forget_mentions = diesel::sql_query(include_str!("erasure/forget_mentions.sql"));
    forget_mentions.bind::<Array<Text>, _>(mentions).execute(conn)?;
    forget_names(conn, addresses)?;
    forget(conn, &ids)?;
    Ok(())
}

/// Removes these addresses from the filters of what admins did to many places at once, and from what the audit log says
/// about places.
///
/// # Errors
/// When a statement fails.
pub fn forget_names(conn: &mut PgConnection, addresses: &[String]) -> QueryResult<()> {
    let spellings = email_address::spellings(addresses);
    let filters = format!("UPDATE waitlist_deletion SET filter = '' WHERE {}", names_any("filter", "$1"));
    diesel::sql_query(filters).bind::<Array<Text>, _>(&spellings).execute(conn)?;
    event::forget_addresses_of_places(conn, &spellings)?;
    Ok(())
}

/// SQL for whether a line of an import that could not be read names one of these addresses: one that could be read has
/// its address in a column.
pub(super) fn unread_line_names(spellings: &str) -> String {
    format!("email IS NULL AND {}", names_any("concat_ws(' ', typed_email, typed_role, whole)", spellings))
}
