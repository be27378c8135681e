//! A log-in: why it may start a session, and the one statement that starts it.

use chrono::TimeDelta;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Nullable, Text, Timestamptz};

use super::session::{Times, expiry, viewer};
use crate::accounts::user::password::PasswordHash;
use crate::accounts::user::user::User;
use crate::audit::event::Action;
use crate::db::sliding_window::Window;
use crate::values::clock::Timestamp;
use crate::values::id::{EventId, SessionId, UserId};
use crate::values::secret_token::SecretToken;
use crate::web::Viewer;
use crate::web::visitor::client::Client;

/// An account that is younger has no devices yet that one could be new beside.
const SETTLED: TimeDelta = TimeDelta::days(1);

/// Why somebody may be signed in: the password was theirs, or a link of theirs was used.
#[derive(Clone, Debug)]
pub struct Proof {
    /// Who it is.
    pub(in crate::accounts) user: User,
    /// The password's hash with today's parameters, when the stored one is older.
    rehashed: Option<PasswordHash>,
    /// The failures counted in advance, to take back.
    attempt: Vec<Window>,
    /// Whether the owner need not be told of a device that is new: it was they who had the link.
    by_link: bool,
}

impl Proof {
    /// The password was theirs; `rehashed` when its hash was an old one, `attempt` to be excused.
    #[must_use]
    pub const fn by_password(user: User, rehashed: Option<PasswordHash>, attempt: Vec<Window>) -> Self {
        Self { user, rehashed, attempt, by_link: false }
    }

    /// A link to their address was used, by the browser that asked for it.
    #[must_use]
    pub const fn by_link(user: User) -> Self {
        Self { user, rehashed: None, attempt: Vec::new(), by_link: true }
    }
}

/// A session to be, in the browser that logs in.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// Why it may start.
    pub proof: Proof,
    /// Where it is.
    pub client: Client,
    /// Whether somebody logged in to this account on this device before.
    pub is_known_device: bool,
    /// The token of the session that the browser had.
    pub former: Option<SecretToken>,
    /// The token that it gets: a new one at every log-in.
    pub token: SecretToken,
}

/// What became of a [`NewSession`].
#[derive(Clone, Debug)]
pub struct Started {
    /// Whose session ended in its favour.
    pub ended: Option<UserId>,
    /// Who is signed in now; nobody when the user has changed since the proof.
    pub viewer: Option<Viewer>,
    /// Whether the owner should hear of a new device.
    pub is_news: bool,
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
    /// Ends the session that the browser had and starts this one, in one statement. Its token is stored only as a hash.
    /// Whoever changed the password or deactivated the account since the proof has the last word: the statement locks
    /// both rows and looks at them again. Another provider's account without a password cannot start one.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn start(&self, conn: &mut PgConnection, now: Timestamp) -> QueryResult<Started> {
        let (id, owner) = (SessionId::generate(), &self.proof.user);
        let expires_at = expiry(owner.kind, now, now);
        let action = if self.is_known_device { Action::LoggedIn } else { Action::LoggedInFromNewDevice };
        let hash = |token: &SecretToken| token.hash().as_str().to_owned();
        let row: Row = diesel::sql_query(include_str!("new_session.sql"))
            .bind::<Text, _>(owner.id.as_str())
            .bind::<Nullable<Text>, _>(owner.password.as_ref().map(PasswordHash::as_str))
            .bind::<Nullable<Text>, _>(self.former.as_ref().map(hash))
            .bind::<Text, _>(id.as_str())
            .bind::<Text, _>(hash(&self.token))
            .bind::<Timestamptz, _>(expires_at)
            .bind::<Text, _>(self.client.address.to_string())
            .bind::<Text, _>(&self.client.user_agent)
            .bind::<Timestamptz, _>(now)
            .bind::<Array<Text>, _>(self.proof.attempt.iter().map(|window| window.key.as_str()).collect::<Vec<_>>())
            .bind::<Nullable<Text>, _>(self.proof.rehashed.as_ref().map(PasswordHash::as_str))
            .bind::<Text, _>(EventId::generate().as_str())
            .bind::<Text, _>(action.as_str())
            .get_result(conn)?;
        let times = Times { proved: now, ends: expires_at, read: now };
        let is_settled = row.has_logged_in || owner.created_at + SETTLED < now;
        Ok(Started {
            ended: row.ended.map(UserId::from),
            is_news: row.started && !self.is_known_device && !self.proof.by_link && is_settled,
            viewer: row.started.then(|| viewer(owner.clone(), id, times)),
        })
    }
}
