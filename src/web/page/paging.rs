//! One page of a long list, newest first, and the cursors that lead to the pages beside it.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::values::clock::Timestamp;
use crate::values::id::{DeletionId, EntryId, EventId, LetterId, UserId, WaveId};
use crate::web::paths;

/// Rows on a page.
pub const PAGE_SIZE: u8 = 25;
/// Rows that a walk reads: one more than a page has, which tells whether there are more.
pub const LIMIT: i64 = PAGE_SIZE as i64 + 1;

/// The id of a row as a cursor holds it: it tells rows of the same moment apart.
pub trait Key: Sized {
    /// The id in bytes.
    fn to_bytes(&self) -> Vec<u8>;
    /// The id that these bytes are of; nothing when they are of none.
    fn from_bytes(bytes: &[u8]) -> Option<Self>;
}

impl Key for EntryId {
    fn to_bytes(&self) -> Vec<u8> {
        self.as_i64().to_be_bytes().to_vec()
    }

    /// Ids are positive; those in a made-up cursor may not be.
    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let id = i64::from_be_bytes(bytes.try_into().ok()?);
        (id >= 0).then(|| id.into())
    }
}

impl Key for WaveId {
    fn to_bytes(&self) -> Vec<u8> {
        EntryId::from(self.as_i64()).to_bytes()
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        EntryId::from_bytes(bytes).map(|id| id.as_i64().into())
    }
}

macro_rules! text_keys {
    ($($id:ty),*) => {
        $(impl Key for $id {
            fn to_bytes(&self) -> Vec<u8> {
                self.as_str().as_bytes().to_vec()
            }

            fn from_bytes(bytes: &[u8]) -> Option<Self> {
                std::str::from_utf8(bytes).ok()?.parse().ok()
            }
        })*
    };
}

text_keys!(UserId, LetterId, EventId, DeletionId);

/// The position of a row in the list: when it was made, and its id, since several may be made at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cursor<K> {
    /// When the row was made.
    pub created_at: Timestamp,
    /// Its id.
    pub id: K,
}

/// Which page of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Position<K> {
    /// The first one, with the newest rows.
    #[default]
    Start,
    /// The one that follows this row, with older rows.
    After(Cursor<K>),
    /// The one that ends before this row, with newer rows.
    Before(Cursor<K>),
}

/// A page.
#[derive(Clone, Debug)]
pub struct Paged<T, K> {
    /// Its rows, newest first.
    pub rows: Vec<T>,
    /// Its first row, when there are newer ones before it.
    pub newer: Option<Cursor<K>>,
    /// Its last row, when there are older ones after it.
    pub older: Option<Cursor<K>>,
}

impl<T, K> Paged<T, K> {
    /// The page at a position. `walk` reads the [`LIMIT`] rows nearest to a position, the nearest first.
    ///
    /// # Errors
    /// Those of the walk.
    pub fn read<E>(
        position: &Position<K>,
        mut walk: impl FnMut(&Position<K>) -> Result<Vec<T>, E>,
        cursor: impl Fn(&T) -> Cursor<K>,
    ) -> Result<Self, E> {
        let mut rows = walk(position)?;
        let more = rows.len() > usize::from(PAGE_SIZE);
        rows.truncate(PAGE_SIZE.into());
        let (newer, older) = match position {
            Position::Start => (false, more),
            Position::After(_) => (true, more),
            // The way back to the start leads to a full page, with the rows that were made meanwhile.
            Position::Before(_) if rows.len() < usize::from(PAGE_SIZE) => {
                return Self::read(&Position::Start, walk, cursor);
            }
            Position::Before(_) => {
                rows.reverse();
                (more, true)
            }
        };
        let newer = rows.first().filter(|_| newer).map(&cursor);
        let older = rows.last().filter(|_| older).map(&cursor);
        Ok(Self { rows, newer, older })
    }
}

/// The addresses of a list's pages, each with the filter of the list.
#[derive(Clone, Debug)]
pub struct Pager {
    /// The first page.
    pub first: String,
    /// The page of newer rows, when there are any.
    pub newer: Option<String>,
    /// The page of older rows, when there are any.
    pub older: Option<String>,
}

impl Pager {
    /// The same pages, each seen from the element of this id on.
    #[must_use]
    pub fn at(self, id: &str) -> Self {
        let at = |path: String| format!("{path}#{id}");
        Self { first: at(self.first), newer: self.newer.map(at), older: self.older.map(at) }
    }
}

impl<T, K: Key> Paged<T, K> {
    /// The addresses of the pages beside this one: the list's path, with its filter as pairs of parameter and value.
    #[must_use]
    pub fn pager(&self, path: &str, filter: &[(&str, &str)]) -> Pager {
        let page = |side, cursor: &Cursor<K>| {
            let cursor = cursor.to_string();
            paths::with_query(path, &[filter, &[(side, cursor.as_str())]].concat())
        };
        Pager {
            first: paths::with_query(path, filter),
            newer: self.newer.as_ref().map(|cursor| page("before", cursor)),
            older: self.older.as_ref().map(|cursor| page("after", cursor)),
        }
    }
}

