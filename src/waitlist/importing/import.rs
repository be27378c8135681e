//! An import: a list of places from a file. It is checked, added and, if need be, undone.

use chrono::TimeDelta;
use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::pg::{Pg, PgConnection};
use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text, Timestamptz};
use serde_json::json;

use super::import_state::{ImportState, STATE};
use crate::audit::account_name;
use crate::audit::event::{Action, Actor};
use crate::db::BATCH;
use crate::schema::{waitlist_import, waitlist_import_line};
use crate::values::clock::Timestamp;
use crate::values::id::ImportId;
use crate::waitlist::joining::entry::import_cancellation::cancelled;
use crate::web::{Subject, Submission, retention};

/// An upload that was interrupted and that nobody resumed within this time is given up.
const CUT_OFF: TimeDelta = TimeDelta::days(1);
/// Lines are kept this long after the end, and a checked list waits this long for its start.
const KEPT: TimeDelta = retention::IMPORT_LINES;
/// Imports that the page of imports lists.
const RECENT: i64 = 50;

/// An import that ended before $1 and has lines. Each import is asked for one line: a join would read all lines.
const ENDED_WITH_LINES: &str = "SELECT id FROM waitlist_import, \
    LATERAL (SELECT FROM waitlist_import_line WHERE import_id = id LIMIT 1) AS first WHERE ended_at < $1 LIMIT 1";

/// What an admin does to an import. It tells whether that was possible.
pub type ImportAct = fn(&mut PgConnection, Timestamp, &Actor, &ImportId) -> QueryResult<bool>;

/// How far an import is, as what a form changed.
pub(super) fn changes_of(import: &ImportId) -> Subject {
    Subject::new("import", import.as_str())
}

#[derive(QueryableByName)]
struct Ended {
    #[diesel(sql_type = Text)]
    id: String,
}

/// An import.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = waitlist_import, check_for_backend(Pg))]
pub struct Import {
    /// Its id.
    #[diesel(deserialize_as = String)]
    pub id: ImportId,
    /// How far it has come.
    #[diesel(deserialize_as = String, select_expression = sql::<Text>(STATE), select_expression_type = SqlLiteral<Text>)]
    pub state: ImportState,
    /// When it was uploaded.
    pub made_at: Timestamp,
    /// Whose account uploaded it; none for the operator.
    pub made_by: Option<String>,
    /// Whether these people confirmed their addresses elsewhere; else each is asked.
    pub are_confirmed: bool,
    /// How many lines it has.
    pub lines: i32,
    /// How many of them the step under way has been through.
    pub done: i32,
    /// Lines that bring a new place.
    pub fresh: i32,
    /// Lines whose address has a place already.
    pub duplicate: i32,
    /// Lines whose address stands in an earlier line.
    pub repeated: i32,
    /// Lines that cannot be read.
    pub invalid: i32,
    /// Lines whose owner left or was erased.
    pub opted_out: i32,
    /// Places that were added.
    pub added: i32,
    /// Places that were removed again.
    pub removed: i32,
    /// The heading of the list, as a line of CSV.
    pub heading: Option<String>,
    /// How often the step under way has failed in a row.
    pub failures: i32,
}

/// An import, and who brought it.
#[derive(Clone, Debug, Queryable)]
pub struct ImportRecord {
    /// The import.
    pub import: Import,
    /// The name or the address of whoever uploaded it, while there is such an account.
    pub maker: Option<String>,
}

impl ImportRecord {
    /// The import of this id.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn find(conn: &mut PgConnection, id: &ImportId) -> QueryResult<Option<Self>> {
        with_makers().filter(waitlist_import::id.eq(id.as_str())).first(conn).optional()
    }

    /// The newest imports.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn recent(conn: &mut PgConnection) -> QueryResult<Vec<Self>> {
        with_makers().order(waitlist_import::made_at.desc()).limit(RECENT).load(conn)
    }
}

