//! What an organization does with a member: deactivate, reactivate or release the account.

use chrono::TimeDelta;
use diesel::pg::PgConnection;
use diesel::prelude::*;

use super::employer::Employer;
use super::letters;
use super::managing_organization;
use super::member::{Member, MemberState};
use crate::accounts::session::activation;
use crate::accounts::user::user::User;
use crate::audit::event::Action;
use crate::mail::mail_context::MailContext;
use crate::mail::outbox::Throttled;
use crate::values::clock::Timestamp;
use crate::values::id::UserId;

/// A member gets a mail about the same change at most this often, however often the organization repeats it.
const NOTICE_INTERVAL: TimeDelta = TimeDelta::hours(1);

/// What an organization can do with a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MemberAction {
    /// Refuse log-ins.
    Deactivate,
    /// Allow them again.
    Reactivate,
    /// Manage the account no more.
    Release,
}

/// A change that an organization wants.
#[derive(Clone, Debug)]
pub struct MemberChange {
    /// Who wants it.
    pub employer: Employer,
    /// What.
    pub action: MemberAction,
    /// With whose account. A form names it, so it may be anybody's.
    pub member: UserId,
    /// For the letter.
    pub mail: MailContext,
}

/// The outcome of a [`MemberChange`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is done.
    Done,
    /// The account was so already.
    Unchanged,
    /// Somebody else deactivated the account: only they reactivate it.
    DeactivatedByOthers,
    /// The organization manages no such account.
    NotFound,
}

impl MemberChange {
    /// Makes the change, if the organization manages the account, and notifies the member.
    ///
    /// # Errors
    /// When a statement or the letter's template fails.
    pub fn apply(&self, conn: &mut PgConnection, now: Timestamp) -> QueryResult<Outcome> {
        let Some(member) = Member::lock(conn, &self.employer.id, &self.member)? else { return Ok(Outcome::NotFound) };
        let (actor, id) = (self.employer.actor(), &self.member);
        match (self.action, member.state) {
            // An admin's deactivation stays as it is: if the organization repeated it, the organization could also lift
            // it.
            (MemberAction::Deactivate, MemberState::Deactivated | MemberState::DeactivatedByOthers)
            | (MemberAction::Reactivate, MemberState::Active) => return Ok(Outcome::Unchanged),
            (MemberAction::Reactivate, MemberState::DeactivatedByOthers) => return Ok(Outcome::DeactivatedByOthers),
            (MemberAction::Deactivate, MemberState::Active) => {
                activation::deactivate(conn, now, &actor, id)?;
            }
            (MemberAction::Reactivate, MemberState::Deactivated) => {
                activation::reactivate(conn, now, &actor, id)?;
            }
            (MemberAction::Release, state) => self.release(conn, now, state)?,
        }
        self.notify(conn, now, member.state)?;
        Ok(Outcome::Done)
    }

    fn release(&self, conn: &mut PgConnection, now: Timestamp, state: MemberState) -> QueryResult<()> {
        let (actor, id) = (self.employer.actor(), &self.member);
        managing_organization::release(conn, now, id)?;
        Action::Released.by(&actor, id).record(conn, now)?;
        // Nobody else could reactivate what the organization deactivated.
        if state == MemberState::Deactivated {
            activation::reactivate(conn, now, &actor, id)?;
        }
        Ok(())
    }

    /// Tells the member, whose account was in this state before.
    fn notify(&self, conn: &mut PgConnection, now: Timestamp, before: MemberState) -> QueryResult<()> {
        let found = User::find(conn, &self.member)?.filter(|member| member.is_verified);
        let Some(member) = found else { return Ok(()) };
        let (locale, organization) = (member.mail_locale(&self.mail), &self.employer.email);
        let letter = match self.action {
            MemberAction::Deactivate => letters::deactivated(locale, organization),
            MemberAction::Reactivate => letters::reactivated(locale, organization),
            MemberAction::Release if before == MemberState::Deactivated => letters::released_open(locale, organization),
            MemberAction::Release => letters::released(locale, organization),
        };
        Throttled { to: &member.email, interval: NOTICE_INTERVAL }.enqueue(conn, now, &letter).map(|_| ())
    }
}
