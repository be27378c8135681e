//! A change of an account's address: it waits for the new address to confirm, and the old one may undo it.

use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as QueryError};
use serde_json::json;

use crate::accounts::recovery::reset_link;
use crate::accounts::session::reauthenticated::Reauthenticated;
use crate::accounts::session::security_notice::facts;
use crate::accounts::user::letters;
use crate::accounts::user::link_purposes::{
    ACCOUNT_SECURING, EMAIL_CHANGE, EMAIL_UNDO, EMAIL_VERIFICATION, PASSWORD_RESET,
};
use crate::accounts::user::new_user::TELL_OWNER;
use crate::accounts::user::user::User;
use crate::accounts::user::viewer_change;
use crate::audit::event::{Action, Actor};
use crate::mail::link::{Link, NewLink, Purpose};
use crate::mail::mail_context::MailContext;
use crate::mail::outbox::{self, Throttled};
use crate::schema::user;
use crate::values::clock::Timestamp;
use crate::values::email_address::EmailAddress;
use crate::values::id::UserId;
use crate::values::secret_token::SecretToken;
use crate::web::visitor::client::Client;

/// What became of a link that was used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// This account has the address now.
    Done(UserId),
    /// Another account has it; the link still works, should that one go away.
    Taken,
    /// The link does not work.
    Gone,
}

/// Writes to the new address, in the place of any change that waited before. If it has an account its owner gets a mail
/// that says so, and whoever asked learns nothing. False when the proof holds no longer.
///
/// # Errors
/// When a statement fails.
pub fn request(
    conn: &mut PgConnection,
    now: Timestamp,
    (proven, to): (&Reauthenticated, &EmailAddress),
    mail: &MailContext,
) -> QueryResult<bool> {
    let Reauthenticated { user, client, .. } = proven;
    if !proven.still_holds(conn, now)? {
        return Ok(false);
    }
    Link::end_all(conn, EMAIL_CHANGE, user.id.as_str())?;
    let link = issue(conn, now, (user, EMAIL_CHANGE, json!({ "email": to, "from": user.email })), mail)?;
    match User::find_by_email(conn, to)?.filter(|owner| owner.is_verified) {
        None => {
            outbox::enqueue(conn, now, to, &letters::confirm_email(mail.locale, link))?;
        }
        Some(owner) => {
            owner.wait_for_turn(conn)?;
            let letter = letters::address_taken(mail.locale);
            Throttled { to: &owner.email, interval: TELL_OWNER }.enqueue(conn, now, &letter)?;
        }
    }
    let actor = Actor::new(&user.id, client);
    Action::EmailChangeRequested
        .by(&actor, &user.id)
        .with(json!({ "from": user.email, "to": to }))
        .record(conn, now)?;
    Ok(true)
}

/// The address that a user's change waits for.
///
/// # Errors
/// When the statement fails.
pub fn pending(conn: &mut PgConnection, now: Timestamp, user: &UserId) -> QueryResult<Option<EmailAddress>> {
    let links = Link::all_of(conn, EMAIL_CHANGE, user.as_str())?;
    Ok(links.iter().rev().find(|link| link.expires_at > now).and_then(|link| address(link, "email")))
}

/// Lets a user's change wait no longer.
///
/// # Errors
/// When the statement fails.
pub fn cancel(conn: &mut PgConnection, user: &UserId) -> QueryResult<usize> {
    Link::end_all(conn, EMAIL_CHANGE, user.as_str())
}

/// The address that a link of this purpose gives to an account; the link stays as it is.
///
/// # Errors
/// When a statement fails.
pub fn find_by_link(
    conn: &mut PgConnection,
    now: Timestamp,
    (purpose, token): (Purpose, &SecretToken),
) -> QueryResult<Option<EmailAddress>> {
    Ok(find(conn, now, (purpose, token))?.and_then(|(link, _)| address(&link, "email")))
}

/// Gives the account its new address. Links that went to the old one end; its owner learns of it, and may undo it.
///
/// # Errors
/// When a statement fails.
pub fn confirm(
    conn: &mut PgConnection,
    now: Timestamp,
    (token, client): (&SecretToken, &Client),
    mail: &MailContext,
) -> QueryResult<Outcome> {
    unless_taken(conn, |conn| {
        let Some((_, owner, to)) = redeem(conn, now, (EMAIL_CHANGE, token))? else { return Ok(Outcome::Gone) };
        if User::find_by_email(conn, &to)?.is_some_and(|other| other.id != owner.id) {
            return Err(QueryError::RollbackTransaction);
        }
        move_to(conn, now, (&owner, &to))?;
        if !goes_back(conn, now, (&owner, &to))? {
            let undo = issue(conn, now, (&owner, EMAIL_UNDO, json!({ "email": owner.email })), mail)?;
            let letter = letters::undo_email(mail.locale, undo).saying(facts(mail.locale, now, client));
            outbox::enqueue(conn, now, &owner.email, &letter)?;
        }
        let actor = Actor::new(&owner.id, client);
        Action::EmailChanged.by(&actor, &owner.id).with(json!({ "from": owner.email, "to": to })).record(conn, now)?;
        Ok(Outcome::Done(owner.id))
    })
}

