//! The people whom a rehearsal showed, as its form brings them back: a wave takes these and nobody else.

use chrono::DateTime;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, Text, Timestamptz};

use super::oldest;
use crate::values::clock::Timestamp;
use crate::values::id::{EntryId, WaveId};
use crate::waitlist::joining::role::{ROLE, Role};
use crate::waitlist::joining::state::STATE;
use crate::waitlist::waves::wave_size::WaveSize;

const ROLES: [Role; 2] = [Role::Employee, Role::Organization];

/// The people whom a rehearsal showed at a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownPeople {
    at: Timestamp,
    /// Of each of [`ROLES`].
    of_role: [ShownTurns; 2],
}

/// The people of a role: neighbours in the order of turns, among whom others may stand who were no candidates.
#[derive(Clone, Debug, Default, PartialEq, Eq, QueryableByName)]
struct ShownTurns {
    #[diesel(sql_type = BigInt)]
    people: i64,
    /// Of all ids together.
    #[diesel(sql_type = BigInt)]
    fingerprint: i64,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    first_at: Option<Timestamp>,
    #[diesel(sql_type = Nullable<BigInt>)]
    first_id: Option<i64>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    last_at: Option<Timestamp>,
    #[diesel(sql_type = Nullable<BigInt>)]
    last_id: Option<i64>,
}

/// The wave that takes people of a role, and when they were shown.
#[derive(Clone, Copy)]
struct Destination {
    wave: WaveId,
    role: Role,
    shown_at: Timestamp,
}

#[derive(QueryableByName)]
struct Taken {
    #[diesel(sql_type = Bool)]
    is_complete: bool,
    #[diesel(sql_type = BigInt)]
    people: i64,
}

impl ShownPeople {
    /// The candidates who come first now.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn of(conn: &mut PgConnection, now: Timestamp, size: WaveSize) -> QueryResult<Self> {
        let [employees, organizations] = ROLES;
        let of_role = [
            ShownTurns::of(conn, employees, size.of(employees))?,
            ShownTurns::of(conn, organizations, size.of(organizations))?,
        ];
        Ok(Self { at: now, of_role })
    }

    /// How many they are.
    #[must_use]
    pub const fn size(&self) -> WaveSize {
        let [employees, organizations] = &self.of_role;
        WaveSize { employees: employees.people, organizations: organizations.people }
    }

    /// The last of a role.
    #[must_use]
    pub fn last(&self, role: Role) -> Option<EntryId> {
        let turns = ROLES.iter().zip(&self.of_role).find(|(known, _)| **known == role);
        turns.and_then(|(_, turns)| turns.last_id).map(EntryId::from)
    }

    /// Takes those of them who still wait into a wave; returns how many. Nothing when somebody else would have to be
    /// taken, or there is no telling.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn take(&self, conn: &mut PgConnection, wave: WaveId) -> QueryResult<Option<WaveSize>> {
        let mut taken = [0; 2];
        for ((turns, role), count) in self.of_role.iter().zip(ROLES).zip(&mut taken) {
            match turns.take(conn, Destination { wave, role, shown_at: self.at })? {
                Some(people) => *count = people,
                None => return Ok(None),
            }
        }
        let [employees, organizations] = taken;
        Ok(Some(WaveSize { employees, organizations }))
    }

    /// As the field of the form holds them.
    #[must_use]
    pub fn as_field(&self) -> String {
        let numbers = self.of_role.iter().flat_map(ShownTurns::numbers);
        let all = std::iter::once(self.at.timestamp_micros()).chain(numbers);
        all.map(|number| number.to_string()).collect::<Vec<_>>().join(".")
    }

    /// Reads the field.
    #[must_use]
    pub fn parse(field: &str) -> Option<Self> {
        let numbers: Vec<i64> = field.split('.').map(str::parse).collect::<Result<_, _>>().ok()?;
        let [at, numbers @ ..] = numbers.as_slice() else { return None };
        let (employees, organizations) = numbers.split_first_chunk::<6>()?;
        let of_role = [ShownTurns::read(*employees)?, ShownTurns::read(organizations.try_into().ok()?)?];
        Some(Self { at: DateTime::from_timestamp_micros(*at)?, of_role })
    }
}

impl ShownTurns {
    fn of(conn: &mut PgConnection, role: Role, most: i64) -> QueryResult<Self> {
        if most == 0 {
            return Ok(Self::default());
        }
        diesel::sql_query(include_str!("show.sql").replace("{oldest}", &oldest("$2")))
            .bind::<Text, _>(role.as_str())
            .bind::<BigInt, _>(most)
            .get_result(conn)
    }

    fn take(&self, conn: &mut PgConnection, into: Destination) -> QueryResult<Option<i64>> {
        if self.people == 0 {
            return Ok(Some(0));
        }
        let statement = include_str!("take.sql").replace("{state}", STATE).replace("{role}", ROLE);
        let taken: Taken = diesel::sql_query(statement)
            .bind::<Text, _>(into.role.as_str())
            .bind::<BigInt, _>(into.wave.as_i64())
            .bind::<Timestamptz, _>(into.shown_at)
            .bind::<BigInt, _>(self.fingerprint)
            .bind::<Nullable<Timestamptz>, _>(self.first_at)
            .bind::<Nullable<BigInt>, _>(self.first_id)
            .bind::<Nullable<Timestamptz>, _>(self.last_at)
            .bind::<Nullable<BigInt>, _>(self.last_id)
            .get_result(conn)?;
        Ok(taken.is_complete.then_some(taken.people))
    }

    fn numbers(&self) -> [i64; 6] {
        let micros = |at: Option<Timestamp>| at.map_or(0, |at| at.timestamp_micros());
        let Self { people, fingerprint, first_at, first_id, last_at, last_id } = self;
        let id = |id: &Option<i64>| id.unwrap_or_default();
        [*people, *fingerprint, micros(*first_at), id(first_id), micros(*last_at), id(last_id)]
    }

    fn read(numbers: [i64; 6]) -> Option<Self> {
        let [people, fingerprint, first_at, first_id, last_at, last_id] = numbers;
        if people == 0 {
            return Some(Self::default());
        }
        let at = |micros| DateTime::from_timestamp_micros(micros).map(Some);
        let (first_at, last_at) = (at(first_at)?, at(last_at)?);
        Some(Self { people, fingerprint, first_at, first_id: Some(first_id), last_at, last_id: Some(last_id) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_reads_back_as_written_and_nothing_else_is_read() {
        let at: Timestamp = "2026-11-23T12:00:00.123456Z".parse().unwrap();
        let turns = ShownTurns {
            people: 2,
            fingerprint: -7,
            first_at: Some(at),
            first_id: Some(1),
            last_at: Some(at),
            last_id: Some(9),
        };
        let shown = ShownPeople { at, of_role: [turns, ShownTurns::default()] };
        assert_eq!(ShownPeople::parse(&shown.as_field()), Some(shown.clone()));
        for field in ["", "1", "x", &format!("{}.0", shown.as_field()), &shown.as_field().replace('.', "..")] {
            assert_eq!(ShownPeople::parse(field), None, "{field}");
        }
    }
}
