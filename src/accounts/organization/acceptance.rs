//! Joining an organization by its invitation: who may, and how an account becomes a member's.

use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::result::Error as QueryError;
use serde_json::json;

use super::invitation::{Invitation, host};
use crate::accounts::session::invited_sign_up::{InvitedSignUp, UnclaimedAddress};
use crate::accounts::user::link_purposes::ORGANIZATION_INVITATION;
use crate::accounts::user::managed_accounts;
use crate::accounts::user::user::User;
use crate::accounts::user::viewer_change;
use crate::audit::event::{Action, Actor};
use crate::mail::link::Link;
use crate::schema::user;
use crate::values::account_kind::AccountKind;
use crate::values::clock::Timestamp;
use crate::values::email_address::EmailAddress;
use crate::values::id::UserId;
use crate::values::secret_token::SecretToken;
use crate::web::visitor::client::Client;

/// How the address of an invitation stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It has no account, or one whose owner never proved the address: whoever has the mail may open it.
    Free(Option<UserId>),
    /// It is that of this employee, who has to agree.
    Employee(UserId),
    /// Its account cannot be managed.
    Refused(Refusal),
}

/// Why an account cannot join.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It is a member already.
    AlreadyMember,
    /// Another organization manages it.
    ManagedElsewhere,
    /// It is an organization's or an admin's.
    OtherKind,
    /// It is deactivated.
    Closed,
}

/// An invitation that works, as whoever has its link sees it.
#[derive(Clone, Debug)]
pub struct Joining {
    /// Who invites.
    pub organization: UserId,
    /// Its name, or its address when it gave none.
    pub name: String,
    /// Its address.
    pub from: EmailAddress,
    /// Who is invited.
    pub email: EmailAddress,
    /// How that address stands.
    pub standing: Standing,
}

/// What became of an answer.
#[derive(Clone, Debug)]
pub enum Joined {
    /// The account is a member's now.
    Yes(Box<User>),
    /// The link works no more.
    Gone,
    /// The account has changed since the page was shown; nothing was done.
    Changed,
}

