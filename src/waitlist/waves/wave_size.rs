//! How many of each role: those whom a wave takes, and those whom it could take.

use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use crate::schema::{waitlist_wave, waitlist_wave_count};
use crate::waitlist::joining::role::Role;
use crate::waitlist::joining::state::State;
use crate::waitlist::joining::totals::Totals;

/// Places of a role that a wave takes at most.
pub const MOST: i64 = 10_000;

/// Open invitations that are counted one by one at most. Of more, the counts of their waves are taken: these still include
/// whoever has left since, and whoever has changed role counts for the former one.
const MOST_COUNTED: i64 = 5_000;

/// How many of each role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WaveSize {
    /// People who look for work.
    pub employees: i64,
    /// Companies and institutions.
    pub organizations: i64,
}

#[derive(QueryableByName)]
struct Open {
    #[diesel(sql_type = Text)]
    role: String,
    #[diesel(sql_type = BigInt)]
    entries: i64,
}

impl WaveSize {
    /// How many of each role could be invited now; while more than `MOST_COUNTED` are in waves, roughly.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn available(conn: &mut PgConnection) -> QueryResult<Self> {
        let totals = Totals::all(conn)?;
        Self::available_of(conn, &totals)
    }

    /// The same for a caller who has read these totals.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn available_of(conn: &mut PgConnection, totals: &Totals) -> QueryResult<Self> {
        let open = Open::all(conn)?;
        let of = |role: Role| {
            let open = open.iter().find(|open| open.role == role.as_str()).map_or(0, |open| open.entries);
            (totals.of(Some(role), &[State::Confirmed]) - open).max(0)
        };
        Ok(Self { employees: of(Role::Employee), organizations: of(Role::Organization) })
    }

    /// Of this role.
    #[must_use]
    pub const fn of(self, role: Role) -> i64 {
        match role {
            Role::Employee => self.employees,
            Role::Organization => self.organizations,
        }
    }

    /// Of both.
    #[must_use]
    pub const fn total(self) -> i64 {
        self.employees + self.organizations
    }
}

impl Open {
    /// By role.
    fn all(conn: &mut PgConnection) -> QueryResult<Vec<Self>> {
        let open = waitlist_wave_count::table.inner_join(waitlist_wave::table);
        let open = open.filter(waitlist_wave::state.eq_any(["sending", "paused"]));
        let of_waves = (waitlist_wave_count::role, waitlist_wave_count::waiting + waitlist_wave_count::queued);
        let of_waves: Vec<(String, i64)> = open.select(of_waves).load(conn)?;
        if of_waves.iter().map(|(_, entries)| entries).sum::<i64>() <= MOST_COUNTED {
            return diesel::sql_query(include_str!("wave_size/open_invitations.sql")).load(conn);
        }
        let of = |role: Role| {
            let entries = of_waves.iter().filter(|(of, _)| of == role.as_str()).map(|(_, entries)| entries).sum();
            Self { role: role.as_str().to_owned(), entries }
        };
        Ok([Role::Employee, Role::Organization].map(of).into())
    }
}
