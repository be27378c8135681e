//! The secret with which deliveries to an endpoint are signed. It is derived from `SECRET_KEY`, as the tokens of links are, so
//! that neither the database nor its backups hold one.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use crate::values::id::WebhookId;
use crate::values::secret_key::{SecretKey, SecretKeys};

/// Begins a secret, by the Standard Webhooks specification.
const PREFIX: &str = "whsec_";

/// A secret of 32 bytes. Prints as `SigningSecret(…)`.
#[derive(Clone)]
pub struct SigningSecret([u8; 32]);

impl SigningSecret {
    /// The secret of an endpoint; replacing it makes one of the next generation.
    #[must_use]
    pub fn derive(key: &SecretKey, endpoint: &WebhookId, generation: i32) -> Self {
        Self(key.hmac("webhook", &format!("{endpoint} {generation}")))
    }

    /// The one with this hash, whichever key was in use when it was made; nothing when that is no longer in `SECRET_KEY`.
    #[must_use]
    pub fn known(keys: &SecretKeys, endpoint: &WebhookId, generation: i32, hash: &str) -> Option<Self> {
        keys.iter().map(|key| Self::derive(key, endpoint, generation)).find(|secret| secret.hash() == hash)
    }

    /// The hash by which its row knows it.
    #[must_use]
    pub fn hash(&self) -> String {
        hex::encode(Sha256::digest(self.0))
    }

    /// The secret as receivers keep it: for the one page that shows it.
    #[must_use]
    pub fn reveal(&self) -> String {
        format!("{PREFIX}{}", STANDARD.encode(self.0))
    }

    /// The signature of a message: one part of the header `webhook-signature`.
    #[must_use]
    pub fn sign(&self, message_id: &str, timestamp: i64, body: &str) -> String {
        // HMAC takes keys of any length (RFC 2104 §2), so the error cannot happen.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.0) else { return String::new() };
        mac.update(format!("{message_id}.{timestamp}.{body}").as_bytes());
        format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
    }
}

impl fmt::Debug for SigningSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningSecret(…)")
    }
}
