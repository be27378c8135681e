//! A session: a row that lives as long as somebody is signed in on a device.

use std::net::IpAddr;

use chrono::TimeDelta;
use diesel::pg::PgConnection;
use diesel::prelude::*;

use super::change;
use super::user::User;
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

type Row = (String, Timestamp, Timestamp, Timestamp, String, String, Option<String>, String, String);

impl Session {
    /// Starts a session. Its token is new and stored only as a hash.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn start(
        conn: &mut PgConnection,
        now: Timestamp,
        owner: &User,
        (token, device): (&SecretToken, &Device),
    ) -> QueryResult<Viewer> {
        let id = SessionId::generate();
        let expires_at = expiry(owner.kind, now, now);
        let row = (
            session::id.eq(id.as_str()),
            session::user_id.eq(owner.id.as_str()),
            session::token.eq(token.hash().as_str().to_owned()),
            session::expires_at.eq(expires_at),
            session::ip_address.eq(device.address.to_string()),
            session::user_agent.eq(&device.user_agent),
            session::created_at.eq(now),
            session::updated_at.eq(now),
        );
        diesel::insert_into(session::table).values(row).execute(conn)?;
        Ok(Viewer {
            id: owner.id.clone(),
            session: id,
            name: owner.name.clone().unwrap_or_else(|| owner.email.to_string()),
            email: owner.email.to_string(),
            kind: owner.kind,
            profession: owner.profession.clone(),
            session_expires_at: expires_at,
            read_at: now,
        })
    }

    /// The session of a token with its owner, in one query; nothing when it has ended or its owner is inactive.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn find(conn: &mut PgConnection, now: Timestamp, token: &SecretToken) -> QueryResult<Option<Self>> {
        let row = session::table
            .inner_join(user::table)
            .filter(session::token.eq(token.hash().as_str().to_owned()).and(session::expires_at.gt(now)))
            .filter(user::is_active.is_distinct_from(false))
            .select((
                session::id,
                session::expires_at,
                session::created_at,
                session::updated_at,
                user::id,
                user::email,
                user::name,
                user::type_,
                user::profession,
            ))
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

    /// The same limits as at the start, in case the owner became an admin since.
    fn is_young_enough(&self, now: Timestamp) -> bool {
        expiry(self.viewer.kind, self.started_at, now) > now
    }

    fn from_row(
        (id, expires_at, started_at, refreshed_at, user, email, name, kind, profession): Row,
        now: Timestamp,
    ) -> Self {
        let viewer = Viewer {
            id: UserId::from(user),
            session: SessionId::from(id),
            name: name.filter(|name| !name.is_empty()).unwrap_or_else(|| email.clone()),
            email,
            kind: AccountKind::from(kind),
            profession,
            session_expires_at: expires_at,
            read_at: now,
        };
        Self { viewer, started_at, refreshed_at }
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
