//! The file of an import: a list of places as a spreadsheet, a mail program or a form saves it, read line by line.

use std::collections::HashSet;

use self::columns::Columns;
pub use self::columns::OURS;
use self::layout::{Layout, whole};
use self::meaning::role_of;
use self::problem::Problem;
use self::records::Record;
use crate::values::email_address::EmailAddress;
use crate::waitlist::joining::role::Role;
use crate::web::page::csv;

mod columns;
mod encoding;
mod layout;
mod meaning;
pub mod problem;
mod records;

/// Largest list, in bytes.
pub const MAX_BYTES: usize = 16 * 1024 * 1024;
/// Most lines of one list.
pub const MAX_LINES: usize = 200_000;
/// Characters of a cell that are kept to be shown again.
const KEPT: usize = 300;

/// A list, parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParsedList {
    /// Its heading as a line of CSV; one of ours, where it has none.
    pub heading: String,
    /// Its lines, in their order, without the heading and the blank ones.
    pub lines: Vec<ParsedLine>,
}

/// A line of the list, parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParsedLine {
    /// Where it begins in the file, from 1.
    pub number: i32,
    /// All of its cells, as a line of CSV.
    pub whole: String,
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

/// Reads a list: its columns of address and role, named in its first line or told by what stands there. Where it has no
/// column for the role, this one counts for all of them.
///
/// # Errors
/// Says why it is none.
pub fn read(file: &[u8], role_of_all: Option<Role>) -> Result<ParsedList, Problem> {
    if file.len() > MAX_BYTES {
        return Err(Problem::TooLong);
    }
    let text = encoding::decode(file)?;
    let layout = Layout::of(&text)?;
    let records = layout.records(&text).skip(usize::from(layout.columns.is_heading));
    let mut list = List { layout, role_of_all, seen: HashSet::new(), lines: Vec::new() };
    for record in records {
        list.take(&record?)?;
    }
    if list.lines.is_empty() {
        Err(Problem::Empty)
    } else if list.layout.columns.role.is_none() && role_of_all.is_none() {
        Err(Problem::NoRoleColumn)
    } else {
        Ok(ParsedList { heading: list.layout.heading, lines: list.lines })
    }
}

/// A list that is being read.
struct List {
    layout: Layout,
    role_of_all: Option<Role>,
    seen: HashSet<EmailAddress>,
    lines: Vec<ParsedLine>,
}

impl List {
    fn take(&mut self, record: &Record) -> Result<(), Problem> {
        if self.lines.len() == MAX_LINES {
            return Err(Problem::TooLong);
        }
        if let Some(line) = self.layout.swallowing(record) {
            return Err(Problem::OpenQuote { line });
        }
        let Columns { email, role, .. } = &self.layout.columns;
        let (typed_email, typed_role) =
            (csv::unguarded(record.cell(*email)), role.map(|role| csv::unguarded(record.cell(role))));
        let mut line = ParsedLine {
            number: i32::try_from(record.line).unwrap_or(i32::MAX),
            whole: whole(&record.cells(), self.layout.ours),
            typed_email: shown(typed_email),
            typed_role: shown(typed_role.unwrap_or_default()),
            email: EmailAddress::parse(typed_email).ok(),
            role: typed_role.map_or(self.role_of_all, role_of),
            is_repeated: false,
        };
        if let (Some(email), Some(_)) = (&line.email, line.role) {
            line.is_repeated = !self.seen.insert(email.clone());
        }
        self.lines.push(line);
        Ok(())
    }
}

