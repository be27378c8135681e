//! The records of a list, each with the line where it begins; a quote that is never closed is found out.

use std::ops::Range;

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

use super::problem::{MAX_CELLS, Problem};

/// Stands behind the text: whether it comes as a record of its own tells whether a quote was still open.
const END: &str = "\n\u{1}";

/// The records of a text that are not blank. They are read into room that is given, so that a line of nothing but
/// separators takes no more of it than any other: `csv` itself would make room for each of its cells.
pub(super) struct Records<'a> {
    text: &'a str,
    reader: Reader,
    /// Bytes of the text, and of [`END`] behind it, that were read.
    read: usize,
    /// The cells of the record that was read last, one behind the other, and where each ends.
    bytes: Vec<u8>,
    ends: Vec<usize>,
    counter: LineCounter,
}

/// A record.
pub(super) struct Record {
    /// Where it begins in the file, from 1.
    pub(super) line: usize,
    /// Its cells, one behind the other.
    text: String,
    /// Where each of them ends.
    ends: Vec<usize>,
}

impl<'a> Records<'a> {
    /// Those of a text with this separator.
    pub(super) fn of(text: &'a str, separator: u8) -> Self {
        let reader = ReaderBuilder::new().delimiter(separator).build();
        let (bytes, ends) = (vec![0; FIRST_ROOM], vec![0; MAX_CELLS]);
        Self { text, reader, read: 0, bytes, ends, counter: LineCounter { byte: 0, line: 1 } }
    }

    /// Only those from this byte on; the lines before it are counted.
    pub(super) fn starting_at(self, byte: usize) -> Self {
        Self { read: byte, ..self }
    }
}

impl Iterator for Records<'_> {
    type Item = Result<Record, Problem>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let start = self.read;
            let Ok(ends) = self.read_record()? else {
                self.counter.advance_to(self.text.as_bytes(), start);
                return Some(Err(Problem::TooManyCells { line: self.counter.line }));
            };
            let record = self.record(start, ends);
            if self.read > self.text.len() + 1 {
                let is_end = record.ends.len() == 1 && record.text == END.trim_start();
                return (!is_end).then(|| Err(Problem::OpenQuote { line: record.line_of_last() }));
            }
            if !record.cells().into_iter().all(is_blank) {
                return Some(Ok(record));
            }
        }
    }
}

/// Room for the cells of a record at first, in bytes; doubled while a record needs more.
const FIRST_ROOM: usize = 4_096;

/// A record has more than [`MAX_CELLS`].
struct TooManyCells;

impl Records<'_> {
    /// Reads on to the end of a record; tells how many cells it has.
    fn read_record(&mut self) -> Option<Result<usize, TooManyCells>> {
        let (mut written, mut cells) = (0, 0);
        loop {
            let behind = self.read.saturating_sub(self.text.len());
            let rest = self.text.as_bytes().get(self.read..).filter(|rest| !rest.is_empty());
            let input = rest.or_else(|| END.as_bytes().get(behind..)).unwrap_or_default();
            let (bytes, ends) = (self.bytes.get_mut(written..)?, self.ends.get_mut(cells..)?);
            let (result, read, more, further) = self.reader.read_record(input, bytes, ends);
            (self.read, written, cells) = (self.read + read, written + more, cells + further);
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull => self.bytes.resize(self.bytes.len() * 2, 0),
                ReadRecordResult::OutputEndsFull => return Some(Err(TooManyCells)),
                ReadRecordResult::Record => return Some(Ok(cells)),
                ReadRecordResult::End => return None,
            }
        }
    }

    /// The record that was read last, which has so many cells and begins at this byte or behind the line ends there.
    fn record(&mut self, start: usize, cells: usize) -> Record {
        self.counter.advance_to(self.text.as_bytes(), start);
        let ends = self.ends.get(..cells).unwrap_or_default().to_vec();
        let bytes = self.bytes.get(..ends.last().copied().unwrap_or_default()).unwrap_or_default();
        Record { line: self.counter.line, text: String::from_utf8_lossy(bytes).into_owned(), ends }
    }
}

impl Record {
    /// The cells.
    pub(super) fn cells(&self) -> Vec<&str> {
        (0..self.ends.len()).map(|column| self.cell(column)).collect()
    }

    /// A cell; one that the line does not have is empty.
    pub(super) fn cell(&self, column: usize) -> &str {
        self.range(column).and_then(|range| self.text.get(range)).unwrap_or_default()
    }

    fn range(&self, column: usize) -> Option<Range<usize>> {
        let start = column.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or_default();
        Some(start..*self.ends.get(column)?)
    }

    /// The line in which a cell begins.
    pub(super) fn line_of(&self, column: usize) -> usize {
        self.line + self.cells().into_iter().take(column).map(|cell| line_ends(cell.as_bytes())).sum::<usize>()
    }

    fn line_of_last(&self) -> usize {
        self.line_of(self.ends.len().saturating_sub(1))
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
    /// Counts up to the record that was read from this byte on. The byte may be before the end of the last line and before
    /// empty lines: these are passed over.
    fn advance_to(&mut self, file: &[u8], start: usize) {
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

    #[test]
    fn a_line_has_so_many_cells_and_no_more() {
        let of = |cells: usize| format!("a\n\n{}\n", ",".repeat(cells - 1) + "x");
        let second = |text: String| Records::of(&text, b',').nth(1).unwrap().map(|record| record.cells().len());
        assert_eq!(second(of(MAX_CELLS)), Ok(MAX_CELLS));
        assert_eq!(second(of(MAX_CELLS + 1)), Err(Problem::TooManyCells { line: 3 }));
        assert_eq!(second(format!("a\n{},b", "y".repeat(FIRST_ROOM * 3))), Ok(2));
    }
}
