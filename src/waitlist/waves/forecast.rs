//! The forecast of a wave: whom it would take, and when its last letter would go.

use std::time::Duration;

use diesel::pg::PgConnection;
use diesel::prelude::*;

use super::candidate::Candidate;
use super::candidate::shown_people::ShownPeople;
use super::wave_sender::INTERVAL;
use super::wave_size::WaveSize;
use crate::schema::{waitlist_wave, waitlist_wave_count};
use crate::values::clock::Timestamp;
use crate::waitlist::joining::role::Role;

/// Candidates of a role that a forecast names.
const NAMED: i64 = 10;

/// What a wave would do.
#[derive(Clone, Debug)]
pub struct Forecast {
    /// For each role.
    pub roles: [RoleForecast; 2],
    /// When the last letter will have gone, if nothing stops it.
    pub done_at: Timestamp,
    /// All whom it would take.
    pub shown: ShownPeople,
}

/// Whom a wave would take of a role.
#[derive(Clone, Debug)]
pub struct RoleForecast {
    /// Which.
    pub role: Role,
    /// How many could be invited.
    pub available: i64,
    /// How many will be.
    pub invited: i64,
    /// The first of them.
    pub first: Vec<Candidate>,
    /// The last of them, when it is none of those.
    pub last: Option<Candidate>,
}

impl Forecast {
    /// What a wave of this size would do now.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn of(conn: &mut PgConnection, now: Timestamp, size: WaveSize) -> QueryResult<Self> {
        let (available, shown) = (WaveSize::available(conn)?, ShownPeople::of(conn, now, size)?);
        let roles = [
            RoleForecast::of(conn, Role::Employee, available, &shown)?,
            RoleForecast::of(conn, Role::Organization, available, &shown)?,
        ];
        let letters = waiting(conn)? + roles.iter().map(|role| role.invited).sum::<i64>();
        let lasts = INTERVAL.saturating_mul(u32::try_from(letters).unwrap_or(u32::MAX));
        Ok(Self { shown, roles, done_at: now + lasts.max(Duration::from_secs(1)) })
    }

    /// How many it would take.
    #[must_use]
    pub fn size(&self) -> WaveSize {
        self.shown.size()
    }
}

impl RoleForecast {
    fn of(conn: &mut PgConnection, role: Role, available: WaveSize, shown: &ShownPeople) -> QueryResult<Self> {
        let invited = shown.size().of(role);
        let first = Candidate::first(conn, role, invited.min(NAMED))?;
        let last = shown.last(role).filter(|_| invited > NAMED);
        let last = last.map(|last| Candidate::find(conn, last)).transpose()?.flatten();
        Ok(Self { role, available: available.of(role).max(invited), invited, first, last })
    }
}

/// Letters of other waves that go first.
fn waiting(conn: &mut PgConnection) -> QueryResult<i64> {
    let sending =
        waitlist_wave_count::table.inner_join(waitlist_wave::table).filter(waitlist_wave::state.eq("sending"));
    let waiting: Vec<i64> = sending.select(waitlist_wave_count::waiting).load(conn)?;
    Ok(waiting.into_iter().sum())
}
