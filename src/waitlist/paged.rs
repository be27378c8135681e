//! One page of a long list, newest first, and the cursors that lead to the pages beside it.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::values::clock::Timestamp;
use crate::values::id::EntryId;

/// A row's place in the list: when it came, and its id, since several may come at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cursor {
    /// When the row was made.
    pub created_at: Timestamp,
    /// Its id.
    pub id: EntryId,
}

/// Which page of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Position {
    /// The first one, with the newest rows.
    #[default]
    Start,
    /// The one that follows this row, with older rows.
    After(Cursor),
    /// The one that ends before this row, with newer rows.
    Before(Cursor),
}

/// A page.
#[derive(Clone, Debug)]
pub struct Paged<T> {
    /// Its rows, newest first.
    pub rows: Vec<T>,
    /// Its first row, when there are newer ones before it.
    pub newer: Option<Cursor>,
    /// Its last row, when there are older ones after it.
    pub older: Option<Cursor>,
}

impl Cursor {
    /// Reads a cursor from an address.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes: [u8; 16] = URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()?;
        let number = u128::from_be_bytes(bytes);
        // Rows are younger than 1970 and ids positive, so both fit; what a person made up may not.
        let micros = i64::try_from(number >> 64).ok()?;
        let id = i64::try_from(number & u128::from(u64::MAX)).ok()?;
        Some(Self { created_at: Timestamp::from_timestamp_micros(micros)?, id: id.into() })
    }
}

impl fmt::Display for Cursor {
    /// 22 characters for an address.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let micros = self.created_at.timestamp_micros().unsigned_abs();
        let number = (u128::from(micros) << 64) | u128::from(self.id.as_i64().unsigned_abs());
        f.write_str(&URL_SAFE_NO_PAD.encode(number.to_be_bytes()))
    }
}

impl Position {
    /// Reads the two parameters of an address; a bad one counts as none.
    #[must_use]
    pub fn parse(after: &str, before: &str) -> Self {
        let after = Cursor::parse(after).map(Self::After);
        after.or_else(|| Cursor::parse(before).map(Self::Before)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_no_cursor_leads_to_the_start() {
        for text in ["", "1", "AAAA", "%00", "__________________________", "_____________________w", "ñ"] {
            assert_eq!(Position::parse(text, text), Position::Start, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn a_cursor_reads_back(micros in 0..4_102_444_800_000_000_i64, id in 1..=i64::MAX) {
            let created_at = Timestamp::from_timestamp_micros(micros).unwrap();
            let cursor = Cursor { created_at, id: id.into() };
            prop_assert_eq!(cursor.to_string().len(), 22);
            prop_assert_eq!(Cursor::parse(&cursor.to_string()), Some(cursor));
            prop_assert_eq!(Position::parse("", &cursor.to_string()), Position::Before(cursor));
        }

        #[test]
        fn any_text_is_read_or_refused_and_the_form_is_stable(text in "\\PC{0,30}|[A-Za-z0-9_-]{22}") {
            if let Some(cursor) = Cursor::parse(&text) {
                prop_assert_eq!(cursor.to_string(), text);
            }
        }
    }
}
