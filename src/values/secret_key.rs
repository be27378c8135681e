//! `SECRET_KEY`: the keys from which session cookies and link tokens are made.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretSlice};
use sha2::Sha256;

pub mod sealed;

/// Fewest bytes of a key; what actix's private cookies need.
pub const MIN_BYTES: usize = 64;

/// One key. Prints as `SecretKey(…)`.
#[derive(Clone)]
pub struct SecretKey {
    bytes: SecretSlice<u8>,
    /// The start of every HMAC under this key, which is half of the work.
    mac: Hmac<Sha256>,
}

impl SecretKey {
    /// A new key from the operating system's random source.
    ///
    /// # Errors
    /// When the operating system has no random bytes to give.
    pub fn generate() -> Result<Self, getrandom::Error> {
        let mut bytes = vec![0; MIN_BYTES];
        getrandom::fill(&mut bytes)?;
        Self::of(bytes).ok_or(getrandom::Error::UNEXPECTED)
    }

    /// Reads a key in hexadecimal or base64 of at least [`MIN_BYTES`].
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let bytes = hex::decode(text).ok().or_else(|| {
            [STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD].iter().find_map(|engine| engine.decode(text).ok())
        })?;
        Self::of(bytes)
    }

    /// The key of these bytes, if they are enough.
    fn of(bytes: Vec<u8>) -> Option<Self> {
        let mac = Hmac::new_from_slice(&bytes).ok().filter(|_| bytes.len() >= MIN_BYTES)?;
        Some(Self { bytes: bytes.into(), mac })
    }

    /// The key in base64, as [`SecretKey::parse`] reads it; only for the file that keeps a generated one.
    #[must_use]
    pub fn to_base64(&self) -> String {
        STANDARD.encode(self.bytes())
    }

    /// The raw bytes, for the cookie's own key derivation.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        self.bytes.expose_secret()
    }

    /// HMAC-SHA256 of `message` for one purpose, so that what is made for one is of no use for another.
    #[must_use]
    pub fn hmac(&self, purpose: &str, message: &str) -> [u8; 32] {
        let mut mac = self.mac.clone();
        for part in [purpose.as_bytes(), &[0], message.as_bytes()] {
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretKey(…)")
    }
}

/// The keys in use. The first one makes cookies and tokens, all of them read those, so that a key can be replaced without
/// ending sessions.
#[derive(Clone, Debug)]
pub struct SecretKeys {
    /// Makes cookies and tokens.
    pub current: SecretKey,
    /// Read what was made with them.
    pub former: Vec<SecretKey>,
}

impl SecretKeys {
    /// Reads one or several keys, separated by commas.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut keys = text.split(',').map(SecretKey::parse).collect::<Option<Vec<_>>>()?;
        let current = keys.remove(0);
        Some(Self { current, former: keys })
    }

    /// Every key, the current one first.
    pub fn iter(&self) -> impl Iterator<Item = &SecretKey> {
        std::iter::once(&self.current).chain(&self.former)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_reads_back_as_written() {
        let key = SecretKey::generate().unwrap();
        assert_eq!(SecretKey::parse(&key.to_base64()).unwrap().bytes(), key.bytes());
        assert_eq!(SecretKey::parse(&hex::encode(key.bytes())).unwrap().bytes(), key.bytes());
    }

    #[test]
    fn short_or_garbled_keys_are_refused() {
        for text in ["", "changeme", "c2hvcnQ=", &"ab".repeat(63), &"é".repeat(64)] {
            assert!(SecretKey::parse(text).is_none(), "{text}");
        }
        assert!(SecretKeys::parse(&format!("{},short", "ab".repeat(64))).is_none());
    }

    #[test]
    fn purposes_never_share_a_value_and_secrets_never_print() {
        let keys = SecretKeys::parse(&"ab".repeat(64)).unwrap();
        assert_ne!(keys.current.hmac("link", "1"), keys.current.hmac("limit", "1"));
        assert_eq!(format!("{keys:?}"), "SecretKeys { current: SecretKey(…), former: [] }");
    }
}
