//! The verification of an address: the mail that asks for it, with a link that proves the mailbox.

use diesel::pg::PgConnection;
use diesel::prelude::*;

use super::letters;
use super::pending_sign_up::PendingSignUp;
use crate::accounts::user::link_purposes::{EMAIL_VERIFICATION, KEPT_SIGN_UP};
use crate::accounts::user::unverified;
use crate::accounts::user::user::User;
use crate::mail::link::{Link, NewLink};
use crate::mail::mail_context::MailContext;
use crate::mail::outbox;
use crate::schema::user;
use crate::values::clock::Timestamp;
use crate::values::email_address::EmailAddress;
use crate::values::id::LinkId;

/// Links of one purpose and account that may work at a time; further mails could only bother its owner.
pub(in crate::accounts) const MOST_LINKS: i64 = 6;

/// A mail that asks the owner of an account's address to verify it.
pub(super) struct Verification {
    pub(super) user: User,
    /// The sign-up that the link keeps.
    pub(super) sign_up: Option<PendingSignUp>,
}

impl Verification {
    /// Queues the mail with a new link. When enough links of the account work already, the sign-up is kept without a
    /// mail: a stranger who signs up six times with an address must not keep its owner from signing up. Gives the id of
    /// the link, or that of no link.
    pub(super) fn send(self, conn: &mut PgConnection, now: Timestamp, mail: &MailContext) -> QueryResult<LinkId> {
        let id = &self.user.id;
        if !unverified::lock(conn, id)? {
            return Ok(LinkId::generate());
        }
        let is_full = Link::count(conn, now, EMAIL_VERIFICATION, id.as_str())? >= MOST_LINKS;
        if is_full && !self.is_new(conn)? {
            return Ok(LinkId::generate());
        }
        let purpose = if is_full { KEPT_SIGN_UP } else { EMAIL_VERIFICATION };
        let pending = self.sign_up.as_ref().and_then(PendingSignUp::to_value);
        let link = NewLink { purpose, subject: id.to_string(), pending }.issue(conn, now, &mail.keys)?;
        let made = link.id.clone();
        if !is_full {
            self.postpone_purge(conn, now, &link)?;
            let chosen = self.sign_up.as_ref().and_then(|sign_up| sign_up.locale);
            let locale = chosen.unwrap_or_else(|| self.user.mail_locale(mail));
            let is_by_provider = self.sign_up.as_ref().is_some_and(|sign_up| sign_up.identity.is_some());
            let letter = letters::verify_email(locale, link, is_by_provider);
            outbox::enqueue(conn, now, &self.user.email, &letter)?;
        }
        Ok(made)
    }

    /// Whether it has a sign-up that no link keeps yet.
    fn is_new(&self, conn: &mut PgConnection) -> QueryResult<bool> {
        let Some(sign_up) = &self.sign_up else { return Ok(false) };
        Ok(PendingSignUp::find(conn, &self.user.id, &sign_up.password())?.is_none())
    }

    /// The account waits for this link from now on: the seed's column has its hash, and the account is kept until long
    /// after it has expired.
    fn postpone_purge(&self, conn: &mut PgConnection, now: Timestamp, link: &Link) -> QueryResult<()> {
        let token = user::verification_token.eq(link.hash.as_str());
        diesel::update(user::table.find(self.user.id.as_str())).set(token).execute(conn)?;
        unverified::postpone_purge(conn, now, &self.user.id).map(|_| ())
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
    /// Sends the mail to an account that waits for it. Whoever asks may be a stranger: the link proves the mailbox and
    /// gives effect to no sign-up by itself. The one that this browser made is kept with the new link, so that it stays
    /// as long as the newest link works.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn send(&self, conn: &mut PgConnection, now: Timestamp, mail: &MailContext) -> QueryResult<()> {
        let Some(user) = User::find_by_email(conn, &self.email)?.filter(|user| !user.is_verified) else {
            return Ok(());
        };
        let own = self.own_link.as_ref().map(|mark| PendingSignUp::marked(conn, &user.id, mark));
        let sign_up = own.transpose()?.flatten();
        Verification { user, sign_up }.send(conn, now, mail).map(|_| ())
    }
}
