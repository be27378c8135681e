//! A log-in: the one statement that starts its session.

use chrono::TimeDelta;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Bytea, Jsonb, Nullable, Text, Timestamptz};
use serde_json::json;

use super::session::{SessionTimes, expiry, viewer};
use crate::accounts::user::password::PasswordHash;
use crate::accounts::user::user::identity::Identity;
use crate::accounts::user::user::{CREDENTIAL, User};
use crate::audit::event::Action;
use crate::db::binds::prepared::Prepared;
use crate::values::clock::Timestamp;
use crate::values::id::{EventId, SessionId, UserId};
use crate::values::secret_token::SecretToken;
use crate::web::submission::answer::SessionChange;
use crate::web::submission::submission;
use crate::web::visitor::client::Client;
use crate::web::{Answer, Subject, Submission, Viewer};

mod proof;

pub use proof::Proof;

/// The first log-in to an account younger than this gives no notice of a new device: it has no other device yet.
const NEW_ACCOUNT: TimeDelta = TimeDelta::days(1);

/// A session that is about to start, in the browser that logs in.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// Its id.
    pub id: SessionId,
    /// Why it may start.
    pub proof: Proof,
    /// Whether somebody logged in to this account on this device before.
    pub is_known_device: bool,
    /// The token of the session that the browser had.
    pub former: Option<SecretToken>,
    /// The token that it gets: a new one at every log-in.
    pub token: SecretToken,
    /// When its owner was read or later, but before it starts, by the database's clock.
    pub read_at: Timestamp,
    /// The form that asks for it; one without a key is not recorded.
    pub submission: Submission,
    /// How that form is answered, also when it is sent again.
    pub answer: Answer,
}

/// A session that starts with what a link does, in the transaction of that.
#[derive(Clone, Debug)]
pub struct SessionByLink {
    /// Who uses the link.
    pub(super) client: Client,
    /// Whether somebody logged in to this account on this device before.
    pub(super) is_known_device: bool,
    /// The token of the session that the browser had.
    pub(super) former: Option<SecretToken>,
    /// The token that it gets.
    pub(super) token: SecretToken,
    /// Before it starts, by the database's clock.
    pub(super) read_at: Timestamp,
    /// The form that was sent.
    pub(super) submission: Submission,
    /// How it is answered.
    pub(super) answers: LinkAnswers,
}

/// How the form is answered that uses a link.
#[derive(Clone, Debug)]
pub(in crate::accounts) struct LinkAnswers {
    /// With a session.
    pub(in crate::accounts) signed_in: Answer,
    /// Without one, when the account may not be used.
    pub(in crate::accounts) otherwise: Answer,
}

/// The outcome of a [`SessionByLink`].
#[derive(Clone, Debug)]
pub struct StartedByLink {
    pub(super) started: Started,
    pub(super) token: SecretToken,
    pub(super) answer: Answer,
}

/// The outcome of a [`NewSession`].
#[derive(Clone, Debug)]
pub struct Started {
    /// The owner of the session that the browser had, which has ended.
    pub ended: Option<UserId>,
    /// Who is signed in now; nobody when the user has changed since the proof.
    pub viewer: Option<Viewer>,
    /// Whether it is on a new device of which the owner gets a notice.
    pub is_new_device: bool,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Nullable<Text>)]
    ended: Option<String>,
    #[diesel(sql_type = Bool)]
    started: bool,
    #[diesel(sql_type = Bool)]
    has_logged_in: bool,
}

impl NewSession {
    /// Whether the owner may get a notice of a new device, in the transaction that starts the session.
    #[must_use]
    pub const fn may_give_notice(&self) -> bool {
        !self.is_known_device && !self.proof.by_link
    }

