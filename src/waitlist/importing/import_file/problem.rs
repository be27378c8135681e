//! Why a file is no list that can be imported: what concerns the whole file, told before any line is kept.

/// Most cells of one line. What is kept of each cell is in memory while its line is read, and no longer: so no number of
/// lines needs more.
pub const MAX_CELLS: usize = 1_000;

/// Why a file is no list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// A workbook, or something else that is no text.
    NoText,
    /// No line but a heading.
    Empty,
    /// More bytes or lines than a list may have.
    TooLong,
    /// A line with more than [`MAX_CELLS`].
    TooManyCells {
        /// Where it begins, from 1.
        line: usize,
    },
    /// Columns that are separated by something else than commas, semicolons or tabs.
    Separator,
    /// No heading that names a column of addresses, and no address in the first line.
    NoAddressColumn,
    /// No column for the role: it can be chosen for all of them at once.
    NoRoleColumn,
    /// A quote that takes the lines after it for a part of one cell.
    OpenQuote {
        /// The line in which it stands, from 1.
        line: usize,
    },
}
