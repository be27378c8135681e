//! A change of an account's address: it waits for the new address to confirm it, and the old one may undo it.

use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as QueryError};
use serde_json::json;

use super::change_link::{ChangeLink, address, canonical};
use super::letters;
use crate::accounts::recovery::revocation::{Revocation, end_links, remove_second_factor};
use crate::accounts::session::letters::closed;
use crate::accounts::session::reauthenticated::{Reauthenticated, Renewed};
use crate::accounts::session::security_notice::{
    NoticeKind, SECOND_FACTOR_SINCE, SecurityNotice, facts, removes_second_factor,
};
use crate::accounts::user::letters::OWNER_NOTICE_INTERVAL;
use crate::accounts::user::link_purposes::{EMAIL_CHANGE, EMAIL_UNDO};
use crate::accounts::user::unverified;
use crate::accounts::user::user::User;
use crate::audit::event::{Action, Actor};
use crate::mail::link::{Link, NewLink};
use crate::mail::mail_context::MailContext;
use crate::mail::outbox::{self, Throttled};
use crate::values::clock::Timestamp;
use crate::values::email_address::EmailAddress;
use crate::values::id::UserId;
use crate::values::secret_token::SecretToken;
use crate::web::visitor::client::Client;

/// A change that an owner asks for, with the password just given.
#[derive(Clone, Debug)]
pub struct NewEmailChange {
    /// Who asks.
    pub owner: Reauthenticated,
    /// The new address.
    pub to: EmailAddress,
    /// For the letter.
    pub mail: MailContext,
}

/// What somebody decides by the link of a mail: that the change takes effect, or that it is undone.
#[derive(Clone, Debug)]
pub struct Decision {
    /// Its token.
    pub token: SecretToken,
    /// Who used it.
    pub client: Client,
    /// For the letters about it.
    pub mail: MailContext,
}

/// The outcome of using a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// This account has this address now.
    Done(UserId, EmailAddress),
    /// Another account has it. The link still works, in case that account goes away.
    Taken,
    /// The link does not work.
    Gone,
}

impl NewEmailChange {
    /// Writes to the new address; any change that waited before ends. If the new address has an account, its owner gets
    /// a mail that says so, and whoever asked learns nothing.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn request(&self, conn: &mut PgConnection, now: Timestamp) -> QueryResult<Renewed> {
        let Reauthenticated { user, client, .. } = &self.owner;
        let renewed = self.owner.renew(conn, now)?;
        if renewed != Renewed::Done {
            return Ok(renewed);
        }
        Link::end_all(conn, EMAIL_CHANGE, user.id.as_str())?;
        let details = json!({ "from": user.email, "to": self.to });
        let pending = Some(json!({ "email": self.to, "from": user.email }));
        let new = NewLink { purpose: EMAIL_CHANGE, subject: user.id.to_string(), pending };
        let link = new.issue(conn, now, &self.mail.keys)?;
        self.write_to_new_address(conn, now, link)?;
        Action::EmailChangeRequested.by(&Actor::new(&user.id, client), &user.id).with(details).record(conn, now)?;
        Ok(renewed)
    }

    fn write_to_new_address(&self, conn: &mut PgConnection, now: Timestamp, link: Link) -> QueryResult<()> {
        let owner = User::find_by_email(conn, &self.to)?.filter(|owner| owner.is_verified);
        let Some(owner) = owner else {
            let letter = letters::confirm_email(self.owner.user.mail_locale(&self.mail), link);
            return outbox::enqueue(conn, now, &self.to, &letter).map(|_| ());
        };
        owner.lock(conn)?;
        let locale = owner.mail_locale(&self.mail);
        let letter = letters::address_taken(locale).with_facts(closed(locale, &owner));
        Throttled { to: &owner.email, interval: OWNER_NOTICE_INTERVAL }.enqueue(conn, now, &letter).map(|_| ())
    }
}

/// The address that a user's change waits for.
///
/// # Errors
/// When the statement fails.
pub fn pending(conn: &mut PgConnection, now: Timestamp, user: &UserId) -> QueryResult<Option<EmailAddress>> {
    let links = Link::all_of(conn, EMAIL_CHANGE, user.as_str())?;
    Ok(links.iter().rev().find(|link| link.expires_at > now).and_then(|link| address(link, "email")))
}

/// Cancels the change that waits.
///
/// # Errors
/// When the statement fails.
pub fn cancel(conn: &mut PgConnection, user: &UserId) -> QueryResult<()> {
    end_links(conn, user, &[EMAIL_CHANGE])
}

