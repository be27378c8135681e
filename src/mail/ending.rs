//! Ending letters: their rows get a last status and lose their texts.

use diesel::pg::PgConnection;
use diesel::prelude::*;

use super::state::REFUSED;
use crate::schema::outbox_letter;

/// What the row of an ended letter holds: its text is kept no longer than it is needed.
#[derive(AsChangeset)]
#[diesel(table_name = outbox_letter, treat_none_as_null = true)]
pub(super) struct Ended {
    status: &'static str,
    text_body: &'static str,
    html_body: &'static str,
    text_id: Option<Vec<u8>>,
    lease_token: Option<String>,
}

impl Ended {
    /// The changes that end a letter with this status.
    pub(super) fn with(status: &'static str) -> Self {
        Self { status, text_body: "", html_body: "", text_id: None, lease_token: None }
    }
}

/// Ends letters that will not be sent. They keep the relay's last reply.
///
/// # Errors
/// When the statement fails.
pub(super) fn end(conn: &mut PgConnection, ids: &[&str], status: &'static str) -> QueryResult<usize> {
    if ids.is_empty() {
        return Ok(0);
    }
    let letters = outbox_letter::table.filter(outbox_letter::id.eq_any(ids));
    diesel::update(letters).set(Ended::with(status)).execute(conn)
}

/// Empties refused letters, unless one of them is tried again meanwhile; returns how many.
///
/// # Errors
/// When the statement fails.
pub(super) fn empty(conn: &mut PgConnection, ids: &[String]) -> QueryResult<usize> {
    let refused = outbox_letter::id.eq_any(ids).and(outbox_letter::status.eq(REFUSED));
    diesel::update(outbox_letter::table.filter(refused)).set(Ended::with(REFUSED)).execute(conn)
}
