//! Whom a provider says to be here, and whether that proves an address.

use serde::{Deserialize, Serialize};

use super::protocol::TokenClaims;
use crate::accounts::user::user::identity::Identity;
use crate::config::Authority;
use crate::values::clock::Timestamp;
use crate::values::email_address::EmailAddress;
use crate::values::secret_key::SecretKey;

/// Longest name that is offered as what somebody may be called, in characters.
const LONGEST_NAME: usize = 100;

/// What a provider says of somebody.
#[derive(Clone, Debug, Default)]
pub(super) struct Claims {
    pub(super) email: Option<String>,
    pub(super) is_email_verified: bool,
    /// The domain that Google hosts for an organization.
    pub(super) hosted_domain: Option<String>,
    pub(super) name: Option<String>,
}

/// Somebody whom a provider identified. It stands in a cookie that only this site can read, until they finish signing up.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Identified {
    /// Who it is there.
    pub identity: Identity,
    /// Their address, if it told one that mail can go to.
    pub email: Option<EmailAddress>,
    /// Whether its word proves that the mailbox is theirs.
    pub is_mailbox_proved: bool,
    /// What they are called there.
    pub name: String,
    /// When it was.
    pub at: Timestamp,
}

impl Claims {
    /// What a verified token says.
    pub(super) fn of_token(claims: &TokenClaims) -> Self {
        Self {
            email: claims.email().map(|email| email.to_string()),
            is_email_verified: claims.email_verified() == Some(true),
            hosted_domain: claims.additional_claims().hd.clone(),
            name: claims.name().and_then(|name| name.get(None)).map(|name| name.to_string()),
        }
    }
}

/// Bytes by which a form tells for whom it was made.
const MARK_BYTES: usize = 8;

impl Identified {
    /// Tells this person from another one who came back in another tab.
    #[must_use]
    pub fn mark(&self, key: &SecretKey) -> String {
        let Identity { provider, subject, .. } = &self.identity;
        let email = self.email.as_ref().map(EmailAddress::as_str).unwrap_or_default();
        hex::encode(&key.hmac("identified", &format!("{provider} {email} {subject}"))[..MARK_BYTES])
    }

    /// By what the provider says, as far as its word proves the address.
    pub(super) fn new(identity: Identity, claims: Claims, authority: Authority, at: Timestamp) -> Self {
        let email = claims.email.as_deref().and_then(|email| EmailAddress::parse(email).ok());
        let is_known_there = match authority {
            Authority::Google => claims.hosted_domain.is_some() || email.as_ref().is_some_and(is_of_gmail),
            Authority::Nobody => false,
        };
        let is_mailbox_proved = email.is_some() && claims.is_email_verified && is_known_there;
        let name = claims.name.unwrap_or_default().chars().filter(|c| !c.is_control()).take(LONGEST_NAME).collect();
        Self { identity, email, is_mailbox_proved, name, at }
    }
}

fn is_of_gmail(email: &EmailAddress) -> bool {
    email.as_str().ends_with("@gmail.com")
}
