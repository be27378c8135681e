//! The secret that an authenticator app makes its codes from (RFC 6238: SHA-1, 6 digits, 30 seconds).

use std::fmt;

use totp_rs::{Builder, Totp};

use crate::values::clock::Timestamp;
use crate::values::id::{SessionId, UserId};
use crate::values::secret_key::sealed::{self, Opened};
use crate::values::secret_key::{SecretKey, SecretKeys};

/// Bytes of a secret: as many as HMAC-SHA-1 gives (RFC 4226 §4 recommends 160 bits).
const BYTES: usize = 20;
/// Who gives it, as the app lists it.
const ISSUER: &str = "Biovity";
/// Steps that a clock may be off, before and behind (RFC 6238 §5.2: the network's delay).
const STEPS_OFF: u16 = 1;
/// Letters in a group of the secret as people type it.
const GROUP: usize = 4;

/// A secret. Prints as `AppSecret(…)`.
#[derive(Clone)]
pub struct AppSecret([u8; BYTES]);

impl AppSecret {
    /// The one that the page shows on which this session sets the app up: the same however often it is opened, until its
    /// owner gives the password again, as whoever switches the second factor on or off does.
    #[must_use]
    pub fn offered(key: &SecretKey, session: &SessionId, authenticated_at: Timestamp) -> Self {
        let offer = key.hmac("secret of an app", &format!("{session} {}", authenticated_at.timestamp_micros()));
        let mut bytes = [0; BYTES];
        bytes.copy_from_slice(&offer[..BYTES]);
        Self(bytes)
    }

    /// The secret for the table, or for the form that waits for its first code: only this account's opens again.
    ///
    /// # Errors
    /// When the operating system has no random bytes.
    pub fn seal(&self, keys: &SecretKeys, owner: &UserId) -> Result<Vec<u8>, getrandom::Error> {
        sealed::seal(keys, &purpose(owner), &self.0)
    }

    /// The secret of this account, and whether it is to be sealed again under the current key.
    #[must_use]
    pub fn open(keys: &SecretKeys, owner: &UserId, sealed: &[u8]) -> Option<(Self, bool)> {
        let Opened { plain, is_of_former_key } = sealed::open(keys, &purpose(owner), sealed)?;
        Some((Self(plain.try_into().ok()?), is_of_former_key))
    }

    /// The step, of 30 seconds since 1970, whose code was typed: now, or one before or after.
    #[must_use]
    pub fn step_of(&self, digits: &str, now: Timestamp) -> Option<i64> {
        let seconds = u64::try_from(now.timestamp()).ok()?;
        self.totp("").check(digits, seconds).and_then(|step| i64::try_from(step).ok())
    }

    /// The secret as people type it, in groups of four.
    #[must_use]
    pub fn groups(&self) -> String {
        let text = self.totp("").secret().to_base32();
        let groups: Vec<_> = text.as_bytes().chunks(GROUP).map(String::from_utf8_lossy).collect();
        groups.join(" ")
    }

    /// The link that sets the app up for this address.
    #[must_use]
    pub fn link(&self, email: &str) -> String {
        // A colon would end the name in the link. Only rows of the old application can hold one.
        self.totp(&email.replace(':', "")).to_url().unwrap_or_default()
    }

    fn totp(&self, account: &str) -> Totp {
        let builder = Builder::new().with_secret(self.0.to_vec()).with_skew(STEPS_OFF);
        builder.with_account_name(account).with_issuer(Some(ISSUER)).build_noncompliant()
    }
}

fn purpose(owner: &UserId) -> String {
    format!("second factor of {owner}")
}

impl fmt::Debug for AppSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AppSecret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The secret of RFC 6238, appendix B.
    const OF_THE_RFC: AppSecret = AppSecret(*b"12345678901234567890");

    #[test]
    fn codes_are_those_of_the_rfc() {
        for (seconds, code) in [(59, "287082"), (1_111_111_109, "081804"), (20_000_000_000, "353130")] {
            let now = Timestamp::from_timestamp(seconds, 0).unwrap();
            assert_eq!(OF_THE_RFC.step_of(code, now), Some(seconds / 30));
        }
    }

    #[test]
    fn a_code_works_one_step_early_or_late_and_not_two() {
        let at = |seconds: i64| Timestamp::from_timestamp(1_111_111_109 + seconds, 0).unwrap();
        for (seconds, works) in [(0, true), (-30, true), (30, true), (-60, false), (61, false)] {
            assert_eq!(OF_THE_RFC.step_of("081804", at(seconds)).is_some(), works, "{seconds}");
        }
    }

    #[test]
    fn the_app_gets_the_secret_by_link_or_by_hand() {
        assert_eq!(OF_THE_RFC.groups(), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
        let link = "otpauth://totp/Biovity:ana%40example.cl?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Biovity";
        assert_eq!(OF_THE_RFC.link("ana@example.cl"), link);
        assert_eq!(format!("{OF_THE_RFC:?}"), "AppSecret(…)");
    }
}
