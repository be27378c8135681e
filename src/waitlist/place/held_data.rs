//! What the waitlist holds of an address, for the export of an account with the same address.

use diesel::pg::{Pg, PgConnection};
use diesel::prelude::*;
use serde_json::json;

use crate::db::lower;
use crate::mail::link;
use crate::schema::waitlist;
use crate::values::clock::Timestamp;
use crate::values::personal_data::{PersonalData, PersonalDataRow};

/// Entries that are read at most, so that no address can fill the memory. Nobody has as many.
const MOST: i64 = 10_000;

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = waitlist, check_for_backend(Pg))]
struct Row {
    id: i64,
    email: String,
    role: String,
    locale: Option<String>,
    consent: Option<String>,
    created_at: Timestamp,
    asked_at: Option<Timestamp>,
    confirmed_at: Option<Timestamp>,
    invited_at: Option<Timestamp>,
    signed_up_at: Option<Timestamp>,
    bounced_at: Option<Timestamp>,
    left_at: Option<Timestamp>,
    deleted_at: Option<Timestamp>,
}

/// The entries of these addresses, which are in lower case, and the links that lead to them.
///
/// # Errors
/// When the statement fails.
pub fn find(conn: &mut PgConnection, addresses: &[String]) -> QueryResult<PersonalData> {
    let entries = waitlist::table.filter(lower(waitlist::email).eq_any(addresses));
    let entries: Vec<Row> = entries.select(Row::as_select()).limit(MOST).load(conn)?;
    let ids: Vec<String> = entries.iter().map(|entry| entry.id.to_string()).collect();
    Ok(PersonalData {
        addresses: entries.iter().map(|entry| entry.email.to_lowercase()).collect(),
        rows: entries.into_iter().map(Row::held).collect(),
        links: link::identifiers(&link::OF_WAITLIST, &ids),
    })
}

impl Row {
    fn held(self) -> PersonalDataRow {
        PersonalDataRow(vec![
            ("email", json!(self.email)),
            ("role", json!(self.role)),
            ("locale", json!(self.locale)),
            ("consent", json!(self.consent)),
            ("created_at", json!(self.created_at)),
            ("asked_at", json!(self.asked_at)),
            ("confirmed_at", json!(self.confirmed_at)),
            ("invited_at", json!(self.invited_at)),
            ("signed_up_at", json!(self.signed_up_at)),
            ("bounced_at", json!(self.bounced_at)),
            ("left_at", json!(self.left_at)),
            ("deleted_at", json!(self.deleted_at)),
        ])
    }
}
