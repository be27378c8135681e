//! The file of an import: a list of places as a spreadsheet saves it, read line by line.

use std::borrow::Cow;
use std::collections::HashSet;

use ::csv::{ByteRecord, Position, ReaderBuilder};

use crate::values::email_address::EmailAddress;
use crate::waitlist::joining::role::Role;
use crate::web::page::csv;

/// Largest list, in bytes.
pub const MAX_BYTES: usize = 16 * 1024 * 1024;
/// Most lines of one list.
pub const MAX_LINES: usize = 200_000;
/// Characters of a cell that are kept to be shown again.
const KEPT: usize = 300;
/// A file with a zero byte among its first bytes, so many, is no text.
const BEGINNING: usize = 1_024;
/// How every workbook begins, since it is a ZIP file.
const WORKBOOK: &[u8] = b"PK\x03\x04";
/// What a heading calls the column of the address.
const EMAIL: [&str; 5] = ["email", "e-mail", "mail", "correo", "correo electrónico"];
/// What a heading calls the column of the role.
const ROLE: [&str; 3] = ["role", "rol", "tipo"];

/// A line of the list, parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParsedLine {
    /// Where it begins in the file, from 1.
    pub number: i32,
    /// What stands there as an address, to be shown.
    pub typed_email: String,
    /// What stands there as a role, to be shown.
    pub typed_role: String,
    /// The address, if it is one.
    pub email: Option<EmailAddress>,
    /// The role, if it is one.
    pub role: Option<Role>,
    /// Whether a line before it has the same address.
    pub is_repeated: bool,
}

/// Why a file is no such list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// A workbook, or something else that is no text.
    NoText,
    /// No line but a heading.
    Empty,
    /// More than [`MAX_BYTES`] or [`MAX_LINES`].
    TooLong,
}

/// Reads a list: the columns `email` and `role`, named in its first line or in this order.
///
/// # Errors
/// Says why it is none.
pub fn read(file: &[u8]) -> Result<Vec<ParsedLine>, Problem> {
    if file.len() > MAX_BYTES {
        return Err(Problem::TooLong);
    }
    let file = file.strip_prefix(csv::BOM).unwrap_or(file);
    if file.starts_with(WORKBOOK) || file.iter().take(BEGINNING).any(|byte| *byte == 0) {
        return Err(Problem::NoText);
    }
    let mut reader =
        ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter(file)).from_reader(file);
    let mut list = List::of(file);
    // Records of bytes are read whatever they hold.
    for record in reader.byte_records().map_while(Result::ok) {
        list.take(&record)?;
    }
    if list.lines.is_empty() { Err(Problem::Empty) } else { Ok(list.lines) }
}

/// A list that is being read.
struct List<'a> {
    file: &'a [u8],
    /// Known once the first line was read.
    columns: Option<Columns>,
    counter: LineCounter,
    seen: HashSet<EmailAddress>,
    lines: Vec<ParsedLine>,
}

/// Where address and role stand in a line. A column that the heading does not name is past the last.
#[derive(Clone, Copy)]
struct Columns {
    email: usize,
    role: usize,
}

impl<'a> List<'a> {
    fn of(file: &'a [u8]) -> Self {
        let counter = LineCounter { byte: 0, line: 1 };
        Self { file, columns: None, counter, seen: HashSet::new(), lines: Vec::new() }
    }

    /// Takes the next record in, unless it is the heading or empty.
    fn take(&mut self, record: &ByteRecord) -> Result<(), Problem> {
        let cells: Vec<_> = record.iter().map(decode).collect();
        let heading = if self.columns.is_none() { Columns::named(&cells) } else { None };
        let columns = *self.columns.get_or_insert(heading.unwrap_or(Columns { email: 0, role: 1 }));
        if heading.is_some() || cells.iter().all(|cell| cell.trim().is_empty()) {
            return Ok(());
        }
        if self.lines.len() == MAX_LINES {
            return Err(Problem::TooLong);
        }
        self.counter.advance_to(self.file, record.position());
        let cell = |column: usize| cells.get(column).map_or("", |cell| csv::unguarded(cell));
        let mut line = ParsedLine::new(self.counter.line, cell(columns.email), cell(columns.role));
        if let (Some(email), Some(_)) = (&line.email, line.role) {
            line.is_repeated = !self.seen.insert(email.clone());
        }
        self.lines.push(line);
        Ok(())
    }
}

impl Columns {
    /// The columns, if this line is a heading that names them.
    fn named(cells: &[Cow<'_, str>]) -> Option<Self> {
        let find = |names: &[&str]| cells.iter().position(|cell| names.contains(&cell.trim().to_lowercase().as_str()));
        Some(Self { email: find(&EMAIL)?, role: find(&ROLE).unwrap_or(usize::MAX) })
    }
}

impl ParsedLine {
    fn new(number: usize, email: &str, role: &str) -> Self {
        Self {
            number: i32::try_from(number).unwrap_or(i32::MAX),
            typed_email: printable(email),
            typed_role: printable(role),
            email: EmailAddress::parse(email).ok(),
            role: role_of(role),
            is_repeated: false,
        }
    }
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
        let next = passed.iter().skip(1).chain([&b'x']);
        self.line += passed
            .iter()
            .zip(next)
            .filter(|(byte, next)| **byte == b'\n' || **byte == b'\r' && **next != b'\n')
            .count();
        self.byte = start + ends;
    }
}

