//! What the waitlist holds of an address, for the export of an account with the same address.

use diesel::pg::{Pg, PgConnection};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Text};
use serde_json::json;

use super::erasure::unread_line_names;
use crate::audit::entry_history::ExportedEntryEvent;
use crate::db::lower;
use crate::mail::link;
use crate::schema::{waitlist, waitlist_import_line};
use crate::values::clock::Timestamp;
use crate::values::email_address;
use crate::values::personal_data::{PersonalData, PersonalDataRow};
use crate::waitlist::joining::entry::address;

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
    import_id: Option<String>,
    signals: Option<Vec<Option<String>>>,
    source: Option<String>,
}

#[derive(Queryable, Selectable, QueryableByName)]
#[diesel(table_name = waitlist_import_line, check_for_backend(Pg))]
struct ImportLine {
    import_id: String,
    line: i32,
    typed_email: String,
    typed_role: String,
    outcome: Option<String>,
    whole: Option<String>,
}

/// Those of these addresses that have an entry, in lower case.
///
/// # Errors
/// When the statement fails.
pub fn addresses(conn: &mut PgConnection, addresses: &[String]) -> QueryResult<Vec<String>> {
    waitlist::table.filter(address::is_of_any(addresses)).select(lower(waitlist::email)).distinct().load(conn)
}

/// The entries of these addresses, which are in lower case, with what happened to them, the lines of imports that name
/// them, and the links that lead to them.
///
/// # Errors
/// When a statement fails.
pub fn find(conn: &mut PgConnection, addresses: &[String]) -> QueryResult<PersonalData> {
    let entries = waitlist::table.filter(address::is_of_any(addresses));
    let entries: Vec<Row> = entries.select(Row::as_select()).limit(MOST).load(conn)?;
    let ids: Vec<i64> = entries.iter().map(|entry| entry.id).collect();
    let events = ExportedEntryEvent::all_of(conn, &ids, MOST)?;
    Ok(PersonalData {
        rows: entries.into_iter().map(|entry| entry.held(&events)).collect(),
        import_lines: import_lines(conn, addresses)?,
        links: link::identifiers(&link::OF_WAITLIST, &ids.iter().map(ToString::to_string).collect::<Vec<_>>()),
    })
}

/// The lines of imports that name these addresses, which are in lower case.
pub(super) fn import_lines(conn: &mut PgConnection, addresses: &[String]) -> QueryResult<Vec<PersonalDataRow>> {
    let of = waitlist_import_line::table.filter(waitlist_import_line::email.eq_any(addresses));
    let mut lines: Vec<ImportLine> = of.select(ImportLine::as_select()).limit(MOST).load(conn)?;
    // Such a line may be about others too: the rest of it is not shown.
    let columns = "SELECT import_id, line, typed_email, typed_role, outcome, NULL AS whole FROM waitlist_import_line";
    let unread = format!("{columns} WHERE {} LIMIT $2", unread_line_names("$1"));
    let unread = diesel::sql_query(unread).bind::<Array<Text>, _>(email_address::spellings(addresses));
    lines.extend(unread.bind::<BigInt, _>(MOST).load::<ImportLine>(conn)?);
    Ok(lines.into_iter().map(ImportLine::held).collect())
}

impl Row {
    fn held(self, events: &[ExportedEntryEvent]) -> PersonalDataRow {
        let own: Vec<_> = events.iter().filter(|event| event.is_of(self.id)).collect();
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
            ("imported", json!(self.import_id.is_some())),
            ("signals", json!(self.signals.unwrap_or_default())),
            ("source", json!(self.source)),
            ("events", json!(own)),
        ])
    }
}

impl ImportLine {
    fn held(self) -> PersonalDataRow {
        PersonalDataRow(vec![
            ("import", json!(self.import_id)),
            ("line", json!(self.line)),
            ("typed_email", json!(self.typed_email)),
            ("typed_role", json!(self.typed_role)),
            ("outcome", json!(self.outcome)),
            ("whole", json!(self.whole)),
        ])
    }
}
