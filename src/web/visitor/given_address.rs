//! The address that a form was given: the page after it repeats it, so that a slip of the fingers shows.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use crate::values::clock::Timestamp;
use crate::values::email_address::EmailAddress;

/// How long the pages after the form repeat it. Somebody else may use the browser later.
const REPEATED: TimeDelta = TimeDelta::minutes(10);

/// An address with the form that it was given to. It travels in the encrypted session cookie, never in an address of a page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GivenAddress {
    /// The address.
    pub address: EmailAddress,
    /// The path of the form, to correct it there.
    pub form: String,
    given_at: Timestamp,
}

impl GivenAddress {
    /// An address that this form was given now.
    #[must_use]
    pub fn new(address: &EmailAddress, form: impl Into<String>, now: Timestamp) -> Self {
        Self { address: address.clone(), form: form.into(), given_at: now }
    }

    /// Whether it was given a moment ago.
    #[must_use]
    pub fn is_recent(&self, now: Timestamp) -> bool {
        self.given_at + REPEATED > now
    }
}
