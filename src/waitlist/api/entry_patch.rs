//! What a program changes of one entry: its role, a bounce that it clears, a deletion that it takes back or makes.

use diesel::pg::PgConnection;
use diesel::prelude::*;
use serde::Deserialize;
use serde::de::{Deserializer, Error as _};
use serde_json::Value;
use utoipa::ToSchema;
use utoipa::openapi::schema::{Object, ObjectBuilder, Type};

use super::entry_body::EntryBody;
use super::if_match::IfMatch;
use crate::audit::event::Actor;
use crate::schema::waitlist;
use crate::values::clock::Timestamp;
use crate::values::id::EntryId;
use crate::waitlist::joining::entry::Entry;
use crate::waitlist::joining::role::Role;
use crate::waitlist::place::role_change::RoleChange;
use crate::waitlist::review::deletion::Deletion;
use crate::waitlist::review::entry_filter::EntryFilter;
use crate::waitlist::review::selection::{Act, ConfirmedAct, Selection};
use crate::waitlist::review::{bounce, restoration};

/// The change, as a merge patch (RFC 7396): what is not named stays.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = EntryPatch)]
pub struct EntryPatch {
    /// The new role: `employee` or `organization`. `professional`, as it was once called, is read as `employee`.
    #[serde(default, deserialize_with = "role")]
    #[schema(value_type = Option<String>, nullable = false, pattern = "^(employee|organization|professional)$")]
    role: Option<Role>,
    /// `null`: mail goes there again.
    #[serde(default, deserialize_with = "null")]
    #[schema(schema_with = only_null)]
    bounced_at: bool,
    /// `null`: brings the place back.
    #[serde(default, deserialize_with = "null")]
    #[schema(schema_with = only_null)]
    deleted_at: bool,
}

/// An entry that a program read, and means as it was then.
#[derive(Clone, Debug)]
pub struct ReadEntry {
    /// Its id.
    pub id: EntryId,
    /// How it was.
    pub precondition: IfMatch,
    /// Which program.
    pub actor: Actor,
}

/// What a program asks for.
#[derive(Clone, Debug)]
pub enum EntryChange {
    /// To change the entry.
    Patched(ReadEntry, EntryPatch),
    /// To delete it; an admin can undo that for 30 days.
    Deleted(ReadEntry),
}

/// What became of a change.
#[derive(Debug)]
pub enum ChangeOutcome {
    /// It is changed; the entry as it is now.
    Patched(Box<Entry>),
    /// It is deleted.
    Deleted,
    /// There is no such entry.
    Missing,
    /// It is not any more as the program read it.
    Moved,
    /// It cannot be done to an entry in this state.
    Impossible,
}

impl EntryChange {
    /// What it is, however it was written.
    #[must_use]
    pub fn meaning(&self) -> String {
        match self {
            Self::Patched(_, EntryPatch { role, bounced_at, deleted_at }) => {
                format!("{} {bounced_at} {deleted_at}", role.map(Role::as_str).unwrap_or_default())
            }
            Self::Deleted(_) => "delete".to_owned(),
        }
    }

    /// Does it.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn apply(&self, conn: &mut PgConnection, now: Timestamp) -> QueryResult<ChangeOutcome> {
        match self {
            Self::Patched(read, patch) => patch.apply(conn, now, read),
            Self::Deleted(read) => read.delete(conn, now),
        }
    }
}

impl EntryPatch {
    fn apply(&self, conn: &mut PgConnection, now: Timestamp, read: &ReadEntry) -> QueryResult<ChangeOutcome> {
        let (id, actor) = (read.id, &read.actor);
        let mut entry = match read.lock(conn)? {
            Ok(entry) => entry,
            Err(outcome) => return Ok(outcome),
        };
        // Before anything is written: what cannot be done whole is not done at all.
        let is_gone = entry.left_at.is_some() || entry.deleted_at.is_some() && !self.deleted_at;
        if is_gone && (self.bounced_at || self.role.is_some_and(|role| role != entry.role)) {
            return Ok(ChangeOutcome::Impossible);
        }
        if self.deleted_at && entry.deleted_at.is_some() {
            if !restoration::restore(conn, now, actor, id)? {
                return Ok(ChangeOutcome::Impossible);
            }
            entry = find(conn, id)?.ok_or(diesel::NotFound)?;
        }
        if self.bounced_at {
            bounce::clear(conn, now, actor, id)?;
        }
        if let Some(to) = self.role {
            RoleChange { entry, to }.save(conn, now, actor)?;
        }
        Ok(find(conn, id)?.map_or(ChangeOutcome::Missing, |entry| ChangeOutcome::Patched(Box::new(entry))))
    }
}

impl ReadEntry {
    fn delete(&self, conn: &mut PgConnection, now: Timestamp) -> QueryResult<ChangeOutcome> {
        if let Err(outcome) = self.lock(conn)? {
            return Ok(outcome);
        }
        let selection = Selection { act: Act::Delete, ids: vec![self.id.as_i64()], filter: EntryFilter::default() };
        let act = ConfirmedAct { selection, expected: 1, actor: self.actor.clone() };
        let deleted = Deletion::make(conn, now, &act)?;
        Ok(deleted.map_or(ChangeOutcome::Impossible, |_| ChangeOutcome::Deleted))
    }

    /// The entry, locked, if it is as it was read.
    fn lock(&self, conn: &mut PgConnection) -> QueryResult<Result<Entry, ChangeOutcome>> {
        let row = waitlist::table.find(self.id.as_i64()).select(Entry::as_select());
        let Some(entry) = row.for_update().first(conn).optional()? else { return Ok(Err(ChangeOutcome::Missing)) };
        let etag =
            EntryBody::from(&entry).etag().map_err(|error| diesel::result::Error::SerializationError(error.into()))?;
        Ok(if self.precondition.holds(&etag) { Ok(entry) } else { Err(ChangeOutcome::Moved) })
    }
}

/// The entry of this id.
///
/// # Errors
/// When the statement fails.
pub fn find(conn: &mut PgConnection, id: EntryId) -> QueryResult<Option<Entry>> {
    waitlist::table.find(id.as_i64()).select(Entry::as_select()).first(conn).optional()
}

/// The schema of a member that can be null alone.
fn only_null() -> Object {
    ObjectBuilder::new().schema_type(Type::Null).build()
}

fn role<'de, D: Deserializer<'de>>(member: D) -> Result<Option<Role>, D::Error> {
    let name = Value::deserialize(member)?;
    let role = match name.as_str() {
        Some("professional") => Some(Role::Employee),
        name => name.and_then(Role::parse),
    };
    role.map(Some).ok_or_else(|| D::Error::custom("It is employee or organization."))
}

/// True where the member is there, which can be null alone.
fn null<'de, D: Deserializer<'de>>(member: D) -> Result<bool, D::Error> {
    let is_null = Value::deserialize(member)?.is_null();
    is_null.then_some(true).ok_or_else(|| D::Error::custom("It can only be null."))
}