/// Spreadsheets write `;` where the comma is a decimal point, as in Chile.
fn delimiter(file: &[u8]) -> u8 {
    let first = file.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let count = |wanted: u8| first.split(|byte| *byte == wanted).count();
    if count(b';') > count(b',') { b';' } else { b',' }
}

/// A cell as text. What is no UTF-8 was written by an older spreadsheet in Latin-1, where each byte is a character.
fn decode(cell: &[u8]) -> Cow<'_, str> {
    std::str::from_utf8(cell).map_or_else(|_| cell.iter().copied().map(char::from).collect(), Cow::Borrowed)
}

/// The words that this and the old application have for the roles, and those of lists made by hand.
fn role_of(cell: &str) -> Option<Role> {
    match cell.trim().to_lowercase().as_str() {
        "employee" | "professional" | "profesional" | "empleado" | "empleada" | "persona" => Some(Role::Employee),
        "organization" | "organización" | "organizacion" | "empresa" => Some(Role::Organization),
        _ => None,
    }
}

/// The beginning of a cell without control characters: PostgreSQL takes no NUL, and a terminal would obey the others.
fn printable(cell: &str) -> String {
    cell.trim().chars().take(KEPT).map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn places(file: &[u8]) -> Vec<(i32, String, Option<Role>)> {
        let lines = read(file).unwrap().into_iter();
        lines
            .map(|line| (line.number, line.email.map_or(String::new(), |email| email.to_string()), line.role))
            .collect()
    }

    #[test]
    fn a_list_is_read_as_spreadsheets_save_it() {
        let ana = |number| vec![(number, "ana@x.cl".to_owned(), Some(Role::Organization))];
        for file in [
            &b"email,role\nana@x.cl,organization"[..],
            b"\xef\xbb\xbfemail;role\r\nANA@x.cl;organizaci\xc3\xb3n\r\n",
            b"Rol;Correo\nEmpresa;ana@x.cl\n;\n",
            b"name,EMAIL,state,Role\n\"Rojas, Ana\",\" ana@x.cl \",joined,ORGANIZATION\n,,\n",
            b"email;role\nana@x.cl;organizaci\xf3n",
        ] {
            assert_eq!(places(file), ana(2), "{}", String::from_utf8_lossy(file));
        }
        assert_eq!(places(b"ana@x.cl,empresa"), ana(1));
        for end in ["\n", "\r\n", "\r"] {
            let file =
                ["a@x.cl,persona", "b@x.cl,persona", "", "\"c@x.cl\",\"per", "sona\"", "d@x.cl,persona"].join(end);
            let lines = read(file.as_bytes()).unwrap();
            assert_eq!(lines.iter().map(|line| line.number).collect::<Vec<_>>(), [1, 2, 4, 6], "{end:?}");
        }
        assert_eq!(places(b"'=1+1@x.cl,persona"), [(1, "=1+1@x.cl".to_owned(), Some(Role::Employee))]);
    }

    #[test]
    fn a_line_that_cannot_be_read_is_told_from_its_neighbours() {
        let lines = read(b"a@x.cl,employee\nb@x.cl,boss\nno,employee\nA@x.cl,empresa\n\x01\x1b,\n").unwrap();
        assert_eq!(lines.iter().map(|line| line.email.is_some()).collect::<Vec<_>>(), [true, true, false, true, false]);
        assert_eq!(lines.iter().map(|line| line.role.is_some()).collect::<Vec<_>>(), [true, false, true, true, false]);
        assert_eq!(lines.iter().map(|line| line.is_repeated).collect::<Vec<_>>(), [false, false, false, true, false]);
        assert_eq!(lines[4].typed_email, "\u{FFFD}\u{FFFD}");
    }

    #[test]
    fn what_is_no_list_says_why() {
        assert_eq!(read(b"PK\x03\x04 a workbook"), Err(Problem::NoText));
        assert_eq!(read(b"\x89PNG\r\n\x1a\n\0\0"), Err(Problem::NoText));
        for empty in [&b""[..], b"\n\n", b"email,role\r\n", b";;;\n"] {
            assert_eq!(read(empty), Err(Problem::Empty), "{empty:?}");
        }
        assert_eq!(read(&b"a@x.cl,persona\n".repeat(MAX_LINES)).map(|lines| lines.len()), Ok(MAX_LINES));
        assert_eq!(read(&b"a@x.cl,persona\n".repeat(MAX_LINES + 1)), Err(Problem::TooLong));
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(
            file in prop_oneof![
                proptest::collection::vec(any::<u8>(), 0..300),
                proptest::collection::vec(proptest::sample::select(&b"a@.,;\"\r\n\xff"[..]), 0..60),
            ],
        ) {
            let lines = read(&file).unwrap_or_default();
            prop_assert!(lines.is_sorted_by(|one, other| one.number < other.number), "a line has one number");
            for line in lines {
                prop_assert!(!line.typed_email.chars().chain(line.typed_role.chars()).any(char::is_control));
            }
        }
    }
}
