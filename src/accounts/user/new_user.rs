//! Somebody who signs up, and what becomes of a sign-up whose address has an account.

use chrono::TimeDelta;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::letters;
use super::password::PasswordHash;
use super::user::{User, UserRow, Verification, set_password};
use crate::accounts::own_data::purge;
use crate::audit::event::{Action, Actor};
use crate::mail::mail_context::MailContext;
use crate::mail::outbox::Throttled;
use crate::schema::user;
use crate::values::account_kind::AccountKind;
use crate::values::clock::Timestamp;
use crate::values::email_address::EmailAddress;
use crate::values::id::{LinkId, UserId};
use crate::values::single_line::{OrganizationName, Profession};

/// An owner is told at most this often that somebody tried to sign up with their address.
pub(in crate::accounts) const TELL_OWNER: TimeDelta = TimeDelta::hours(1);

/// Somebody who signs up; the kind comes from the route.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// What the account is for.
    pub kind: AccountKind,
    /// The name of the person or the organization.
    pub name: OrganizationName,
    /// The address, not verified yet.
    pub email: EmailAddress,
    /// The profession; organizations may give none.
    pub profession: Option<Profession>,
    /// The password's hash.
    pub password: PasswordHash,
}

impl NewUser {
    /// Signs up. Whoever owns the address gets a mail: to verify it, or that they have an account already. Gives the
    /// link of the mail, or a mark of nothing: the caller answers the same either way.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn sign_up(&self, conn: &mut PgConnection, now: Timestamp, mail: &MailContext) -> QueryResult<LinkId> {
        match User::find_by_email(conn, &self.email)? {
            None => match self.insert(conn, now, false)? {
                Some(user) => Verification { user, pending: None }.send(conn, now, mail),
                // Somebody else took the address a moment ago; their mail is on its way.
                None => Ok(LinkId::generate()),
            },
            Some(user) if user.is_verified => {
                if user.wait_for_turn(conn)? {
                    let letter = letters::already_have_account(mail.locale);
                    Throttled { to: &user.email, interval: TELL_OWNER }.enqueue(conn, now, &letter)?;
                }
                Ok(LinkId::generate())
            }
            Some(user) => {
                Verification { user, pending: serde_json::to_value(self.pending()).ok() }.send(conn, now, mail)
            }
        }
    }

    /// Makes an account whose address needs no proof, for the command line. Nothing when the address has one.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn insert_verified(&self, conn: &mut PgConnection, now: Timestamp) -> QueryResult<Option<User>> {
        if User::find_by_email(conn, &self.email)?.is_some() { Ok(None) } else { self.insert(conn, now, true) }
    }

    fn insert(&self, conn: &mut PgConnection, now: Timestamp, verified: bool) -> QueryResult<Option<User>> {
        let row = (
            user::id.eq(UserId::generate().to_string()),
            user::email.eq(self.email.as_str()),
            user::name.eq(self.name.as_str()),
            user::is_email_verified.eq(verified),
            user::created_at.eq(now),
            user::updated_at.eq(now),
            user::is_active.eq(true),
            user::profession.eq(self.profession()),
            user::type_.eq(self.kind.as_str()),
            user::purge_at.eq((!verified).then(|| now + purge::UNVERIFIED)),
        );
        let inserted = diesel::insert_into(user::table).values(row).on_conflict(user::email).do_nothing();
        let inserted = inserted.returning(UserRow::as_returning()).get_result(conn).optional()?;
        let Some(user) = inserted.map(User::from) else { return Ok(None) };
        set_password(conn, now, user.id.as_str(), self.password.as_str())?;
        Action::SignedUp.by(&Actor { id: Some(user.id.clone()), client: None }, &user.id).record(conn, now)?;
        Ok(Some(user))
    }

    fn profession(&self) -> &str {
        self.profession.as_ref().map_or("", Profession::as_str)
    }

    fn pending(&self) -> PendingSignUp {
        PendingSignUp {
            name: self.name.to_string(),
            profession: self.profession().to_owned(),
            kind: self.kind,
            password: self.password.as_str().to_owned(),
        }
    }
}

/// A repeated sign-up with an address that is not verified: takes effect only when its own link is used, so that
/// nobody can slip a password under an account whose owner is still to come (CVE-2026-53516, better-auth#10239).
#[derive(Serialize, Deserialize)]
pub(in crate::accounts) struct PendingSignUp {
    name: String,
    profession: String,
    kind: AccountKind,
    password: String,
}

impl PendingSignUp {
    pub(in crate::accounts) fn read(pending: serde_json::Value) -> Option<Self> {
        serde_json::from_value(pending).ok()
    }

    pub(in crate::accounts) fn take_effect(
        &self,
        conn: &mut PgConnection,
        now: Timestamp,
        user: &UserId,
    ) -> QueryResult<usize> {
        let row =
            (user::name.eq(&self.name), user::profession.eq(&self.profession), user::type_.eq(self.kind.as_str()));
        diesel::update(user::table.find(user.as_str())).set(row).execute(conn)?;
        set_password(conn, now, user.as_str(), &self.password)
    }
}
