//! Which columns of a list hold address and role, by what the heading means, whichever program wrote it.

use super::meaning::{role_of, words};
use crate::values::email_address::EmailAddress;
use crate::web::page::csv;

/// The columns that stand before those of the list in the file of its rejected lines.
pub const OURS: [&str; 2] = ["line", "reason"];
/// Words of which a heading of addresses has one.
const ADDRESS: [&str; 6] = ["email", "emails", "mail", "correo", "correos", "emailaddress"];
/// Words of headings that stand beside the addresses and have none, or have further ones: Outlook's `E-mail Type` and
/// `E-mail 2 Address`, Thunderbird's `Secondary Email`.
const BESIDE: [&str; 34] = [
    "2",
    "3",
    "type",
    "tipo",
    "label",
    "etiqueta",
    "display",
    "mostrar",
    "status",
    "estado",
    "state",
    "verified",
    "verificado",
    "confirmed",
    "confirmado",
    "opt",
    "optin",
    "marketing",
    "secondary",
    "secundario",
    "secundaria",
    "other",
    "otro",
    "otra",
    "alternate",
    "alternativo",
    "postal",
    "date",
    "fecha",
    "time",
    "hora",
    "sent",
    "format",
    "formato",
];
/// What older forms call the addresses of those who were signed in.
const ACCOUNT: [&str; 3] = ["username", "user name", "nombre de usuario"];
/// Words of which a heading of roles has one.
const ROLE: [&str; 5] = ["role", "rol", "roles", "perfil", "profile"];
/// What other headings of roles are called as a whole.
const KIND: [&str; 16] = [
    "tipo",
    "type",
    "kind",
    "tipo de usuario",
    "tipo de cuenta",
    "tipo de persona",
    "tipo de inscripcion",
    "user type",
    "account type",
    "soy",
    "eres",
    "que eres",
    "quien eres",
    "i am",
    "you are",
    "who are you",
];
/// Ranks of a heading that is taken only when no better one is there.
const WHOLE_NAME: usize = 50;

/// Where address and role stand in a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Columns {
    /// The column of the address.
    pub(super) email: usize,
    /// The column of the role, if there is one.
    pub(super) role: Option<usize>,
    /// Whether the line that told them is a heading and names nobody.
    pub(super) is_heading: bool,
    /// How far the heading is from the plain word; the lower, the surer.
    pub(super) rank: usize,
}

impl Columns {
    /// The columns that the first line of a list tells: by its headings, or by the address in it.
    pub(super) fn told_by(cells: &[&str]) -> Option<Self> {
        let email = cells.iter().position(|cell| EmailAddress::parse(csv::unguarded(cell)).is_ok());
        email.map(|email| Self::beside(cells, email)).or_else(|| Self::named(cells)).or_else(|| {
            // Not an address yet, but meant as one.
            let email = cells.iter().position(|cell| cell.contains('@') && !cell.trim().contains(' '))?;
            Some(Self::beside(cells, email))
        })
    }

    /// Those of a line that names somebody, with the address in this column.
    fn beside(cells: &[&str], email: usize) -> Self {
        let role = cells.iter().position(|cell| role_of(cell).is_some());
        let other = (cells.len() == 2).then_some(1 - email.min(1));
        Self { email, role: role.or(other), is_heading: false, rank: 0 }
    }

    /// Those that a heading names.
    fn named(cells: &[&str]) -> Option<Self> {
        let headings: Vec<_> = cells.iter().map(|cell| words(cell)).collect();
        let (rank, email) = best(headings.iter().map(|words| address_rank(words)))?;
        let role = best(headings.iter().map(|words| role_rank(words)));
        Some(Self { email, role: role.map(|(_, role)| role), is_heading: true, rank })
    }

    /// The names of such columns, for a list whose first line has none.
    pub(super) fn names(&self, width: usize) -> Vec<&'static str> {
        let name = |at| match at {
            at if at == self.email => "email",
            at if Some(at) == self.role => "role",
            _ => "",
        };
        (0..width).map(name).collect()
    }
}

/// The lowest rank, with its column; of two equal ones the first.
fn best(ranks: impl Iterator<Item = Option<usize>>) -> Option<(usize, usize)> {
    ranks.enumerate().filter_map(|(column, rank)| Some((rank?, column))).min()
}

fn has(words: &[String], known: &[&str]) -> bool {
    words.iter().any(|word| known.contains(&word.as_str()))
}

fn address_rank(words: &[String]) -> Option<usize> {
    if ACCOUNT.contains(&words.join(" ").as_str()) {
        return Some(WHOLE_NAME);
    }
    (has(words, &ADDRESS) && !has(words, &BESIDE)).then_some(words.len())
}

fn role_rank(words: &[String]) -> Option<usize> {
    let kind = KIND.iter().position(|kind| *kind == words.join(" ")).map(|at| WHOLE_NAME + at);
    (has(words, &ROLE) && !has(words, &ADDRESS)).then_some(words.len()).or(kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(heading: &str) -> Option<(usize, Option<usize>)> {
        let found = Columns::told_by(&heading.split('|').collect::<Vec<_>>());
        found.map(|found| (found.email, found.role))
    }

    #[test]
    fn columns_are_found_by_what_their_headings_mean() {
        for (heading, email, role) in [
            ("email|role", 0, Some(1)),
            ("Timestamp|Email Address|Role", 1, Some(2)),
            ("Marca temporal|Nombre de usuario|¿Cuál es tu rol?", 1, Some(2)),
            ("Marca temporal|¿Cuál es tu correo electrónico?|¿Qué eres?", 1, Some(2)),
            ("First Name|E-mail Address|E-mail Type|E-mail Display Name|E-mail 2 Address|Role", 1, Some(5)),
            ("Nombre|Tipo de correo electrónico|Dirección de correo electrónico|Perfil", 2, Some(3)),
            ("Name|E-mail 1 - Label|E-mail 1 - Value", 2, None),
            ("Display Name|Secondary Email|Primary Email", 2, None),
            ("Nombre|Correo electrónico secundario|Correo electrónico principal", 2, None),
            ("email_verified|email_address|type", 1, Some(2)),
            ("Rol|Correo", 1, Some(0)),
            ("TIPO DE USUARIO|CORREO ELECTRONICO", 1, Some(0)),
            ("ana@x.cl|boss", 0, Some(1)),
            ("Ana|empresa|ana@x.cl|9", 2, Some(1)),
            ("ana@|persona", 0, Some(1)),
            ("ana@x.cl", 0, None),
        ] {
            assert_eq!(columns(heading), Some((email, role)), "{heading}");
        }
        for heading in ["nombre|teléfono", "Correo postal|Rol", "", "Contacto"] {
            assert_eq!(columns(heading), None, "{heading}");
        }
    }
}
