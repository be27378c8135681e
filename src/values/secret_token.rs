//! Secrets of 256 bits that travel in a link or a cookie, and the hash by which a row knows them.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::id::LinkId;
use super::secret_key::{SecretKey, SecretKeys};

/// Length of a token's text: 32 bytes in base64url without padding.
pub const CHARACTERS: usize = 43;

/// A token in clear: goes into a link or a cookie, never into a row or a log. Prints as `SecretToken(…)`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SecretToken(String);

impl SecretToken {
    /// 32 bytes from the operating system's random source.
    ///
    /// # Errors
    /// When the operating system has no random bytes to give.
    pub fn generate() -> Result<Self, getrandom::Error> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes)?;
        Ok(Self(URL_SAFE_NO_PAD.encode(bytes)))
    }

    /// The token of a mail's link. It is derived again each time the mail is sent, so that the database, its backups and
    /// the outbox never hold one.
    #[must_use]
    pub fn of_link(key: &SecretKey, link: &LinkId) -> Self {
        Self(URL_SAFE_NO_PAD.encode(key.hmac("link", link.as_str())))
    }

    /// The token of a link whose hash is known, whichever key was in use when the link was made.
    #[must_use]
    pub fn of_known_link(keys: &SecretKeys, link: &LinkId, hash: &TokenHash) -> Option<Self> {
        keys.iter().map(|key| Self::of_link(key, link)).find(|token| token.hash() == *hash)
    }

    /// The token that a session gets by a form, with this id, and that it had before: whoever sends the form twice gets the
    /// same one twice.
    #[must_use]
    pub fn of_session(key: &SecretKey, form: &str, former: Option<&Self>) -> Self {
        let former = former.map_or("", Self::reveal);
        Self(URL_SAFE_NO_PAD.encode(key.hmac("session", &format!("{form} {former}"))))
    }

    /// The token that stands for these 32 bytes.
    #[must_use]
    pub fn of_bytes(bytes: &[u8; 32]) -> Self {
        Self(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// The bytes it stands for.
    #[must_use]
    pub fn bytes(&self) -> Option<[u8; 32]> {
        URL_SAFE_NO_PAD.decode(&self.0).ok()?.try_into().ok()
    }

    /// Reads a token from a request: 43 characters of base64url that stand for 32 bytes. Mail programs and people take
    /// along what stood behind a link, such as a full stop: whatever follows is dropped if no token has its first
    /// character.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (token, rest) = text.split_at_checked(CHARACTERS)?;
        let is_whole = !rest.starts_with(is_of_token);
        let is_token = is_whole && URL_SAFE_NO_PAD.decode(token).is_ok_and(|bytes| bytes.len() == 32);
        is_token.then(|| Self(token.to_owned()))
    }

    /// Whether a link's token lost its end or all of it, whatever stood behind the link.
    #[must_use]
    pub fn is_incomplete(text: &str) -> bool {
        let token = text.find(|c: char| !is_of_token(c)).unwrap_or(text.len());
        token < CHARACTERS && (token > 0 || !text.contains(char::is_alphanumeric))
    }

    /// The text for the link or the cookie.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What the row holds. A plain SHA-256 is enough for a secret of 256 bits (OWASP ASVS 5.0, 6.5.2).
    #[must_use]
    pub fn hash(&self) -> TokenHash {
        TokenHash(hex::encode(Sha256::digest(&self.0)))
    }
}

/// Whether a token may have this character.
const fn is_of_token(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-' || c == '_'
}

impl fmt::Debug for SecretToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretToken(…)")
    }
}

/// SHA-256 of a token in hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TokenHash(String);

impl TokenHash {
    /// The hash as its column holds it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for TokenHash {
    fn from(column: String) -> Self {
        Self(column)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn tokens_differ_and_read_back() {
        let (a, b) = (SecretToken::generate().unwrap(), SecretToken::generate().unwrap());
        assert_ne!(a.reveal(), b.reveal());
        assert_eq!(SecretToken::parse(a.reveal()), Some(a.clone()));
        assert_eq!(a.reveal().len(), CHARACTERS);
        assert_eq!(a.hash().as_str().len(), 64);
        assert_eq!(format!("{a:?}"), "SecretToken(…)");
    }

    #[test]
    fn a_link_keeps_its_token_when_the_key_is_rotated() {
        let (old, new) = (SecretKey::generate().unwrap(), SecretKey::generate().unwrap());
        let link = LinkId::generate();
        let token = SecretToken::of_link(&old, &link);
        let keys = SecretKeys { current: new, former: vec![old] };
        assert_eq!(SecretToken::of_known_link(&keys, &link, &token.hash()), Some(token));
    }

    #[test]
    fn what_stood_behind_a_link_does_not_break_it() {
        let token = SecretToken::generate().unwrap();
        for rest in [".", ">", " ", ").", "\u{201D}", "=", ",y"] {
            assert_eq!(SecretToken::parse(&format!("{}{rest}", token.reveal())), Some(token.clone()), "{rest:?}");
        }
        for rest in ["A", "-", "_", "7."] {
            assert_eq!(SecretToken::parse(&format!("{}{rest}", token.reveal())), None, "{rest:?}");
        }
    }

    #[test]
    fn a_token_without_its_end_is_incomplete() {
        let token = SecretToken::generate().unwrap();
        let cut = token.reveal().get(..42).unwrap();
        for text in ["", ".", "x", cut, &format!("{cut}."), &format!("{cut}\u{201D}, y")] {
            assert!(SecretToken::is_incomplete(text), "{text:?}");
        }
        for text in [token.reveal(), &format!("{}.", token.reveal()), &"x".repeat(300), "'; DROP TABLE x"] {
            assert!(!SecretToken::is_incomplete(text), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn anything_else_is_no_token(text in "[A-Za-z0-9_-]{0,42}|[A-Za-z0-9_-]{44,60}|\\PC{43}") {
            let well_formed = text.len() == CHARACTERS && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b));
            prop_assert!(well_formed || SecretToken::parse(&text).is_none());
        }
    }
}
