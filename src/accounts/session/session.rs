//! A session: a row for each device on which somebody is signed in, from the log-in until it ends.

use chrono::TimeDelta;
use diesel::pg::PgConnection;
use diesel::prelude::*;

use crate::accounts::user::user::{User, UserRow};
use crate::accounts::user::{avatar, viewer_change};
use crate::db::{BATCH, coalesce};
use crate::schema::{session, user};
use crate::values::account_kind::AccountKind;
use crate::values::clock::Timestamp;
use crate::values::id::{SessionId, UserId};
use crate::values::secret_token::SecretToken;
use crate::web::{Viewer, retention};

/// How often a session's time of last use is written at most: the list shows it, and each write costs something.
const SEEN_EVERY: TimeDelta = TimeDelta::minutes(5);
/// How many sessions a list shows at most.
const MOST_LISTED: i64 = 100;
/// A session ends 7 days after its last refresh (the seed's 604,800 s).
const IDLE: TimeDelta = retention::IDLE_SESSION;
/// It is refreshed once a day has passed (the seed's update age).
const REFRESH_AFTER: TimeDelta = TimeDelta::days(1);
/// It never lives longer than this (NIST SP 800-63B, AAL1: 30 days).
const LONGEST: TimeDelta = retention::SESSION;
/// An admin's never longer than this.
const LONGEST_OF_ADMIN: TimeDelta = retention::ADMIN_SESSION;

/// A session as found by its token.
#[derive(Clone, Debug)]
pub struct Session {
    /// What the pages show of its owner.
    pub viewer: Viewer,
    /// When it started.
    started_at: Timestamp,
    /// When it was last refreshed.
    refreshed_at: Timestamp,
    /// When it was last used, to within [`SEEN_EVERY`].
    seen_at: Timestamp,
    /// Whether its owner may be signed in.
    is_owner_active: bool,
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
    /// When it was last used.
    pub seen_at: Timestamp,
}

/// The columns of a session that are read.
#[derive(Queryable, Selectable)]
#[diesel(table_name = session)]
struct SessionRow {
    id: String,
    expires_at: Timestamp,
    created_at: Timestamp,
    updated_at: Timestamp,
    authenticated_at: Option<Timestamp>,
    last_seen_at: Option<Timestamp>,
}

