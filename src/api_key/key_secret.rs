//! The text of a key: `bio_`, 32 characters that nobody guesses, and 6 by which a mistyped one is known before any query.
//! And the id of the page that shows it once.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use sha2::{Digest, Sha256};

use crate::values::clock::Timestamp;
use crate::values::secret_key::SecretKeys;

/// What every key begins with, so that scanners of source code know one.
const PREFIX: &str = "bio_";
/// Random characters of a key: five bits each, 160 together.
const RANDOM: usize = 32;
/// Characters of its checksum.
const CHECKSUM: usize = 6;
/// The characters of a key. Those that look alike are left out.
const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
/// How much of a key admins see afterwards: the prefix and 20 of its 160 bits.
const BEGINNING: usize = 8;
/// How long the page shows a key.
const SHOWN: TimeDelta = TimeDelta::seconds(10);
/// Bytes of the signature of a page's id. It is good for seconds, and opens nothing without an admin's session.
const SIGNATURE: usize = 16;

/// The text of a key in clear: on the page that shows it and in a request, never in a row or a log. Prints as
/// `KeySecret(…)`.
#[derive(Clone, PartialEq, Eq)]
pub struct KeySecret(String);

/// The random number that a key is made of. With `SECRET_KEY` it gives the key; it is in the address of the page that shows
/// the key, and nowhere else.
#[derive(Clone)]
pub struct Seed([u8; 32]);

impl Seed {
    /// 32 bytes from the operating system's random source.
    ///
    /// # Errors
    /// When the operating system has no random bytes to give.
    pub fn generate() -> Result<Self, getrandom::Error> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes)?;
        Ok(Self(bytes))
    }

    /// The id of the page that shows the key, good for ten seconds from now.
    #[must_use]
    pub fn page_id(&self, keys: &SecretKeys, now: Timestamp) -> String {
        let until = (now + SHOWN).timestamp_millis().to_be_bytes();
        let signed = [&self.0[..], &until].concat();
        URL_SAFE_NO_PAD.encode([&signed[..], &signature(keys, &signed)].concat())
    }

    /// The seed in the id of a page, while that is good.
    #[must_use]
    pub fn of_page(keys: &SecretKeys, now: Timestamp, id: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(id).ok()?;
        let (signed, sent) = bytes.split_at_checked(32 + 8)?;
        let (seed, until) = signed.split_first_chunk()?;
        let is_good = now.timestamp_millis() < i64::from_be_bytes(until.try_into().ok()?);
        (is_good && sent == signature(keys, signed)).then_some(Self(*seed))
    }
}

impl KeySecret {
    /// The key that is made of this seed.
    #[must_use]
    pub fn of_seed(keys: &SecretKeys, seed: &Seed) -> Self {
        let random = characters(&keys.current.hmac("api key", &hex::encode(seed.0)));
        Self(format!("{PREFIX}{random}{}", checksum(&random)))
    }

    /// Reads the text of a request: nothing when it is no key, as far as that can be told without asking the database.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (random, sum) = text.strip_prefix(PREFIX)?.split_at_checked(RANDOM)?;
        let is_key = random.bytes().all(|byte| ALPHABET.contains(&byte)) && sum == checksum(random);
        is_key.then(|| Self(text.to_owned()))
    }

    /// The text, for the page that shows it.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The characters by which admins know it again.
    #[must_use]
    pub fn beginning(&self) -> &str {
        self.0.get(..BEGINNING).unwrap_or_default()
    }

    /// What the row holds. A plain SHA-256 is enough for a secret of 160 bits.
    #[must_use]
    pub fn hash(&self) -> String {
        hex::encode(Sha256::digest(&self.0))
    }
}

impl fmt::Debug for KeySecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeySecret(…)")
    }
}

impl fmt::Debug for Seed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seed(…)")
    }
}

/// A character for each byte: five of its bits, none more likely than another.
fn characters(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| char::from(ALPHABET[usize::from(byte & 31)])).collect()
}

/// Six characters of the hash of the others. It is no secret: it tells a mistyped key from one that was revoked.
fn checksum(random: &str) -> String {
    let hash = Sha256::digest(format!("{PREFIX}{random}"));
    characters(&hash[..CHECKSUM])
}

fn signature(keys: &SecretKeys, signed: &[u8]) -> [u8; SIGNATURE] {
    let full = keys.current.hmac("page of an api key", &hex::encode(signed));
    full.first_chunk().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::secret_key::SecretKey;

    fn keys() -> SecretKeys {
        SecretKeys { current: SecretKey::generate().unwrap(), former: vec![] }
    }

    #[test]
    fn keys_differ_and_read_back_and_never_print() {
        let keys = keys();
        let [one, other] = [0; 2].map(|_| KeySecret::of_seed(&keys, &Seed::generate().unwrap()));
        assert_ne!(one, other);
        assert_eq!(one.reveal().len(), 4 + 32 + 6);
        assert_eq!(KeySecret::parse(one.reveal()), Some(one.clone()));
        assert_eq!(format!("{one:?} {:?}", Seed([0; 32])), "KeySecret(…) Seed(…)");
        assert!(one.reveal().starts_with(one.beginning()) && one.hash().len() == 64);
    }

    #[test]
    fn a_mistyped_key_is_known_by_its_checksum() {
        let key = KeySecret::of_seed(&keys(), &Seed::generate().unwrap());
        let text = key.reveal();
        for at in 0..text.len() {
            let mut mistyped = text.to_owned();
            mistyped.replace_range(at..=at, if text.as_bytes()[at] == b'a' { "b" } else { "a" });
            assert_eq!(KeySecret::parse(&mistyped), None, "character {at}");
        }
        for odd in [
            "",
            "bio_",
            text.get(..41).unwrap(),
            &format!("{text}a"),
            &format!(" {text}"),
            &text.to_uppercase(),
            "bio_ñ",
        ] {
            assert_eq!(KeySecret::parse(odd), None, "{odd:?}");
        }
    }

    #[test]
    fn the_id_of_a_page_is_good_for_ten_seconds_and_cannot_be_made_up() {
        let (keys, now) = (keys(), "2026-11-23T12:00:00Z".parse::<Timestamp>().unwrap());
        let seed = Seed::generate().unwrap();
        let id = seed.page_id(&keys, now);
        let at = |seconds| Seed::of_page(&keys, now + TimeDelta::seconds(seconds), &id).map(|seed| seed.0);
        assert_eq!((at(0), at(9), at(10)), (Some(seed.0), Some(seed.0), None));
        let mut forged = URL_SAFE_NO_PAD.decode(&id).unwrap();
        forged[36] ^= 1;
        for id in ["", "AAAA", &URL_SAFE_NO_PAD.encode(forged), &format!("{id}AAAA")] {
            assert!(Seed::of_page(&keys, now, id).is_none(), "{id}");
        }
    }
}