impl<K: Key> Cursor<K> {
    /// Reads a cursor from an address.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (micros, id) = bytes.split_first_chunk()?;
        // Rows are younger than 1970; those of a made-up cursor may not be.
        let micros = i64::from_be_bytes(*micros);
        let created_at = Timestamp::from_timestamp_micros(micros).filter(|_| micros >= 0)?;
        Some(Self { created_at, id: K::from_bytes(id)? })
    }
}

impl<K: Key> fmt::Display for Cursor<K> {
    /// Letters, digits, `-` and `_`: 22 of them for a number, 59 for a UUID.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let micros = self.created_at.timestamp_micros().max(0).to_be_bytes();
        f.write_str(&URL_SAFE_NO_PAD.encode([&micros[..], &self.id.to_bytes()].concat()))
    }
}

impl<K: Key> Position<K> {
    /// Reads the two parameters of a query. One that is no cursor counts as not given.
    #[must_use]
    pub fn parse(after: &str, before: &str) -> Self {
        let after = Cursor::parse(after).map(Self::After);
        after.or_else(|| Cursor::parse(before).map(Self::Before)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use proptest::prelude::*;

    use super::*;

    fn at(micros: i64) -> Timestamp {
        Timestamp::from_timestamp_micros(micros).unwrap()
    }

    #[test]
    fn what_is_no_cursor_leads_to_the_start() {
        for text in ["", "1", "AAAA", "%00", "__________________________", "_____________________w", "ñ"] {
            assert_eq!(Position::<EntryId>::parse(text, text), Position::Start, "{text:?}");
            assert_eq!(Position::<UserId>::parse(text, text), Position::Start, "{text:?}");
        }
        for id in ["", "\0", &"a".repeat(201)] {
            let text = Cursor { created_at: at(1), id: UserId::from(id.to_owned()) }.to_string();
            assert_eq!(Cursor::<UserId>::parse(&text), None, "{id:?}");
        }
    }

    #[test]
    fn pages_lead_to_each_other_and_back() {
        // Row 60 is the newest; three have the same time.
        let rows: Vec<i64> = (1..=60).rev().collect();
        let place = |row: &i64| Cursor { created_at: at(row / 3), id: EntryId::from(*row) };
        let walk = |position: &Position<EntryId>| {
            let newer = rows.iter().rev().copied();
            let limit = usize::from(PAGE_SIZE) + 1;
            Ok::<_, Infallible>(match position {
                Position::Start => rows.iter().copied().take(limit).collect(),
                Position::After(cursor) => {
                    rows.iter().copied().filter(|row| place(row) < *cursor).take(limit).collect()
                }
                Position::Before(cursor) => newer.filter(|row| place(row) > *cursor).take(limit).collect::<Vec<_>>(),
            })
        };
        let read = |position: &Position<EntryId>| Paged::read(position, walk, place).unwrap();
        let first = read(&Position::Start);
        let second = read(&Position::After(first.older.unwrap()));
        let third = read(&Position::After(second.older.unwrap()));
        assert_eq!([&first.rows[..], &second.rows, &third.rows].concat(), rows);
        assert_eq!((first.newer, third.older), (None, None));
        assert_eq!(read(&Position::Before(third.newer.unwrap())).rows, second.rows);
        let back = read(&Position::Before(second.newer.unwrap()));
        assert_eq!((back.rows, back.newer), (first.rows, None));
    }

    proptest! {
        #[test]
        fn a_cursor_reads_back(micros in 0..4_102_444_800_000_000_i64, id in 1..=i64::MAX, text in "\\PC{1,36}") {
            let cursor = Cursor { created_at: at(micros), id: EntryId::from(id) };
            prop_assert_eq!(cursor.to_string().len(), 22);
            prop_assert_eq!(Cursor::parse(&cursor.to_string()), Some(cursor));
            prop_assert_eq!(Position::parse("", &cursor.to_string()), Position::Before(cursor));
            let cursor = Cursor { created_at: at(micros), id: UserId::from(text) };
            let in_address = cursor.to_string();
            prop_assert!(in_address.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)));
            prop_assert_eq!(Cursor::parse(&in_address), Some(cursor));
        }

        #[test]
        fn any_text_is_read_or_refused_and_the_form_is_stable(text in "\\PC{0,30}|[A-Za-z0-9_-]{22}|[A-D][A-Za-z0-9_-]{19,40}") {
            if let Some(cursor) = Cursor::<EntryId>::parse(&text) {
                prop_assert_eq!(cursor.to_string(), text.clone());
            }
            if let Some(cursor) = Cursor::<UserId>::parse(&text) {
                prop_assert_eq!(cursor.to_string(), text);
            }
        }
    }
}
