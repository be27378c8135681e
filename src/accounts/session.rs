//! A session: a row that lives as long as somebody is signed in on a device.

use std::net::IpAddr;

use chrono::TimeDelta;
use diesel::pg::PgConnection;
use diesel::prelude::*;

use super::change;
use super::password::PasswordHash;
use super::user::{COLUMNS, Row as UserRow, User};
use crate::db::BATCH;
use crate::db::sliding_window::{self, Window};
use crate::schema::{session, user};
use crate::values::account_kind::AccountKind;
use crate::values::clock::Timestamp;
use crate::values::id::{SessionId, UserId};
use crate::values::secret_token::SecretToken;
use crate::web::Viewer;

/// A session ends 7 days after its last refresh (the seed's 604,800 s).
const IDLE: TimeDelta = TimeDelta::days(7);
/// It is refreshed once a day has passed (the seed's update age).
const REFRESH_AFTER: TimeDelta = TimeDelta::days(1);
/// It never lives longer than this (NIST SP 800-63B, AAL1: 30 days).
const LONGEST: TimeDelta = TimeDelta::days(30);
/// An admin's never longer than this.
const LONGEST_OF_ADMIN: TimeDelta = TimeDelta::hours(12);

/// Where somebody logs in from, for the list of their sessions.
#[derive(Clone, Debug)]
pub struct Device {
    /// The client's address.
    pub address: IpAddr,
    /// Its `User-Agent`.
    pub user_agent: String,
}

/// A session as found by its token.
#[derive(Clone, Debug)]
pub struct Session {
    /// What the pages show of its owner.
    pub viewer: Viewer,
    /// When it started.
    started_at: Timestamp,
    /// When it was last refreshed.
    refreshed_at: Timestamp,
}

/// Why somebody may be signed in: the password was theirs, or a link of theirs was used.
#[derive(Clone, Debug)]
pub struct Proof {
    /// Who it is.
    pub user: User,
    /// The password's hash with today's parameters, when the stored one is older.
    pub rehashed: Option<PasswordHash>,
    /// The failures counted in advance, to take back.
    pub attempt: Vec<Window>,
}

impl Proof {
    /// That it is this user.
    #[must_use]
    pub const fn of(user: User) -> Self {
        Self { user, rehashed: None, attempt: Vec::new() }
    }
}

/// A session to be, in the browser that logs in.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// Why it may start.
    pub proof: Proof,
    /// Where it is.
    pub device: Device,
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
}

impl NewSession {
    /// Ends the session that the browser had and starts this one. Its token is stored only as a hash.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn start(&self, conn: &mut PgConnection, now: Timestamp) -> QueryResult<Started> {
        let ended = self.former.as_ref().map(|former| Session::end(conn, former)).transpose()?.flatten();
        let Some(owner) = self.proof.user.still(conn)? else { return Ok(Started { ended, viewer: None }) };
        if let Some(hash) = &self.proof.rehashed {
            owner.set_password(conn, now, hash)?;
        }
        if !self.proof.attempt.is_empty() {
            sliding_window::take_back(conn, &self.proof.attempt.iter().collect::<Vec<_>>())?;
        }
        let viewer = self.insert(conn, now, owner)?;
        Ok(Started { ended, viewer: Some(viewer) })
    }

    fn insert(&self, conn: &mut PgConnection, now: Timestamp, owner: User) -> QueryResult<Viewer> {
        let id = SessionId::generate();
        let expires_at = expiry(owner.kind, now, now);
        let row = (
            session::id.eq(id.as_str()),
            session::user_id.eq(owner.id.as_str()),
            session::token.eq(self.token.hash().as_str().to_owned()),
            session::expires_at.eq(expires_at),
            session::ip_address.eq(self.device.address.to_string()),
            session::user_agent.eq(&self.device.user_agent),
            session::created_at.eq(now),
            session::updated_at.eq(now),
        );
        diesel::insert_into(session::table).values(row).execute(conn)?;
        Ok(viewer(owner, id, (expires_at, now)))
    }
}

/// What the pages show of a user. The old application bounded neither names nor professions; a cookie of more than
/// 4096 bytes would be dropped by the browser.
fn viewer(owner: User, session: SessionId, (session_expires_at, read_at): (Timestamp, Timestamp)) -> Viewer {
    let cut = |text: String, most: usize| text.chars().take(most).collect::<String>();
    let email = owner.email.to_string();
    Viewer {
        id: owner.id,
        session,
        name: cut(owner.name.unwrap_or_else(|| email.clone()), 200),
        email,
        kind: owner.kind,
        profession: cut(owner.profession, 100),
        session_expires_at,
        read_at,
    }
}

