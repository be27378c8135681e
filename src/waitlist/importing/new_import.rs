//! A new import: its row, before its lines come in and once they are all there.

use diesel::pg::PgConnection;
use diesel::prelude::*;
use serde_json::json;

use super::import_state::ImportState;
use crate::audit::event::{Action, Actor};
use crate::schema::waitlist_import;
use crate::values::clock::Timestamp;
use crate::values::id::{ImportId, UserId};
use crate::values::locale::Locale;

/// An import that somebody begins.
#[derive(Clone, Debug)]
pub struct NewImport {
    /// Its id.
    pub id: ImportId,
    /// The language to write to these people in.
    pub locale: Locale,
    /// Whether they confirmed their addresses elsewhere.
    pub are_confirmed: bool,
    /// Who uploads it.
    pub actor: Actor,
}

impl NewImport {
    /// Inserts its row; its lines are staged next.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn begin(&self, conn: &mut PgConnection, now: Timestamp) -> QueryResult<()> {
        let row = (
            waitlist_import::id.eq(self.id.as_str()),
            waitlist_import::state.eq(ImportState::Reading.as_str()),
            waitlist_import::made_at.eq(now),
            waitlist_import::made_by.eq(self.actor.id.as_ref().map(UserId::as_str)),
            waitlist_import::locale.eq(self.locale.code()),
            waitlist_import::are_confirmed.eq(self.are_confirmed),
        );
        diesel::insert_into(waitlist_import::table).values(row).execute(conn)?;
        Ok(())
    }

    /// Starts the check of its lines, all of which are staged.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn check(&self, conn: &mut PgConnection, now: Timestamp, lines: usize) -> QueryResult<()> {
        let lines = i32::try_from(lines).unwrap_or(i32::MAX);
        let changes = (waitlist_import::state.eq(ImportState::Checking.as_str()), waitlist_import::lines.eq(lines));
        diesel::update(waitlist_import::table.find(self.id.as_str())).set(changes).execute(conn)?;
        let details = json!({ "import": self.id.as_str(), "lines": lines });
        Action::ImportChecked.to_many(&self.actor).with(details).record(conn, now)
    }
}
