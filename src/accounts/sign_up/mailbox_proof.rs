//! The proof of a mailbox by the link of a verification mail, and the one sign-up that takes effect with it.

use diesel::pg::PgConnection;
use diesel::prelude::*;

use super::pending_sign_up::PendingSignUp;
use crate::accounts::user::link_purposes::{EMAIL_VERIFICATION, SIGN_UP_REJECTION};
use crate::accounts::user::password::PasswordHash;
use crate::accounts::user::unverified;
use crate::accounts::user::user::User;
use crate::accounts::user::user::identity::Identity;
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
    /// The password of the sign-up that this browser made.
    pub(super) own: Option<PasswordHash>,
    /// The provider of that sign-up, where it opens another account by now: then no link helps.
    pub(super) provider_of_another: Option<String>,
    /// Those of other sign-ups, the last to end first, and of the account: that has the one of the first sign-up itself, or
    /// one of the old application.
    pub(super) passwords: Vec<PasswordHash>,
    /// Whether any of the sign-ups is with another provider, which the browser finds that made it.
    pub(super) is_any_by_provider: bool,
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
    /// What a link proves, which stays as it is, to the browser with this mark. Nothing when the link does not work, or the
    /// address is verified already.
    ///
    /// # Errors
    /// When a statement fails.
    pub(super) fn find(
        conn: &mut PgConnection,
        now: Timestamp,
        token: &SecretToken,
        mark: Option<&LinkId>,
    ) -> QueryResult<Option<Self>> {
        let Some(link) = Link::find(conn, now, EMAIL_VERIFICATION, token)? else { return Ok(None) };
        let Some(account) = account_of(conn, &link)? else { return Ok(None) };
        let is_only_sign_up = unverified::is_only_sign_up(conn, &account)?;
        let own = mark.map(|mark| PendingSignUp::marked(conn, &account.id, mark)).transpose()?.flatten();
        let provider_of_another = match &own {
            Some(own) => own.provider_of_another(conn, &account.id)?,
            None => None,
        };
        let own = own.map(|own| own.password());
        let kept = PendingSignUp::latest(conn, &account.id)?;
        let mut passwords = Vec::new();
        let is_any_by_provider = kept.iter().any(|sign_up| sign_up.identity.is_some());
        // A sign-up with another provider has none.
        let kept = kept.iter().filter(|sign_up| sign_up.identity.is_none());
        for password in kept.map(PendingSignUp::password).chain(account.password.clone()) {
            if !passwords.contains(&password) {
                passwords.push(password);
            }
        }
        Ok(Some(Self { account, is_only_sign_up, own, provider_of_another, passwords, is_any_by_provider }))
    }

    /// The account that it is for.
    pub(super) const fn account(&self) -> &UserId {
        &self.account.id
    }

    /// The address that it proves.
    pub(super) const fn email(&self) -> &EmailAddress {
        &self.account.email
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
        let Some(account) = account_of(conn, &link)? else { return Ok(None) };
        let (id, actor) = (&account.id, Actor::new(&account.id, &self.client));
        let kept = PendingSignUp::find(conn, id, &self.sign_up)?;
        let has_way_in = match &kept {
            Some(kept) => !kept.opens_another(conn, id)?,
            None => account.password.as_ref() == Some(&self.sign_up),
        };
        if !has_way_in {
            return Ok(None);
        }
        // Anybody may have connected a provider before the address was proved (CVE-2026-53516).
        Identity::disconnect_all(conn, now, id, &actor)?;
        if let Some(kept) = kept {
            kept.take_effect(conn, now, &account)?;
        }
        unverified::mark_verified(conn, now, id)?;
        Link::end_all(conn, EMAIL_VERIFICATION, id.as_str())?;
        link.record_use(conn, now, EMAIL_VERIFICATION)?;
        if !self.attempt.is_empty() {
            sliding_window::refund(conn, &self.attempt.iter().collect::<Vec<_>>())?;
        }
        Action::EmailVerified.by(&actor, id).record(conn, now)?;
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
    let Some(account) = account_of(conn, &link)? else { return Ok(None) };
    link.record_use(conn, now, SIGN_UP_REJECTION)?;
    if unverified::is_only_sign_up(conn, &account)? {
        unverified::remove(conn, &account)?;
        return Ok(Some(Rejected::Account));
    }
    Link::end_all(conn, EMAIL_VERIFICATION, &link.subject)?;
    unverified::forget_link(conn, &account.id)?;
    Ok(Some(Rejected::SignUps))
}

/// The account of a link, while its address waits to be verified.
fn account_of(conn: &mut PgConnection, link: &Link) -> QueryResult<Option<User>> {
    Ok(User::find(conn, &UserId::from(link.subject.clone()))?.filter(|account| !account.is_verified))
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
