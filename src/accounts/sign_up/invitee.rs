//! Somebody whom the waitlist invites: whether their address has an account, and how it gets one.

use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::result::Error as QueryError;

use crate::accounts::session::sign_up_by_link::{SignUpByLink, UnclaimedAddress};
use crate::accounts::user::unverified;
use crate::accounts::user::user::User;
use crate::mail::link::{Link, WAITLIST_INVITATION};
use crate::values::account_kind::AccountKind;
use crate::values::clock::Timestamp;
use crate::values::email_address::EmailAddress;
use crate::values::id::UserId;
use crate::values::secret_token::SecretToken;

/// An invitation that works, as whoever has its link sees it.
#[derive(Clone, Debug)]
pub struct Invitee {
    /// Whom it was sent to.
    pub email: EmailAddress,
    /// What they said they are here for.
    pub kind: AccountKind,
    /// Whether that address can get an account.
    pub address_status: AddressStatus,
}

/// Whether an invited address can get an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AddressStatus {
    /// It has no account, or one whose owner never proved the address: whoever has the mail may open it.
    Free(Option<UserId>),
    /// It has one, whose owner can log in.
    Taken,
}

/// The outcome of opening an account.
#[derive(Clone, Debug)]
pub enum Opened {
    /// It is open.
    Yes(Box<User>),
    /// The link works no more.
    Gone,
    /// The address has an account since the page was shown.
    Taken,
}

impl Invitee {
    /// Whom this link invites; the link stays as it is.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn find(conn: &mut PgConnection, now: Timestamp, token: &SecretToken) -> QueryResult<Option<Self>> {
        let link = Link::find(conn, now, WAITLIST_INVITATION, token)?;
        let Some((email, kind)) = link.as_ref().and_then(pending) else { return Ok(None) };
        let address_status = address_status(conn, &email)?;
        Ok(Some(Self { email, kind, address_status }))
    }

    /// Opens an account with a verified address and uses the link up, once however many try.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn open_account(
        conn: &mut PgConnection,
        now: Timestamp,
        token: &SecretToken,
        new: &SignUpByLink,
    ) -> QueryResult<Opened> {
        let Some(seen) = Self::find(conn, now, token)? else { return Ok(Opened::Gone) };
        if let Some(owner) = User::find_by_email(conn, &seen.email)? {
            owner.lock(conn)?;
        }
        // The row is locked: what is found now stays true until the transaction ends.
        let AddressStatus::Free(unproved) = address_status(conn, &seen.email)? else { return Ok(Opened::Taken) };
        // When somebody takes the address at the same moment, this is rolled back, so that the link still works.
        let opened = conn.transaction(|conn| {
            if Link::redeem(conn, now, WAITLIST_INVITATION, token)?.is_none() {
                return Ok(None);
            }
            let opened = new.open(conn, now, UnclaimedAddress { email: seen.email, unproved })?;
            User::find(conn, &opened.ok_or(QueryError::RollbackTransaction)?)
        });
        match opened {
            Ok(user) => Ok(user.map_or(Opened::Gone, |user| Opened::Yes(Box::new(user)))),
            Err(QueryError::RollbackTransaction) => Ok(Opened::Taken),
            Err(error) => Err(error),
        }
    }
}

/// The address and the kind, as the waitlist wrote them; no invitation opens an account of an admin.
fn pending(link: &Link) -> Option<(EmailAddress, AccountKind)> {
    let pending = link.pending.as_ref()?;
    let email = EmailAddress::from(pending.get("email")?.as_str()?.to_lowercase());
    let is_organization = pending.get("role")?.as_str()? == AccountKind::Organization.as_str();
    Some((email, if is_organization { AccountKind::Organization } else { AccountKind::Employee }))
}

fn address_status(conn: &mut PgConnection, email: &EmailAddress) -> QueryResult<AddressStatus> {
    let Some(user) = User::find_by_email(conn, email)? else { return Ok(AddressStatus::Free(None)) };
    let is_free = unverified::may_be_replaced(conn, &user)?;
    Ok(if is_free { AddressStatus::Free(Some(user.id)) } else { AddressStatus::Taken })
}
