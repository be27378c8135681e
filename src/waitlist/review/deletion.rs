//! Deleting many places at once, and bringing them back.

use chrono::TimeDelta;
use diesel::connection::SimpleConnection;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::result::Error as QueryError;
use diesel::sql_types::BigInt;
use serde_json::json;

use super::selection::Selection;
use crate::audit::event::{Action, Actor};
use crate::mail::link::WAITLIST_INVITATION;
use crate::schema::{waitlist, waitlist_deletion};
use crate::values::clock::Timestamp;
use crate::values::id::{DeletionId, UserId};
use crate::waitlist::joining::links::CONFIRM;

/// How long a deletion can be undone.
const UNDOABLE: TimeDelta = TimeDelta::days(30);
/// Each row stands in many indexes: this act may take longer than other statements, but not longer than a request.
const PATIENCE: &str = "SET LOCAL statement_timeout = '9s'";

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

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

impl Deletion {
    /// Deletes what is chosen, if it is as much as expected; nothing when it is not. Links that would bring letters or
    /// accounts about end.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn make(
        conn: &mut PgConnection,
        now: Timestamp,
        actor: &Actor,
        (selection, expected): (&Selection, i64),
    ) -> QueryResult<Option<DeletionId>> {
        let id = DeletionId::generate();
        let made = conn.transaction(|conn| {
            conn.batch_execute(PATIENCE)?;
            let row = (
                waitlist_deletion::id.eq(id.as_str()),
                waitlist_deletion::made_at.eq(now),
                waitlist_deletion::made_by.eq(actor.id.as_ref().map(UserId::as_str)),
                waitlist_deletion::filter.eq(selection.filter.as_query()),
                waitlist_deletion::entries.eq(expected),
            );
            diesel::insert_into(waitlist_deletion::table).values(row).execute(conn)?;
            if delete(conn, now, &id, selection)? != expected {
                return Err(QueryError::RollbackTransaction);
            }
            let details = json!({
                "filter": selection.filter.as_query(), "ticked": selection.ids.len(), "count": expected, "deletion": id,
            });
            Action::EntriesDeleted.to_many(actor).with(details).record(conn, now)
        });
        match made {
            Ok(()) => Ok(Some(id)),
            Err(QueryError::RollbackTransaction) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// A deletion.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn find(conn: &mut PgConnection, id: &DeletionId) -> QueryResult<Option<Self>> {
        let columns = (waitlist_deletion::entries, waitlist_deletion::undone_at, waitlist_deletion::made_at);
        let row = waitlist_deletion::table.find(id.as_str()).select(columns).first(conn).optional()?;
        Ok(row.map(|(entries, undone_at, made_at): (i64, Option<Timestamp>, Timestamp)| Self {
            entries,
            undone_at,
            undoable_until: made_at + UNDOABLE,
        }))
    }

    /// Brings back what is still deleted by it; tells how many, or nothing when it cannot be undone any more.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn undo(conn: &mut PgConnection, now: Timestamp, actor: &Actor, id: &DeletionId) -> QueryResult<Option<i64>> {
        conn.batch_execute(PATIENCE)?;
        let open = waitlist_deletion::undone_at.is_null().and(waitlist_deletion::made_at.gt(now - UNDOABLE));
        let undone = diesel::update(waitlist_deletion::table.find(id.as_str()).filter(open));
        if undone.set(waitlist_deletion::undone_at.eq(now)).execute(conn)? == 0 {
            return Ok(None);
        }
        let deleted = waitlist::deletion_id.eq(id.as_str()).and(waitlist::deleted_at.is_not_null());
        let back = (waitlist::deleted_at.eq(None::<Timestamp>), waitlist::deletion_id.eq(None::<String>));
        let restored = diesel::update(waitlist::table.filter(deleted)).set(back).execute(conn)?;
        let count = i64::try_from(restored).unwrap_or(i64::MAX);
        let details = json!({ "count": count, "deletion": id });
        Action::EntriesRestored.to_many(actor).with(details).record(conn, now)?;
        Ok(Some(count))
    }
}

/// In one statement, so that twenty thousand rows never pass through the process.
fn delete(conn: &mut PgConnection, now: Timestamp, id: &DeletionId, selection: &Selection) -> QueryResult<i64> {
    let statement = format!(
        "WITH gone AS (UPDATE waitlist SET deleted_at = $4, deletion_id = $5 WHERE {} RETURNING id), \
         ended AS (DELETE FROM verification WHERE identifier IN ( \
           SELECT name || ':' || id FROM gone, unnest(ARRAY['{}', '{}']) AS name)) \
         SELECT count(*) AS number FROM gone",
        selection.condition(),
        CONFIRM.name,
        WAITLIST_INVITATION.name
    );
    let Number { number } = selection.bind(statement, Some((now, id)), 0).get_result(conn)?;
    Ok(number)
}
