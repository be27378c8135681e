//! Who can be invited next: whoever confirmed and is in no wave, the oldest first.

pub mod shown_people;

use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text, Timestamptz};

use crate::values::clock::Timestamp;
use crate::values::id::EntryId;
use crate::waitlist::joining::role::{ROLE, Role};
use crate::waitlist::joining::state::STATE;

/// Somebody who can be invited.
#[derive(Clone, Debug, QueryableByName)]
pub struct Candidate {
    /// The address.
    #[diesel(sql_type = Text)]
    pub email: String,
    /// When they joined.
    #[diesel(sql_type = Timestamptz)]
    pub created_at: Timestamp,
}

impl Candidate {
    /// The first `most` candidates of a role.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn first(conn: &mut PgConnection, role: Role, most: i64) -> QueryResult<Vec<Self>> {
        if most == 0 {
            return Ok(Vec::new());
        }
        diesel::sql_query(format!("SELECT email, created_at {} LIMIT $2", oldest("$2")))
            .bind::<Text, _>(role.as_str())
            .bind::<BigInt, _>(most)
            .load(conn)
    }

    /// The one with this id.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn find(conn: &mut PgConnection, id: EntryId) -> QueryResult<Option<Self>> {
        diesel::sql_query("SELECT email, created_at FROM waitlist WHERE id = $1")
            .bind::<BigInt, _>(id.as_i64())
            .get_result(conn)
            .optional()
    }
}

/// The end of a statement that reads the oldest candidates of the role `$1`, among which the first `most` are.
pub(super) fn oldest(most: &str) -> String {
    let rows = include_str!("candidate/oldest.sql");
    rows.replace("{most}", most).replace("{state}", STATE).replace("{role}", ROLE)
}
