//! What happened to one place on the waitlist.

use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text, Timestamptz};

use super::account_name;
use super::action::Action;
use crate::values::clock::Timestamp;
use crate::values::id::EntryId;

/// Something that was done to a place.
#[derive(Debug, QueryableByName)]
pub struct EntryEvent {
    #[diesel(sql_type = Text)]
    action: String,
    /// When.
    #[diesel(sql_type = Timestamptz)]
    pub happened_at: Timestamp,
    /// By whom, when it was somebody with an account.
    #[diesel(sql_type = Nullable<Text>)]
    pub actor: Option<String>,
}

impl EntryEvent {
    /// What was done to a place, the newest first, at most `most` events.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn recent(conn: &mut PgConnection, entry: EntryId, most: i64) -> QueryResult<Vec<Self>> {
        let statement = format!(include_str!("entry_history.sql"), actor = account_name::name_of("event.actor_id"));
        diesel::sql_query(statement).bind::<BigInt, _>(entry.as_i64()).bind::<BigInt, _>(most).load(conn)
    }

    /// What was done.
    #[must_use]
    pub fn action(&self) -> Option<Action> {
        Action::parse(&self.action)
    }
}

/// SQL for whether anything was done to the place with this id, for statements that pass over such places. `id` is SQL
/// too, such as `waitlist.id`.
#[must_use]
pub fn has_any(id: &str) -> String {
    format!("EXISTS (SELECT FROM audit_event AS event WHERE event.entry_id = {id})")
}
