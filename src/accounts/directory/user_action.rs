//! What admins do to an account: never set its password, never act in its name.

use diesel::pg::PgConnection;
use diesel::prelude::*;

use crate::accounts::recovery::reset_link;
use crate::accounts::second_factor::removal::Removal;
use crate::accounts::session::activation;
use crate::accounts::sign_up::verification::{MOST_LINKS, ResendRequest};
use crate::accounts::user::link_purposes::{EMAIL_VERIFICATION, PASSWORD_RESET};
use crate::accounts::user::user::User;
use crate::audit::event::{Action, Actor};
use crate::mail::link::Link;
use crate::mail::mail_context::MailContext;
use crate::values::clock::Timestamp;
use crate::values::id::UserId;

/// What an admin can do to an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UserAction {
    /// Refuse log-ins and end the sessions.
    Deactivate,
    /// Allow log-ins again.
    Reactivate,
    /// End every session.
    EndSessions,
    /// Send the mail that asks for the address to be verified once more.
    ResendVerification,
    /// Send the owner the link that sets a new password.
    SendReset,
    /// Remove the second factor of an owner who lost the app.
    RemoveSecondFactor,
}

impl UserAction {
    /// Whether it sends a mail each time. Any other changes nothing a second time, and is answered the same.
    #[must_use]
    pub const fn sends_mail(self) -> bool {
        matches!(self, Self::ResendVerification | Self::SendReset)
    }
}

/// An action that an admin wants.
#[derive(Clone, Debug)]
pub struct UserChange {
    /// What.
    pub action: UserAction,
    /// Who wants it.
    pub admin: Actor,
    /// To which account.
    pub user: UserId,
    /// For the letter.
    pub mail: MailContext,
}

/// The outcome of a [`UserChange`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is done.
    Done,
    /// The account was so already.
    Unchanged,
    /// Nothing was done.
    Refused(Refusal),
    /// There is no such account.
    NotFound,
}

/// Why nothing was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It is the admin's own account: a slip would lock the admin out, or open it.
    OwnAccount,
    /// Nobody could run the site afterwards.
    LastAdmin,
    /// The address is verified already.
    NothingToSend,
    /// The account is deactivated, so its owner could not use the link.
    Inactive,
    /// Enough links of the account work already.
    EnoughSent,
}

impl UserChange {
    /// Why it is not done, whatever the database holds.
    #[must_use]
    pub fn refusal(&self) -> Option<Refusal> {
        let is_own = self.admin.id.as_ref() == Some(&self.user);
        // Whoever has the admin's browser must not get around the password and the code.
        let is_of_others = matches!(self.action, UserAction::Deactivate | UserAction::RemoveSecondFactor);
        (is_of_others && is_own).then_some(Refusal::OwnAccount)
    }

    /// Does it, unless there is a [`refusal`](Self::refusal).
    ///
    /// # Errors
    /// When a statement or the letter's template fails.
    pub fn apply(&self, conn: &mut PgConnection, now: Timestamp) -> QueryResult<Outcome> {
        if let Some(refusal) = self.refusal() {
            return Ok(Outcome::Refused(refusal));
        }
        let (admin, user) = (&self.admin, &self.user);
        match self.action {
            UserAction::Deactivate => activation::deactivate(conn, now, admin, user).map(Outcome::from),
            UserAction::Reactivate => activation::reactivate(conn, now, admin, user).map(Outcome::from),
            UserAction::EndSessions => activation::end_sessions(conn, now, admin, user).map(Outcome::from),
            UserAction::ResendVerification => self.resend_verification(conn, now),
            UserAction::SendReset => self.send_reset(conn, now),
            UserAction::RemoveSecondFactor => self.remove_second_factor(conn, now),
        }
    }

    /// Sends the mail as the owner could.
    fn resend_verification(&self, conn: &mut PgConnection, now: Timestamp) -> QueryResult<Outcome> {
        let id = self.user.as_str();
        let Some(user) = User::find(conn, &self.user)? else { return Ok(Outcome::NotFound) };
        user.lock(conn)?;
        if !user.is_active {
            return Ok(Outcome::Refused(Refusal::Inactive));
        }
        if user.is_verified {
            return Ok(Outcome::Refused(Refusal::NothingToSend));
        }
        let before = Link::count(conn, now, EMAIL_VERIFICATION, id)?;
        ResendRequest { email: user.email, own_link: None }.send(conn, now, &self.mail)?;
        if Link::count(conn, now, EMAIL_VERIFICATION, id)? == before {
            return Ok(Outcome::Refused(Refusal::EnoughSent));
        }
        Action::VerificationResent.by(&self.admin, &self.user).record(conn, now)?;
        Ok(Outcome::Done)
    }

    fn remove_second_factor(&self, conn: &mut PgConnection, now: Timestamp) -> QueryResult<Outcome> {
        let Some(user) = User::find(conn, &self.user)? else { return Ok(Outcome::NotFound) };
        let is_removed = Removal { actor: &self.admin, user: &user, mail: &self.mail }.apply(conn, now)?;
        Ok(if is_removed { Outcome::Done } else { Outcome::Unchanged })
    }

    /// Nobody but the owner ever sets a password, so the admin sends the link.
    fn send_reset(&self, conn: &mut PgConnection, now: Timestamp) -> QueryResult<Outcome> {
        let Some(user) = User::find(conn, &self.user)? else { return Ok(Outcome::NotFound) };
        user.lock(conn)?;
        if !user.is_active {
            return Ok(Outcome::Refused(Refusal::Inactive));
        }
        if Link::count(conn, now, PASSWORD_RESET, self.user.as_str())? >= MOST_LINKS {
            return Ok(Outcome::Refused(Refusal::EnoughSent));
        }
        reset_link::send(conn, now, &user, &self.mail)?;
        Action::ResetTriggered.by(&self.admin, &self.user).record(conn, now)?;
        Ok(Outcome::Done)
    }
}

impl From<activation::Outcome> for Outcome {
    fn from(outcome: activation::Outcome) -> Self {
        match outcome {
            activation::Outcome::Done => Self::Done,
            activation::Outcome::Unchanged => Self::Unchanged,
            activation::Outcome::LastAdmin => Self::Refused(Refusal::LastAdmin),
            activation::Outcome::NotFound => Self::NotFound,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::locale::Locale;
    use crate::values::secret_key::{SecretKey, SecretKeys};

    #[test]
    fn ones_own_deactivation_is_refused_without_a_database() {
        let keys = SecretKeys { current: SecretKey::generate().unwrap(), former: vec![] };
        let change = |action, user: &UserId| UserChange {
            action,
            admin: Actor { id: Some(UserId::from("boss".to_owned())), ..Actor::application() },
            user: user.clone(),
            mail: MailContext { locale: Locale::En, keys: keys.clone() },
        };
        let (own, other) = (UserId::from("boss".to_owned()), UserId::from("ana".to_owned()));
        assert_eq!(change(UserAction::Deactivate, &own).refusal(), Some(Refusal::OwnAccount));
        assert_eq!(change(UserAction::Deactivate, &other).refusal(), None);
        assert_eq!(change(UserAction::EndSessions, &own).refusal(), None);
    }
}
