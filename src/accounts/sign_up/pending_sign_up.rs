//! A sign-up that waits for its address to be verified: it takes effect only for whoever made it.

use std::collections::HashSet;

use diesel::pg::PgConnection;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::accounts::user::new_user::NewUser;
use crate::accounts::user::password::PasswordHash;
use crate::accounts::user::unverified;
use crate::accounts::user::user::{User, set_password};
use crate::mail::link::Link;
use crate::schema::user;
use crate::values::account_kind::AccountKind;
use crate::values::clock::Timestamp;
use crate::values::single_line::Profession;

/// Sign-ups of one address that are kept at most. Each costs one check of a hash when a password is tried; past them, a
/// new password by mail is the owner's way in.
const MOST_KEPT: usize = 20;

/// A sign-up, kept with its link until the address is verified. It takes effect for whoever made it alone, so that a
/// stranger cannot set the password before the owner of the address comes (CVE-2026-53516, better-auth#10239).
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct PendingSignUp {
    name: String,
    profession: String,
    kind: AccountKind,
    password: String,
}

impl PendingSignUp {
    /// What somebody signs up with.
    pub(super) fn of(new: &NewUser) -> Self {
        Self {
            name: new.name.to_string(),
            profession: new.profession.as_ref().map_or("", Profession::as_str).to_owned(),
            kind: new.kind,
            password: new.password.as_str().to_owned(),
        }
    }

    /// Reads what a link keeps; nothing when it is a link and no more.
    pub(super) fn read(link: &Link) -> Option<Self> {
        Self::deserialize(link.pending.as_ref()?).ok()
    }

    /// What the link keeps.
    pub(super) fn to_value(&self) -> Option<Value> {
        serde_json::to_value(self).ok()
    }

    /// The hash of its password. Its salt is random, so it tells this sign-up from every other one.
    pub(super) fn password(&self) -> PasswordHash {
        PasswordHash::from(self.password.clone())
    }

    /// Whether one of these links keeps it.
    pub(super) fn is_among(&self, links: &[Link]) -> bool {
        links.iter().filter_map(Self::read).any(|kept| kept.password == self.password)
    }

    /// Whether it may be kept beside those of these links, or is among them.
    pub(super) fn has_room_among(&self, links: &[Link]) -> bool {
        let kept = links.iter().filter_map(Self::read).map(|kept| kept.password);
        kept.chain([self.password.clone()]).collect::<HashSet<_>>().len() <= MOST_KEPT
    }

    /// Gives the account the name, the profession, the kind and the password of this sign-up. An account of the old
    /// application keeps its kind while others depend on it.
    pub(super) fn take_effect(&self, conn: &mut PgConnection, now: Timestamp, account: &User) -> QueryResult<()> {
        let id = account.id.as_str();
        let kind = if unverified::may_be_replaced(conn, account)? { self.kind } else { account.kind };
        let row = (user::name.eq(&self.name), user::profession.eq(&self.profession), user::type_.eq(kind.as_str()));
        diesel::update(user::table.find(id)).set(row).execute(conn)?;
        set_password(conn, now, id, &self.password)?;
        Ok(())
    }
}