impl Session {
    /// The session of a token with its owner, in one query; nothing when it has ended or its owner is inactive.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn find(
        conn: &mut PgConnection,
        now: Timestamp,
        read_at: Timestamp,
        token: &SecretToken,
    ) -> QueryResult<Option<Self>> {
        Ok(Self::find_row(conn, read_at, token)?.filter(|session| session.works(now)))
    }

    /// The same as long as it has a row, whether it works or not. It is read at this time by the database's clock, or later.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn find_row(conn: &mut PgConnection, read_at: Timestamp, token: &SecretToken) -> QueryResult<Option<Self>> {
        let row = session::table
            .inner_join(user::table)
            .filter(session::token.eq(token.hash().as_str().to_owned()))
            .select((SessionRow::as_select(), UserRow::as_select()))
            .first::<(SessionRow, UserRow)>(conn);
        Ok(row.optional()?.map(|(row, owner)| Self::from_row(row, owner, read_at)))
    }

    /// Whether it signs its owner in: it has not ended, nor is it older than a session of its owner may be, who may have
    /// become an admin since, whose sessions are shorter.
    #[must_use]
    pub fn works(&self, now: Timestamp) -> bool {
        let is_young_enough = expiry(self.viewer.kind, self.started_at, now) > now;
        self.is_owner_active && self.viewer.session_expires_at > now && is_young_enough
    }

    /// Whether a day has passed since the last refresh, so that it is time for another one.
    #[must_use]
    pub fn is_refresh_due(&self, now: Timestamp) -> bool {
        self.refreshed_at + REFRESH_AFTER <= now
            && expiry(self.viewer.kind, self.started_at, now) > self.viewer.session_expires_at
    }

    /// Moves the end further. A session that was ended meanwhile has no row any more, and is not started again.
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

    /// Whether it is time to write that it is in use.
    #[must_use]
    pub fn is_use_due(&self, now: Timestamp) -> bool {
        self.seen_at + SEEN_EVERY <= now
    }

    /// Writes that the session is in use.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn record_use(&self, conn: &mut PgConnection, now: Timestamp) -> QueryResult<usize> {
        let row = session::table.find(self.viewer.session.as_str());
        diesel::update(row).set(session::last_seen_at.eq(now)).execute(conn)
    }

    /// Gives the session a new token after its owner gave the password, so that a cookie which somebody copied before
    /// no longer works. Returns whether the session was still there.
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

    /// The sessions of a user, the last used first, at most `MOST_LISTED`.
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

    /// Ends one session of this user, and nobody else's; returns whether there was one.
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

    /// Ends every session of a user but one; returns how many.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn end_others(conn: &mut PgConnection, user: &UserId, keep: &SessionId) -> QueryResult<usize> {
        let others = session::table.filter(session::user_id.eq(user.as_str()).and(session::id.ne(keep.as_str())));
        let ended = diesel::delete(others).execute(conn)?;
        record_ended(conn, user, ended)
    }

    /// Ends the session of a token; returns its owner.
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

    /// Ends every session of a user; returns how many.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn end_all(conn: &mut PgConnection, user: &UserId) -> QueryResult<usize> {
        let ended = diesel::delete(session::table.filter(session::user_id.eq(user.as_str()))).execute(conn)?;
        record_ended(conn, user, ended)
    }

    /// Deletes sessions whose time is over, a batch at a time.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn sweep(conn: &mut PgConnection, now: Timestamp) -> QueryResult<usize> {
        let over = session::table.filter(session::expires_at.lt(now)).select(session::id);
        let batch: Vec<String> = over.limit(BATCH).load(conn)?;
        diesel::delete(session::table.filter(session::id.eq_any(batch))).execute(conn)
    }

    fn from_row(row: SessionRow, owner: UserRow, read_at: Timestamp) -> Self {
        let authenticated = row.authenticated_at.unwrap_or(row.created_at);
        let times = SessionTimes { authenticated, ends: row.expires_at, read: read_at };
        let owner = User::from(owner);
        Self {
            is_owner_active: owner.is_active && owner.purge_at.is_none(),
            viewer: viewer(owner, SessionId::from(row.id), times),
            started_at: row.created_at,
            refreshed_at: row.updated_at,
            seen_at: row.last_seen_at.unwrap_or(row.updated_at),
        }
    }
}

/// Without a session there is no cached viewer, and nothing to tell the other replicas.
fn record_ended(conn: &mut PgConnection, user: &UserId, ended: usize) -> QueryResult<usize> {
    if ended > 0 {
        viewer_change::record(conn, user)?;
    }
    Ok(ended)
}

/// When a session's owner gave the password, when the session ends, and when that was read.
#[derive(Clone, Copy)]
pub(super) struct SessionTimes {
    pub(super) authenticated: Timestamp,
    pub(super) ends: Timestamp,
    pub(super) read: Timestamp,
}

/// What the pages show of a user. Names and professions are cut, since the old application had no bounds for them and
/// browsers drop a cookie of more than 4096 bytes.
pub(super) fn viewer(owner: User, session: SessionId, times: SessionTimes) -> Viewer {
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
        has_second_factor: owner.second_factor_since.is_some(),
        authenticated_at: times.authenticated,
        session_expires_at: times.ends,
        read_at: times.read,
    }
}

/// When a session ends that started at `started_at` and is refreshed now.
pub(super) fn expiry(kind: AccountKind, started_at: Timestamp, now: Timestamp) -> Timestamp {
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