/// The beginning of a cell, on one line.
fn shown(cell: &str) -> String {
    cell.trim().chars().take(KEPT).map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn lines(file: &[u8]) -> Vec<ParsedLine> {
        read(file, None).unwrap().lines
    }

    fn places(file: &[u8]) -> Vec<(i32, String, Option<Role>)> {
        let lines = lines(file).into_iter();
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
            b"email\trole\nana@x.cl\tempresa\n",
            "\"¿Área (I+D, calidad, otra)?\";email;role\nI+D;ana@x.cl;empresa\n".as_bytes(),
            "¿Área (I+D, calidad, otra)?;email;role\nI+D;ana@x.cl;empresa\n".as_bytes(),
        ] {
            assert_eq!(places(file), ana(2), "{}", String::from_utf8_lossy(file));
        }
        for file in [
            &b"sep=;\r\nemail;role\r\nana@x.cl;empresa"[..],
            b"\"sep=\t\"\nemail\trole\nana@x.cl\tempresa",
            b";;\n,,\nana@x.cl;empresa",
            b"\nsep=;\nana@x.cl;empresa",
        ] {
            assert_eq!(places(file), ana(3), "{}", String::from_utf8_lossy(file));
        }
        assert_eq!(places(b";;\r\n\r\nsep=;\r\nemail;role\r\nana@x.cl;empresa"), ana(5));
        assert_eq!(places(b"ana@x.cl,empresa"), ana(1));
        for end in ["\n", "\r\n", "\r"] {
            let file =
                ["a@x.cl,persona", "b@x.cl,persona", "", "\"c@x.cl\",\"per", "sona\"", "d@x.cl,persona"].join(end);
            assert_eq!(
                lines(file.as_bytes()).iter().map(|line| line.number).collect::<Vec<_>>(),
                [1, 2, 4, 6],
                "{end:?}"
            );
        }
        assert_eq!(places(b"'=1+1@x.cl,persona"), [(1, "=1+1@x.cl".to_owned(), Some(Role::Employee))]);
    }

    #[test]
    fn a_line_that_cannot_be_read_is_told_from_its_neighbours() {
        let lines = lines(b"a@x.cl,employee\nb@x.cl,boss\nno,employee\nA@x.cl,empresa\n\x01\x1b,\n");
        assert_eq!(lines.iter().map(|line| line.email.is_some()).collect::<Vec<_>>(), [true, true, false, true, false]);
        assert_eq!(lines.iter().map(|line| line.role.is_some()).collect::<Vec<_>>(), [true, false, true, true, false]);
        assert_eq!(lines.iter().map(|line| line.is_repeated).collect::<Vec<_>>(), [false, false, false, true, false]);
        assert_eq!(lines[4].typed_email, "\u{FFFD}\u{FFFD}");
    }

    #[test]
    fn a_file_of_rejected_lines_that_comes_again_keeps_no_number_and_reason_of_before() {
        let mended =
            b"\xef\xbb\xbfline,reason,line,reason,name,email,role\r\n7,No role,2,No address,Ana,ana@x.cl,x\r\n";
        let list = read(mended, None).unwrap();
        assert_eq!((list.heading.as_str(), list.lines[0].whole.as_str()), ("name,email,role", "Ana,ana@x.cl,x"));
        assert_eq!(list.lines[0].number, 2);
        // A list with columns of these names elsewhere keeps them.
        let own = read(b"email,role,line,reason\nana@x.cl,x,1,y\n", None).unwrap();
        assert_eq!((own.heading.as_str(), own.lines[0].whole.as_str()), ("email,role,line,reason", "ana@x.cl,x,1,y"));
    }

    #[test]
    fn a_line_is_kept_whole_and_reads_back() {
        let list = read(b"Nota;Correo;Rol\n\"uno, \"\"dos\"\"\ntres\";=1+1@x.cl;jefe;\x1b\n", None).unwrap();
        assert_eq!(list.heading, "Nota,Correo,Rol");
        assert_eq!(list.lines[0].whole, "\"uno, \"\"dos\"\"\ntres\",'=1+1@x.cl,jefe,\u{FFFD}");
        let again = read(format!("{}\n{}\n", list.heading, list.lines[0].whole).as_bytes(), None).unwrap();
        assert_eq!(again, list);
        assert_eq!(read(b"Ana;empresa;a@x.cl;9", None).unwrap().heading, ",role,email,");
    }

    #[test]
    fn one_role_counts_for_all_where_no_column_has_it() {
        let (with, without) = (b"email,role\na@x.cl,empresa\n", b"Primary Email\na@x.cl\nno\n");
        assert_eq!(read(without, None), Err(Problem::NoRoleColumn));
        let roles = |file: &[u8]| {
            read(file, Some(Role::Employee)).unwrap().lines.iter().map(|line| line.role).collect::<Vec<_>>()
        };
        assert_eq!(roles(without), [Some(Role::Employee); 2]);
        assert_eq!(roles(with), [Some(Role::Organization)]);
    }

    #[test]
    fn what_is_no_list_says_why() {
        for empty in [&b""[..], b"\n\n", b"email,role\r\n", b";;;\n"] {
            assert_eq!(read(empty, None), Err(Problem::Empty), "{empty:?}");
        }
        for other in [&b"email|role\na@x.cl|persona\n"[..], b"a@x.cl|persona\n", b"sep=|\nemail|role\n"] {
            assert_eq!(read(other, None), Err(Problem::Separator), "{other:?}");
        }
        assert_eq!(read("nombre,teléfono\nAna,9\n".as_bytes(), None), Err(Problem::NoAddressColumn));
        let many = |lines| read(&b"a@x.cl,persona\n".repeat(lines), None).map(|list| list.lines.len());
        assert_eq!((many(MAX_LINES), many(MAX_LINES + 1)), (Ok(MAX_LINES), Err(Problem::TooLong)));
    }

    #[test]
    fn no_quote_swallows_anybody() {
        let people = (0..300).fold(String::new(), |people, number| people + &format!("p{number}@x.cl,persona,x\n"));
        for (open, close) in [
            ("\"a@x.cl,persona,x\n", ""),
            ("\"a@x.cl,persona,x\n", "\"z@x.cl\",persona,x\n"),
            ("a@x.cl,\"persona,x\n", "z@x.cl,persona,\"x\"\n"),
            ("a@x.cl,persona,\"x\n", "z@x.cl,persona,x\"\n"),
        ] {
            let file = format!("email,role,note\n{open}{people}{close}");
            assert_eq!(read(file.as_bytes(), None), Err(Problem::OpenQuote { line: 2 }), "{open:?} {close:?}");
        }
        for file in [
            "email,role\n\"a@x.cl\",\"persona\n\"b@x.cl\",\"persona\"\n",
            "name,email,role\n\"A\",\"a@x.cl\",\"persona\n\"B\",\"b@x.cl\",\"persona\"\n",
            "name,email,role\n\"A,a@x.cl,persona\n\"B\",\"b@x.cl\",\"persona\"\n",
            "role,email\n\"persona\",\"a@x.cl\n\"persona\",\"b@x.cl\"\n",
            "email\n\"a@x.cl\n\"b@x.cl\"\n",
        ] {
            assert_eq!(read(file.as_bytes(), Some(Role::Employee)), Err(Problem::OpenQuote { line: 2 }), "{file:?}");
        }
        let names = "name,email,role\n\"Ana\nSoto\",a@x.cl,persona\n\"Soto, A,\nB\",b@x.cl,persona\n";
        assert_eq!(lines(names.as_bytes()).iter().filter(|line| line.email.is_some()).count(), 2);
        let notes = "email,role,note\na@x.cl,persona,\"calls b@x.cl,\nmondays, or c@x.cl\"\n\"d@x.cl\n\",persona,\n";
        assert_eq!(lines(notes.as_bytes()).iter().filter(|line| line.email.is_some()).count(), 2);
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(
            file in prop_oneof![
                proptest::collection::vec(any::<u8>(), 0..300),
                proptest::collection::vec(proptest::sample::select(&b"a@.,;\"\r\n\xff"[..]), 0..60),
            ],
        ) {
            let lines = read(&file, Some(Role::Employee)).map(|list| list.lines).unwrap_or_default();
            prop_assert!(lines.is_sorted_by(|one, other| one.number < other.number), "a line has one number");
            for line in lines {
                prop_assert!(!line.typed_email.chars().chain(line.typed_role.chars()).any(char::is_control));
            }
        }
    }
}
