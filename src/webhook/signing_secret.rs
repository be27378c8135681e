//! The secret with which deliveries to an endpoint are signed. It is derived from `SECRET_KEY`, as the tokens of links are, so
//! that neither the database nor its backups hold one.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::TimeDelta;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use crate::values::clock::Timestamp;
use crate::values::id::WebhookId;
use crate::values::secret_key::{SecretKey, SecretKeys};

/// Begins a secret, by the Standard Webhooks specification.
const PREFIX: &str = "whsec_";

/// How long the page shows a secret, also in another language.
const SHOWN: TimeDelta = TimeDelta::minutes(1);
/// Bytes of the hash in the mark of that page. It is good for a minute, and opens nothing without an admin's session.
const MARK: usize = 16;

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

    /// What the address of the page that shows it ends with, good for a minute from now.
    #[must_use]
    pub fn mark(&self, now: Timestamp) -> String {
        let until = (now + SHOWN).timestamp_millis();
        format!("{until}.{}", self.signature_of(until))
    }

    /// Whether the page with this mark shows it.
    #[must_use]
    pub fn is_marked(&self, now: Timestamp, mark: &str) -> bool {
        let until = mark.split_once('.').and_then(|(until, _)| until.parse().ok()).unwrap_or_default();
        now.timestamp_millis() < until && mark == format!("{until}.{}", self.signature_of(until))
    }

    /// Nobody has it who does not have the secret. It is no signature of a message: none has such an id.
    fn signature_of(&self, until: i64) -> String {
        let hash =
            Sha256::new().chain_update("page of a secret").chain_update(self.0).chain_update(until.to_be_bytes());
        hex::encode(&hash.finalize()[..MARK])
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

/// A message to sign.
#[derive(Clone, Copy, Debug)]
pub struct Unsigned<'a> {
    /// Its id.
    pub id: &'a str,
    /// What it says.
    pub body: &'a str,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_shows_one_secret_for_a_minute() {
        let key = SecretKey::generate().unwrap();
        let [one, next] = [1, 2].map(|of| SigningSecret::derive(&key, &WebhookId::from("x".to_owned()), of));
        let now: Timestamp = "2026-11-27T12:00:00Z".parse().unwrap();
        let mark = one.mark(now);
        let at = |seconds| one.is_marked(now + TimeDelta::seconds(seconds), &mark);
        assert_eq!((at(0), at(59), at(60)), (true, true, false));
        assert!(!next.is_marked(now, &mark));
        let (until, signature) = mark.split_once('.').unwrap();
        let later = format!("{}.{signature}", (now + TimeDelta::hours(1)).timestamp_millis());
        for forged in ["", ".", "x", until, &later] {
            assert!(!one.is_marked(now, forged), "{forged}");
        }
    }
}
