//! The deletion of many places at once, which can be undone.

use diesel::connection::SimpleConnection;
use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::pg::{Pg, PgConnection};
use diesel::prelude::*;
use diesel::result::Error as QueryError;
use diesel::sql_types::{BigInt, Bool, Nullable, Text, Timestamptz};
use serde_json::json;

use super::restoration::{self, ENDED_LINKS, UNDOABLE, deletion_of_places, places_restored};
use super::selection::{ConfirmedAct, Selection};
use crate::audit::account_name;
use crate::audit::event::{Action, Actor};
use crate::db::binds::Binds;
use crate::mail::link;
use crate::schema::waitlist_deletion;
use crate::values::clock::Timestamp;
use crate::values::id::{DeletionId, UserId};
use crate::web::Submission;
use crate::web::page::paging::{self, Cursor, Paged, Position};

/// Writing each row to many indexes may take longer than other statements may, but not longer than a request may.
const STATEMENT_TIMEOUT: &str = "SET LOCAL statement_timeout = '9s'";

/// Whether a place is still deleted by a deletion: it may have been restored from its own page, have joined again by itself, or
/// have been erased.
const HAS_ANY_LEFT: &str = "EXISTS (SELECT FROM waitlist WHERE deletion_id = waitlist_deletion.id)";

/// The addresses that its page names.
const SAMPLES: &str = "WITH deleted AS MATERIALIZED (SELECT id, email FROM waitlist WHERE deletion_id = $1) \
                       SELECT email FROM deleted ORDER BY id LIMIT 10";

/// A deletion that was made.
#[derive(Clone, Debug)]
pub struct Deletion {
    /// Its id.
    pub id: DeletionId,
    /// When it was made.
    pub made_at: Timestamp,
    /// The address of the admin who made it, while there is such an account.
    pub made_by: Option<String>,
    /// How many places it deleted.
    pub entries: i64,
    /// When it was undone.
    pub undone_at: Option<Timestamp>,
    /// How many came back then, where that was counted.
    pub restored: Option<i64>,
    /// Whether any place is still deleted by it.
    pub has_any_left: bool,
    /// Until when it can be undone.
    pub undoable_until: Timestamp,
}

/// The places that came back when a deletion was undone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Returned {
    /// How many came back.
    pub restored: i64,
    /// Of how many that it had deleted.
    pub of: i64,
}

#[derive(Queryable)]
struct Row {
    id: String,
    made_at: Timestamp,
    made_by: Option<String>,
    entries: i64,
    undone_at: Option<Timestamp>,
    restored: Option<i64>,
    has_any_left: bool,
}

#[derive(QueryableByName)]
struct Sample {
    #[diesel(sql_type = Text)]
    email: String,
}

#[derive(QueryableByName)]
struct Deleted {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

impl Deletion {
    /// Deletes the chosen entries and records that in the audit log, if they are as many as expected; otherwise changes
    /// nothing.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn make(conn: &mut PgConnection, now: Timestamp, act: &ConfirmedAct) -> QueryResult<Option<DeletionId>> {
        let id = DeletionId::generate();
        let made = conn.transaction(|conn| {
            conn.batch_execute(STATEMENT_TIMEOUT)?;
            insert(conn, now, &id, act)?;
            let deleted = delete(conn, now, &id, act)?;
            if i64::try_from(deleted.len()).ok() != Some(act.expected) {
                return Err(QueryError::RollbackTransaction);
            }
            let Selection { ids, filter, .. } = &act.selection;
            let (filter, ticked) = (filter.as_query(), ids.len());
            let details = json!({ "filter": filter, "ticked": ticked, "count": act.expected, "deletion": id });
            Action::EntriesDeleted.to_many(&act.actor).with(details).record_on(conn, now, &deleted)
        });
        match made {
            Ok(()) => {
                Submission::forget(conn, &[places_restored()])?;
                Ok(Some(id))
            }
            Err(QueryError::RollbackTransaction) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The deletion of this id.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn find(conn: &mut PgConnection, id: &DeletionId) -> QueryResult<Option<Self>> {
        let row = rows().filter(waitlist_deletion::id.eq(id.as_str())).first::<Row>(conn).optional()?;
        Ok(row.map(Self::from))
    }

    /// The addresses of some places that are still deleted by it, the oldest first. They are found before they are sorted: the
    /// planner would walk the whole list in its order.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn samples(&self, conn: &mut PgConnection) -> QueryResult<Vec<String>> {
        let rows: Vec<Sample> = diesel::sql_query(SAMPLES).bind::<Text, _>(self.id.as_str()).load(conn)?;
        Ok(rows.into_iter().map(|row| row.email).collect())
    }

    /// One page of the deletions, newest first.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn page(conn: &mut PgConnection, position: &Position<DeletionId>) -> QueryResult<Paged<Self, DeletionId>> {
        let cursor = |deletion: &Self| Cursor { created_at: deletion.made_at, id: deletion.id.clone() };
        Paged::read(position, |position| walk(conn, position), cursor)
    }

    /// Whether it can be undone.
    #[must_use]
    pub fn is_undoable(&self, now: Timestamp) -> bool {
        self.undone_at.is_none() && self.undoable_until > now && self.has_any_left
    }

