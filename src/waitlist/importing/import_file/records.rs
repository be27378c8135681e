//! The records of a list, each with the line where it begins; a quote that is never closed is found out.

use std::io::{Chain, Read};

use ::csv::{Position, Reader, ReaderBuilder, StringRecord};

use super::problem::Problem;

/// Stands behind the text: whether it comes as a record of its own tells whether a quote was still open.
const END: &str = "\n\u{1}";

/// The records of a text that are not blank.
pub(super) struct Records<'a> {
    text: &'a str,
    reader: Reader<Chain<&'a [u8], &'static [u8]>>,
    counter: LineCounter,
}

/// A record.
pub(super) struct Record {
    /// Where it begins in the file, from 1.
    pub(super) line: usize,
    /// Its cells.
    pub(super) cells: StringRecord,
}

impl<'a> Records<'a> {
    /// Those of a text with this separator.
    pub(super) fn of(text: &'a str, separator: u8) -> Self {
        let bytes = text.as_bytes().chain(END.as_bytes());
        let reader = ReaderBuilder::new().has_headers(false).flexible(true).delimiter(separator).from_reader(bytes);
        Self { text, reader, counter: LineCounter { byte: 0, line: 1 } }
    }
}

impl Iterator for Records<'_> {
    type Item = Result<Record, Problem>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut cells = StringRecord::new();
        loop {
            // A text is read whatever it holds, as long as lines may have any number of cells.
            if !self.reader.read_record(&mut cells).unwrap_or(false) {
                return None;
            }
            let read = usize::try_from(self.reader.position().byte()).unwrap_or(usize::MAX);
            if read > self.text.len() + 1 {
                let is_end = cells.len() == 1 && cells.get(0) == Some(END.trim_start());
                return (!is_end).then(|| Err(Problem::OpenQuote { line: self.record(&cells).line_of_last() }));
            }
            if !cells.iter().all(is_blank) {
                return Some(Ok(self.record(&cells)));
            }
        }
    }
}

impl Records<'_> {
    fn record(&mut self, cells: &StringRecord) -> Record {
        self.counter.advance_to(self.text.as_bytes(), cells.position());
        Record { line: self.counter.line, cells: cells.clone() }
    }
}

impl Record {
    /// The cells.
    pub(super) fn cells(&self) -> Vec<&str> {
        self.cells.iter().collect()
    }

    /// A cell; one that the line does not have is empty.
    pub(super) fn cell(&self, column: usize) -> &str {
        self.cells.get(column).unwrap_or_default()
    }

    /// The line in which a cell begins.
    pub(super) fn line_of(&self, column: usize) -> usize {
        self.line + self.cells.iter().take(column).map(|cell| line_ends(cell.as_bytes())).sum::<usize>()
    }

    fn line_of_last(&self) -> usize {
        self.line_of(self.cells.len().saturating_sub(1))
    }
}

/// Spreadsheets save empty rows as separators alone, whichever these are.
pub(super) fn is_blank(cell: &str) -> bool {
    cell.chars().all(|c| c.is_whitespace() || matches!(c, ',' | ';'))
}

/// How often a line ends in a text: by `\n`, `\r\n` or `\r`.
fn line_ends(bytes: &[u8]) -> usize {
    let next = bytes.iter().skip(1).chain([&b'x']);
    bytes.iter().zip(next).filter(|(byte, next)| **byte == b'\n' || **byte == b'\r' && **next != b'\n').count()
}

/// Counts the lines of the file up to a record. The reader's own count is one too low after `\r\n`, and stays at the first
/// line where lines end with `\r` alone.
struct LineCounter {
    byte: usize,
    line: usize,
}

impl LineCounter {
    /// Counts up to this record. Its position may be before the end of the last line and before empty lines: these are
    /// passed over.
    fn advance_to(&mut self, file: &[u8], position: Option<&Position>) {
        let start = position.and_then(|at| usize::try_from(at.byte()).ok()).unwrap_or(self.byte);
        let ends = file.iter().skip(start).take_while(|byte| b"\r\n".contains(byte)).count();
        let passed = file.get(self.byte..start + ends).unwrap_or_default();
        self.line += line_ends(passed);
        self.byte = start + ends;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_know_the_lines_where_they_and_their_cells_begin() {
        for end in ["\n", "\r\n", "\r"] {
            let text = ["a,b", ",", "", "\"c", "d\",\"e", "f\",g", "h"].join(end);
            let records: Vec<_> = Records::of(&text, b',').map(Result::unwrap).collect();
            assert_eq!(records.iter().map(|record| record.line).collect::<Vec<_>>(), [1, 4, 7], "{end:?}");
            assert_eq!([0, 1, 2].map(|column| records[1].line_of(column)), [4, 5, 6], "{end:?}");
        }
    }

    #[test]
    fn an_open_quote_is_told_with_its_line() {
        for (text, line) in [("a,b\n\"c,d\ne,f\n", 2), ("\"a\nb\",\"c\nd", 2), ("\"", 1), ("a\r\n\r\nb,\"", 3)] {
            let last = Records::of(text, b',').last().unwrap();
            assert_eq!(last.map(|record| record.line), Err(Problem::OpenQuote { line }), "{text:?}");
        }
        for text in ["", "a", "a\n", "\"a\"", "\"a\"\r", "\"\"\"\"\n\n", "a \"b\" c,d"] {
            assert!(Records::of(text, b',').all(|record| record.is_ok()), "{text:?}");
        }
    }
}
