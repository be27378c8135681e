//! Identifiers with types, so that one is never passed for another.

use std::fmt;
use std::num::ParseIntError;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Longest id that is read from a request, in bytes. The old application may have written any text; a longer one was made
/// up, and must fill neither the memory nor the log.
const LONGEST: usize = 200;

/// The text is no id of any row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is no id")]
pub struct NotAnId;

/// Whether a row may have this id. PostgreSQL takes no NUL in a text.
fn is_possible(text: &str) -> bool {
    (1..=LONGEST).contains(&text.len()) && !text.contains('\0')
}

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// A new UUID v7: unique, and in the order of creation.
            #[must_use]
            pub fn generate() -> Self {
                Self(Uuid::now_v7().to_string())
            }

            /// The id as its column holds it.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<String> for $name {
            fn from(column: String) -> Self {
                Self(column)
            }
        }

        /// Reads what came from outside.
        impl FromStr for $name {
            type Err = NotAnId;

            fn from_str(typed: &str) -> Result<Self, NotAnId> {
                if is_possible(typed) { Ok(Self(typed.to_owned())) } else { Err(NotAnId) }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

text_id! {
    /// A row of the user table. Rows of the old application hold other texts than UUIDs.
    UserId
}
text_id! {
    /// A row of the session table: public, unlike the session's token.
    SessionId
}
text_id! {
    /// A row of the verification table: the link of a mail, whose token is derived from this id.
    LinkId
}
text_id! {
    /// A mail in the outbox; its `Message-ID` is made of it.
    LetterId
}
text_id! {
    /// A row of the audit table, in the order in which things happened.
    EventId
}
text_id! {
    /// An import: a list of places from a file.
    ImportId
}
text_id! {
    /// A file that is kept while its form waits.
    UploadId
}
text_id! {
    /// A picture. Its address is the only key to it, and changes with each upload.
    AvatarId
}
text_id! {
    /// A key of the API: public, unlike its text.
    ApiKeyId
}
text_id! {
    /// A deletion of places on the waitlist.
    DeletionId
}

text_id! {
    /// An endpoint of webhooks.
    WebhookId
}

macro_rules! number_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(i64);

        impl $name {
            /// The id as its column holds it.
            #[must_use]
            pub const fn as_i64(self) -> i64 {
                self.0
            }
        }

        impl From<i64> for $name {
            fn from(column: i64) -> Self {
                Self(column)
            }
        }

        impl FromStr for $name {
            type Err = ParseIntError;

            fn from_str(typed: &str) -> Result<Self, ParseIntError> {
                typed.parse().map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

number_id! {
    /// A row of the waitlist table.
    EntryId
}
number_id! {
    /// A wave of invitations.
    WaveId
}
number_id! {
    /// A delivery to an endpoint of webhooks: the sequence of its event.
    DeliveryId
}

/// Tells a form that was sent from every other: a keyed hash of all that was sent, the key of the form included. Nobody
/// can try passwords with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SubmissionId([u8; 32]);

impl SubmissionId {
    /// The id as its column holds it.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl From<[u8; 32]> for SubmissionId {
    fn from(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_row_may_have_is_read_as_an_id() {
        for id in ["018f3c1e-ab", "Ana María", &"a".repeat(LONGEST)] {
            assert_eq!(id.parse(), Ok(UserId::from(id.to_owned())));
        }
        for nothing in ["", "a\0b", &"a".repeat(LONGEST + 1)] {
            assert_eq!(nothing.parse::<UserId>(), Err(NotAnId));
        }
        assert_eq!("42".parse(), Ok(EntryId::from(42)));
        assert!("99999999999999999999".parse::<WaveId>().is_err());
    }
}