    /// What came back when it was undone.
    #[must_use]
    pub fn returned(&self) -> Option<Returned> {
        self.restored.map(|restored| Returned { restored, of: self.entries })
    }

    /// Brings back what is still deleted by it; returns how many that is, or nothing when it cannot be undone any more.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn undo(
        conn: &mut PgConnection,
        now: Timestamp,
        actor: &Actor,
        id: &DeletionId,
    ) -> QueryResult<Option<Returned>> {
        conn.batch_execute(STATEMENT_TIMEOUT)?;
        let row = waitlist_deletion::table.find(id.as_str());
        let open = waitlist_deletion::undone_at.is_null().and(waitlist_deletion::made_at.gt(now - UNDOABLE));
        if row.filter(open).select(waitlist_deletion::id).first::<String>(conn).optional()?.is_none() {
            return Ok(None);
        }
        // The places are locked before the deletion, as by whoever erases one: the other way round each might wait for the other.
        let restored = restoration::restore_all(conn, now, id)?;
        let count = i64::try_from(restored.len()).unwrap_or(i64::MAX);
        let undone = (waitlist_deletion::undone_at.eq(now), waitlist_deletion::restored.eq(count));
        let undone = diesel::update(row.filter(open)).set(undone).returning(waitlist_deletion::entries);
        // Where another admin has undone it meanwhile, nothing was left to restore.
        let Some(of) = undone.get_result(conn).optional()? else { return Ok(None) };
        Submission::forget(conn, &[deletion_of_places(id)])?;
        if count > 0 {
            let details = json!({ "count": count, "deletion": id });
            Action::EntriesRestored.to_many(actor).with(details).record_on(conn, now, &restored)?;
        }
        Ok(Some(Returned { restored: count, of }))
    }
}

impl From<Row> for Deletion {
    fn from(Row { id, made_at, made_by, entries, undone_at, restored, has_any_left }: Row) -> Self {
        let undoable_until = made_at + UNDOABLE;
        Self { id: id.into(), made_at, made_by, entries, undone_at, restored, has_any_left, undoable_until }
    }
}

#[diesel::dsl::auto_type(no_type_alias)]
fn rows() -> _ {
    let made_by: SqlLiteral<Nullable<Text>> = sql(&account_name::address_of("waitlist_deletion.made_by"));
    let has_any_left: SqlLiteral<Bool> = sql(HAS_ANY_LEFT);
    waitlist_deletion::table.select((
        waitlist_deletion::id,
        waitlist_deletion::made_at,
        made_by,
        waitlist_deletion::entries,
        waitlist_deletion::undone_at,
        waitlist_deletion::restored,
        has_any_left,
    ))
}

fn walk(conn: &mut PgConnection, position: &Position<DeletionId>) -> QueryResult<Vec<Deletion>> {
    let newest_first = (waitlist_deletion::made_at.desc(), waitlist_deletion::id.desc());
    let all = rows().limit(paging::LIMIT).into_boxed::<Pg>();
    let rows = match position {
        Position::Start => all.order(newest_first),
        Position::After(cursor) => all.filter(beyond("<", cursor)).order(newest_first),
        Position::Before(cursor) => {
            all.filter(beyond(">", cursor)).order((waitlist_deletion::made_at, waitlist_deletion::id))
        }
    };
    Ok(rows.load::<Row>(conn)?.into_iter().map(Deletion::from).collect())
}

/// Compares both columns as one value.
fn beyond(
    comparison: &str,
    cursor: &Cursor<DeletionId>,
) -> Box<dyn BoxableExpression<waitlist_deletion::table, Pg, SqlType = Bool>> {
    let columns = format!("(made_at, waitlist_deletion.id) {comparison} (");
    let made_at = sql::<Bool>(&columns).bind::<Timestamptz, _>(cursor.created_at);
    Box::new(made_at.sql(", ").bind::<Text, _>(cursor.id.to_string()).sql(")"))
}

fn insert(conn: &mut PgConnection, now: Timestamp, id: &DeletionId, act: &ConfirmedAct) -> QueryResult<usize> {
    let row = (
        waitlist_deletion::id.eq(id.as_str()),
        waitlist_deletion::made_at.eq(now),
        waitlist_deletion::made_by.eq(act.actor.id.as_ref().map(UserId::as_str)),
        waitlist_deletion::filter.eq(act.selection.filter.as_query()),
        waitlist_deletion::entries.eq(act.expected),
    );
    diesel::insert_into(waitlist_deletion::table).values(row).execute(conn)
}

/// Deletes the entries; returns their ids. More than one more than expected are not touched.
fn delete(conn: &mut PgConnection, now: Timestamp, id: &DeletionId, act: &ConfirmedAct) -> QueryResult<Vec<i64>> {
    let mut binds = Binds::default();
    binds.add(now);
    binds.add(id.to_string());
    binds.add(act.expected.saturating_add(1));
    let condition = act.selection.condition(&mut binds);
    let suspend_links = link::suspend_all_sql(&ENDED_LINKS, "$1", "gone");
    let statement = include_str!("deletion/delete_entries.sql");
    let statement = statement.replace("{condition}", &condition).replace("{suspend_links}", &suspend_links);
    let deleted: Vec<Deleted> = binds.query(statement).load(conn)?;
    Ok(deleted.into_iter().map(|row| row.id).collect())
}
