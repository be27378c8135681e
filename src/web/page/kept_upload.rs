//! Files that are kept for a while because their form has to wait: browsers never send a file again by themselves.

use chrono::TimeDelta;
use diesel::pg::PgConnection;
use diesel::prelude::*;

use crate::schema::kept_upload;
use crate::values::clock::Timestamp;
use crate::values::id::{UploadId, UserId};
use crate::web::retention;

/// How long a file is kept.
const KEPT: TimeDelta = retention::WAITING_FILE;
/// Files of one account that are kept at most; a further one takes the place of the oldest.
const MOST: i64 = 3;
/// Files that one sweep deletes, since each is large.
const AT_ONCE: i64 = 50;

/// A file and the field in which it came.
#[derive(Clone, Debug, Queryable)]
pub struct KeptUpload {
    /// The name of the field.
    pub field: String,
    /// All of the file.
    pub file: Vec<u8>,
}

impl KeptUpload {
    /// Keeps it for this account.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn keep(&self, conn: &mut PgConnection, now: Timestamp, user: &UserId) -> QueryResult<UploadId> {
        let others = kept_upload::table.filter(kept_upload::user_id.eq(user.as_str()));
        let others = others.order(kept_upload::kept_at.desc()).offset(MOST - 1).select(kept_upload::id);
        let oldest: Vec<String> = others.load(conn)?;
        diesel::delete(kept_upload::table.filter(kept_upload::id.eq_any(oldest))).execute(conn)?;
        let id = UploadId::generate();
        let row = (
            kept_upload::id.eq(id.as_str()),
            kept_upload::user_id.eq(user.as_str()),
            kept_upload::field.eq(&self.field),
            kept_upload::file.eq(&self.file),
            kept_upload::kept_at.eq(now),
        );
        diesel::insert_into(kept_upload::table).values(row).execute(conn)?;
        Ok(id)
    }

    /// The file of this id, if this account brought it.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn find(conn: &mut PgConnection, user: &UserId, id: &UploadId) -> QueryResult<Option<Self>> {
        let of = kept_upload::table.find(id.as_str()).filter(kept_upload::user_id.eq(user.as_str()));
        of.select((kept_upload::field, kept_upload::file)).first(conn).optional()
    }
}

/// Deletes those files of which this is so. Reads one at a time, since each is large.
///
/// # Errors
/// When a statement fails.
pub fn forget(conn: &mut PgConnection, is_meant: impl Fn(&[u8]) -> bool) -> QueryResult<()> {
    let all: Vec<String> = kept_upload::table.select(kept_upload::id).load(conn)?;
    for id in all {
        let file = kept_upload::table.find(&id).select(kept_upload::file).first::<Vec<u8>>(conn).optional()?;
        if file.is_some_and(|file| is_meant(&file)) {
            diesel::delete(kept_upload::table.find(&id)).execute(conn)?;
        }
    }
    Ok(())
}

/// Deletes those whose form never came; tells how many.
///
/// # Errors
/// When a statement fails.
pub fn sweep(conn: &mut PgConnection, now: Timestamp) -> QueryResult<usize> {
    let old = kept_upload::table.filter(kept_upload::kept_at.lt(now - KEPT)).select(kept_upload::id).limit(AT_ONCE);
    let old: Vec<String> = old.load(conn)?;
    diesel::delete(kept_upload::table.filter(kept_upload::id.eq_any(old))).execute(conn)
}