impl Decision {
    /// Gives the account its new address. Links that went to the old one end; its owner learns of the change, and may
    /// undo it.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn confirm(&self, conn: &mut PgConnection, now: Timestamp) -> QueryResult<Outcome> {
        unless_taken(conn, |conn| {
            let Some(change) = ChangeLink::redeem(conn, now, EMAIL_CHANGE, &self.token)? else {
                return Ok(Outcome::Gone);
            };
            let ChangeLink { owner, to, .. } = &change;
            if let Some(other) = User::find_by_email(conn, to)?.filter(|other| other.id != owner.id) {
                remove_unverified(conn, &other)?;
            }
            Link::forget_uses(conn, &[EMAIL_UNDO.name], &[owner.id.to_string()])?;
            // The notices that told the old address of it end with the change.
            let told = if removes_second_factor(conn, owner, now)? { owner.second_factor_since } else { None };
            change.take_effect(conn, now)?;
            match change.goes_back(conn, now)? {
                None => self.write_to_old_address(conn, now, OldAddress { owner, told })?,
                // What the link would have removed, the mail of a notice removes in its place.
                Some(undo) if undo.undo_removes_second_factor() => {
                    let user = &User { email: to.clone(), ..owner.clone() };
                    let kind = NoticeKind::SecondFactorOnAfterNewDevice;
                    SecurityNotice { kind, user, client: &self.client }.send(conn, now, &self.mail)?;
                }
                Some(_) => {}
            }
            let actor = Actor::new(&owner.id, &self.client);
            Action::EmailChanged.by(&actor, &owner.id).with(change.details()).record(conn, now)?;
            Ok(Outcome::Done(owner.id.clone(), to.clone()))
        })
    }

    /// Gives the account its old address back, shuts everybody out, and sends a link to choose a new password. A second
    /// factor that would keep the owner out goes too. The undo links of later addresses end: whoever took the account must
    /// not undo the undoing.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn undo(&self, conn: &mut PgConnection, now: Timestamp) -> QueryResult<Outcome> {
        unless_taken(conn, |conn| {
            let Some(change) = ChangeLink::redeem(conn, now, EMAIL_UNDO, &self.token)? else {
                return Ok(Outcome::Gone);
            };
            let ChangeLink { link, owner, to } = &change;
            if let Some(other) = User::find_by_email(conn, &canonical(to))?.filter(|other| other.id != owner.id) {
                remove_unverified(conn, &other)?;
            }
            Link::end_since(conn, EMAIL_UNDO, link)?;
            Link::forget_uses(conn, &[EMAIL_CHANGE.name], &[owner.id.to_string()])?;
            change.take_effect(conn, now)?;
            let actor = Actor::new(&owner.id, &self.client);
            Action::EmailChangeUndone.by(&actor, &owner.id).with(change.details()).record(conn, now)?;
            if change.undo_removes_second_factor() {
                remove_second_factor(conn, now, &owner.id, &actor)?;
            }
            let user = &User { email: to.clone(), ..owner.clone() };
            Revocation { user, actor: &actor, mail: &self.mail }.apply(conn, now)?;
            Ok(Outcome::Done(owner.id.clone(), to.clone()))
        })
    }

    /// Sends the link that undoes the change.
    fn write_to_old_address(&self, conn: &mut PgConnection, now: Timestamp, old: OldAddress<'_>) -> QueryResult<()> {
        let (owner, told) = (old.owner, old.told.map(|since| since.timestamp_micros()));
        let (pending, locale) =
            (json!({ "email": owner.email, SECOND_FACTOR_SINCE: told }), owner.mail_locale(&self.mail));
        let new = NewLink { purpose: EMAIL_UNDO, subject: owner.id.to_string(), pending: Some(pending) };
        let undo = new.issue(conn, now, &self.mail.keys)?;
        let letter = letters::undo_email(locale, undo).with_facts(facts(locale, now, &self.client));
        outbox::enqueue(conn, now, &owner.email, &letter).map(|_| ())
    }
}

/// An address that loses its account.
#[derive(Clone, Copy)]
struct OldAddress<'a> {
    /// The account, as it was.
    owner: &'a User,
    /// Since when a second factor is on of which a notice told that address, as one that a stranger may have switched on.
    told: Option<Timestamp>,
}

/// Removes an account that nobody verified, with its sign-ups. Anybody can sign up with an address, to keep its owner
/// from moving an account to it or from coming back to it: such an account gives way to the proof of the mailbox.
fn remove_unverified(conn: &mut PgConnection, other: &User) -> QueryResult<()> {
    if !unverified::may_be_replaced(conn, other)? {
        return Err(QueryError::RollbackTransaction);
    }
    // Whoever verified it while this waited keeps it.
    if !unverified::lock(conn, &other.id)? {
        return Err(QueryError::RollbackTransaction);
    }
    unverified::remove(conn, other).map(|_| ())
}

/// Makes the change in a transaction of its own, or not at all: when two accounts take one address at once, the table's
/// unique key refuses the second.
fn unless_taken(
    conn: &mut PgConnection,
    change: impl FnOnce(&mut PgConnection) -> QueryResult<Outcome>,
) -> QueryResult<Outcome> {
    match conn.transaction(change) {
        Err(QueryError::RollbackTransaction | QueryError::DatabaseError(DatabaseErrorKind::UniqueViolation, _)) => {
            Ok(Outcome::Taken)
        }
        outcome => outcome,
    }
}