impl Joining {
    /// What this link invites to, while the organization may invite.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn find(conn: &mut PgConnection, now: Timestamp, token: &SecretToken) -> QueryResult<Option<Self>> {
        let Some(link) = Link::find(conn, now, ORGANIZATION_INVITATION, token)? else { return Ok(None) };
        let organization = UserId::from(link.subject.clone());
        let known = host(&organization).first::<String>(conn).optional()?.is_some();
        let (Some(invitation), true) = (Invitation::of(&link), known) else { return Ok(None) };
        let Some(host) = User::find(conn, &organization)? else { return Ok(None) };
        let user = User::find_by_email(conn, &invitation.email)?;
        let standing = standing(conn, user.as_ref(), &organization)?;
        let name = host.name.unwrap_or_else(|| host.email.to_string());
        Ok(Some(Self { organization, name, from: host.email, email: invitation.email, standing }))
    }

    /// The same with the rows of the organization and the account locked: what was found stays so until the end.
    fn lock(conn: &mut PgConnection, now: Timestamp, token: &SecretToken) -> QueryResult<Option<Self>> {
        let Some(seen) = Self::find(conn, now, token)? else { return Ok(None) };
        host(&seen.organization).for_share().first::<String>(conn).optional()?;
        if let Some(owner) = User::find_by_email(conn, &seen.email)? {
            owner.wait_for_turn(conn)?;
        }
        Self::find(conn, now, token)
    }

    /// Opens an account with a verified address that the organization manages.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn open_account(
        conn: &mut PgConnection,
        now: Timestamp,
        token: &SecretToken,
        newcomer: &InvitedSignUp,
    ) -> QueryResult<Joined> {
        let Some(joining) = Self::lock(conn, now, token)? else { return Ok(Joined::Gone) };
        let Standing::Free(unproved) = joining.standing else { return Ok(Joined::Changed) };
        // Undone when somebody takes the address at the same moment, so that the link works once more.
        let opened = conn.transaction(|conn| {
            if Link::redeem(conn, now, ORGANIZATION_INVITATION, token)?.is_none() {
                return Ok(None);
            }
            let opened = newcomer.open(conn, now, UnclaimedAddress { email: joining.email, unproved })?;
            let id = opened.ok_or(QueryError::RollbackTransaction)?;
            become_member(conn, now, (&Actor::new(&id, &newcomer.client), &id), &joining.organization)?;
            User::find(conn, &id)
        });
        match opened {
            Ok(user) => Ok(user.map_or(Joined::Gone, |user| Joined::Yes(Box::new(user)))),
            Err(QueryError::RollbackTransaction) => Ok(Joined::Changed),
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
        (owner, client): (&UserId, &Client),
    ) -> QueryResult<Joined> {
        let Some(joining) = Self::lock(conn, now, token)? else { return Ok(Joined::Gone) };
        let user = User::find(conn, owner)?.filter(|user| user.is_active && user.purge_at.is_none());
        let Some(user) = user.filter(|_| joining.standing == Standing::Employee(owner.clone())) else {
            return Ok(Joined::Changed);
        };
        if Link::redeem(conn, now, ORGANIZATION_INVITATION, token)?.is_none() {
            return Ok(Joined::Gone);
        }
        become_member(conn, now, (&Actor::new(owner, client), owner), &joining.organization)?;
        Ok(Joined::Yes(Box::new(user)))
    }

    /// Ends the invitation; tells whether it still worked. The organization learns that it was declined, but not by
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
        let Some(joining) = Self::find(conn, now, token)? else { return Ok(false) };
        if Link::redeem(conn, now, ORGANIZATION_INVITATION, token)?.is_none() {
            return Ok(false);
        }
        let nobody = Actor { id: None, client: None };
        let declined = Action::InvitationDeclined.by(&nobody, &joining.organization);
        declined.with(json!({ "email": joining.email })).record(conn, now)?;
        if let Some((actor, id)) = owner.and_then(|actor| Some((actor, actor.id.as_ref()?))) {
            let details = json!({ "organization": joining.organization });
            Action::InvitationDeclined.by(actor, id).with(details).record(conn, now)?;
        }
        Ok(true)
    }
}

fn standing(conn: &mut PgConnection, user: Option<&User>, organization: &UserId) -> QueryResult<Standing> {
    let Some(user) = user else { return Ok(Standing::Free(None)) };
    let refusal = match &user.organization {
        Some(other) if other != organization => Some(Refusal::ManagedElsewhere),
        Some(_) if user.is_verified => Some(Refusal::AlreadyMember),
        _ if user.kind == AccountKind::Admin => Some(Refusal::OtherKind),
        // Anybody can sign up as an organization with an address that is not theirs; only its owner can manage people.
        _ if user.kind == AccountKind::Organization && (user.is_verified || managed_accounts::any(conn, &user.id)?) => {
            Some(Refusal::OtherKind)
        }
        _ if !user.is_verified && !user.is_active => Some(Refusal::Closed),
        _ => None,
    };
    Ok(match refusal {
        Some(refusal) => Standing::Refused(refusal),
        None if user.is_verified => Standing::Employee(user.id.clone()),
        None => Standing::Free(Some(user.id.clone())),
    })
}

/// The member as actor, the organization as whom it concerns: the event is once in the list of each.
fn become_member(
    conn: &mut PgConnection,
    now: Timestamp,
    (actor, member): (&Actor, &UserId),
    organization: &UserId,
) -> QueryResult<()> {
    let managed =
        (user::organization_id.eq(organization.as_str()), user::managed_since.eq(now), user::updated_at.eq(now));
    diesel::update(user::table.find(member.as_str())).set(managed).execute(conn)?;
    viewer_change::record(conn, member)?;
    Action::JoinedOrganization.by(actor, organization).record(conn, now)
}
