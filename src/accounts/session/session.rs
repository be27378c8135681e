//! A session: a row that lives as long as somebody is signed in on a device.

use chrono::TimeDelta;
use diesel::pg::PgConnection;
use diesel::prelude::*;

use crate::accounts::user::avatar;
use crate::accounts::user::user::{User, UserRow};
use crate::accounts::user::viewer_change;
use crate::db::{BATCH, coalesce};
use crate::schema::{session, user};
use crate::values::account_kind::AccountKind;
use crate::values::clock::Timestamp;
use crate::values::id::{SessionId, UserId};
use crate::values::secret_token::SecretToken;
use crate::web::Viewer;

/// A session that is read says at most this often that it was seen: the list shows it, and a write is not for free.
const SEEN_EVERY: TimeDelta = TimeDelta::minutes(5);
/// Sessions that a list shows.
const MOST_LISTED: i64 = 100;
/// A session ends 7 days after its last refresh (the seed's 604,800 s).
const IDLE: TimeDelta = TimeDelta::days(7);
/// It is refreshed once a day has passed (the seed's update age).
const REFRESH_AFTER: TimeDelta = TimeDelta::days(1);
/// It never lives longer than this (NIST SP 800-63B, AAL1: 30 days).
const LONGEST: TimeDelta = TimeDelta::days(30);
/// An admin's never longer than this.
const LONGEST_OF_ADMIN: TimeDelta = TimeDelta::hours(12);

/// A session as found by its token.
#[derive(Clone, Debug)]
pub struct Session {
    /// What the pages show of its owner.
    pub viewer: Viewer,
    /// When it started.
    started_at: Timestamp,
    /// When it was last refreshed.
    refreshed_at: Timestamp,
    /// When it was last seen, give or take [`SEEN_EVERY`].
    seen_at: Timestamp,
}

/// A session as its owner's list shows it.
#[derive(Clone, Debug, Queryable)]
pub struct Listed {
    /// Its id.
    #[diesel(deserialize_as = String)]
    pub id: SessionId,
    /// The client's address.
    pub ip_address: Option<String>,
    /// Its `User-Agent`.
    pub user_agent: Option<String>,
    /// When it started.
    pub created_at: Timestamp,
    /// When it was last seen.
    pub seen_at: Timestamp,
}

