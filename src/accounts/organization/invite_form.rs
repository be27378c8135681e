//! The form of an organization that invites somebody.

use serde::Deserialize;

use super::words::Words;
use crate::values::email_address::EmailAddress;
use crate::web::{FieldErrors, Layout, Viewer};

/// Whom to invite.
#[derive(Debug, Default, Deserialize)]
pub struct InviteForm {
    #[serde(default)]
    pub(super) email: String,
}

impl InviteForm {
    /// The address that was typed, or what is wrong with it.
    pub(super) fn parse(&self, layout: &Layout, viewer: &Viewer) -> Result<EmailAddress, FieldErrors> {
        let mut errors = FieldErrors::default();
        let email = errors.email(layout, "email", &self.email);
        let is_own = |email: &EmailAddress| email.as_str().eq_ignore_ascii_case(&viewer.email);
        if email.as_ref().is_some_and(is_own) {
            errors.add("email", Words::of(layout.locale).manage_members.own_address);
        }
        email.filter(|_| errors.is_empty()).ok_or(errors)
    }
}
