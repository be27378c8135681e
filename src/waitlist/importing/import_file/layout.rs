//! How the lines of a list are laid out: what separates their cells, and which of these hold address and role.

use std::cmp::Reverse;

use super::columns::{Columns, OURS};
use super::problem::Problem;
use super::records::{Record, Records, is_blank};
use crate::values::email_address::EmailAddress;
use crate::web::page::csv;

/// What stands between the cells of a line.
const SEPARATORS: [u8; 3] = [b',', b';', b'\t'];
/// How a first line begins that names the separator, for Excel.
const NAMES_SEPARATOR: &str = "sep=";

/// How the lines of a list are laid out, as its first line tells.
pub(super) struct Layout {
    /// What stands between the cells of a line.
    separator: u8,
    /// The byte behind a first line that only names the separator.
    start: usize,
    /// Where address and role stand.
    pub(super) columns: Columns,
    /// The heading as a line of CSV; one of ours, where the list has none.
    pub(super) heading: String,
    /// How many columns of ours stand before its own, since it is a file of rejected lines.
    pub(super) ours: usize,
    /// Cells of the first line.
    width: usize,
}

impl Layout {
    /// The layout of a text.
    pub(super) fn of(text: &str) -> Result<Self, Problem> {
        match named_separator(text) {
            None => Self::with(text, 0, &SEPARATORS),
            Some((named, start)) if SEPARATORS.contains(&named) => Self::with(text, start, &[named]),
            Some(_) => Err(Problem::Separator),
        }
    }

    /// The records of the text, without a first line that only names the separator.
    pub(super) fn records<'a>(&self, text: &'a str) -> Records<'a> {
        Records::of(text, self.separator).starting_at(self.start)
    }

    /// The layout with the separator that finds the columns best. Counting the separators would be misled by those inside
    /// a quoted heading.
    fn with(text: &str, start: usize, separators: &[u8]) -> Result<Self, Problem> {
        let (mut found, mut problem) = (Vec::new(), Problem::Empty);
        for separator in separators {
            match Records::of(text, *separator).starting_at(start).next() {
                None => {}
                Some(Err(unread)) => problem = unread,
                Some(Ok(first)) => match Self::told_by(&first, *separator) {
                    Ok(layout) => found.push(Self { start, ..layout }),
                    Err(none) if problem == Problem::Empty => problem = none,
                    Err(_) => {}
                },
            }
        }
        let sureness = |layout: &Self| (layout.columns.rank, layout.columns.role.is_none(), Reverse(layout.width));
        found.into_iter().min_by_key(sureness).ok_or(problem)
    }

    fn told_by(first: &Record, separator: u8) -> Result<Self, Problem> {
        let cells = first.cells();
        if cells.len() == 1 && first.cell(0).contains('|') {
            return Err(Problem::Separator);
        }
        let columns = Columns::told_by(&cells).ok_or(Problem::NoAddressColumn)?;
        let ours = if columns.is_heading { count_ours(&cells) } else { 0 };
        let (is_heading, width) = (columns.is_heading, cells.len());
        let heading = if is_heading { whole(&cells, ours) } else { csv::line(columns.names(width)) };
        let layout = Self { separator, start: 0, columns, heading, ours, width };
        layout.swallowing(first).map_or(Ok(layout), |line| Err(Problem::OpenQuote { line }))
    }

    /// The line in which a quote opens that takes other people's lines for a part of its cell, though a later quote closes
    /// it.
    pub(super) fn swallowing(&self, record: &Record) -> Option<usize> {
        let cells = record.cells();
        (0..cells.len()).find(|column| self.swallows(&cells, *column)).map(|column| record.line_of(column))
    }

    /// Whether the cell of this column holds the address of somebody's line: of the end of its own, of one between, or of the
    /// last, which goes on in the cells behind it where all cells are quoted.
    fn swallows(&self, cells: &[&str], column: usize) -> bool {
        let Some((cell, behind)) = cells.get(column..).and_then(<[_]>::split_first) else { return false };
        let mut lines = cell.split(['\n', '\r']).map(|line| line.split(char::from(self.separator)).collect::<Vec<_>>());
        let (Some(own), Some(mut last)) = (lines.next(), lines.next_back()) else { return false };
        let names = |line: &[&str], from: usize, cells: usize| {
            let email = self.columns.email.checked_sub(from).and_then(|at| line.get(at));
            line.len() >= cells && email.is_some_and(|email| is_address(email))
        };
        let enough = self.width.min(2);
        let is_between = lines.chain([last.clone()]).any(|line| names(&line, 0, enough));
        last.extend(behind);
        is_between
            || names(&own, column, self.width.saturating_sub(column).max(2))
            || column > 0 && names(&last, 0, self.width)
    }
}

/// Whether this is an address, beside what a misplaced quote leaves.
fn is_address(cell: &str) -> bool {
    EmailAddress::parse(cell.trim_matches(|c: char| c == '"' || c.is_whitespace())).is_ok()
}

/// The separator that a line of its own names, as in `sep=;`, before all that are not blank; and the byte behind it, which
/// is the end of that line.
fn named_separator(text: &str) -> Option<(u8, usize)> {
    let line = text.split(['\n', '\r']).find(|line| !is_blank(line))?;
    let end = line.as_ptr().addr() - text.as_ptr().addr() + line.len();
    let line = line.trim_start_matches('"');
    let begins = line.get(..NAMES_SEPARATOR.len()).is_some_and(|start| start.eq_ignore_ascii_case(NAMES_SEPARATOR));
    let named = if begins { line.as_bytes().get(NAMES_SEPARATOR.len()).copied() } else { None };
    named.map(|named| (named, end))
}

/// A file of rejected lines may come again and again: each time these columns would stand before the others once more.
fn count_ours(heading: &[&str]) -> usize {
    heading.chunks_exact(OURS.len()).take_while(|cells| **cells == OURS).count() * OURS.len()
}

/// The cells of a list itself as a line of CSV, behind those that are ours. A guard against formulas that a cell has already
/// is not added once more.
pub(super) fn whole(cells: &[&str], ours: usize) -> String {
    let cells = cells.get(ours..).unwrap_or_default();
    csv::line(cells.iter().map(|cell| printable(csv::unguarded(cell))).collect::<Vec<_>>().iter().map(String::as_str))
}

/// A cell without control characters but those of its lines: PostgreSQL takes no NUL, and a terminal would obey the others.
fn printable(cell: &str) -> String {
    let is_unsafe = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    cell.chars().map(|c| if is_unsafe(c) { char::REPLACEMENT_CHARACTER } else { c }).collect()
}
