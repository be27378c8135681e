//! The verification of an address: the mail that asks for it, and what the link of that mail does.

use diesel::pg::PgConnection;
use diesel::prelude::*;
use serde_json::Value;

use super::letters;
use super::pending_sign_up::PendingSignUp;
use crate::accounts::user::link_purposes::EMAIL_VERIFICATION;
use crate::accounts::user::unverified;
use crate::accounts::user::user::User;
use crate::audit::event::{Action, Actor};
use crate::mail::link::{Link, NewLink};
use crate::mail::mail_context::MailContext;
use crate::mail::outbox;
use crate::schema::user;
use crate::values::clock::Timestamp;
use crate::values::email_address::EmailAddress;
use crate::values::id::{LinkId, UserId};
use crate::values::secret_token::SecretToken;
use crate::web::visitor::client::Client;

/// Links of one purpose and account that may work at a time; further mails could only bother its owner.
pub(in crate::accounts) const MOST_LINKS: i64 = 6;

/// A mail that asks the owner of an account's address to verify it.
pub(super) struct Verification {
    pub(super) user: User,
    /// The sign-up that takes effect with the link.
    pub(super) pending: Option<Value>,
}

impl Verification {
    /// Queues the mail with a new link, unless enough links of the account work already.
    pub(super) fn send(self, conn: &mut PgConnection, now: Timestamp, mail: &MailContext) -> QueryResult<LinkId> {
        let Self { user, pending } = self;
        if !user.lock(conn)? || Link::count(conn, now, EMAIL_VERIFICATION, user.id.as_str())? >= MOST_LINKS {
            return Ok(LinkId::generate());
        }
        let new = NewLink { purpose: EMAIL_VERIFICATION, subject: user.id.to_string(), pending };
        let link = new.issue(conn, now, &mail.keys)?;
        let hash = SecretToken::of_link(&mail.keys.current, &link.id).hash();
        let token = user::verification_token.eq(hash.as_str());
        diesel::update(user::table.find(user.id.as_str())).set(token).execute(conn)?;
        unverified::postpone_purge(conn, now, &user.id)?;
        let id = link.id.clone();
        outbox::enqueue(conn, now, &user.email, &letters::verify_email(mail.locale, link))?;
        Ok(id)
    }
}

/// Somebody who asks for another verification mail.
#[derive(Clone, Debug)]
pub struct ResendRequest {
    /// The address as typed.
    pub email: EmailAddress,
    /// The link of the sign-up that this browser made, as its cookie remembers it.
    pub own_link: Option<LinkId>,
}

impl ResendRequest {
    /// Sends the mail to an account that waits for it, for the sign-up that this browser made. When this browser made
    /// none and the address has several, nobody can tell which of them is meant. None is sent then, since a link for a
    /// stranger's sign-up would open the account to the stranger. Returns the id of the link, or that of no link: the
    /// caller answers the same either way.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn send(&self, conn: &mut PgConnection, now: Timestamp, mail: &MailContext) -> QueryResult<LinkId> {
        let Some(user) = User::find_by_email(conn, &self.email)?.filter(|user| !user.is_verified) else {
            return Ok(LinkId::generate());
        };
        let all = Link::all_of(conn, EMAIL_VERIFICATION, user.id.as_str())?;
        let own = all.iter().find(|link| Some(&link.id) == self.own_link.as_ref());
        if own.is_none() && all.iter().any(|link| link.pending.is_some()) {
            return Ok(LinkId::generate());
        }
        let pending = own.and_then(|link| link.pending.clone());
        Verification { user, pending }.send(conn, now, mail)
    }
}

/// Somebody who verifies an address by its link.
#[derive(Clone, Debug)]
pub struct VerifyRequest {
    /// The link's token.
    pub token: SecretToken,
    /// The link of the sign-up that this browser made, as its cookie remembers it.
    pub own_link: Option<LinkId>,
    /// Who uses it.
    pub client: Client,
}

/// A user whose address was just verified.
#[derive(Clone, Debug)]
pub struct Verified {
    /// The user.
    pub user: User,
    /// Whether the browser that used the link is one that signed up for this account.
    pub same_browser: bool,
}

impl VerifyRequest {
    /// Verifies the address of the link's account and gives effect to a sign-up: the one that this browser made, else
    /// the one that the link belongs to, since the mails of two sign-ups look the same. Every other link of the account
    /// ends. Nothing when the link does not work, or the address is verified already.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn redeem(&self, conn: &mut PgConnection, now: Timestamp) -> QueryResult<Option<Verified>> {
        let Some(link) = Link::redeem(conn, now, EMAIL_VERIFICATION, &self.token)? else { return Ok(None) };
        let id = UserId::from(link.subject.clone());
        // The row of the used link is gone: it is no longer among all of them.
        let all = [vec![link.clone()], Link::all_of(conn, EMAIL_VERIFICATION, id.as_str())?].concat();
        let own = all.into_iter().find(|other| Some(&other.id) == self.own_link.as_ref());
        Link::end_all(conn, EMAIL_VERIFICATION, id.as_str())?;
        // Once the address is verified, what a stranger's sign-up left pending must not take effect.
        if !unverified::mark_verified(conn, now, &id)? {
            return Ok(None);
        }
        let same_browser = own.is_some();
        if let Some(pending) = own.unwrap_or(link).pending.and_then(PendingSignUp::read) {
            pending.take_effect(conn, now, &id)?;
        }
        let Some(user) = User::find(conn, &id)? else { return Ok(None) };
        Action::EmailVerified.by(&Actor::new(&user.id, &self.client), &user.id).record(conn, now)?;
        Ok(Some(Verified { user, same_browser }))
    }
}

/// The address that a link would verify; the link stays as it is.
///
/// # Errors
/// When a statement fails.
pub fn find_address(conn: &mut PgConnection, now: Timestamp, token: &SecretToken) -> QueryResult<Option<EmailAddress>> {
    let Some(link) = Link::find(conn, now, EMAIL_VERIFICATION, token)? else { return Ok(None) };
    let email = user::table.find(&link.subject).select(user::email).first::<String>(conn).optional()?;
    Ok(email.map(EmailAddress::from))
}

/// "It wasn't me": removes the unverified account of this link with all that belongs to it. False when the link does
/// not work.
///
/// # Errors
/// When a statement fails.
pub fn reject(conn: &mut PgConnection, now: Timestamp, token: &SecretToken) -> QueryResult<bool> {
    let Some(link) = Link::redeem(conn, now, EMAIL_VERIFICATION, token)? else { return Ok(false) };
    Link::end_all(conn, EMAIL_VERIFICATION, &link.subject)?;
    unverified::remove(conn, &UserId::from(link.subject))?;
    Ok(true)
}
