//! Bytes that are stored or handed out encrypted, under keys made of `SECRET_KEY`.

use aes_gcm::aead::Aead;
use aes_gcm::{Aes256Gcm, KeyInit, Nonce};

use super::{SecretKey, SecretKeys};

/// Bytes of the number that begins each: random, since no two may be the same under one key.
const NONCE_BYTES: usize = 12;

/// What was opened.
#[derive(Clone)]
pub struct Opened {
    /// The bytes themselves.
    pub plain: Vec<u8>,
    /// Whether a key opened it that has been replaced: then it is to be sealed again.
    pub is_of_former_key: bool,
}

/// Encrypts for one purpose; with whose it is in the purpose, it opens for nobody else.
///
/// # Errors
/// When the operating system has no random bytes.
pub fn seal(keys: &SecretKeys, purpose: &str, plain: &[u8]) -> Result<Vec<u8>, getrandom::Error> {
    let mut nonce = [0; NONCE_BYTES];
    getrandom::fill(&mut nonce)?;
    // AES-GCM refuses nothing that is shorter than 64 GB.
    let sealed = cipher(&keys.current, purpose).encrypt(Nonce::from_slice(&nonce), plain).unwrap_or_default();
    Ok([nonce.as_slice(), &sealed].concat())
}

/// Decrypts what was sealed for this purpose with any of the keys; nothing when it was changed, or the key is gone.
#[must_use]
pub fn open(keys: &SecretKeys, purpose: &str, sealed: &[u8]) -> Option<Opened> {
    let (nonce, sealed) = sealed.split_at_checked(NONCE_BYTES)?;
    let decrypt = |key: &SecretKey| cipher(key, purpose).decrypt(Nonce::from_slice(nonce), sealed).ok();
    let mut opened = keys.iter().enumerate().filter_map(|(age, key)| Some((age, decrypt(key)?)));
    opened.next().map(|(age, plain)| Opened { plain, is_of_former_key: age > 0 })
}

fn cipher(key: &SecretKey, purpose: &str) -> Aes256Gcm {
    Aes256Gcm::new(&key.hmac("seal", purpose).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_for_its_purpose_alone() {
        let keys = SecretKeys { current: SecretKey::generate().unwrap(), former: vec![] };
        let sealed = seal(&keys, "ana", b"secret").unwrap();
        assert!(
            open(&keys, "ana", &sealed).is_some_and(|opened| opened.plain == b"secret" && !opened.is_of_former_key)
        );
        assert!(open(&keys, "ben", &sealed).is_none());
        let changed: Vec<_> = sealed.iter().map(|byte| byte ^ 1).collect();
        for other in [&changed[..], &sealed[..20], &[]] {
            assert!(open(&keys, "ana", other).is_none());
        }
        assert_ne!(seal(&keys, "ana", b"secret").unwrap(), sealed);
    }

    #[test]
    fn a_former_key_still_opens_and_another_never() {
        let [old, new] = [(); 2].map(|()| SecretKey::generate().unwrap());
        let sealed = seal(&SecretKeys { current: old.clone(), former: vec![] }, "ana", b"secret").unwrap();
        let rotated = SecretKeys { current: new.clone(), former: vec![old] };
        assert!(open(&rotated, "ana", &sealed).is_some_and(|opened| opened.is_of_former_key));
        assert!(open(&SecretKeys { current: new, former: vec![] }, "ana", &sealed).is_none());
    }
}
