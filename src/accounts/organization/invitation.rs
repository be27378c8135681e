//! An invitation: a link by which an organization asks the owner of an address to join it.

use diesel::pg::PgConnection;
use diesel::prelude::*;
use serde_json::json;

use super::employer::{self, Employer};
use super::letters;
use crate::accounts::user::link_purposes::ORGANIZATION_INVITATION;
use crate::accounts::user::user::User;
use crate::audit::event::Action;
use crate::mail::link::{Link, NewLink, OwnedLink};
use crate::mail::mail_context::MailContext;
use crate::mail::outbox;
use crate::values::clock::Timestamp;
use crate::values::email_address::EmailAddress;
use crate::values::id::{LinkId, UserId};
use crate::values::locale::Locale;
use crate::web::Submission;

/// Invitations of one organization that wait at a time: its page lists them all.
const MOST_PENDING: usize = 100;

/// An invitation that waits for an answer.
#[derive(Clone, Debug)]
pub struct Invitation {
    /// Its link.
    pub id: LinkId,
    /// Who is invited.
    pub email: EmailAddress,
    /// Until when it works.
    pub expires_at: Timestamp,
}

impl Invitation {
    /// What a link invites to, as it was kept.
    pub(super) fn of(link: &Link) -> Option<Self> {
        let email = link.pending.as_ref()?.get("email")?.as_str()?;
        Some(Self { id: link.id.clone(), email: EmailAddress::from(email.to_owned()), expires_at: link.expires_at })
    }

    /// The invitations of an organization that wait for an answer, the newest first.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn pending(conn: &mut PgConnection, now: Timestamp, organization: &UserId) -> QueryResult<Vec<Self>> {
        let links = Link::all_of(conn, ORGANIZATION_INVITATION, organization.as_str())?;
        Ok(links.iter().rev().filter(|link| link.expires_at > now).filter_map(Self::of).collect())
    }

    /// Takes an invitation back; returns whether it was this organization's and still worked.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn revoke(conn: &mut PgConnection, now: Timestamp, employer: &Employer, id: &LinkId) -> QueryResult<bool> {
        let pending = Self::pending(conn, now, &employer.id)?;
        let Some(own) = pending.into_iter().find(|invitation| invitation.id == *id) else { return Ok(false) };
        let ended = OwnedLink { purpose: ORGANIZATION_INVITATION, subject: employer.id.as_str(), id }.end(conn, now)?;
        if ended {
            let details = json!({ "email": own.email });
            Action::InvitationRevoked.by(&employer.actor(), &employer.id).with(details).record(conn, now)?;
        }
        Ok(ended)
    }
}

/// An invitation to send.
#[derive(Clone, Debug)]
pub struct NewInvitation {
    /// Who invites.
    pub employer: Employer,
    /// Who is invited.
    pub email: EmailAddress,
    /// For the letter.
    pub mail: MailContext,
    /// The form that asks for it. Sent twice, it invites once.
    pub form: Submission,
}

/// The outcome of a [`NewInvitation`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sent {
    /// The mail with this link is queued.
    Queued(LinkId),
    /// The organization manages the account of this address already.
    AlreadyMember,
    /// Too many wait for an answer.
    TooMany,
    /// The organization may not invite any more.
    NotAllowed,
}

impl NewInvitation {
    /// Sends the link. A link that was sent to the same address before ends, so that only the newest mail works. The same
    /// is done whether or not the address has an account.
    ///
    /// # Errors
    /// When a statement or the letter's template fails.
    pub fn send(&self, conn: &mut PgConnection, now: Timestamp) -> QueryResult<Sent> {
        let organization = &self.employer.id;
        // An organization sends one invitation at a time: of two at once, neither would see the other's link, and both
        // links would work.
        if !employer::lock(conn, organization)? {
            return Ok(Sent::NotAllowed);
        }
        self.form.refuse_equal(conn)?;
        let invitee = User::find_by_email(conn, &self.email)?;
        if invitee.as_ref().and_then(|user| user.organization.as_ref()) == Some(organization) {
            return Ok(Sent::AlreadyMember);
        }
        let waiting = Invitation::pending(conn, now, organization)?;
        let (same, others): (Vec<_>, Vec<_>) = waiting.into_iter().partition(|it| it.email == self.email);
        if others.len() >= MOST_PENDING {
            return Ok(Sent::TooMany);
        }
        for former in same {
            OwnedLink { purpose: ORGANIZATION_INVITATION, subject: organization.as_str(), id: &former.id }
                .end(conn, now)?;
        }
        let locale = invitee.map_or(self.mail.locale, |user| user.mail_locale(&self.mail));
        let link = self.write(conn, now, locale)?;
        let details = json!({ "email": self.email });
        Action::Invited.by(&self.employer.actor(), organization).with(details).record(conn, now)?;
        Ok(Sent::Queued(link))
    }

    fn write(&self, conn: &mut PgConnection, now: Timestamp, locale: Locale) -> QueryResult<LinkId> {
        let organization = &self.employer.id;
        let pending = Some(json!({ "email": self.email, "locale": locale.code() }));
        let new = NewLink { purpose: ORGANIZATION_INVITATION, subject: organization.to_string(), pending };
        let link = new.issue(conn, now, &self.mail.keys)?;
        let id = link.id.clone();
        let letter = letters::organization_invitation(locale, link, &self.employer.email);
        outbox::enqueue(conn, now, &self.email, &letter).map(|_| id)
    }
}