impl Import {
    /// Those that were checked and wait for their start, newest first.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn checked(conn: &mut PgConnection) -> QueryResult<Vec<Self>> {
        let checked = waitlist_import::table.filter(waitlist_import::state.eq(ImportState::Checked.as_str()));
        checked.order(waitlist_import::made_at.desc()).limit(RECENT).select(Self::as_select()).load(conn)
    }

    /// Whether a step is under way.
    #[must_use]
    pub const fn is_under_way(&self) -> bool {
        use ImportState::{Adding, Checking, Reading, Removing};
        matches!(self.state, Reading | Checking | Adding | Removing)
    }

    /// Whether it can be cancelled while a step is under way: once it adds places, it is undone instead.
    #[must_use]
    pub const fn is_cancellable_midway(&self) -> bool {
        matches!(self.state, ImportState::Reading | ImportState::Checking)
    }

    /// How many places stayed when it was undone, since their owners had acted.
    #[must_use]
    pub const fn kept(&self) -> i32 {
        self.added - self.removed
    }

    /// Starts adding the new places of a checked import; returns whether it was checked.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn start(conn: &mut PgConnection, now: Timestamp, actor: &Actor, id: &ImportId) -> QueryResult<bool> {
        let kept = waitlist_import::lines - waitlist_import::fresh;
        let changes = (state(ImportState::Adding), waitlist_import::done.eq(kept), waitlist_import::reached.eq(0));
        let of = waitlist_import::table.find(id.as_str()).filter(waitlist_import::state.eq("checked"));
        let import = diesel::update(of).set(changes).returning(Self::as_select()).get_result(conn).optional()?;
        let Some(import) = import else { return Ok(false) };
        let details = json!({ "import": id.as_str(), "new": import.fresh, "confirmed": import.are_confirmed });
        Submission::forget(conn, &[changes_of(id)])?;
        Action::ImportStarted.to_many(actor).with(details).record(conn, now)?;
        Ok(true)
    }

    /// Cancels an import before its places are added; returns whether none are.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn cancel(conn: &mut PgConnection, now: Timestamp, actor: &Actor, id: &ImportId) -> QueryResult<bool> {
        let of = waitlist_import::table
            .find(id.as_str())
            .filter(waitlist_import::state.eq_any(["reading", "checking", "checked"]));
        let import = diesel::update(of).set(cancelled(now)).returning(Self::as_select()).get_result(conn).optional()?;
        let Some(import) = import else { return Ok(false) };
        let details = json!({ "import": id.as_str(), "lines": import.lines });
        Submission::forget(conn, &[changes_of(id)])?;
        Action::ImportCancelled.to_many(actor).with(details).record(conn, now)?;
        Ok(true)
    }

    /// Starts removing the places of an added import; returns whether it was added.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn undo(conn: &mut PgConnection, now: Timestamp, actor: &Actor, id: &ImportId) -> QueryResult<bool> {
        let rest = waitlist_import::lines - waitlist_import::added;
        let changes = (state(ImportState::Removing), waitlist_import::done.eq(rest), waitlist_import::reached.eq(0));
        let of = waitlist_import::table.find(id.as_str()).filter(waitlist_import::state.eq("added"));
        let import = diesel::update(of).set(changes).returning(Self::as_select()).get_result(conn).optional()?;
        let Some(import) = import else { return Ok(false) };
        let details = json!({ "import": id.as_str(), "added": import.added });
        Submission::forget(conn, &[changes_of(id)])?;
        Action::ImportUndone.to_many(actor).with(details).record(conn, now)?;
        Ok(true)
    }
}

/// Cancels imports whose upload broke off or that nobody started, and deletes the lines of those that ended long ago, a
/// batch at a time.
///
/// # Errors
/// When a statement fails.
pub fn sweep(conn: &mut PgConnection, now: Timestamp) -> QueryResult<usize> {
    let cut_off = waitlist_import::state.eq("reading").and(waitlist_import::made_at.lt(now - CUT_OFF));
    let forgotten = waitlist_import::state.eq("checked").and(waitlist_import::made_at.lt(now - KEPT));
    diesel::update(waitlist_import::table.filter(cut_off.or(forgotten))).set(cancelled(now)).execute(conn)?;
    // The lines of one import at a time; the next batch deletes others.
    let import = diesel::sql_query(ENDED_WITH_LINES).bind::<Timestamptz, _>(now - KEPT);
    let Some(Ended { id }) = import.get_result(conn).optional()? else { return Ok(0) };
    let lines = waitlist_import_line::table.filter(waitlist_import_line::import_id.eq(&id));
    let lines: Vec<i32> = lines.select(waitlist_import_line::line).limit(BATCH).load(conn)?;
    let of = waitlist_import_line::import_id.eq(id).and(waitlist_import_line::line.eq_any(lines));
    diesel::delete(waitlist_import_line::table.filter(of)).execute(conn)
}

fn state(state: ImportState) -> diesel::dsl::Eq<waitlist_import::state, &'static str> {
    waitlist_import::state.eq(state.as_str())
}

#[diesel::dsl::auto_type(no_type_alias)]
fn with_makers() -> _ {
    let import: diesel::dsl::AsSelect<Import, Pg> = Import::as_select();
    let maker: SqlLiteral<Nullable<Text>> = sql(&account_name::name_of("waitlist_import.made_by"));
    waitlist_import::table.select((import, maker))
}
