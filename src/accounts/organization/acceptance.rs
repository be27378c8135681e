//! Accepting or declining the invitation of an organization: who may, and how an account becomes a member's.

use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::result::Error as QueryError;
use serde_json::json;

use super::employer;
use super::invitation::Invitation;
use super::managing_organization::membership_of;
use crate::accounts::session::sign_up_by_link::{SignUpByLink, UnclaimedAddress};
use crate::accounts::user::link_purposes::ORGANIZATION_INVITATION;
use crate::accounts::user::user::User;
use crate::accounts::user::{managed_accounts, viewer_change};
use crate::audit::event::{Action, Actor};
use crate::mail::link::Link;
use crate::schema::user;
use crate::values::account_kind::AccountKind;
use crate::values::clock::Timestamp;
use crate::values::email_address::EmailAddress;
use crate::values::id::UserId;
use crate::values::secret_token::SecretToken;
use crate::web::Submission;

/// What account the invited address has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Invitee {
    /// None, or this one, whose owner never proved the address: whoever has the mail may open it.
    Unproved(Option<UserId>),
    /// This employee's, who has to agree.
    Employee(UserId),
    /// One that this organization cannot manage.
    Ineligible(Ineligibility),
}

/// Why an account cannot become a member's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ineligibility {
    /// It is a member's already.
    AlreadyMember,
    /// Another organization manages it.
    ManagedElsewhere,
    /// It is an organization's or an admin's.
    OtherKind,
    /// It is deactivated.
    Deactivated,
}

/// An invitation that works, as whoever has its link sees it.
#[derive(Clone, Debug)]
pub struct ReceivedInvitation {
    /// The organization that invites.
    pub organization: UserId,
    /// Its name, or its address when it gave none.
    pub name: String,
    /// Its address.
    pub from: EmailAddress,
    /// The invited address.
    pub email: EmailAddress,
    /// The account of that address.
    pub invitee: Invitee,
}

/// The outcome of accepting an invitation.
#[derive(Clone, Debug)]
pub enum Acceptance {
    /// The account is a member's now.
    Accepted(Box<User>),
    /// The link works no more.
    Gone,
    /// The account has changed since the page was shown; nothing was done.
    Changed,
}

