//! An account whose address nobody has verified: how long it is kept, and how it is verified or removed.

use chrono::TimeDelta;
use diesel::pg::PgConnection;
use diesel::prelude::*;

use crate::schema::user;
use crate::values::clock::Timestamp;
use crate::values::id::UserId;
use crate::web::retention;

/// It is kept this long after the last mail that asked for its address to be verified.
pub(in crate::accounts) const KEPT: TimeDelta = retention::UNVERIFIED_ACCOUNT;

/// Keeps an unverified account for a while longer, since a mail asks for its address once more. An account of the old
/// application has no time at which it is erased, and gets none: a stranger who asks for that mail must not have it
/// erased.
pub(in crate::accounts) fn postpone_purge(conn: &mut PgConnection, now: Timestamp, id: &UserId) -> QueryResult<usize> {
    let waiting = unverified(id).filter(user::purge_at.is_not_null());
    diesel::update(waiting).set(user::purge_at.eq(now + KEPT)).execute(conn)
}

/// Marks the address as verified, so that the account is kept from now on. False when it was verified before.
pub(in crate::accounts) fn mark_verified(conn: &mut PgConnection, now: Timestamp, id: &UserId) -> QueryResult<bool> {
    let verified = (
        user::is_email_verified.eq(true),
        user::verification_token.eq(None::<String>),
        user::purge_at.eq(None::<Timestamp>),
        user::updated_at.eq(now),
    );
    Ok(diesel::update(unverified(id)).set(verified).execute(conn)? == 1)
}

/// Removes the account with all that belongs to it; one whose address is verified stays.
pub(in crate::accounts) fn remove(conn: &mut PgConnection, id: &UserId) -> QueryResult<usize> {
    diesel::delete(unverified(id)).execute(conn)
}

#[diesel::dsl::auto_type(no_type_alias)]
fn unverified<'a>(id: &'a UserId) -> _ {
    let id: &'a str = id.as_str();
    user::table.find(id).filter(user::is_email_verified.is_distinct_from(true))
}
