//! Erasing accounts, together with what the waitlist holds of their addresses. It is here because accounts and waitlist
//! do not know each other.

use diesel::pg::PgConnection;
use diesel::result::QueryResult;

use crate::accounts::own_data::purge::{self, Hooks};
use crate::values::clock::Timestamp;
use crate::values::secret_key::SecretKeys;
use crate::waitlist::place::{erasure, held_data};

/// Erases a batch of the accounts whose `purge_at` has passed; returns how many.
///
/// # Errors
/// When a statement fails.
pub fn sweep(conn: &mut PgConnection, now: Timestamp, keys: &SecretKeys) -> QueryResult<usize> {
    let hooks = Hooks {
        account_erased: erasure::erase_addresses,
        held_addresses: held_data::addresses,
        names_forgotten: erasure::forget_names,
    };
    purge::sweep(conn, now, keys, hooks)
}
