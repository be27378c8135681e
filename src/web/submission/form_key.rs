//! The key of a form: a random text in a hidden field, made anew each time the form is shown. It tells one submission
//! from another, and says to whose page the form belongs.

use std::cell::RefCell;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::values::id::UserId;
use crate::values::secret_key::{SecretKey, SecretKeys};

/// The name of the field.
pub const FIELD: &str = "form_key";

const PURPOSE: &str = "form key";
/// Random bytes of a key: enough that no two forms ever have the same.
const RANDOM_BYTES: usize = 16;
/// Keys for which random bytes are drawn together.
const KEYS_AT_ONCE: usize = 16;
/// Bytes of its signature. Whoever forges one deceives nobody but themselves.
const SIGNATURE_BYTES: usize = 8;

/// To whom a form was shown, as its key says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShownTo {
    /// This account, or a guest.
    This,
    /// Another account.
    Other,
    /// Nobody knows: the key is forged, or of a `SECRET_KEY` that has been replaced.
    Unknown,
}

/// A new key for the page of this account, or of a guest. It is empty when the operating system has no random bytes:
/// such a form works like one without a key.
#[must_use]
pub fn generate(keys: &SecretKeys, account: Option<&UserId>) -> String {
    let Some(random) = random_bytes() else { return String::new() };
    let written = hex::encode(random);
    let sign = |subject: &str| signature(&keys.current, &written, subject);
    URL_SAFE_NO_PAD.encode([&random[..], &sign(&owner(account)), &sign(OURS)].concat())
}

thread_local! {
    /// Random bytes for the next keys: asking the operating system for each would cost more than all the rest of a key.
    static UNUSED: RefCell<Vec<[u8; RANDOM_BYTES]>> = const { RefCell::new(Vec::new()) };
}

/// Random bytes for one key; nothing when the operating system has none.
fn random_bytes() -> Option<[u8; RANDOM_BYTES]> {
    UNUSED.with_borrow_mut(|unused| {
        if unused.is_empty() {
            let mut random = [0; KEYS_AT_ONCE * RANDOM_BYTES];
            getrandom::fill(&mut random).ok()?;
            unused.extend(random.as_chunks().0);
        }
        unused.pop()
    })
}

/// A key as it came back.
struct Returned {
    random: [u8; RANDOM_BYTES],
    of_owner: [u8; SIGNATURE_BYTES],
    ours: [u8; SIGNATURE_BYTES],
}

impl Returned {
    fn parse(field: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(field).ok()?;
        let (random, signatures) = bytes.split_first_chunk()?;
        let (of_owner, ours) = signatures.split_first_chunk()?;
        Some(Self { random: *random, of_owner: *of_owner, ours: ours.try_into().ok()? })
    }

    fn is_ours(&self, key: &SecretKey) -> bool {
        signature(key, &hex::encode(self.random), OURS) == self.ours
    }

    fn is_of(&self, key: &SecretKey, account: Option<&UserId>) -> bool {
        signature(key, &hex::encode(self.random), &owner(account)) == self.of_owner
    }
}

/// To whom the form of this key was shown, as this account sees it.
#[must_use]
pub fn shown_to(keys: &SecretKeys, field: &str, account: &UserId) -> ShownTo {
    let Some(returned) = Returned::parse(field) else { return ShownTo::Unknown };
    let is_of = |account| keys.iter().any(|key| returned.is_of(key, account));
    if is_of(Some(account)) || is_of(None) {
        ShownTo::This
    } else if keys.iter().any(|key| returned.is_ours(key)) {
        ShownTo::Other
    } else {
        ShownTo::Unknown
    }
}

/// Which of `SECRET_KEY` made this key: the same for every replica, and after a new one was put in front of it. That in use
/// when none did.
#[must_use]
pub fn made_by<'a>(keys: &'a SecretKeys, field: &str) -> &'a SecretKey {
    if keys.former.is_empty() {
        return &keys.current;
    }
    let made_by_former = |returned: Returned| keys.former.iter().find(|key| returned.is_ours(key));
    Returned::parse(field).and_then(made_by_former).unwrap_or(&keys.current)
}

/// What is signed of every key, whoever sees the form, so that one that we never made is known.
const OURS: &str = "ours";

fn owner(account: Option<&UserId>) -> String {
    account.map_or_else(|| "guest".to_owned(), |account| ["account ", account.as_str()].concat())
}

fn signature(key: &SecretKey, random: &str, subject: &str) -> [u8; SIGNATURE_BYTES] {
    let full = key.hmac(PURPOSE, &[random, " ", subject].concat());
    full.first_chunk().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_knows_to_whom_its_form_was_shown() {
        let keys = SecretKeys { current: SecretKey::generate().unwrap(), former: vec![] };
        let [ana, ben] = ["ana", "ben"].map(|id| UserId::from(id.to_owned()));
        let (of_ana, of_guest) = (generate(&keys, Some(&ana)), generate(&keys, None));
        let both = |keys: &SecretKeys, key: &str| [&ana, &ben].map(|account| shown_to(keys, key, account));
        assert_eq!(both(&keys, &of_ana), [ShownTo::This, ShownTo::Other]);
        assert_eq!(both(&keys, &of_guest), [ShownTo::This; 2]);
        let of_former = keys.current.clone();
        let rotated = SecretKeys { current: SecretKey::generate().unwrap(), former: vec![keys.current.clone()] };
        assert_eq!(both(&rotated, &of_ana), [ShownTo::This, ShownTo::Other]);
        for (keys, field) in [(&keys, &of_ana), (&rotated, &of_ana), (&rotated, &of_guest), (&rotated, &String::new())]
        {
            let is_former = made_by(keys, field).bytes() == of_former.bytes();
            assert_eq!(is_former, !field.is_empty(), "what the former key made is told apart by it");
        }
        let replaced = SecretKeys { former: vec![], ..rotated };
        assert_eq!(both(&replaced, &of_ana), [ShownTo::Unknown; 2]);
        for other in ["", "x", "AAAA", &"A".repeat(32), &"A".repeat(43), of_ana.get(..40).unwrap()] {
            assert_eq!(shown_to(&keys, other, &ben), ShownTo::Unknown, "{other:?}");
        }
        assert_ne!(generate(&keys, None), of_guest);
    }
}
