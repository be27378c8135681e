//! What somebody typed where a code is asked for.

use std::fmt;

use super::recovery_code::{self, RecoveryCode};

/// Digits of a code of the app.
const DIGITS: usize = 6;

/// A code as it was typed: one field takes both. Prints as `TypedCode(…)`.
#[derive(Clone)]
pub enum TypedCode {
    /// Of the app.
    App(String),
    /// One of the recovery codes.
    Recovery(RecoveryCode),
}

impl TypedCode {
    /// Reads it, with spaces and hyphens wherever somebody likes them. Nothing when it has the length of neither.
    #[must_use]
    pub fn parse(typed: &str) -> Option<Self> {
        let is_between = |c: &char| c.is_whitespace() || ['-', '\u{2013}', '\u{2011}'].contains(c);
        // Longer than any code: not worth the memory.
        let digits: String = typed.chars().filter(|c| !is_between(c)).take(recovery_code::DIGITS + 1).collect();
        let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
        match digits.len() {
            _ if !is_number => None,
            DIGITS => Some(Self::App(digits)),
            _ => RecoveryCode::parse(digits).map(Self::Recovery),
        }
    }
}

impl fmt::Debug for TypedCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TypedCode(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spaces_and_hyphens_do_not_matter() {
        for typed in ["123456", " 123 456 ", "123-456", "123\u{a0}456"] {
            assert!(matches!(TypedCode::parse(typed), Some(TypedCode::App(code)) if code == "123456"), "{typed}");
        }
        for typed in ["01234567890123456789", "0123 4567 8901 2345 6789", "0123-4567-8901-2345-6789\n"] {
            assert!(matches!(TypedCode::parse(typed), Some(TypedCode::Recovery(_))), "{typed}");
        }
    }

    #[test]
    fn anything_else_is_no_code() {
        for typed in
            ["", "12345", "1234567", "12345a", "١٢٣٤٥٦", "0123456789012345678", &"1".repeat(21), &"é".repeat(9999)]
        {
            assert!(TypedCode::parse(typed).is_none(), "{typed}");
        }
        assert_eq!(format!("{:?}", TypedCode::parse("123456")), "Some(TypedCode(…))");
    }
}
