//! What people type about themselves: a name and a profession, read by the kind of their account.

use crate::values::account_kind::AccountKind;
use crate::values::single_line::{OrganizationName, PersonName, Problem, Profession};

/// A name. Organizations may have longer ones than people.
///
/// # Errors
/// Says what is wrong with it.
pub fn parse_name(kind: AccountKind, typed: &str) -> Result<OrganizationName, Problem> {
    if kind != AccountKind::Organization {
        PersonName::parse(typed)?;
    }
    OrganizationName::parse(typed)
}

/// A profession: employees must have one. Organizations may say the position of their contact, admins anything.
///
/// # Errors
/// Says what is wrong with it.
pub fn parse_profession(kind: AccountKind, typed: &str) -> Result<Option<Profession>, Problem> {
    match Profession::parse(typed) {
        Err(Problem::Empty) if kind != AccountKind::Employee => Ok(None),
        parsed => parsed.map(Some),
    }
}
