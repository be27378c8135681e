//! The hash of a password as the old application (Better Auth) wrote it. The first log-in replaces it.

use scrypt::{Params, scrypt};
use subtle::ConstantTimeEq;
use unicode_normalization::UnicodeNormalization;

/// log2 of N = 16384, r and p of Better Auth.
const COST: (u8, u32, u32) = (14, 16, 1);
/// Length of the key, in bytes.
const KEY: usize = 64;

/// Whether a text is such a hash: `hexsalt:hexkey`.
pub(super) fn is_old(hash: &str) -> bool {
    parts(hash).is_some()
}

/// Whether the typed password is the one of this hash. As in Better Auth, the salt is its hexadecimal text, not the bytes
/// that this text stands for, and the password is in its NFKC form.
pub(super) fn matches(typed: &str, hash: &str) -> bool {
    let (Some((salt, expected)), Some(params)) = (parts(hash), params()) else { return false };
    let (normal, mut key) = (typed.nfkc().collect::<String>(), [0; KEY]);
    scrypt(normal.as_bytes(), salt.as_bytes(), &params, &mut key).is_ok() && bool::from(key.ct_eq(&expected))
}

fn params() -> Option<Params> {
    let (log_n, r, p) = COST;
    Params::new(log_n, r, p).ok()
}

fn parts(hash: &str) -> Option<(&str, [u8; KEY])> {
    let (salt, key) = hash.split_once(':')?;
    let mut bytes = [0; KEY];
    hex::decode_to_slice(key, &mut bytes).ok()?;
    Some((salt, bytes))
}
