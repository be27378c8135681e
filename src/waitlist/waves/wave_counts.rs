//! How many invitations of a wave are in which state. Triggers keep the counts (migration 026), so that nothing counts a
//! wave's invitations again after each mail.

use diesel::pg::{Pg, PgConnection};
use diesel::prelude::*;

use crate::schema::waitlist_wave_count;
use crate::values::id::WaveId;
use crate::waitlist::joining::role::Role;

/// How many invitations of a wave are in which state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WaveCounts {
    /// Not written yet.
    pub waiting: i64,
    /// In the outbox.
    pub queued: i64,
    /// Taken over by the relay.
    pub sent: i64,
    /// Refused.
    pub bounced: i64,
    /// Not written to after all: they left, have an account, or the wave was cancelled.
    pub skipped: i64,
    /// Their address has an account since.
    pub signed_up: i64,
}

/// The counts of one wave and role.
#[derive(Queryable, Selectable)]
#[diesel(table_name = waitlist_wave_count, check_for_backend(Pg))]
pub(super) struct CountsRow {
    wave_id: i64,
    role: String,
    waiting: i64,
    queued: i64,
    sent: i64,
    bounced: i64,
    skipped: i64,
    signed_up: i64,
}

impl CountsRow {
    /// The rows of these waves.
    pub(super) fn load(conn: &mut PgConnection, waves: &[i64]) -> QueryResult<Vec<Self>> {
        let of_waves = waitlist_wave_count::table.filter(waitlist_wave_count::wave_id.eq_any(waves));
        of_waves.select(Self::as_select()).load(conn)
    }
}

impl WaveCounts {
    /// Those of a wave, of both roles.
    ///
    /// # Errors
    /// When the statement fails.
    pub(super) fn of(conn: &mut PgConnection, wave: WaveId) -> QueryResult<Self> {
        let rows = CountsRow::load(conn, &[wave.as_i64()])?;
        let [employees, organizations] =
            [Role::Employee, Role::Organization].map(|role| Self::find(&rows, wave.as_i64(), role));
        Ok(employees.plus(organizations))
    }

    /// Those of a wave and a role among these rows.
    pub(super) fn find(rows: &[CountsRow], wave: i64, of: Role) -> Self {
        let row = rows.iter().find(|row| row.wave_id == wave && row.role == of.as_str());
        row.map_or_else(Self::default, |&CountsRow { waiting, queued, sent, bounced, skipped, signed_up, .. }| Self {
            waiting,
            queued,
            sent,
            bounced,
            skipped,
            signed_up,
        })
    }

    /// All that the wave took in.
    #[must_use]
    pub const fn chosen(&self) -> i64 {
        self.waiting + self.queued + self.sent + self.bounced + self.skipped
    }

    /// Those whose invitation has ended, one way or the other.
    #[must_use]
    pub const fn ended(&self) -> i64 {
        self.sent + self.bounced + self.skipped
    }

    /// The conversion rate: how many of a hundred who were written to signed up.
    #[must_use]
    pub const fn conversion_percent(&self) -> Option<i64> {
        (self.signed_up * 100 + self.sent / 2).checked_div(self.sent)
    }

    /// The sum of both.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self {
            waiting: self.waiting + other.waiting,
            queued: self.queued + other.queued,
            sent: self.sent + other.sent,
            bounced: self.bounced + other.bounced,
            skipped: self.skipped + other.skipped,
            signed_up: self.signed_up + other.signed_up,
        }
    }
}
