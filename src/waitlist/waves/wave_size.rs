//! How many of each role: those whom a wave takes, and those whom it could take.

use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use crate::waitlist::joining::role::Role;
use crate::waitlist::joining::state::State;
use crate::waitlist::joining::totals::Totals;

/// Places of a role that a wave takes at most.
pub const MOST: i64 = 10_000;

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
    /// How many of each role could be invited now.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn available(conn: &mut PgConnection) -> QueryResult<Self> {
        let totals = Totals::all(conn)?;
        let open: Vec<Open> = diesel::sql_query(include_str!("wave_size/open_invitations.sql")).load(conn)?;
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
