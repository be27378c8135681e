//! The result of one attempt to send a letter.

use crate::mail::reply::Reply;

/// The result of an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SendResult {
    /// The relay has taken the letter over.
    Sent,
    /// The relay wants this letter later.
    Deferred(Reply),
    /// The relay will never take this letter.
    Refused(Reply),
    /// The relay takes no letter now; this one was not at fault.
    RelayDown(Reply),
}
