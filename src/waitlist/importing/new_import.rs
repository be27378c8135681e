//! A new import: its row with the file, before its lines come in, while they do, and once they are all there.

use diesel::dsl::sql;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text, Timestamptz};
use serde_json::json;

use super::import::changes_of;
use super::import_state::{ImportState, STATE};
use crate::audit::event::{Action, Actor};
use crate::schema::{waitlist_import, waitlist_import_line};
use crate::values::clock::Timestamp;
use crate::values::id::{ImportId, UserId};
use crate::values::locale::Locale;
use crate::waitlist::joining::role::Role;
use crate::web::Submission;

/// The database's clock, as [`STATE`] compares it.
const NOW: &str = "now()";

/// An import that somebody begins.
#[derive(Clone, Debug)]
pub struct NewImport {
    /// Its id.
    pub id: ImportId,
    /// The language to write to these people in.
    pub locale: Locale,
    /// The role of all of them, where the list has no column for it.
    pub role_of_all: Option<Role>,
    /// Whether they confirmed their addresses elsewhere.
    pub are_confirmed: bool,
    /// The heading of the list, as a line of CSV.
    pub heading: String,
    /// Who uploads it.
    pub actor: Actor,
}

/// The file of an import whose lines did not all come in.
#[derive(Debug)]
pub struct InterruptedFile {
    /// All of it.
    pub file: Vec<u8>,
    /// The role of all of its people, where the list has no column for it.
    pub role_of_all: Option<Role>,
}

impl NewImport {
    /// Inserts its row with the file; its lines are staged next.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn begin(&self, conn: &mut PgConnection, now: Timestamp, file: &[u8]) -> QueryResult<()> {
        let row = (
            waitlist_import::id.eq(self.id.as_str()),
            waitlist_import::state.eq(ImportState::Reading.as_str()),
            waitlist_import::made_at.eq(now),
            waitlist_import::made_by.eq(self.actor.id.as_ref().map(UserId::as_str)),
            waitlist_import::locale.eq(self.locale.code()),
            waitlist_import::role.eq(self.role_of_all.map(Role::as_str)),
            waitlist_import::are_confirmed.eq(self.are_confirmed),
            waitlist_import::heading.eq(&self.heading),
            waitlist_import::file.eq(file),
            waitlist_import::alive_at.eq(sql::<Nullable<Timestamptz>>(NOW)),
        );
        diesel::insert_into(waitlist_import::table).values(row).execute(conn)?;
        Ok(())
    }
}

impl InterruptedFile {
    /// That of this import, if it is interrupted.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn find(conn: &mut PgConnection, id: &ImportId) -> QueryResult<Option<Self>> {
        let is_interrupted = sql::<Text>(STATE).eq(ImportState::Interrupted.as_str());
        let of = waitlist_import::table.find(id.as_str()).filter(is_interrupted);
        let found = of.select((waitlist_import::file, waitlist_import::role)).first(conn).optional()?;
        let (file, role): (Option<Vec<u8>>, Option<String>) = found.unwrap_or_default();
        Ok(file.map(|file| Self { file, role_of_all: role.as_deref().and_then(Role::parse) }))
    }
}

/// Takes an interrupted import up, so that its lines come in again; returns whether nobody was faster.
///
/// # Errors
/// When a statement fails.
pub fn take_up(conn: &mut PgConnection, id: &ImportId) -> QueryResult<bool> {
    let is_interrupted = sql::<Text>(STATE).eq(ImportState::Interrupted.as_str());
    let of = waitlist_import::table.find(id.as_str()).filter(is_interrupted);
    let taken =
        diesel::update(of).set(waitlist_import::alive_at.eq(sql::<Nullable<Timestamptz>>(NOW))).execute(conn)?;
    if taken == 0 {
        return Ok(false);
    }
    Submission::forget(conn, &[changes_of(id)])?;
    Ok(true)
}

/// Has the lines of an import checked, all of which are staged. Nothing happens when it was given up meanwhile, or when
/// somebody else was faster.
///
/// # Errors
/// When a statement fails.
pub fn check(conn: &mut PgConnection, now: Timestamp, actor: &Actor, id: &ImportId) -> QueryResult<()> {
    let staged = waitlist_import_line::table.filter(waitlist_import_line::import_id.eq(id.as_str())).count();
    let lines = i32::try_from(staged.get_result::<i64>(conn)?).unwrap_or(i32::MAX);
    let of = waitlist_import::table.find(id.as_str()).filter(waitlist_import::state.eq(ImportState::Reading.as_str()));
    let checking = waitlist_import::state.eq(ImportState::Checking.as_str());
    let changes = (checking, waitlist_import::lines.eq(lines), waitlist_import::file.eq(None::<Vec<u8>>));
    if diesel::update(of).set(changes).execute(conn)? == 0 {
        return Ok(());
    }
    let details = json!({ "import": id.as_str(), "lines": lines });
    Action::ImportChecked.to_many(actor).with(details).record(conn, now)
}
