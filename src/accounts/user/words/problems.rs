//! What is wrong with a name, a profession or a password, and what would help.

use super::{Words, strength};
use crate::accounts::user::password::{MAX_CHARACTERS, MIN_CHARACTERS, Problem};
use crate::values::account_kind::AccountKind;
use crate::values::locale::Locale;
use crate::values::single_line;

impl Words {
    /// What is wrong with a name; an organization has another word for it.
    pub(in crate::accounts) const fn name_problem(
        &self,
        kind: AccountKind,
        problem: single_line::Problem,
    ) -> &'static str {
        match (problem, kind) {
            (single_line::Problem::Empty, AccountKind::Organization) => self.organization_name_empty,
            (single_line::Problem::Empty, _) => self.name_empty,
            (single_line::Problem::TooLong, _) => self.too_long,
            (single_line::Problem::Control, _) => self.has_controls,
        }
    }

    /// What is wrong with a profession.
    pub(in crate::accounts) const fn profession_problem(&self, problem: single_line::Problem) -> &'static str {
        match problem {
            single_line::Problem::Empty => self.profession_empty,
            single_line::Problem::TooLong => self.too_long,
            single_line::Problem::Control => self.has_controls,
        }
    }

    /// What is weak about a password, and what would help.
    pub(in crate::accounts) fn password_problem(&self, problem: &Problem) -> String {
        match (self.locale, problem) {
            (Locale::En, Problem::Empty) => "Choose a password".to_owned(),
            (Locale::Es, Problem::Empty) => "Elige una contraseña".to_owned(),
            (Locale::En, Problem::TooShort) => format!("Use at least {MIN_CHARACTERS} characters"),
            (Locale::Es, Problem::TooShort) => format!("Usa al menos {MIN_CHARACTERS} caracteres"),
            (Locale::En, Problem::TooLong) => format!("Use at most {MAX_CHARACTERS} characters"),
            (Locale::Es, Problem::TooLong) => format!("Usa como máximo {MAX_CHARACTERS} caracteres"),
            (locale, Problem::Weak(warning, suggestions)) => strength::explain(locale, *warning, suggestions),
        }
    }
}
