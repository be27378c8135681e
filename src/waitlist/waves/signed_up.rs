//! The mark of places whose address has an account.

use diesel::pg::PgConnection;
use diesel::prelude::*;

use crate::schema::{waitlist, waitlist_invitation};
use crate::values::clock::Timestamp;
use crate::values::email_address::EmailAddress;
use crate::values::id::EntryId;
use crate::waitlist::joining::entry::{Entry, address};
use crate::web::app::VerifiedAddresses;

/// Marks the place of an address that an account just verified, and the invitation that led there. A place that its owner
/// left, or that was deleted, stays so; a former bounce is forgotten.
///
/// # Errors
/// When a statement fails.
pub fn record_sign_up(conn: &mut PgConnection, now: Timestamp, email: &EmailAddress) -> QueryResult<()> {
    let lowercase = email.lowercase();
    let of_address = waitlist::table.filter(address::is_of(&lowercase));
    let marked = (waitlist::signed_up_at.eq(now), waitlist::bounced_at.eq(None::<Timestamp>));
    let marked = diesel::update(of_address.filter(waitlist::signed_up_at.is_null())).set(marked);
    let places: Vec<i64> = marked.returning(waitlist::id).get_results(conn)?;
    if places.is_empty() {
        return Ok(());
    }
    for place in places {
        mark_invitation(conn, now, place)?;
    }
    Ok(())
}

/// Marks the one that its owner was sent last, since a place that was invited again converts only once; of those that are
/// not sent yet the last.
fn mark_invitation(conn: &mut PgConnection, now: Timestamp, place: i64) -> QueryResult<()> {
    let written = waitlist_invitation::state.eq_any(["queued", "sent"]);
    let written = waitlist_invitation::table.filter(waitlist_invitation::entry_id.eq(place).and(written));
    let last = written.order((waitlist_invitation::state.desc(), waitlist_invitation::id.desc()));
    let last: Option<i64> = last.select(waitlist_invitation::id).first(conn).optional()?;
    let last = waitlist_invitation::table.filter(waitlist_invitation::id.nullable().eq(last));
    diesel::update(last).set(waitlist_invitation::signed_up_at.eq(now)).execute(conn)?;
    Ok(())
}

/// Marks those of these places, which are locked, whose address has an account that nobody marked; gives their ids.
pub(super) fn record_existing_accounts(
    conn: &mut PgConnection,
    now: Timestamp,
    places: &[Entry],
    verified_addresses: VerifiedAddresses,
) -> QueryResult<Vec<EntryId>> {
    let unmarked = places.iter().filter(|place| place.signed_up_at.is_none());
    let (ids, addresses): (Vec<EntryId>, Vec<String>) =
        unmarked.map(|place| (place.id, place.email.as_str().to_owned())).unzip();
    let verified = verified_addresses(conn, &addresses)?;
    let signed_up = ids.into_iter().zip(&addresses).filter(|(_, address)| verified.contains(address));
    let signed_up: Vec<EntryId> = signed_up.map(|(id, _)| id).collect();
    if !signed_up.is_empty() {
        let marked = waitlist::table.filter(waitlist::id.eq_any(signed_up.iter().map(|id| id.as_i64())));
        diesel::update(marked).set(waitlist::signed_up_at.eq(now)).execute(conn)?;
    }
    Ok(signed_up)
}