/// Gives the account its old address back, shuts everybody out, and sends a link to choose a new password. What came
/// after this address ends with it: whoever took the account must not undo the undoing.
///
/// # Errors
/// When a statement fails.
pub fn undo(
    conn: &mut PgConnection,
    now: Timestamp,
    (token, client): (&SecretToken, &Client),
    mail: &MailContext,
) -> QueryResult<Outcome> {
    unless_taken(conn, |conn| {
        let Some((link, owner, to)) = redeem(conn, now, (EMAIL_UNDO, token))? else { return Ok(Outcome::Gone) };
        if let Some(other) = User::find_by_email(conn, &canonical(&to))?.filter(|other| other.id != owner.id) {
            make_room(conn, &other)?;
        }
        Link::end_since(conn, EMAIL_UNDO, &link)?;
        move_to(conn, now, (&owner, &to))?;
        let actor = Actor::new(&owner.id, client);
        Action::EmailChangeUndone
            .by(&actor, &owner.id)
            .with(json!({ "from": owner.email, "to": to }))
            .record(conn, now)?;
        reset_link::shut_out(conn, now, &User { email: to, ..owner.clone() }, mail)?;
        Ok(Outcome::Done(owner.id))
    })
}

/// Whoever took an account could sign up with the address that it had, to keep its owner from coming back to it. Such
/// an account, which nobody verified, gives way to the proof of the mailbox.
fn make_room(conn: &mut PgConnection, other: &User) -> QueryResult<()> {
    if other.is_verified {
        return Err(QueryError::RollbackTransaction);
    }
    Link::end_all(conn, EMAIL_VERIFICATION, other.id.as_str())?;
    let unverified = user::table.find(other.id.as_str()).filter(user::is_email_verified.is_distinct_from(true));
    diesel::delete(unverified).execute(conn)?;
    Ok(())
}

/// Whether the account goes back to an address that may still undo a change. If so, that is undone: the addresses
/// between get no link of their own, or the one of a thief would take the account again.
fn goes_back(conn: &mut PgConnection, now: Timestamp, (owner, to): (&User, &EmailAddress)) -> QueryResult<bool> {
    let undos = Link::all_of(conn, EMAIL_UNDO, owner.id.as_str())?;
    let is_to = |link: &&Link| {
        link.expires_at > now && address(link, "email").is_some_and(|email| canonical(&email) == canonical(to))
    };
    let Some(first) = undos.iter().find(is_to) else { return Ok(false) };
    Link::end_since(conn, EMAIL_UNDO, first)?;
    Ok(true)
}

fn move_to(conn: &mut PgConnection, now: Timestamp, (owner, to): (&User, &EmailAddress)) -> QueryResult<()> {
    let moved = (user::email.eq(to.as_str()), user::is_email_verified.eq(true), user::updated_at.eq(now));
    diesel::update(user::table.find(owner.id.as_str())).set(moved).execute(conn)?;
    for purpose in [EMAIL_CHANGE, PASSWORD_RESET, ACCOUNT_SECURING] {
        Link::end_all(conn, purpose, owner.id.as_str())?;
    }
    viewer_change::record(conn, &owner.id)
}

/// Uses a link up, once however many try: with its account, and the address that this gets.
fn redeem(
    conn: &mut PgConnection,
    now: Timestamp,
    (purpose, token): (Purpose, &SecretToken),
) -> QueryResult<Option<(Link, User, EmailAddress)>> {
    let Some((_, found)) = find(conn, now, (purpose, token))? else { return Ok(None) };
    found.wait_for_turn(conn)?;
    let Some(link) = Link::redeem(conn, now, purpose, token)? else { return Ok(None) };
    let owner = User::find(conn, &found.id)?.filter(|owner| is_for(&link, owner));
    Ok(owner.zip(address(&link, "email")).map(|(owner, to)| (link, owner, to)))
}

fn find(
    conn: &mut PgConnection,
    now: Timestamp,
    (purpose, token): (Purpose, &SecretToken),
) -> QueryResult<Option<(Link, User)>> {
    let Some(link) = Link::find(conn, now, purpose, token)? else { return Ok(None) };
    let owner = User::find(conn, &UserId::from(link.subject.clone()))?.filter(|owner| is_for(&link, owner));
    Ok(owner.map(|owner| (link, owner)))
}

/// A change from an address that the account no longer has is none.
fn is_for(link: &Link, owner: &User) -> bool {
    address(link, "from").is_none_or(|from| from == owner.email)
}

fn address(link: &Link, name: &str) -> Option<EmailAddress> {
    serde_json::from_value(link.pending.as_ref()?.get(name)?.clone()).ok()
}

/// Rows of the old application may hold mixed case.
fn canonical(email: &EmailAddress) -> EmailAddress {
    EmailAddress::parse(email.as_str()).unwrap_or_else(|_| email.clone())
}

fn issue(
    conn: &mut PgConnection,
    now: Timestamp,
    (owner, purpose, pending): (&User, Purpose, serde_json::Value),
    mail: &MailContext,
) -> QueryResult<Link> {
    let new = NewLink { purpose, subject: owner.id.to_string(), pending: Some(pending) };
    new.issue(conn, now, &mail.keys)
}

/// All or nothing: of two accounts that go for one address at once the table's unique key lets one have it.
fn unless_taken(
    conn: &mut PgConnection,
    act: impl FnOnce(&mut PgConnection) -> QueryResult<Outcome>,
) -> QueryResult<Outcome> {
    match conn.transaction(act) {
        Err(QueryError::RollbackTransaction | QueryError::DatabaseError(DatabaseErrorKind::UniqueViolation, _)) => {
            Ok(Outcome::Taken)
        }
        outcome => outcome,
    }
}