    /// Ends the session that the browser had, starts this one and records the form, in one statement. Its token is stored
    /// only as a hash.
    /// The statement locks the rows of the account and its password and checks both again: a password that was changed or
    /// an account that was deactivated since the proof starts no session. Neither does a provider that was disconnected
    /// since, nor an account that has neither. Done twice, it has the effect of once.
    ///
    /// # Errors
    /// When an equal form took effect, or the statement fails.
    pub fn start(&self, conn: &mut PgConnection, now: Timestamp) -> QueryResult<Started> {
        let owner = &self.proof.user;
        let submitted = self.submission.row(&self.answer)?;
        let (form, answer, subject) =
            submitted.map_or((None, None, None), |row| (Some(row.id), Some(row.answer), row.subject));
        let (authenticated, expires_at) = (self.proof.authenticated_at(now), expiry(owner.kind, now, now));
        let action = if self.is_known_device { Action::LoggedIn } else { Action::LoggedInFromNewDevice };
        let way_in = self.proof.identity.as_ref();
        let hash = |token: &SecretToken| token.hash().as_str().to_owned();
        let row = Prepared::new(include_str!("new_session.sql"))
            .bind::<Text, _>(owner.id.as_str())
            .bind::<Nullable<Text>, _>(owner.password.as_ref().map(PasswordHash::as_str))
            .bind::<Text, _>(way_in.map_or(CREDENTIAL, |identity| &identity.provider))
            .bind::<Text, _>(way_in.map_or(owner.id.as_str(), |identity| &identity.subject))
            .bind::<Nullable<Timestamptz>, _>(self.proof.second_factor)
            .bind::<Nullable<Text>, _>(self.former.as_ref().map(hash))
            .bind::<Nullable<Text>, _>(self.proof.rehashed.as_ref().map(PasswordHash::as_str))
            .bind::<Timestamptz, _>(now)
            .bind::<Array<Text>, _>(self.proof.attempt.iter().map(|window| window.key.as_str()).collect::<Vec<_>>())
            .bind::<Text, _>(self.id.as_str())
            .bind::<Text, _>(hash(&self.token))
            .bind::<Timestamptz, _>(expires_at)
            .bind::<Text, _>(self.proof.client.address.to_string())
            .bind::<Text, _>(&self.proof.client.user_agent)
            .bind::<Timestamptz, _>(authenticated)
            .bind::<Nullable<Bytea>, _>(form)
            .bind::<Nullable<Text>, _>(answer)
            .bind::<Nullable<Text>, _>(subject)
            .bind::<Text, _>(EventId::generate().to_string())
            .bind::<Text, _>(action.as_str())
            .bind::<Nullable<Jsonb>, _>(way_in.map(|identity| json!({ "provider": identity.provider })))
            .get_result::<Row>(conn)
            .map_err(submission::rolled_back)?;
        let times = SessionTimes { authenticated, ends: expires_at, read: self.read_at };
        let may_have_other_device = row.has_logged_in || owner.created_at + NEW_ACCOUNT < now;
        Ok(Started {
            ended: row.ended.map(UserId::from),
            is_new_device: row.started && self.may_give_notice() && may_have_other_device,
            viewer: row.started.then(|| viewer(owner.clone(), self.id.clone(), times)),
        })
    }
}

impl SessionByLink {
    /// The same, whose answer tells of a change of this.
    #[must_use]
    pub fn about(mut self, subject: Subject) -> Self {
        self.answers.signed_in = self.answers.signed_in.about(subject);
        self
    }

    /// Starts the session of this account, and stores the answer. It is the last step of the transaction in which the link
    /// does what it is for: an equal submission finds all of it, or nothing.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn start(&self, conn: &mut PgConnection, now: Timestamp, user: User) -> QueryResult<StartedByLink> {
        let Self { client, is_known_device, former, token, read_at, submission, answers } = self.clone();
        let change = SessionChange::Started(user.id.clone());
        // An account without a password is opened by its provider.
        let identities = if user.password.is_none() { Identity::all_of(conn, &user.id)? } else { Vec::new() };
        let proof = Proof::by_link(user, client, identities.into_iter().next());
        let (id, answer) = (SessionId::generate(), answers.signed_in.with_session(change));
        let new = NewSession { id, proof, is_known_device, former, token, read_at, submission, answer };
        let started = new.start(conn, now)?;
        let NewSession { token, submission, answer, .. } = new;
        if started.viewer.is_some() {
            return Ok(StartedByLink { started, token, answer });
        }
        submission.record(conn, &answers.otherwise)?;
        Ok(StartedByLink { started, token, answer: answers.otherwise })
    }
}
