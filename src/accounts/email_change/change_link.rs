//! The link of a change of address: the account that it is for, and the address that it gives to that account.

use diesel::pg::PgConnection;
use diesel::prelude::*;
use serde_json::{Value, json};

use crate::accounts::recovery::revocation;
use crate::accounts::session::security_notice::told_second_factor;
use crate::accounts::user::link_purposes::{ACCOUNT_SECURING, EMAIL_CHANGE, EMAIL_UNDO, PASSWORD_RESET};
use crate::accounts::user::user::User;
use crate::accounts::user::viewer_change;
use crate::mail::link::{Link, Purpose};
use crate::schema::user;
use crate::values::account_kind::AccountKind;
use crate::values::clock::Timestamp;
use crate::values::email_address::EmailAddress;
use crate::values::id::UserId;
use crate::values::secret_token::SecretToken;

/// A link that works.
#[derive(Clone, Debug)]
pub struct ChangeLink {
    /// Its row.
    pub(super) link: Link,
    /// The account.
    pub(super) owner: User,
    /// The address that the account gets.
    pub to: EmailAddress,
}

impl ChangeLink {
    /// The link of this purpose and token, which stays as it is.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn find(
        conn: &mut PgConnection,
        now: Timestamp,
        purpose: Purpose,
        token: &SecretToken,
    ) -> QueryResult<Option<Self>> {
        match Link::find(conn, now, purpose, token)? {
            Some(link) => Self::of(conn, link),
            None => Ok(None),
        }
    }

    /// Uses the link up, once however many try, and locks the account.
    pub(super) fn redeem(
        conn: &mut PgConnection,
        now: Timestamp,
        purpose: Purpose,
        token: &SecretToken,
    ) -> QueryResult<Option<Self>> {
        let Some(found) = Self::find(conn, now, purpose, token)? else { return Ok(None) };
        found.owner.lock(conn)?;
        match Link::redeem(conn, now, purpose, token)? {
            Some(link) => Self::of(conn, link),
            None => Ok(None),
        }
    }

    /// The link that may still undo a change, if the new address is the former one that has it. Then that change is undone,
    /// and the addresses in between get no undo link: one of them may be a thief's, who could take the account again with it.
    pub(super) fn goes_back(&self, conn: &mut PgConnection, now: Timestamp) -> QueryResult<Option<Self>> {
        let undos = Link::all_of(conn, EMAIL_UNDO, self.owner.id.as_str())?;
        let to = canonical(&self.to);
        let is_to =
            |link: &&Link| link.expires_at > now && address(link, "email").is_some_and(|email| canonical(&email) == to);
        let Some(first) = undos.iter().find(is_to) else { return Ok(None) };
        Link::end_since(conn, EMAIL_UNDO, first)?;
        Ok(Some(Self { link: first.clone(), ..self.clone() }))
    }

    /// Gives the account the address, as a verified one, and ends the links that were mailed to the one before.
    pub(super) fn take_effect(&self, conn: &mut PgConnection, now: Timestamp) -> QueryResult<()> {
        let id = &self.owner.id;
        let moved = (user::email.eq(self.to.as_str()), user::is_email_verified.eq(true), user::updated_at.eq(now));
        diesel::update(user::table.find(id.as_str())).set(moved).execute(conn)?;
        revocation::end_links(conn, id, &[EMAIL_CHANGE, PASSWORD_RESET, ACCOUNT_SECURING])?;
        viewer_change::record(conn, id)
    }

    /// Whether undoing the change removes the second factor too: it was switched on after the change, so not by whoever had
    /// the old address, or a notice told that address of it, whose link would have removed it.
    pub(super) fn undo_removes_second_factor(&self) -> bool {
        let changed_at = self.link.expires_at - EMAIL_UNDO.lasts;
        let told = told_second_factor(&self.link);
        let may_be_strangers = |since: Timestamp| since >= changed_at || told == Some(since.timestamp_micros());
        self.owner.kind != AccountKind::Admin && self.owner.second_factor_since.is_some_and(may_be_strangers)
    }

    /// What the events of the change tell.
    pub(super) fn details(&self) -> Value {
        json!({ "from": self.owner.email, "to": self.to })
    }

    /// None when the account no longer has the address that it had when the change was asked for.
    fn of(conn: &mut PgConnection, link: Link) -> QueryResult<Option<Self>> {
        let owner = User::find(conn, &UserId::from(link.subject.clone()))?;
        let owner = owner.filter(|owner| address(&link, "from").is_none_or(|from| from == owner.email));
        Ok(owner.zip(address(&link, "email")).map(|(owner, to)| Self { link, owner, to }))
    }
}

/// An address that a link names.
pub(super) fn address(link: &Link, name: &str) -> Option<EmailAddress> {
    serde_json::from_value(link.pending.as_ref()?.get(name)?.clone()).ok()
}

/// The address in lower case: rows of the old application may hold mixed case.
pub(super) fn canonical(email: &EmailAddress) -> EmailAddress {
    EmailAddress::parse(email.as_str()).unwrap_or_else(|_| email.clone())
}
