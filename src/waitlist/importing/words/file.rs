//! The words about the file of an import: what may be sent, and why it is no list.

use std::borrow::Cow;

use crate::waitlist::importing::import_file::MAX_LINES;
use crate::waitlist::importing::import_file::problem::{MAX_CELLS, Problem};
use crate::waitlist::joining::role::Role;

/// The words of one language.
#[derive(Debug)]
pub struct FileWords {
    pub(in crate::waitlist::importing) list: &'static str,
    pub(in crate::waitlist::importing) hint: &'static str,
    pub(in crate::waitlist::importing) none: &'static str,
    pub(in crate::waitlist::importing) role: &'static str,
    /// In the order of the field: none yet, and the two.
    roles: [&'static str; 3],
    pub(in crate::waitlist::importing) role_of_all: &'static str,
    pub(in crate::waitlist::importing) is_kept: &'static str,
    no_text: &'static str,
    empty: &'static str,
    too_large: &'static str,
    too_many_cells: [&'static str; 2],
    separator: &'static str,
    no_address_column: &'static str,
    no_role_column: &'static str,
    open_quote: [&'static str; 2],
}

/// The words in English.
pub(super) const ENGLISH: FileWords = FileWords {
    list: "The list",
    hint: "A CSV or text file, as a spreadsheet, a form or a mail program saves it, with a column for the email and one for the role, such as Job seeker or Organization. At most 16 MB and 200,000 lines.",
    none: "Choose the file with the list. An empty one adds nobody.",
    role: "Role of everyone on this list",
    roles: ["Choose a role", "Job seekers", "Organizations"],
    role_of_all: "Everyone on this list gets this role. If their roles differ, name a column Role and choose the file again.",
    is_kept: "We kept the file: you don’t have to choose it again.",
    no_text: "This file is not a CSV. In your spreadsheet, choose Save as, then CSV (UTF-8).",
    empty: "The file has no lines. Choose one with an email and a role in each line.",
    too_large: "The list has more than 16 MB or 200,000 lines. Split it into several files.",
    too_many_cells: ["Line", "has more than 1,000 cells. Leave out the columns that it does not need."],
    separator: "We can’t tell what separates the columns of this list. Separate them with commas, semicolons or tabs.",
    no_address_column: "There is no column for the email. Name it Email, E-mail Address, Correo or Correo electrónico, in the first line.",
    no_role_column: "There is no column for the role. Choose one role for all of them here, or name a column Role or Rol.",
    open_quote: [
        "An opening quote in line",
        "is never closed, so everything after it would count as one cell. Close it and choose the file again.",
    ],
};

/// The words in Spanish.
pub(super) const SPANISH: FileWords = FileWords {
    list: "La lista",
    hint: "Un archivo CSV o de texto, tal como lo guarda una planilla, un formulario o un programa de correo, con una columna para el correo y otra para el rol, como Profesional u Organización. Hasta 16 MB y 200.000 líneas.",
    none: "Elige el archivo con la lista. Uno vacío no agrega a nadie.",
    role: "Rol de todas las personas de esta lista",
    roles: ["Elige un rol", "Profesionales", "Organizaciones"],
    role_of_all: "Todas las personas de esta lista reciben este rol. Si tienen roles distintos, llama Rol a una columna y elige el archivo otra vez.",
    is_kept: "Guardamos el archivo: no hace falta elegirlo otra vez.",
    no_text: "Este archivo no es CSV. En tu planilla elige Guardar como y luego CSV (UTF-8).",
    empty: "El archivo no tiene líneas. Elige uno con un correo y un rol en cada línea.",
    too_large: "La lista tiene más de 16 MB o 200.000 líneas. Divídela en varios archivos.",
    too_many_cells: ["La línea", "tiene más de 1.000 celdas. Quita las columnas que no hacen falta."],
    separator: "No reconocemos qué separa las columnas de esta lista. Sepáralas con comas, puntos y coma o tabulaciones.",
    no_address_column: "No hay una columna con los correos. Llámala Correo, Correo electrónico, Email o E-mail Address, en la primera línea.",
    no_role_column: "No hay una columna con el rol. Elige aquí un rol para todas las personas, o llama Rol o Role a una columna.",
    open_quote: [
        "Una comilla que se abre en la línea",
        "no se cierra nunca, así que todo lo que sigue contaría como una sola celda. Ciérrala y elige el archivo otra vez.",
    ],
};

impl FileWords {
    /// The values of the field for the role of all, with their words.
    pub(in crate::waitlist::importing) const fn roles(&self) -> [(&'static str, &'static str); 3] {
        let [none, employees, organizations] = self.roles;
        [("", none), (Role::Employee.as_str(), employees), (Role::Organization.as_str(), organizations)]
    }

    /// What is wrong with a file.
    pub(super) fn problem(&self, problem: Problem) -> Cow<'static, str> {
        const { assert!(MAX_LINES == 200_000 && MAX_CELLS == 1_000, "the texts say so") };
        let text = match problem {
            Problem::NoText => self.no_text,
            Problem::Empty => self.empty,
            Problem::TooLong => self.too_large,
            Problem::Separator => self.separator,
            Problem::NoAddressColumn => self.no_address_column,
            Problem::NoRoleColumn => self.no_role_column,
            Problem::TooManyCells { line } => return in_line(self.too_many_cells, line),
            Problem::OpenQuote { line } => return in_line(self.open_quote, line),
        };
        Cow::Borrowed(text)
    }
}

fn in_line(words: [&str; 2], line: usize) -> Cow<'static, str> {
    let [before, after] = words;
    Cow::Owned(format!("{before} {line} {after}"))
}
