//! A repeated sign-up with an address that is not verified: it takes effect only when its own link is used.

use diesel::pg::PgConnection;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::accounts::user::new_user::NewUser;
use crate::accounts::user::user::set_password;
use crate::schema::user;
use crate::values::account_kind::AccountKind;
use crate::values::clock::Timestamp;
use crate::values::id::UserId;
use crate::values::single_line::Profession;

/// What the link of a repeated sign-up keeps. It takes effect by that link alone, so that a stranger cannot set the
/// password before the owner of the address comes (CVE-2026-53516, better-auth#10239).
#[derive(Serialize, Deserialize)]
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

    /// Reads what a link keeps.
    pub(super) fn read(pending: Value) -> Option<Self> {
        serde_json::from_value(pending).ok()
    }

    /// What the link keeps.
    pub(super) fn to_value(&self) -> Option<Value> {
        serde_json::to_value(self).ok()
    }

    /// Gives the account the name, the profession, the kind and the password of this sign-up.
    pub(super) fn take_effect(&self, conn: &mut PgConnection, now: Timestamp, user: &UserId) -> QueryResult<usize> {
        let row =
            (user::name.eq(&self.name), user::profession.eq(&self.profession), user::type_.eq(self.kind.as_str()));
        diesel::update(user::table.find(user.as_str())).set(row).execute(conn)?;
        set_password(conn, now, user.as_str(), &self.password)
    }
}
