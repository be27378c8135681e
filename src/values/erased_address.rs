//! The key under which an erased address is remembered: with it the address is recognized when it comes back, and
//! nobody can read the address from it.

use super::email_address::EmailAddress;
use super::secret_key::{SecretKey, SecretKeys};

/// The key of an address: an HMAC, so that whoever reads the table cannot find addresses by trying them.
#[must_use]
pub fn key(keys: &SecretKeys, address: &EmailAddress) -> String {
    under(&keys.current, address)
}

/// Every key that an address may have: one for each secret key, the former ones too.
#[must_use]
pub fn keys(keys: &SecretKeys, address: &EmailAddress) -> Vec<String> {
    keys.iter().map(|key| under(key, address)).collect()
}

fn under(key: &SecretKey, address: &EmailAddress) -> String {
    hex::encode(key.hmac("erased address", &address.lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_known_again_after_the_key_was_changed() {
        let address = EmailAddress::parse("ana@example.cl").unwrap();
        let former = SecretKey::generate().unwrap();
        let before = key(&SecretKeys { current: former.clone(), former: vec![] }, &address);
        let rotated = SecretKeys { current: SecretKey::generate().unwrap(), former: vec![former] };
        assert!(keys(&rotated, &address).contains(&before));
        assert_eq!(keys(&rotated, &address).first(), Some(&key(&rotated, &address)));
        assert_ne!(before, key(&rotated, &address));
    }
}