type Row = (SessionRow, UserRow);
type SessionRow = (String, Timestamp, Timestamp, Timestamp, Option<Timestamp>, Option<Timestamp>);
const SESSION: (
    session::id,
    session::expires_at,
    session::created_at,
    session::updated_at,
    session::authenticated_at,
    session::last_seen_at,
) = (
    session::id,
    session::expires_at,
    session::created_at,
    session::updated_at,
    session::authenticated_at,
    session::last_seen_at,
);

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
            .filter(user::purge_at.is_null())
            .select((SESSION, UserRow::as_select()))
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
        let moved = (session::expires_at.eq(expires_at), session::updated_at.eq(now), session::last_seen_at.eq(now));
        let rows = diesel::update(live).set(moved).execute(conn)?;
        self.viewer.session_expires_at = expires_at;
        Ok((rows == 1).then_some(self))
    }

    /// Whether it is time to say that it was seen.
    #[must_use]
    pub fn wants_to_be_seen(&self, now: Timestamp) -> bool {
        self.seen_at + SEEN_EVERY <= now
    }

    /// Says that the session was seen.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn see(&self, conn: &mut PgConnection, now: Timestamp) -> QueryResult<usize> {
        let row = session::table.find(self.viewer.session.as_str());
        diesel::update(row).set(session::last_seen_at.eq(now)).execute(conn)
    }

    /// Gives the session a new token after its owner proved the password: who copied the cookie before has nothing of
    /// it. Tells whether it was still there.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn rotate(conn: &mut PgConnection, now: Timestamp, id: &SessionId, token: &SecretToken) -> QueryResult<bool> {
        let row = session::table.find(id.as_str()).filter(session::expires_at.gt(now));
        let renewed = (
            session::token.eq(token.hash().as_str().to_owned()),
            session::authenticated_at.eq(now),
            session::last_seen_at.eq(now),
        );
        let owner = diesel::update(row).set(renewed).returning(session::user_id).get_result::<String>(conn);
        let owner = owner.optional()?.map(UserId::from);
        owner.iter().try_for_each(|user| viewer_change::record(conn, user))?;
        Ok(owner.is_some())
    }

    /// The sessions of a user, the last seen first; more than this many are of no use to a reader.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn list(conn: &mut PgConnection, now: Timestamp, user: &UserId) -> QueryResult<Vec<Listed>> {
        let seen = coalesce(session::last_seen_at, session::updated_at);
        session::table
            .filter(session::user_id.eq(user.as_str()).and(session::expires_at.gt(now)))
            .order((seen.desc(), session::id))
            .limit(MOST_LISTED)
            .select((session::id, session::ip_address, session::user_agent, session::created_at, seen))
            .load(conn)
    }

    /// Ends one session of this user, and nobody else's; tells whether there was one.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn end_one(conn: &mut PgConnection, user: &UserId, id: &SessionId) -> QueryResult<bool> {
        let own = session::table.find(id.as_str()).filter(session::user_id.eq(user.as_str()));
        let ended = diesel::delete(own).execute(conn)? == 1;
        if ended {
            viewer_change::record(conn, user)?;
        }
        Ok(ended)
    }

    /// Ends every session of a user but one.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn end_others(conn: &mut PgConnection, user: &UserId, keep: &SessionId) -> QueryResult<usize> {
        viewer_change::record(conn, user)?;
        let others = session::table.filter(session::user_id.eq(user.as_str()).and(session::id.ne(keep.as_str())));
        diesel::delete(others).execute(conn)
    }

    /// Ends the session of a token; gives its owner.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn end(conn: &mut PgConnection, token: &SecretToken) -> QueryResult<Option<UserId>> {
        let of_token = session::table.filter(session::token.eq(token.hash().as_str().to_owned()));
        let owner = diesel::delete(of_token).returning(session::user_id).get_result::<String>(conn).optional()?;
        let owner = owner.map(UserId::from);
        owner.iter().try_for_each(|user| viewer_change::record(conn, user))?;
        Ok(owner)
    }

    /// Ends every session of a user.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn end_all(conn: &mut PgConnection, user: &UserId) -> QueryResult<usize> {
        viewer_change::record(conn, user)?;
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

    fn from_row((row, owner): Row, now: Timestamp) -> Self {
        let (id, expires_at, started_at, refreshed_at, authenticated_at, seen_at) = row;
        let times = Times { proved: authenticated_at.unwrap_or(started_at), ends: expires_at, read: now };
        Self {
            viewer: viewer(owner.into(), SessionId::from(id), times),
            started_at,
            refreshed_at,
            seen_at: seen_at.unwrap_or(refreshed_at),
        }
    }
}

/// When a session's owner proved the password, when the session ends, and when that was read.
#[derive(Clone, Copy)]
pub(in crate::accounts) struct Times {
    pub(in crate::accounts) proved: Timestamp,
    pub(in crate::accounts) ends: Timestamp,
    pub(in crate::accounts) read: Timestamp,
}

/// What the pages show of a user. The old application bounded neither names nor professions; a cookie of more than
/// 4096 bytes would be dropped by the browser.
pub(in crate::accounts) fn viewer(owner: User, session: SessionId, times: Times) -> Viewer {
    let cut = |text: String, most: usize| text.chars().take(most).collect::<String>();
    let email = owner.email.to_string();
    Viewer {
        id: owner.id,
        session,
        name: cut(owner.name.unwrap_or_else(|| email.clone()), 200),
        email,
        kind: owner.kind,
        profession: cut(owner.profession, 100),
        avatar: owner.avatar.filter(|path| avatar::is_ours(path)),
        is_managed: owner.organization.is_some(),
        authenticated_at: times.proved,
        session_expires_at: times.ends,
        read_at: times.read,
    }
}

/// When a session that started then ends, if it is refreshed now.
pub(in crate::accounts) fn expiry(kind: AccountKind, started_at: Timestamp, now: Timestamp) -> Timestamp {
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
