//! How long an account is kept whose address nobody verifies.

use chrono::TimeDelta;
use diesel::pg::PgConnection;
use diesel::prelude::*;

use crate::schema::user;
use crate::values::clock::Timestamp;
use crate::values::id::UserId;

/// It is kept this long after the last mail that asked for its address to be verified.
pub(in crate::accounts) const KEPT: TimeDelta = TimeDelta::days(7);

/// Keeps an unverified account for a while longer, since a mail asks for its address once more. An account of the old
/// application has no time at which it is erased, and gets none: a stranger who asks for that mail must not have it
/// erased.
pub(in crate::accounts) fn put_off(conn: &mut PgConnection, now: Timestamp, id: &UserId) -> QueryResult<usize> {
    let unverified = user::table.find(id.as_str()).filter(user::is_email_verified.is_distinct_from(true));
    let waiting = unverified.filter(user::purge_at.is_not_null());
    diesel::update(waiting).set(user::purge_at.eq(now + KEPT)).execute(conn)
}
