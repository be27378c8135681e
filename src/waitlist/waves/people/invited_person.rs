//! Somebody whom a wave took, with what became of the invitation.

use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Nullable, Text, Timestamptz};

use crate::values::clock::Timestamp;
use crate::values::id::WaveId;
use crate::waitlist::joining::entry::invitation_outcome;
use crate::waitlist::joining::role::Role;
use crate::waitlist::waves::wave_counts::WaveCounts;

/// People on a page.
const SHOWN: usize = 50;
/// One more than a page has, which tells whether there are more.
const LIMIT: i64 = 51;

const ROLES: [Role; 2] = [Role::Employee, Role::Organization];

/// Somebody whom a wave took.
#[derive(Clone, Debug, QueryableByName)]
pub struct InvitedPerson {
    /// The invitation.
    #[diesel(sql_type = BigInt)]
    pub id: i64,
    /// The place, while it is there.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub entry_id: Option<i64>,
    /// Whose it is, while the place is there.
    #[diesel(sql_type = Nullable<Text>)]
    pub email: Option<String>,
    /// What they were taken as.
    #[diesel(sql_type = Text, deserialize_as = String)]
    pub role: Role,
    /// How far the invitation has come, as its column holds it.
    #[diesel(sql_type = Text)]
    pub state: String,
    /// When the relay took its letter over, or refused it.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub ended_at: Option<Timestamp>,
    /// When the address had an account, since the invitation.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub signed_up_at: Option<Timestamp>,
    /// Why it was skipped, if it was.
    #[diesel(sql_type = Text)]
    pub skip_reason: String,
}

/// A part of a wave, as the columns of its page count it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Not written yet.
    Waiting,
    /// In the outbox.
    Queued,
    /// Taken over by the relay.
    Sent,
    /// Refused.
    Bounced,
    /// Not written to after all.
    Skipped,
    /// Have an account since.
    SignedUp,
}

/// Which people of a wave.
#[derive(Clone, Copy, Debug)]
pub struct PeopleFilter {
    /// The wave.
    pub wave: WaveId,
    /// Those of this part.
    pub part: Option<Part>,
    /// Those of this role.
    pub role: Option<Role>,
}

/// Some people of a wave, in the order in which they were taken.
#[derive(Clone, Debug)]
pub struct People {
    /// Who.
    pub people: Vec<InvitedPerson>,
    /// The last invitation of these, when there are more.
    pub more: Option<i64>,
}

impl Part {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Waiting, Self::Queued, Self::Sent, Self::Bounced, Self::Skipped, Self::SignedUp];
    /// Of these everybody of a wave is in one.
    const STATES: [&'static str; 5] = ["waiting", "queued", "sent", "bounced", "skipped"];

    /// The part as addresses name it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Queued => "queued",
            Self::Sent => "sent",
            Self::Bounced => "bounced",
            Self::Skipped => "skipped",
            Self::SignedUp => "signed_up",
        }
    }

    /// Reads a name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|part| part.as_str() == name)
    }

    /// How many are in it.
    #[must_use]
    pub const fn count(self, counts: &WaveCounts) -> i64 {
        match self {
            Self::Waiting => counts.waiting,
            Self::Queued => counts.queued,
            Self::Sent => counts.sent,
            Self::Bounced => counts.bounced,
            Self::Skipped => counts.skipped,
            Self::SignedUp => counts.signed_up,
        }
    }
}

impl PeopleFilter {
    /// The next people behind this invitation.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn after(self, conn: &mut PgConnection, after: i64) -> QueryResult<People> {
        let states = match self.part {
            None | Some(Part::SignedUp) => Part::STATES.to_vec(),
            Some(part) => vec![part.as_str()],
        };
        let roles = self.role.map_or(ROLES.to_vec(), |role| vec![role]);
        let next = include_str!("invited_person/next_people.sql").replace("{reason}", invitation_outcome::SKIP_REASON);
        let mut people: Vec<InvitedPerson> = diesel::sql_query(next)
            .bind::<BigInt, _>(self.wave.as_i64())
            .bind::<BigInt, _>(after)
            .bind::<BigInt, _>(LIMIT)
            .bind::<Array<Text>, _>(states)
            .bind::<Array<Text>, _>(roles.into_iter().map(Role::as_str).collect::<Vec<_>>())
            .bind::<Bool, _>(self.part == Some(Part::SignedUp))
            .load(conn)?;
        let has_more = people.len() > SHOWN;
        people.truncate(SHOWN);
        let more = people.last().map(|last| last.id).filter(|_| has_more);
        Ok(People { people, more })
    }
}
