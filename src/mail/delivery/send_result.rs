//! What became of one attempt to send a letter, by whom the relay's reply is about.

use crate::mail::reply::Reply;

/// The result of an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SendResult {
    /// The relay has taken the letter over.
    Sent,
    /// The relay wants this letter later.
    Later(Reply),
    /// There is no such recipient, or it takes no mail.
    BadRecipient(Reply),
    /// The relay does not take this letter from us: its policy, a quota, our sender. The recipient is not at fault.
    RelayRefuses(Reply),
    /// The relay ended the conversation in the middle of this letter.
    RelayStops(Reply),
    /// The relay cannot be reached or does not talk with us; this letter was not tried.
    RelayDown(Reply),
    /// The letter cannot be built: a fault of ours.
    Unbuildable(Reply),
}

impl SendResult {
    /// All words of [`name`](Self::name).
    pub(super) const NAMES: [&str; 7] =
        ["sent", "later", "bad_recipient", "relay_refuses", "relay_stops", "relay_down", "unbuildable"];

    /// One word for it, as the metrics name it.
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Later(_) => "later",
            Self::BadRecipient(_) => "bad_recipient",
            Self::RelayRefuses(_) => "relay_refuses",
            Self::RelayStops(_) => "relay_stops",
            Self::RelayDown(_) => "relay_down",
            Self::Unbuildable(_) => "unbuildable",
        }
    }
}
