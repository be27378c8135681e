//! What somebody types who opens an account by a link: the link knows the address and the kind.

use crate::accounts::user::password::Password;
use crate::accounts::user::profile_fields;
use crate::accounts::user::words::Words;
use crate::values::account_kind::AccountKind;
use crate::values::email_address::EmailAddress;
use crate::values::one_line::{OrganizationName, Profession};
use crate::web::FieldErrors;

/// The fields, read.
pub(in crate::accounts) struct InvitedFields {
    pub(in crate::accounts) name: OrganizationName,
    pub(in crate::accounts) profession: Option<Profession>,
    pub(in crate::accounts) password: Password,
}

impl InvitedFields {
    /// Reads name, profession and password, or says what is wrong with each.
    pub(in crate::accounts) fn parse(
        t: &Words,
        (kind, email): (AccountKind, &EmailAddress),
        [name, profession, password]: [&str; 3],
    ) -> Result<Self, FieldErrors> {
        let mut errors = FieldErrors::default();
        let weak = Password::parse(password, &[email.as_str(), name]);
        let name = profile_fields::parse_name(kind, name).map_err(|problem| t.name_problem(kind, problem));
        let name = errors.take("name", name);
        let profession = profile_fields::parse_profession(kind, profession);
        let profession = errors.take("profession", profession.map_err(|problem| t.profession_problem(problem)));
        let password = errors.take("password", weak.map_err(|problem| t.password_problem(&problem)));
        match (name, profession, password) {
            (Some(name), Some(profession), Some(password)) => Ok(Self { name, profession, password }),
            _ => Err(errors),
        }
    }
}
