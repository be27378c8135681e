//! The mark of places whose address has an account.

use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Timestamptz};

use crate::db::lower;
use crate::schema::{waitlist, waitlist_invitation};
use crate::values::clock::Timestamp;
use crate::values::email_address::EmailAddress;

/// Marks those of these places whose address has an account and that nobody marked.
const RECORD_EXISTING: &str = "UPDATE waitlist SET signed_up_at = $1 \
                          WHERE id = ANY ($2) AND signed_up_at IS NULL AND EXISTS (SELECT FROM \"user\" \
                            WHERE lower(\"user\".email) = lower(waitlist.email) AND \"isEmailVerified\")";

/// Marks the place of an address that an account just verified, and the invitation that led there. A place that its owner
/// left, or that was deleted, stays so; a former bounce is forgotten.
///
/// # Errors
/// When a statement fails.
pub fn record_sign_up(conn: &mut PgConnection, now: Timestamp, email: &EmailAddress) -> QueryResult<()> {
    let of_address = waitlist::table.filter(lower(waitlist::email).eq(email.as_str().to_lowercase()));
    let marked = (waitlist::signed_up_at.eq(now), waitlist::bounced_at.eq(None::<Timestamp>));
    let marked = diesel::update(of_address.filter(waitlist::signed_up_at.is_null())).set(marked);
    let places: Vec<i64> = marked.returning(waitlist::id).get_results(conn)?;
    if places.is_empty() {
        return Ok(());
    }
    let written = waitlist_invitation::state.eq_any(["queued", "sent"]);
    let invited = waitlist_invitation::table.filter(waitlist_invitation::entry_id.eq_any(places).and(written));
    diesel::update(invited).set(waitlist_invitation::signed_up_at.eq(now)).execute(conn)?;
    Ok(())
}

/// Marks those of these places whose address has an account already.
pub(super) fn record_existing_accounts(conn: &mut PgConnection, now: Timestamp, places: &[i64]) -> QueryResult<()> {
    diesel::sql_query(RECORD_EXISTING).bind::<Timestamptz, _>(now).bind::<Array<BigInt>, _>(places).execute(conn)?;
    Ok(())
}