impl ReceivedInvitation {
    /// The invitation of this link, while the organization may invite.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn find(conn: &mut PgConnection, now: Timestamp, token: &SecretToken) -> QueryResult<Option<Self>> {
        let Some(link) = Link::find(conn, now, ORGANIZATION_INVITATION, token)? else { return Ok(None) };
        let organization = UserId::from(link.subject.clone());
        let may_invite = employer::may_invite(conn, &organization)?;
        let (Some(invitation), true) = (Invitation::of(&link), may_invite) else { return Ok(None) };
        let Some(host) = User::find(conn, &organization)? else { return Ok(None) };
        let user = User::find_by_email(conn, &invitation.email)?;
        let invitee = Invitee::of(conn, user.as_ref(), &organization)?;
        let name = host.name.unwrap_or_else(|| host.email.to_string());
        Ok(Some(Self { organization, name, from: host.email, email: invitation.email, invitee }))
    }

    /// The same, with the rows of the organization and the account locked until the end of the transaction.
    fn lock(conn: &mut PgConnection, now: Timestamp, token: &SecretToken) -> QueryResult<Option<Self>> {
        let Some(seen) = Self::find(conn, now, token)? else { return Ok(None) };
        employer::lock_shared(conn, &seen.organization)?;
        if let Some(owner) = User::find_by_email(conn, &seen.email)? {
            owner.lock(conn)?;
        }
        Self::find(conn, now, token)
    }

    /// Opens an account with a verified address that the organization manages.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn sign_up(
        conn: &mut PgConnection,
        now: Timestamp,
        token: &SecretToken,
        sign_up: &SignUpByLink,
    ) -> QueryResult<Acceptance> {
        let Some(invitation) = Self::lock(conn, now, token)? else { return Ok(Acceptance::Gone) };
        let Invitee::Unproved(unproved) = &invitation.invitee else { return Ok(Acceptance::Changed) };
        // When somebody takes the address at the same moment, all is rolled back, so that the link works once more.
        let opened = conn.transaction(|conn| {
            if !redeem(conn, now, token)? {
                return Ok(None);
            }
            let address = UnclaimedAddress { email: invitation.email.clone(), unproved: unproved.clone() };
            let opened = sign_up.open(conn, now, address)?;
            let id = opened.ok_or(QueryError::RollbackTransaction)?;
            invitation.admit(conn, now, &Actor::new(&id, &sign_up.client))?;
            User::find(conn, &id)
        });
        match opened {
            Ok(user) => Ok(user.map_or(Acceptance::Gone, |user| Acceptance::Accepted(Box::new(user)))),
            Err(QueryError::RollbackTransaction) => Ok(Acceptance::Changed),
            Err(error) => Err(error),
        }
    }

    /// Makes an account that exists a member's, with its owner's consent.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn accept(
        conn: &mut PgConnection,
        now: Timestamp,
        token: &SecretToken,
        owner: &Actor,
    ) -> QueryResult<Acceptance> {
        let Some(invitation) = Self::lock(conn, now, token)? else { return Ok(Acceptance::Gone) };
        let Some(id) = owner.id.as_ref().filter(|id| invitation.is_for(id)) else { return Ok(Acceptance::Changed) };
        let user = User::find(conn, id)?.filter(|user| user.is_active && user.purge_at.is_none());
        let Some(user) = user else { return Ok(Acceptance::Changed) };
        if !redeem(conn, now, token)? {
            return Ok(Acceptance::Gone);
        }
        invitation.admit(conn, now, owner)?;
        Ok(Acceptance::Accepted(Box::new(user)))
    }

    /// Ends the invitation; returns whether it still worked. The organization learns that it was declined, but not by
    /// which account, nor whether there is one: `owner` is the account of this address, when it is signed in.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn decline(
        conn: &mut PgConnection,
        now: Timestamp,
        token: &SecretToken,
        owner: Option<&Actor>,
    ) -> QueryResult<bool> {
        let Some(invitation) = Self::find(conn, now, token)? else { return Ok(false) };
        if !redeem(conn, now, token)? {
            return Ok(false);
        }
        let nobody = Actor::application();
        let declined = Action::InvitationDeclined.by(&nobody, &invitation.organization);
        declined.with(json!({ "email": invitation.email })).record(conn, now)?;
        if let Some((actor, id)) = owner.and_then(|actor| Some((actor, actor.id.as_ref()?))) {
            let details = json!({ "organization": invitation.organization });
            Action::InvitationDeclined.by(actor, id).with(details).record(conn, now)?;
        }
        Ok(true)
    }

    /// Whether it is this employee's to accept.
    #[must_use]
    pub fn is_for(&self, owner: &UserId) -> bool {
        matches!(&self.invitee, Invitee::Employee(id) if id == owner)
    }

    /// Makes an account a member's. With the member as actor and the organization as the account concerned, the activity
    /// of each shows it once.
    fn admit(&self, conn: &mut PgConnection, now: Timestamp, member: &Actor) -> QueryResult<()> {
        let Some(id) = &member.id else { return Ok(()) };
        let organization = user::organization_id.eq(self.organization.as_str());
        let managed = (organization, user::managed_since.eq(now), user::updated_at.eq(now));
        diesel::update(user::table.find(id.as_str())).set(managed).execute(conn)?;
        viewer_change::record(conn, id)?;
        Submission::forget(conn, &[membership_of(id)])?;
        Action::JoinedOrganization.by(member, &self.organization).record(conn, now)
    }
}

impl Invitee {
    fn of(conn: &mut PgConnection, user: Option<&User>, organization: &UserId) -> QueryResult<Self> {
        let Some(user) = user else { return Ok(Self::Unproved(None)) };
        let ineligibility = match &user.organization {
            Some(other) if other != organization => Some(Ineligibility::ManagedElsewhere),
            Some(_) if user.is_verified => Some(Ineligibility::AlreadyMember),
            _ if user.kind == AccountKind::Admin => Some(Ineligibility::OtherKind),
            // Anybody can sign up as an organization with a stranger's address. Until that address is proved, the account
            // counts only when it manages somebody.
            _ if user.kind == AccountKind::Organization
                && (user.is_verified || managed_accounts::any(conn, &user.id)?) =>
            {
                Some(Ineligibility::OtherKind)
            }
            _ if !user.is_verified && !user.is_active => Some(Ineligibility::Deactivated),
            _ => None,
        };
        Ok(match ineligibility {
            Some(why) => Self::Ineligible(why),
            None if user.is_verified => Self::Employee(user.id.clone()),
            None => Self::Unproved(Some(user.id.clone())),
        })
    }
}

/// Uses the link up; returns whether it still worked.
fn redeem(conn: &mut PgConnection, now: Timestamp, token: &SecretToken) -> QueryResult<bool> {
    Ok(Link::redeem(conn, now, ORGANIZATION_INVITATION, token)?.is_some())
}
