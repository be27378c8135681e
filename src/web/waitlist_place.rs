//! What the waitlist tells the account page of a place.

use chrono::serde::ts_microseconds;
use serde::{Deserialize, Serialize};

use crate::values::account_kind::AccountKind;
use crate::values::clock::Timestamp;

/// The place of an address, unless its owner left or an admin deleted it. A cookie keeps it, under short names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitlistPlace {
    /// How far it has come.
    #[serde(rename = "s")]
    pub standing: Standing,
    /// Whether its owner looks for work or hires.
    #[serde(rename = "k")]
    pub kind: AccountKind,
    /// When its owner joined.
    #[serde(rename = "j", with = "ts_microseconds")]
    pub joined_at: Timestamp,
    /// How it stands among those who wait; nothing of one that does not wait.
    #[serde(rename = "t")]
    pub turn: Option<Turn>,
}

/// How a confirmed place stands among those of its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turn {
    /// How many confirmed places are as old or older, itself included.
    pub rank: i64,
    /// How many of its kind were invited within the last week.
    pub invited: i64,
}

/// How far a place has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Its address is not confirmed.
    Unconfirmed,
    /// It waits for its turn.
    Waits,
    /// It was invited.
    Invited,
    /// Its address has an account.
    SignedUp,
    /// Mail to it was refused.
    Refused,
}
