//! The correction of an entry's role, by its owner or by a program of an admin's.

use diesel::pg::PgConnection;
use diesel::prelude::*;
use serde_json::json;

use crate::audit::event::{Action, Actor};
use crate::schema::waitlist;
use crate::values::clock::Timestamp;
use crate::values::id::EntryId;
use crate::waitlist::joining::entry::Entry;
use crate::waitlist::joining::role::Role;
use crate::web::{Subject, Submission};

/// A role that takes the place of an entry's former one.
#[derive(Clone, Debug)]
pub struct RoleChange {
    /// The entry, locked.
    pub entry: Entry,
    /// Its new role.
    pub to: Role,
}

impl RoleChange {
    /// Writes the new role.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn save(&self, conn: &mut PgConnection, now: Timestamp, actor: &Actor) -> QueryResult<()> {
        let Self { entry, to } = self;
        if entry.role == *to {
            return Ok(());
        }
        diesel::update(waitlist::table.find(entry.id.as_i64())).set(waitlist::role.eq(to.as_str())).execute(conn)?;
        Submission::forget(conn, &[role_of(entry.id)])?;
        let both = json!({ "before": { "role": entry.role.as_str() }, "after": { "role": to.as_str() } });
        Action::EntryRoleChanged.to_entry(actor, entry.id).with(both).record(conn, now)
    }
}

/// The role of an entry, as what a form changed.
pub(super) fn role_of(entry: EntryId) -> Subject {
    Subject::new("role", &entry.to_string())
}
