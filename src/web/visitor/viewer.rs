//! Who is looking at a page: the data that pages show of whoever is signed in.

use std::sync::Arc;

use actix_web::{HttpMessage, HttpRequest};
use chrono::serde::ts_microseconds;
use serde::{Deserialize, Serialize};
use unicode_segmentation::UnicodeSegmentation;

use crate::values::account_kind::AccountKind;
use crate::values::clock::Timestamp;
use crate::values::id::{SessionId, UserId};

/// The person who is signed in, as read from the database. The cookie holds it under short names and moments as numbers,
/// since every request sends, decrypts and reads it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Viewer {
    /// Their account.
    #[serde(rename = "i")]
    pub id: UserId,
    /// The session of this browser.
    #[serde(rename = "s")]
    pub session: SessionId,
    /// Their name, or their address when they gave none.
    #[serde(rename = "n")]
    pub name: String,
    /// Their address.
    #[serde(rename = "e")]
    pub email: String,
    /// What their account is for.
    #[serde(rename = "k")]
    pub kind: AccountKind,
    /// Their profession, or the position of an organization's contact.
    #[serde(rename = "p")]
    pub profession: String,
    /// The path of the picture; nothing while it is generated.
    #[serde(rename = "a")]
    pub avatar: Option<String>,
    /// Whether an organization manages the account.
    #[serde(rename = "m")]
    pub is_managed: bool,
    /// Whether a code is asked for wherever the password is.
    #[serde(rename = "f")]
    pub has_second_factor: bool,
    /// When the password was last given.
    #[serde(rename = "t", with = "ts_microseconds")]
    pub authenticated_at: Timestamp,
    /// When this session ends.
    #[serde(rename = "x", with = "ts_microseconds")]
    pub session_expires_at: Timestamp,
    /// When this was read from the database or somewhat earlier, by its clock.
    #[serde(rename = "r", with = "ts_microseconds")]
    pub read_at: Timestamp,
}

impl Viewer {
    /// Whether the admin pages are theirs.
    #[must_use]
    pub fn is_admin(&self) -> bool {
        self.kind == AccountKind::Admin
    }

    /// Whether this is a company's account.
    #[must_use]
    pub fn is_organization(&self) -> bool {
        self.kind == AccountKind::Organization
    }

    /// Up to two letters for the generated picture.
    #[must_use]
    pub fn initials(&self) -> String {
        initials(&self.name)
    }
}

/// The first letters of the first and the last word of a name.
#[must_use]
pub fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|word| word.graphemes(true).next());
    let ends = [words.next(), words.next_back()];
    ends.into_iter().flatten().map(str::to_uppercase).collect()
}

/// Who makes a request, as the middleware that loads the viewer found out.
#[derive(Clone, Debug)]
pub enum Visitor {
    /// Nobody is signed in.
    Guest,
    /// This person is signed in.
    SignedIn(Arc<Viewer>),
    /// The request brings a session, but the database could not be asked about it.
    Unknown,
}

impl Visitor {
    /// The visitor that the middleware stored in this request; a guest where it stored none.
    #[must_use]
    pub fn of(request: &HttpRequest) -> Self {
        request.extensions().get::<Self>().cloned().unwrap_or(Self::Guest)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use chrono::TimeDelta;

    use super::*;

    pub fn viewer(read_at: Timestamp) -> Viewer {
        Viewer {
            id: UserId::from("ana".to_owned()),
            session: SessionId::generate(),
            name: "Ana María Rojas".to_owned(),
            email: "ana@example.cl".to_owned(),
            kind: AccountKind::Employee,
            profession: String::new(),
            avatar: None,
            is_managed: false,
            has_second_factor: false,
            authenticated_at: read_at,
            session_expires_at: read_at + TimeDelta::days(7),
            read_at,
        }
    }

    #[test]
    fn initials_are_of_the_first_and_last_name() {
        let now = "2026-11-23T12:00:00Z".parse().unwrap();
        assert_eq!(viewer(now).initials(), "AR");
        assert_eq!(initials("🇨🇱 n\u{303}andú"), "🇨🇱N\u{303}");
        assert_eq!(Viewer { name: "ñandú".to_owned(), ..viewer(now) }.initials(), "Ñ");
    }
}
