//! Deactivating and reactivating an account, by an admin, its organization or the operator.

use diesel::pg::PgConnection;
use diesel::prelude::*;

use super::session::Session;
use crate::accounts::user::last_admin;
use crate::accounts::user::link_purposes::{EMAIL_CHANGE, ORGANIZATION_INVITATION};
use crate::api_key::api_key::ApiKey;
use crate::audit::event::{Action, Actor, NewEvent};
use crate::mail::link::Link;
use crate::schema::user;
use crate::values::clock::Timestamp;
use crate::values::id::UserId;

/// The outcome of changing whether an account can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is done.
    Done,
    /// The account was in the wanted state already.
    Unchanged,
    /// It is the last admin's, without whom nobody could run the site.
    LastAdmin,
    /// There is no such account.
    NotFound,
}

/// Refuses log-ins from now on, and ends every session and what an admin gave to programs.
///
/// # Errors
/// When a statement fails.
pub fn deactivate(conn: &mut PgConnection, now: Timestamp, actor: &Actor, id: &UserId) -> QueryResult<Outcome> {
    if last_admin::is_last(conn, id)? {
        return Ok(Outcome::LastAdmin);
    }
    set(conn, now, id, &Action::Deactivated.by(actor, id))
}

/// Allows log-ins again.
///
/// # Errors
/// When a statement fails.
pub fn reactivate(conn: &mut PgConnection, now: Timestamp, actor: &Actor, id: &UserId) -> QueryResult<Outcome> {
    set(conn, now, id, &Action::Reactivated.by(actor, id))
}

/// Ends every session of an account.
///
/// # Errors
/// When a statement fails.
pub fn end_sessions(conn: &mut PgConnection, now: Timestamp, actor: &Actor, id: &UserId) -> QueryResult<Outcome> {
    let known = user::table.find(id.as_str()).select(user::id).first::<String>(conn).optional()?;
    if known.is_none() {
        return Ok(Outcome::NotFound);
    }
    if Session::end_all(conn, id)? == 0 {
        return Ok(Outcome::Unchanged);
    }
    Action::SessionsEnded.by(actor, id).record(conn, now)?;
    Ok(Outcome::Done)
}

fn set(conn: &mut PgConnection, now: Timestamp, id: &UserId, event: &NewEvent<'_>) -> QueryResult<Outcome> {
    let is_active = event.action == Action::Reactivated;
    // The row is locked before the sessions end: a log-in that comes between waits for the row.
    let columns = (user::is_active, user::deactivated_by);
    let known =
        user::table.find(id.as_str()).select(columns).for_update().first::<(Option<bool>, Option<String>)>(conn);
    let Some((was_active, deactivated_by)) = known.optional()? else { return Ok(Outcome::NotFound) };
    // Whoever deactivates a deactivated account takes its deactivation over, so that an organization cannot lift what an
    // admin did as well.
    let by = event.actor.id.as_ref().map(UserId::as_str).filter(|_| !is_active);
    if was_active.unwrap_or(true) == is_active && deactivated_by.as_deref() == by {
        return Ok(Outcome::Unchanged);
    }
    let changes = (user::is_active.eq(is_active), user::deactivated_by.eq(by), user::updated_at.eq(now));
    diesel::update(user::table.find(id.as_str())).set(changes).execute(conn)?;
    Session::end_all(conn, id)?;
    if !is_active {
        Link::end_all(conn, ORGANIZATION_INVITATION, id.as_str())?;
        // Whoever is kept out, perhaps as an intruder, does not take the account along to another address.
        Link::end_all(conn, EMAIL_CHANGE, id.as_str())?;
        ApiKey::revoke_all_of(conn, now, id, event.actor)?;
    }
    event.record(conn, now)?;
    Ok(Outcome::Done)
}
