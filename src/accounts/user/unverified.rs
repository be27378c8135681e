//! An account whose address nobody has verified: how long it is kept, and how it is verified or removed.

use chrono::TimeDelta;
use diesel::pg::PgConnection;
use diesel::prelude::*;

use super::managed_accounts;
use super::user::User;
use crate::audit::event;
use crate::mail::link::{self, Link};
use crate::mail::outbox;
use crate::schema::user;
use crate::values::account_kind::AccountKind;
use crate::values::clock::Timestamp;
use crate::values::id::UserId;
use crate::web::retention;

/// It is kept this long after the last mail that asked for its address to be verified.
pub(in crate::accounts) const KEPT: TimeDelta = retention::UNVERIFIED_ACCOUNT;

/// The letters that go to the address of an account which nobody verified.
const LETTERS: [&str; 2] = ["verify-email", "reset-password"];

/// Locks the account. False when it is gone, or was verified while this waited.
pub(in crate::accounts) fn lock(conn: &mut PgConnection, id: &UserId) -> QueryResult<bool> {
    Ok(unverified(id).select(user::id).for_update().first::<String>(conn).optional()?.is_some())
}

/// Keeps an unverified account for a while longer, since a mail asks for its address once more. An account of the old
/// application has no time at which it is erased, and gets none: a stranger who asks for that mail must not have it
/// erased.
pub(in crate::accounts) fn postpone_purge(conn: &mut PgConnection, now: Timestamp, id: &UserId) -> QueryResult<usize> {
    let waiting = unverified(id).filter(user::purge_at.is_not_null());
    diesel::update(waiting).set(user::purge_at.eq(now + KEPT)).execute(conn)
}

/// No link waits for the address any more: the seed's column has no hash.
pub(in crate::accounts) fn forget_link(conn: &mut PgConnection, id: &UserId) -> QueryResult<usize> {
    diesel::update(unverified(id)).set(user::verification_token.eq(None::<String>)).execute(conn)
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

/// Whether the account gives way to whoever proves its address. Nobody has proved that so far, and nobody else depends on
/// the account: it is no admin's, not managed, and manages nobody. One that was deactivated must not come back like that.
pub(in crate::accounts) fn may_be_replaced(conn: &mut PgConnection, account: &User) -> QueryResult<bool> {
    Ok(!account.is_verified
        && account.is_active
        && account.kind != AccountKind::Admin
        && account.organization.is_none()
        && !managed_accounts::any(conn, &account.id)?)
}

/// The same of an account that came about by a sign-up here, so that "it wasn't me" may remove it, and a new password asks
/// who its owner is. One of the old application has no time at which it is erased: a stranger can have a mail sent to its
/// address, but did not make the account.
pub(in crate::accounts) fn is_only_sign_up(conn: &mut PgConnection, account: &User) -> QueryResult<bool> {
    Ok(account.purge_at.is_some() && may_be_replaced(conn, account)?)
}

/// Removes the account with all that belongs to it, as if its time were over: its links and letters end, and its events
/// name nobody any more. The row is locked: it is still unverified.
pub(in crate::accounts) fn remove(conn: &mut PgConnection, account: &User) -> QueryResult<usize> {
    let ids = [account.id.to_string()];
    Link::end_all_of(conn, &link::OF_ACCOUNTS, &ids)?;
    for kind in LETTERS {
        outbox::erase_kinds(conn, &[account.email.to_string()], kind)?;
    }
    event::forget_users(conn, &ids)?;
    diesel::delete(unverified(&account.id)).execute(conn)
}

#[diesel::dsl::auto_type(no_type_alias)]
fn unverified<'a>(id: &'a UserId) -> _ {
    let id: &'a str = id.as_str();
    user::table.find(id).filter(user::is_email_verified.is_distinct_from(true))
}
