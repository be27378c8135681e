//! How many invitations of a wave are in which state.

use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Text};

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
#[derive(QueryableByName)]
pub(super) struct CountsRow {
    #[diesel(sql_type = BigInt)]
    wave_id: i64,
    #[diesel(sql_type = Text)]
    role: String,
    #[diesel(sql_type = BigInt)]
    waiting: i64,
    #[diesel(sql_type = BigInt)]
    queued: i64,
    #[diesel(sql_type = BigInt)]
    sent: i64,
    #[diesel(sql_type = BigInt)]
    bounced: i64,
    #[diesel(sql_type = BigInt)]
    skipped: i64,
    #[diesel(sql_type = BigInt)]
    signed_up: i64,
}

impl CountsRow {
    /// The rows of these waves.
    pub(super) fn load(conn: &mut PgConnection, waves: Vec<i64>) -> QueryResult<Vec<Self>> {
        diesel::sql_query(include_str!("wave_counts.sql")).bind::<Array<BigInt>, _>(waves).load(conn)
    }
}

impl WaveCounts {
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
    pub const fn invited(&self) -> i64 {
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
