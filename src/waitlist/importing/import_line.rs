//! The lines of an import: staged until each has its outcome, and kept some time after it for whoever asks why.

use diesel::dsl::sql;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Integer, Nullable, Text};

use super::import_file::ParsedLine;
use crate::schema::waitlist_import_line as line;
use crate::values::email_address::EmailAddress;
use crate::values::id::ImportId;
use crate::waitlist::joining::role::Role;

/// The outcome of a line that brings a place, until the place was added: then it is `added`.
pub(super) const NEW: &str = "new";
const LISTED: &str = "duplicate";
const REPEATED: &str = "repeated";
const INVALID: &str = "invalid";
const OPTED_OUT: &str = "opted_out";

/// Whether a line brings no place, literally as in the index `waitlist_import_line_rejects_idx`: a plan for any outcomes
/// would not use it.
const IS_REJECT: &str = "outcome IN ('duplicate', 'repeated', 'invalid', 'opted_out')";

/// A line that brings no place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reject {
    /// Where it begins in the file.
    pub line: i32,
    /// What stands there as an address.
    pub email: String,
    /// What stands there as a role.
    pub role: String,
    /// All of its cells as a line of CSV; none when the list was imported before these were kept.
    pub whole: Option<String>,
    /// Why it brings none.
    pub reason: Reason,
}

/// Why a line brings no place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It has no address that can be read.
    Address,
    /// It has no role that can be read.
    Role,
    /// The address has a place.
    Listed,
    /// A line before it has the same address.
    Repeated,
    /// Its owner left or was erased, or an admin deleted the place.
    OptedOut,
}

#[derive(Queryable)]
struct Row {
    line: i32,
    typed_email: String,
    typed_role: String,
    outcome: Option<String>,
    whole: Option<String>,
    has_no_address: bool,
}

/// Keeps lines of an import that is still being read, which is a sign of life too. Those that cannot be read or stand twice have
/// their outcome already.
///
/// # Errors
/// When the statement fails.
pub fn stage(conn: &mut PgConnection, import: &ImportId, lines: &[ParsedLine]) -> QueryResult<()> {
    let numbers: Vec<_> = lines.iter().map(|line| line.number).collect();
    let texts = |of: fn(&ParsedLine) -> &str| lines.iter().map(of).collect::<Vec<_>>();
    let known = |of: fn(&ParsedLine) -> Option<&str>| lines.iter().map(of).collect::<Vec<_>>();
    diesel::sql_query(include_str!("import_line/stage_lines.sql"))
        .bind::<Text, _>(import.as_str())
        .bind::<Array<Integer>, _>(numbers)
        .bind::<Array<Text>, _>(texts(|line| &line.typed_email))
        .bind::<Array<Text>, _>(texts(|line| &line.typed_role))
        .bind::<Array<Nullable<Text>>, _>(known(|line| line.email.as_ref().map(EmailAddress::as_str)))
        .bind::<Array<Nullable<Text>>, _>(known(|line| line.role.map(Role::as_str)))
        .bind::<Array<Nullable<Text>>, _>(known(ParsedLine::outcome))
        .bind::<Array<Text>, _>(texts(|line| &line.whole))
        .execute(conn)?;
    Ok(())
}

impl ParsedLine {
    /// The outcome that follows from the file alone, if any does.
    fn outcome(&self) -> Option<&'static str> {
        match (&self.email, self.role) {
            (Some(_), Some(_)) => self.is_repeated.then_some(REPEATED),
            _ => Some(INVALID),
        }
    }
}

impl Reject {
    /// The rejects behind the line `after`, in the order of the file.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn after(conn: &mut PgConnection, import: &ImportId, after: i32, most: i64) -> QueryResult<Vec<Self>> {
        let of = line::import_id.eq(import.as_str()).and(line::line.gt(after));
        let rejects = line::table.filter(of).filter(sql::<Bool>(IS_REJECT));
        let columns =
            (line::line, line::typed_email, line::typed_role, line::outcome, line::whole, line::email.is_null());
        let rows: Vec<Row> = rejects.order(line::line).limit(most).select(columns).load(conn)?;
        Ok(rows.into_iter().map(Self::from).collect())
    }
}

impl From<Row> for Reject {
    fn from(row: Row) -> Self {
        let reason = match row.outcome.as_deref() {
            Some(LISTED) => Reason::Listed,
            Some(REPEATED) => Reason::Repeated,
            Some(OPTED_OUT) => Reason::OptedOut,
            _ if row.has_no_address => Reason::Address,
            _ => Reason::Role,
        };
        Self { line: row.line, email: row.typed_email, role: row.typed_role, whole: row.whole, reason }
    }
}
