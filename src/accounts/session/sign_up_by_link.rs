//! Somebody who opens an account by a link which proves their address: that of an invitation, or that of a new password
//! for an account that nobody verified.

use diesel::pg::PgConnection;
use diesel::prelude::*;

use super::session::Session;
use crate::accounts::user::link_purposes::EMAIL_VERIFICATION;
use crate::accounts::user::new_user::NewUser;
use crate::accounts::user::user::identity::Identity;
use crate::accounts::user::user::way_in::WayIn;
use crate::audit::event::{Action, Actor};
use crate::mail::link::Link;
use crate::schema::user;
use crate::values::account_kind::AccountKind;
use crate::values::clock::Timestamp;
use crate::values::email_address::EmailAddress;
use crate::values::id::UserId;
use crate::values::locale::Locale;
use crate::values::single_line::{OrganizationName, Profession};
use crate::web::visitor::client::Client;

/// Somebody who opens an account by a link.
#[derive(Clone, Debug)]
pub struct SignUpByLink {
    /// What the account is for: the link of an invitation says it.
    pub kind: AccountKind,
    /// The name.
    pub name: OrganizationName,
    /// The profession; organizations may give none.
    pub profession: Option<Profession>,
    /// What opens the account.
    pub way_in: WayIn,
    /// The language of the page.
    pub locale: Locale,
    /// Where they are.
    pub client: Client,
}

/// An address that nobody has proved to be theirs before.
#[derive(Clone, Debug)]
pub(in crate::accounts) struct UnclaimedAddress {
    pub(in crate::accounts) email: EmailAddress,
    /// The account that somebody made with it.
    pub(in crate::accounts) unproved: Option<UserId>,
}

impl SignUpByLink {
    /// Opens an account with this address, or takes over the one that has it. Anybody may have made an account whose
    /// owner never proved the address: its name, password, providers, sign-ups and sessions end
    /// (CVE-2026-53516, better-auth#10239). Nothing when somebody took the address a moment ago.
    pub(in crate::accounts) fn open(
        &self,
        conn: &mut PgConnection,
        now: Timestamp,
        address: UnclaimedAddress,
    ) -> QueryResult<Option<UserId>> {
        match address.unproved {
            Some(id) => self.take_over(conn, now, id).map(Some),
            None => self.insert(conn, now, address.email),
        }
    }

    fn insert(&self, conn: &mut PgConnection, now: Timestamp, email: EmailAddress) -> QueryResult<Option<UserId>> {
        let new = NewUser {
            kind: self.kind,
            name: self.name.clone(),
            email,
            profession: self.profession.clone(),
            way_in: self.way_in.clone(),
            locale: Some(self.locale),
        };
        Ok(new.insert_verified(conn, now)?.map(|user| user.id))
    }

    fn take_over(&self, conn: &mut PgConnection, now: Timestamp, id: UserId) -> QueryResult<UserId> {
        Link::end_all(conn, EMAIL_VERIFICATION, id.as_str())?;
        Session::end_all(conn, &id)?;
        let own = (
            user::name.eq(self.name.as_str()),
            user::profession.eq(self.profession.as_ref().map_or("", Profession::as_str)),
            user::type_.eq(self.kind.as_str()),
            user::is_email_verified.eq(true),
            user::verification_token.eq(None::<String>),
            user::purge_at.eq(None::<Timestamp>),
            user::locale.eq(self.locale.code()),
        );
        diesel::update(user::table.find(id.as_str())).set(own).execute(conn)?;
        let actor = Actor::new(&id, &self.client);
        Identity::disconnect_all(conn, now, &id, &actor)?;
        self.way_in.replace_password(conn, now, &id)?;
        Action::EmailVerified.by(&actor, &id).record(conn, now)?;
        Ok(id)
    }
}
