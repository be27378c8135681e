//! A link that works, as an export shows it.

use diesel::pg::{Pg, PgConnection};
use diesel::prelude::*;
use serde::Serialize;

use crate::schema::verification;
use crate::values::clock::Timestamp;

/// What a link is for and until when it works, but neither its id, from which the token is made, nor the token's hash.
#[derive(Debug, Serialize)]
pub struct PendingLink {
    purpose: String,
    created_at: Timestamp,
    expires_at: Timestamp,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = verification, check_for_backend(Pg))]
struct Row {
    identifier: String,
    created_at: Timestamp,
    expires_at: Timestamp,
}

impl PendingLink {
    /// The links with these identifiers that work, at most `most` of them.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn all(conn: &mut PgConnection, now: Timestamp, identifiers: &[String], most: i64) -> QueryResult<Vec<Self>> {
        let of = verification::identifier.eq_any(identifiers).and(verification::expires_at.gt(now));
        let rows: Vec<Row> = verification::table.filter(of).select(Row::as_select()).limit(most).load(conn)?;
        Ok(rows.into_iter().map(Self::from).collect())
    }
}

impl From<Row> for PendingLink {
    fn from(row: Row) -> Self {
        let purpose = row.identifier.split(':').next().unwrap_or_default().to_owned();
        Self { purpose, created_at: row.created_at, expires_at: row.expires_at }
    }
}
