//! What is wrong with a form, field by field.

use std::borrow::Cow;

use actix_web::http::StatusCode;

use super::address::Unsent;
use super::layout::Layout;
use crate::values::email_address::EmailAddress;

/// What is wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// The name of the field.
    pub field: &'static str,
    /// What to correct, in the visitor's language.
    pub text: Cow<'static, str>,
}

/// What is wrong with a form, in the order of its fields.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldErrors(Vec<FieldError>);

impl FieldErrors {
    /// What the page of this form tells when it is not acted upon: of one that is being filled in, nothing.
    #[must_use]
    pub fn to_tell<T>(layout: &Layout, read: Result<T, Self>) -> Self {
        let read = read.err().filter(|_| layout.unsent != Some(Unsent::FilledIn));
        read.unwrap_or_default()
    }

    /// The status of that page.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        if self.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }
    }

    /// Adds what is wrong with a field.
    pub fn add(&mut self, field: &'static str, text: impl Into<Cow<'static, str>>) {
        self.0.push(FieldError { field, text: text.into() });
    }

    /// The parsed value of a field; when it could not be parsed, nothing, and what is wrong is added.
    pub fn take<T, W: Into<Cow<'static, str>>>(&mut self, field: &'static str, parsed: Result<T, W>) -> Option<T> {
        parsed.map_err(|text| self.add(field, text)).ok()
    }

    /// The address that was typed into a field; when it is none, nothing, and what is wrong is added.
    pub fn email(&mut self, layout: &Layout, field: &'static str, typed: &str) -> Option<EmailAddress> {
        self.take(field, EmailAddress::parse(typed).map_err(|problem| layout.t.email_problem(problem)))
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What is wrong with this field.
    #[must_use]
    pub fn on(&self, field: &str) -> Option<&str> {
        self.0.iter().find(|error| error.field == field).map(|error| error.text.as_ref())
    }

    /// Everything that is wrong.
    #[must_use]
    pub fn list(&self) -> &[FieldError] {
        &self.0
    }
}
