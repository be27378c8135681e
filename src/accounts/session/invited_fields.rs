//! The fields of a form that opens an account by a link, which knows the address and the kind of the account.

use crate::accounts::user::password::{Password, Problem};
use crate::accounts::user::password_hashing::read_new;
use crate::accounts::user::profile_fields;
use crate::accounts::user::words::Words;
use crate::values::account_kind::AccountKind;
use crate::values::email_address::EmailAddress;
use crate::values::single_line::{OrganizationName, Profession};
use crate::web::visitor::client::Client;
use crate::web::{App, Error, FieldErrors};

/// The fields as typed.
#[derive(Clone, Copy)]
pub(in crate::accounts) struct TypedFields<'a> {
    pub(in crate::accounts) name: &'a str,
    pub(in crate::accounts) profession: &'a str,
    pub(in crate::accounts) password: &'a str,
}

/// The fields as read.
pub(in crate::accounts) struct InvitedFields {
    pub(in crate::accounts) name: OrganizationName,
    pub(in crate::accounts) profession: Option<Profession>,
    pub(in crate::accounts) password: Password,
}

impl TypedFields<'_> {
    /// Reads the password of an account with this address.
    pub(in crate::accounts) async fn read_password(
        self,
        app: &App,
        client: &Client,
        email: &EmailAddress,
    ) -> Result<Result<Password, Problem>, Error> {
        read_new(app, client, self.password, &[email.as_str(), self.name]).await
    }

    /// Reads the other fields for an account of this kind, or says what is wrong with each.
    pub(in crate::accounts) fn parse(
        self,
        t: &Words,
        kind: AccountKind,
        password: Result<Password, Problem>,
    ) -> Result<InvitedFields, FieldErrors> {
        let mut errors = FieldErrors::default();
        let name = profile_fields::parse_name(kind, self.name).map_err(|problem| t.name_problem(kind, problem));
        let name = errors.take("name", name);
        let profession = profile_fields::parse_profession(kind, self.profession);
        let profession = errors.take("profession", profession.map_err(|problem| t.profession_problem(problem)));
        let password = errors.take("password", password.map_err(|problem| t.password_problem(&problem)));
        match (name, profession, password) {
            (Some(name), Some(profession), Some(password)) => Ok(InvitedFields { name, profession, password }),
            _ => Err(errors),
        }
    }
}
