//! A link that lasts as long as what it is about, and has no row: its token is the subject's id and a keyed hash, which are
//! checked by computing.

use std::borrow::Cow;

use subtle::ConstantTimeEq;

use super::purpose::Purpose;
use crate::values::secret_key::{SecretKey, SecretKeys};
use crate::values::secret_token::SecretToken;

/// Bytes of the token that name the subject; the other 24 are the hash.
const ID_BYTES: usize = 8;

/// What the token of such a link is computed from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StandingLink {
    purpose: Cow<'static, str>,
    subject: i64,
    generation: i64,
}

impl StandingLink {
    /// The link of this purpose to this subject. It ends when the subject gets another generation number.
    #[must_use]
    pub const fn new(purpose: Purpose, subject: i64, generation: i64) -> Self {
        Self { purpose: Cow::Borrowed(purpose.name), subject, generation }
    }

    /// Its token under this key.
    #[must_use]
    pub fn token(&self, key: &SecretKey) -> SecretToken {
        let mut bytes = key.hmac("standing-link", &self.name());
        // The hash is cut to 192 bits, which nobody guesses either.
        bytes.copy_within(..32 - ID_BYTES, ID_BYTES);
        bytes[..ID_BYTES].copy_from_slice(&self.subject.to_be_bytes());
        SecretToken::of_bytes(&bytes)
    }

    /// The subject that a token names, if it is one of such a link: any 32 bytes name one.
    #[must_use]
    pub fn subject_of(token: &SecretToken) -> Option<i64> {
        let bytes = token.bytes()?;
        bytes.first_chunk().map(|id| i64::from_be_bytes(*id)).filter(|id| *id > 0)
    }

    /// Whether this is its token, whichever key made it. All bytes are compared: the time tells nobody how many are right.
    #[must_use]
    pub fn is_opened_by(&self, keys: &SecretKeys, token: &SecretToken) -> bool {
        keys.iter().any(|key| self.token(key).reveal().as_bytes().ct_eq(token.reveal().as_bytes()).into())
    }

    /// The link as a letter's row names it.
    pub(in crate::mail) fn name(&self) -> String {
        format!("{}:{}:{}", self.purpose, self.subject, self.generation)
    }

    /// Reads what a letter's row has; none when it is the id of a stored link, which has no colon.
    pub(in crate::mail) fn parse(name: &str) -> Option<Self> {
        let mut parts = name.split(':');
        let purpose = Cow::Owned(parts.next()?.to_owned());
        Some(Self { purpose, subject: parts.next()?.parse().ok()?, generation: parts.next()?.parse().ok()? })
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use proptest::prelude::*;

    use super::*;

    const PLACE: Purpose = Purpose { name: "waitlist-place", lasts: TimeDelta::days(1) };
    const STOP: Purpose = Purpose { name: "waitlist-unsubscribe", lasts: TimeDelta::days(1) };

    fn keys() -> SecretKeys {
        SecretKeys { current: SecretKey::generate().unwrap(), former: vec![SecretKey::generate().unwrap()] }
    }

    #[test]
    fn a_token_opens_its_own_subject_purpose_and_generation_alone() {
        let keys = keys();
        let link = StandingLink::new(PLACE, 12, 7);
        for key in keys.iter() {
            let token = link.token(key);
            assert_eq!(SecretToken::parse(token.reveal()), Some(token.clone()));
            assert_eq!(StandingLink::subject_of(&token), Some(12));
            assert!(link.is_opened_by(&keys, &token));
            let others = [(PLACE, 13, 7), (PLACE, 12, 8), (STOP, 12, 7)];
            for (purpose, subject, generation) in others {
                assert!(!StandingLink::new(purpose, subject, generation).is_opened_by(&keys, &token));
            }
        }
        let foreign = link.token(&SecretKey::generate().unwrap());
        assert!(!link.is_opened_by(&keys, &foreign));
    }

    proptest! {
        #[test]
        fn no_byte_of_a_token_can_be_another(at in 0..32_usize, with in 1..=255_u8) {
            let (keys, link) = (keys(), StandingLink::new(PLACE, 12, 7));
            let mut bytes = link.token(&keys.current).bytes().unwrap();
            bytes[at] ^= with;
            prop_assert!(!link.is_opened_by(&keys, &SecretToken::of_bytes(&bytes)));
        }

        #[test]
        fn a_row_names_it(subject in 1..i64::MAX, generation in 0..i64::MAX) {
            let link = StandingLink::new(PLACE, subject, generation);
            prop_assert_eq!(StandingLink::parse(&link.name()), Some(link));
            prop_assert_eq!(StandingLink::parse("018f3c1e-0000-7000-8000-000000000000"), None);
        }
    }
}
