//! Erasing an address: its entries with all that points to them, and every list, import line, filter and event that names
//! it.

use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{Array, Text};

use crate::audit::event;
use crate::db::names_any;
use crate::schema::{waitlist, waitlist_erased, waitlist_import_line};
use crate::values::clock::Timestamp;
use crate::values::email_address::{self, EmailAddress};
use crate::values::erased_address;
use crate::values::search_term::escape_like;
use crate::values::secret_key::SecretKeys;
use crate::waitlist::joining::entry::{address, forget};

mod unread_lists;

/// The text of an import's line in SQL: what it names. Its cells are kept whole until the line was taken.
const LINE: &str = "coalesce(whole, typed_email || ' ' || typed_role)";

/// Erases these addresses, whose owner proved them and wants that: their entries, and whatever else of the waitlist names
/// them. Of each a keyed hash stays, so that no import brings the address back. The addresses are in lower case; any other
/// form among them finds nothing.
///
/// # Errors
/// When a statement fails.
pub fn erase_addresses(
    conn: &mut PgConnection,
    now: Timestamp,
    keys: &SecretKeys,
    addresses: &[String],
) -> QueryResult<()> {
    let entries = waitlist::table.filter(address::is_of_any(addresses));
    let ids: Vec<i64> = entries.order(waitlist::id).select(waitlist::id).for_update().load(conn)?;
    let erased = addresses.iter().map(|address| {
        let key = erased_address::key(keys, &EmailAddress::from(address.clone()));
        (waitlist_erased::key.eq(key), waitlist_erased::erased_at.eq(now))
    });
    let erased: Vec<_> = erased.collect();
    diesel::insert_into(waitlist_erased::table).values(erased).on_conflict_do_nothing().execute(conn)?;
    let spellings = email_address::spellings(addresses);
    unread_lists::give_up(conn, now, &spellings)?;
    diesel::delete(waitlist_import_line::table.filter(waitlist_import_line::email.eq_any(addresses))).execute(conn)?;
    forget_mentions(conn, &spellings)?;
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

/// Removes these spellings of addresses from the lines of imports that mention them.
fn forget_mentions(conn: &mut PgConnection, spellings: &[String]) -> QueryResult<usize> {
    let patterns: Vec<_> = spellings.iter().map(|spelling| format!("%{}%", escape_like(spelling))).collect();
    let statement = include_str!("erasure/forget_mentions.sql").replace("{text}", LINE);
    let statement = statement.replace("{may_mention}", &may_mention("spelling"));
    diesel::sql_query(statement).bind::<Array<Text>, _>(spellings).bind::<Array<Text>, _>(patterns).execute(conn)
}

/// SQL for whether a line of an import that could not be read names one of these addresses: one that could be read has
/// its address in a column.
pub(super) fn unread_line_names(spellings: &str) -> String {
    let may_mention = may_mention(&format!("array_to_string({spellings}, ' ')"));
    format!("{may_mention} AND email IS NULL AND {}", names_any(LINE, spellings))
}

/// SQL for whether a line may mention an address that this text names. The conditions are those of the index
/// `waitlist_import_line_mentions_idx`, which leaves few lines to look at.
fn may_mention(text: &str) -> String {
    format!("waitlist_mentions({LINE}) && waitlist_mentions({text}) AND (email IS NULL OR {LINE} ~ '(@|%40).*(@|%40)')")
}
