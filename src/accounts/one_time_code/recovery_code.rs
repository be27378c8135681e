//! The recovery codes of an account, for an owner who lost the app: each works once.

use std::fmt;

use diesel::pg::PgConnection;
use diesel::prelude::*;
use sha2::{Digest, Sha256};

use crate::schema::recovery_code;
use crate::values::id::UserId;

/// Codes that an account gets at once.
pub const AT_ONCE: usize = 10;
/// Digits of a code: 66 bits, so that a plain hash of it can be kept, which outlives every `SECRET_KEY`. Digits alone, since
/// a phone shows only those beside the field.
pub const DIGITS: usize = 20;
/// Digits in a group, as people read it.
const GROUP: usize = 4;

/// A code. Prints as `RecoveryCode(…)`.
#[derive(Clone, PartialEq, Eq)]
pub struct RecoveryCode(String);

impl RecoveryCode {
    /// As many new ones as an account gets.
    ///
    /// # Errors
    /// When the operating system has no random bytes.
    pub fn generate_all() -> Result<Vec<Self>, getrandom::Error> {
        (0..AT_ONCE).map(|_| Self::generate()).collect()
    }

    fn generate() -> Result<Self, getrandom::Error> {
        let mut digits = String::new();
        while digits.len() < DIGITS {
            let mut random = [0; 32];
            getrandom::fill(&mut random)?;
            // 250 is the largest multiple of ten: with the bytes above it some digits would come more often.
            let fair = random.iter().filter(|byte| **byte < 250).map(|byte| char::from(b'0' + byte % 10));
            digits.extend(fair.take(DIGITS - digits.len()));
        }
        Ok(Self(digits))
    }

    /// Reads the digits of a code; nothing when there are more or fewer.
    #[must_use]
    pub fn parse(digits: String) -> Option<Self> {
        (digits.len() == DIGITS && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(Self(digits))
    }

    /// The code for its owner, in groups of four.
    #[must_use]
    pub fn reveal(&self) -> String {
        let groups: Vec<_> = self.0.as_bytes().chunks(GROUP).map(String::from_utf8_lossy).collect();
        groups.join(" ")
    }

    /// Uses it up; false when it is none of this account's, or was used. However many use it at once, one of them does.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn redeem(&self, conn: &mut PgConnection, owner: &UserId) -> QueryResult<bool> {
        diesel::delete(recovery_code::table.find((owner.as_str(), self.hash(owner))))
            .execute(conn)
            .map(|rows| rows == 1)
    }

    /// Gives the account these codes in place of those that it has. Lock the account first.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn replace_all(conn: &mut PgConnection, owner: &UserId, codes: &[Self]) -> QueryResult<()> {
        Self::remove_all(conn, owner)?;
        let row =
            |code: &Self| (recovery_code::user_id.eq(owner.to_string()), recovery_code::hash.eq(code.hash(owner)));
        let rows: Vec<_> = codes.iter().map(row).collect();
        diesel::insert_into(recovery_code::table).values(rows).execute(conn).map(|_| ())
    }

    /// Removes those of the account.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn remove_all(conn: &mut PgConnection, owner: &UserId) -> QueryResult<()> {
        let own = recovery_code::table.filter(recovery_code::user_id.eq(owner.as_str()));
        diesel::delete(own).execute(conn).map(|_| ())
    }

    /// How many the account has left.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn count(conn: &mut PgConnection, owner: &UserId) -> QueryResult<i64> {
        recovery_code::table.filter(recovery_code::user_id.eq(owner.as_str())).count().get_result(conn)
    }

    /// The owner is part of it: nobody tries codes against the rows of all accounts at once.
    fn hash(&self, owner: &UserId) -> String {
        hex::encode(Sha256::digest(format!("{owner} {}", self.0)))
    }
}

impl fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryCode(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_differ_read_back_and_never_print() {
        let codes = RecoveryCode::generate_all().unwrap();
        assert_eq!(codes.len(), AT_ONCE);
        assert!(codes.iter().skip(1).all(|code| *code != codes[0]));
        let shown = codes[0].reveal();
        assert_eq!((shown.len(), shown.split(' ').count()), (24, 5));
        assert_eq!(RecoveryCode::parse(shown.replace(' ', "")), Some(codes[0].clone()));
        assert_eq!(format!("{:?}", codes[0]), "RecoveryCode(…)");
        assert_ne!(codes[0].hash(&UserId::from("ana".to_owned())), codes[0].hash(&UserId::from("ben".to_owned())));
    }
}
