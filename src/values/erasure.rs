//! What stays of an address that was erased: enough to know it when it comes back, too little to know whose it was.

use super::email_address::EmailAddress;
use super::secret_key::{SecretKey, SecretKeys};

/// The key under which an erased address is remembered: an HMAC, so that whoever reads the table cannot try addresses.
#[must_use]
pub fn key(keys: &SecretKeys, address: &EmailAddress) -> String {
    under(&keys.current, address)
}

/// Every key under which an address may be remembered: those of former secret keys too.
#[must_use]
pub fn keys(keys: &SecretKeys, address: &EmailAddress) -> Vec<String> {
    std::iter::once(&keys.current).chain(&keys.former).map(|key| under(key, address)).collect()
}

fn under(key: &SecretKey, address: &EmailAddress) -> String {
    hex::encode(key.hmac("erased address", &address.as_str().to_lowercase()))
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
