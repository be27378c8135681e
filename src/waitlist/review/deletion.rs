//! The deletion of many places at once, which can be undone.

use chrono::TimeDelta;
use diesel::connection::SimpleConnection;
use diesel::pg::{Pg, PgConnection};
use diesel::prelude::*;
use diesel::result::Error as QueryError;
use diesel::sql_types::BigInt;
use serde_json::json;

use super::selection::{ConfirmedAct, Selection};
use crate::audit::event::{Action, Actor};
use crate::db::binds::Binds;
use crate::mail::link::{self, WAITLIST_INVITATION};
use crate::schema::{waitlist, waitlist_deletion};
use crate::values::clock::Timestamp;
use crate::values::id::{DeletionId, UserId};
use crate::waitlist::joining::links::CONFIRM;
use crate::web::retention;

/// How long a deletion can be undone.
const UNDOABLE: TimeDelta = retention::DELETED_PLACE;
/// Writing each row to many indexes may take longer than other statements may, but not longer than a request may.
const STATEMENT_TIMEOUT: &str = "SET LOCAL statement_timeout = '9s'";

/// A deletion that was made.
#[derive(Clone, Debug)]
pub struct Deletion {
    /// How many places it deleted.
    pub entries: i64,
    /// When it was undone.
    pub undone_at: Option<Timestamp>,
    /// Until when it can be undone.
    pub undoable_until: Timestamp,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = waitlist_deletion, check_for_backend(Pg))]
struct Row {
    entries: i64,
    undone_at: Option<Timestamp>,
    made_at: Timestamp,
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

impl Deletion {
    /// Deletes the chosen entries and records that in the audit log, if they are as many as expected; otherwise changes
    /// nothing. Links that would still bring a letter or an account about end.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn make(conn: &mut PgConnection, now: Timestamp, act: &ConfirmedAct) -> QueryResult<Option<DeletionId>> {
        let id = DeletionId::generate();
        let made = conn.transaction(|conn| {
            conn.batch_execute(STATEMENT_TIMEOUT)?;
            insert(conn, now, &id, act)?;
            if delete(conn, now, &id, &act.selection)? == act.expected {
                record(conn, now, &id, act)
            } else {
                Err(QueryError::RollbackTransaction)
            }
        });
        match made {
            Ok(()) => Ok(Some(id)),
            Err(QueryError::RollbackTransaction) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The deletion of this id.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn find(conn: &mut PgConnection, id: &DeletionId) -> QueryResult<Option<Self>> {
        let row = waitlist_deletion::table.find(id.as_str()).select(Row::as_select()).first(conn).optional()?;
        Ok(row.map(|Row { entries, undone_at, made_at }| Self {
            entries,
            undone_at,
            undoable_until: made_at + UNDOABLE,
        }))
    }

    /// Brings back what is still deleted by it; returns how many, or nothing when it cannot be undone any more.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn undo(conn: &mut PgConnection, now: Timestamp, actor: &Actor, id: &DeletionId) -> QueryResult<Option<i64>> {
        conn.batch_execute(STATEMENT_TIMEOUT)?;
        let open = waitlist_deletion::undone_at.is_null().and(waitlist_deletion::made_at.gt(now - UNDOABLE));
        let undone = diesel::update(waitlist_deletion::table.find(id.as_str()).filter(open));
        if undone.set(waitlist_deletion::undone_at.eq(now)).execute(conn)? == 0 {
            return Ok(None);
        }
        let deleted = waitlist::deletion_id.eq(id.as_str()).and(waitlist::deleted_at.is_not_null());
        let back = (waitlist::deleted_at.eq(None::<Timestamp>), waitlist::deletion_id.eq(None::<String>));
        let restored = diesel::update(waitlist::table.filter(deleted)).set(back).execute(conn)?;
        let count = i64::try_from(restored).unwrap_or(i64::MAX);
        if count > 0 {
            let details = json!({ "count": count, "deletion": id });
            Action::EntriesRestored.to_many(actor).with(details).record(conn, now)?;
        }
        Ok(Some(count))
    }
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

/// Deletes the entries; returns how many.
fn delete(conn: &mut PgConnection, now: Timestamp, id: &DeletionId, selection: &Selection) -> QueryResult<i64> {
    let mut binds = Binds::default();
    binds.add(now);
    binds.add(id.to_string());
    binds.add([CONFIRM, WAITLIST_INVITATION].map(|purpose| purpose.name.to_owned()).to_vec());
    let (condition, end_links) = (selection.condition(&mut binds), link::end_all_sql("$3", "gone"));
    let statement = format!(include_str!("deletion/delete_entries.sql"), condition = condition, end_links = end_links);
    let Number { number } = binds.query(statement).get_result(conn)?;
    Ok(number)
}

fn record(conn: &mut PgConnection, now: Timestamp, id: &DeletionId, act: &ConfirmedAct) -> QueryResult<()> {
    let Selection { ids, filter, .. } = &act.selection;
    let details = json!({ "filter": filter.as_query(), "ticked": ids.len(), "count": act.expected, "deletion": id });
    Action::EntriesDeleted.to_many(&act.actor).with(details).record(conn, now)
}
