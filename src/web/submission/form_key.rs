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

/// A new key for the page of this account, or of a guest. It is empty when the operating system has no random bytes:
/// such a form works like one without a key.
#[must_use]
pub fn generate(keys: &SecretKeys, account: Option<&UserId>) -> String {
    let Some(random) = random_bytes() else { return String::new() };
    let signature = signature(&keys.current, random, account);
    URL_SAFE_NO_PAD.encode([&random[..], &signature].concat())
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

/// Whether the form was shown to this account or to a guest, and not to another account.
#[must_use]
pub fn belongs_to(keys: &SecretKeys, field: &str, account: &UserId) -> bool {
    let Ok(bytes) = URL_SAFE_NO_PAD.decode(field) else { return false };
    let Some((random, signed)) = bytes.split_first_chunk() else { return false };
    let is_of = |key: &SecretKey, account| signature(key, *random, account) == signed;
    keys.iter().any(|key| is_of(key, Some(account)) || is_of(key, None))
}

fn signature(key: &SecretKey, random: [u8; RANDOM_BYTES], account: Option<&UserId>) -> [u8; SIGNATURE_BYTES] {
    let owner = account.map_or_else(|| "guest".to_owned(), |account| format!("account {account}"));
    let full = key.hmac(PURPOSE, &format!("{} {owner}", hex::encode(random)));
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
        assert!(belongs_to(&keys, &of_ana, &ana) && !belongs_to(&keys, &of_ana, &ben));
        assert!(belongs_to(&keys, &of_guest, &ana) && belongs_to(&keys, &of_guest, &ben));
        let rotated = SecretKeys { current: SecretKey::generate().unwrap(), former: vec![keys.current.clone()] };
        assert!(belongs_to(&rotated, &of_ana, &ana) && !belongs_to(&rotated, &of_ana, &ben));
        for other in ["", "x", "AAAA", &"A".repeat(32), &format!("{of_ana}AA")] {
            assert!(!belongs_to(&keys, other, &ana), "{other:?}");
        }
        assert_ne!(generate(&keys, None), of_guest);
    }
}