type Row = ((String, Timestamp, Timestamp, Timestamp), UserRow);

impl Session {
    /// The session of a token with its owner, in one query; nothing when it has ended or its owner is inactive.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn find(conn: &mut PgConnection, now: Timestamp, token: &SecretToken) -> QueryResult<Option<Self>> {
        let row = session::table
            .inner_join(user::table)
            .filter(session::token.eq(token.hash().as_str().to_owned()).and(session::expires_at.gt(now)))
            .filter(user::is_active.is_distinct_from(false))
            .select(((session::id, session::expires_at, session::created_at, session::updated_at), COLUMNS))
            .first::<Row>(conn);
        Ok(row.optional()?.map(|row| Self::from_row(row, now)).filter(|session| session.is_young_enough(now)))
    }

    /// Whether a day has passed since the last refresh.
    #[must_use]
    pub fn wants_refresh(&self, now: Timestamp) -> bool {
        self.refreshed_at + REFRESH_AFTER <= now
            && expiry(self.viewer.kind, self.started_at, now) > self.viewer.session_expires_at
    }

    /// Moves the end on. Never revives a session that was ended meanwhile: no row, no session.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn refresh(mut self, conn: &mut PgConnection, now: Timestamp) -> QueryResult<Option<Self>> {
        let expires_at = expiry(self.viewer.kind, self.started_at, now);
        let live = session::table.find(self.viewer.session.as_str()).filter(session::expires_at.gt(now));
        let moved = (session::expires_at.eq(expires_at), session::updated_at.eq(now));
        let rows = diesel::update(live).set(moved).execute(conn)?;
        self.viewer.session_expires_at = expires_at;
        Ok((rows == 1).then_some(self))
    }

    /// Ends the session of a token; gives its owner.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn end(conn: &mut PgConnection, token: &SecretToken) -> QueryResult<Option<UserId>> {
        let of_token = session::table.filter(session::token.eq(token.hash().as_str().to_owned()));
        let owner = diesel::delete(of_token).returning(session::user_id).get_result::<String>(conn).optional()?;
        let owner = owner.map(UserId::from);
        owner.iter().try_for_each(|user| change::record(conn, user))?;
        Ok(owner)
    }

    /// Ends every session of a user.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn end_all(conn: &mut PgConnection, user: &UserId) -> QueryResult<usize> {
        change::record(conn, user)?;
        diesel::delete(session::table.filter(session::user_id.eq(user.as_str()))).execute(conn)
    }

    /// Deletes sessions that have ended by themselves, a batch at a time.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn sweep(conn: &mut PgConnection, now: Timestamp) -> QueryResult<usize> {
        let over = session::table.filter(session::expires_at.lt(now)).select(session::id);
        let batch: Vec<String> = over.limit(BATCH).load(conn)?;
        diesel::delete(session::table.filter(session::id.eq_any(batch))).execute(conn)
    }

    /// The same limits as at the start, in case the owner became an admin since.
    fn is_young_enough(&self, now: Timestamp) -> bool {
        expiry(self.viewer.kind, self.started_at, now) > now
    }

    fn from_row(((id, expires_at, started_at, refreshed_at), owner): Row, now: Timestamp) -> Self {
        let owner = User::from_row((owner, None));
        Self { viewer: viewer(owner, SessionId::from(id), (expires_at, now)), started_at, refreshed_at }
    }
}

fn expiry(kind: AccountKind, started_at: Timestamp, now: Timestamp) -> Timestamp {
    let longest = if kind == AccountKind::Admin { LONGEST_OF_ADMIN } else { LONGEST };
    (now + IDLE).min(started_at + longest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sessions_slide_but_not_for_ever() {
        let start: Timestamp = "2026-11-01T00:00:00Z".parse().unwrap();
        let after = |kind, days| expiry(kind, start, start + TimeDelta::days(days)) - start;
        assert_eq!(after(AccountKind::Employee, 0), TimeDelta::days(7));
        assert_eq!(after(AccountKind::Employee, 10), TimeDelta::days(17));
        assert_eq!(after(AccountKind::Organization, 29), TimeDelta::days(30));
        assert_eq!(after(AccountKind::Admin, 0), TimeDelta::hours(12));
    }
}
