//! The lines of an import: staged until each has its outcome, and some time after for whoever asks why.

use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{Array, Integer, Nullable, Text};

use super::import_file::ListLine;
use crate::schema::waitlist_import_line as line;
use crate::values::email_address::EmailAddress;
use crate::values::id::ImportId;
use crate::values::locale::Locale;
use crate::waitlist::joining::role::Role;
use crate::waitlist::words::Words;
use crate::web::page::csv;

/// A line that brings a place; the other outcomes are `added`, once it did, and these.
pub(in crate::waitlist) const NEW: &str = "new";
const DUPLICATE: &str = "duplicate";
const INVALID: &str = "invalid";
const OPTED_OUT: &str = "opted_out";

const STAGE: &str = "\
INSERT INTO waitlist_import_line (import_id, line, typed_email, typed_role, email, role, outcome) \
SELECT $1, * FROM unnest($2, $3, $4, $5, $6, $7)";

/// A line that brings no place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reject {
    /// Where it begins in the file.
    pub line: i32,
    /// What stands there as an address.
    pub email: String,
    /// What stands there as a role.
    pub role: String,
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
    /// The address has a place, or a line before has it too.
    Duplicate,
    /// Its owner left or was erased, or an admin deleted the place.
    OptedOut,
}

/// Keeps lines of an import that is being read, those with an outcome already included.
///
/// # Errors
/// When the statement fails.
pub fn stage(conn: &mut PgConnection, import: &ImportId, lines: &[ListLine]) -> QueryResult<()> {
    let numbers: Vec<_> = lines.iter().map(|line| line.number).collect();
    let texts = |of: fn(&ListLine) -> &str| lines.iter().map(of).collect::<Vec<_>>();
    let known = |of: fn(&ListLine) -> Option<&str>| lines.iter().map(of).collect::<Vec<_>>();
    diesel::sql_query(STAGE)
        .bind::<Text, _>(import.as_str())
        .bind::<Array<Integer>, _>(numbers)
        .bind::<Array<Text>, _>(texts(|line| &line.typed_email))
        .bind::<Array<Text>, _>(texts(|line| &line.typed_role))
        .bind::<Array<Nullable<Text>>, _>(known(|line| line.email.as_ref().map(EmailAddress::as_str)))
        .bind::<Array<Nullable<Text>>, _>(known(|line| line.role.map(Role::as_str)))
        .bind::<Array<Nullable<Text>>, _>(known(ListLine::outcome))
        .execute(conn)?;
    Ok(())
}

impl ListLine {
    /// What the file alone tells about the line.
    fn outcome(&self) -> Option<&'static str> {
        match (&self.email, self.role) {
            (Some(_), Some(_)) => self.is_repeated.then_some(DUPLICATE),
            _ => Some(INVALID),
        }
    }
}

impl Reject {
    /// Lines without a place behind this one, in the order of the file.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn after(conn: &mut PgConnection, import: &ImportId, after: i32, most: i64) -> QueryResult<Vec<Self>> {
        let of = line::import_id.eq(import.as_str()).and(line::line.gt(after));
        let rejects = line::table.filter(of.and(line::outcome.eq_any([DUPLICATE, INVALID, OPTED_OUT])));
        let columns = (line::line, line::typed_email, line::typed_role, line::outcome, line::email.is_null());
        let rows: Vec<(i32, String, String, Option<String>, bool)> =
            rejects.order(line::line).limit(most).select(columns).load(conn)?;
        let read = |(line, email, role, outcome, has_no_address): (_, _, _, Option<String>, bool)| Self {
            line,
            email,
            role,
            reason: Reason::of(outcome.as_deref(), has_no_address),
        };
        Ok(rows.into_iter().map(read).collect())
    }
}

/// The lines of a file that has them.
#[must_use]
pub fn rejects_csv(rejects: &[Reject], locale: Locale) -> Vec<u8> {
    let t = &Words::of(locale).imports;
    let line = |reject: &Reject| [reject.line.to_string(), reject.email.clone(), reject.role.clone()];
    let lines: Vec<_> = rejects.iter().map(|reject| (line(reject), t.reason(reject.reason))).collect();
    csv::lines(lines.iter().map(|(cells, reason)| cells.iter().map(String::as_str).chain([*reason]))).to_vec()
}

/// How such a file begins.
#[must_use]
pub fn rejects_head() -> Vec<u8> {
    [csv::BOM, &csv::lines([["line", "email", "role", "reason"]])].concat()
}

impl Reason {
    fn of(outcome: Option<&str>, has_no_address: bool) -> Self {
        match outcome {
            Some(DUPLICATE) => Self::Duplicate,
            Some(OPTED_OUT) => Self::OptedOut,
            _ if has_no_address => Self::Address,
            _ => Self::Role,
        }
    }
}
