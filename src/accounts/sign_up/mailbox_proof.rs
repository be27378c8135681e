//! The proof of a mailbox by the link of a verification mail, and the one sign-up that takes effect with it.

use diesel::pg::PgConnection;
use diesel::prelude::*;

use super::pending_sign_up::PendingSignUp;
use crate::accounts::user::link_purposes::EMAIL_VERIFICATION;
use crate::accounts::user::password::PasswordHash;
use crate::accounts::user::unverified;
use crate::accounts::user::user::User;
use crate::audit::event::{Action, Actor};
use crate::db::sliding_window::{self, Window};
use crate::mail::link::Link;
use crate::values::clock::Timestamp;
use crate::values::email_address::EmailAddress;
use crate::values::id::{LinkId, UserId};
use crate::values::secret_token::SecretToken;
use crate::web::visitor::client::Client;

/// A link that works. It proves that its reader has the mailbox, and not which of the sign-ups is theirs.
pub(super) struct MailboxProof {
    account: User,
    /// Whether the account is no more than a sign-up.
    pub(super) is_only_sign_up: bool,
    /// Every link of the account, the newest first, whether it works or has expired.
    links: Vec<Link>,
}

/// Somebody who verifies an address by its link.
#[derive(Clone)]
pub(super) struct VerifyRequest {
    /// The link's token.
    pub(super) token: SecretToken,
    /// The hash of the password of the sign-up that is to take effect: that of this browser, or the one whose password
    /// was given.
    pub(super) sign_up: PasswordHash,
    /// Who uses it.
    pub(super) client: Client,
    /// The failures that were counted before the password was checked, to be taken back.
    pub(super) attempt: Vec<Window>,
}

impl MailboxProof {
    /// What a link proves, which stays as it is. Nothing when the link does not work, or the address is verified already.
    ///
    /// # Errors
    /// When a statement fails.
    pub(super) fn find(conn: &mut PgConnection, now: Timestamp, token: &SecretToken) -> QueryResult<Option<Self>> {
        match Link::find(conn, now, EMAIL_VERIFICATION, token)? {
            Some(link) => Self::of(conn, &link),
            None => Ok(None),
        }
    }

    fn of(conn: &mut PgConnection, link: &Link) -> QueryResult<Option<Self>> {
        let account = User::find(conn, &UserId::from(link.subject.clone()))?;
        let Some(account) = account.filter(|account| !account.is_verified) else { return Ok(None) };
        let mut links = Link::all_of(conn, EMAIL_VERIFICATION, &link.subject)?;
        links.reverse();
        let is_only_sign_up = unverified::is_only_sign_up(conn, &account)?;
        Ok(Some(Self { account, is_only_sign_up, links }))
    }

    /// The address that it proves.
    pub(super) const fn email(&self) -> &EmailAddress {
        &self.account.email
    }

    /// The password of the sign-up that a browser made, by the mark in its cookie.
    pub(super) fn marked(&self, mark: Option<&LinkId>) -> Option<PasswordHash> {
        let own = self.links.iter().find(|link| Some(&link.id) == mark)?;
        PendingSignUp::read(own).map(|sign_up| sign_up.password())
    }

    /// The passwords of all sign-ups, the newest first. The account has that of the first sign-up itself, or one of the
    /// old application.
    pub(super) fn passwords(&self) -> Vec<PasswordHash> {
        let kept = self.links.iter().filter_map(PendingSignUp::read).map(|sign_up| sign_up.password());
        let mut passwords = Vec::new();
        for password in kept.chain(self.account.password.clone()) {
            if !passwords.contains(&password) {
                passwords.push(password);
            }
        }
        passwords
    }

    /// Gives the account what this sign-up said, unless it has that already. False when there is no such sign-up.
    fn take_effect(&self, conn: &mut PgConnection, now: Timestamp, sign_up: &PasswordHash) -> QueryResult<bool> {
        let mut kept = self.links.iter().filter_map(PendingSignUp::read);
        match kept.find(|kept| kept.password() == *sign_up) {
            Some(kept) => kept.take_effect(conn, now, &self.account).map(|()| true),
            None => Ok(self.account.password.as_ref() == Some(sign_up)),
        }
    }
}

impl VerifyRequest {
    /// Verifies the address of the link's account and gives effect to the sign-up. Every link of the account ends, and
    /// every other sign-up with it. Nothing when the link works no more, or the sign-up is gone.
    ///
    /// # Errors
    /// When a statement fails.
    pub(super) fn redeem(&self, conn: &mut PgConnection, now: Timestamp) -> QueryResult<Option<User>> {
        let Some(link) = lock(conn, now, &self.token)? else { return Ok(None) };
        let Some(proof) = MailboxProof::of(conn, &link)? else { return Ok(None) };
        let id = &proof.account.id;
        if !proof.take_effect(conn, now, &self.sign_up)? {
            return Ok(None);
        }
        unverified::mark_verified(conn, now, id)?;
        Link::end_all(conn, EMAIL_VERIFICATION, id.as_str())?;
        Link::record_use(conn, now, EMAIL_VERIFICATION, &self.token.hash())?;
        if !self.attempt.is_empty() {
            sliding_window::refund(conn, &self.attempt.iter().collect::<Vec<_>>())?;
        }
        Action::EmailVerified.by(&Actor::new(id, &self.client), id).record(conn, now)?;
        User::find(conn, id)
    }
}

/// What "it wasn't me" did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rejected {
    /// It removed the account.
    Account,
    /// The account is more than a sign-up and stays as it was.
    SignUps,
}

/// "It wasn't me": ends every sign-up and link that waits for the address of this link, and removes the unverified account
/// with all that belongs to it, if it is no more than a sign-up. Nothing when the link does not work.
///
/// # Errors
/// When a statement fails.
pub(super) fn reject(conn: &mut PgConnection, now: Timestamp, token: &SecretToken) -> QueryResult<Option<Rejected>> {
    let Some(link) = lock(conn, now, token)? else { return Ok(None) };
    let Some(MailboxProof { account, is_only_sign_up, .. }) = MailboxProof::of(conn, &link)? else { return Ok(None) };
    Link::end_all(conn, EMAIL_VERIFICATION, &link.subject)?;
    if !is_only_sign_up {
        unverified::forget_link(conn, &account.id)?;
        return Ok(Some(Rejected::SignUps));
    }
    unverified::remove(conn, &account.id)?;
    Ok(Some(Rejected::Account))
}

/// The link of this token, if it works once its account is locked: whoever comes second finds it gone.
fn lock(conn: &mut PgConnection, now: Timestamp, token: &SecretToken) -> QueryResult<Option<Link>> {
    let Some(seen) = Link::find(conn, now, EMAIL_VERIFICATION, token)? else { return Ok(None) };
    // Every transaction locks the user before the link: two that lock in different orders would wait for each other.
    if unverified::lock(conn, &UserId::from(seen.subject))? {
        Link::find(conn, now, EMAIL_VERIFICATION, token)
    } else {
        Ok(None)
    }
}
