//! A time as programs read it: one form for all, that of the messages of webhooks.

use chrono::SecondsFormat;
use serde::{Serialize, Serializer};

use crate::values::clock::Timestamp;

/// A time in UTC by RFC 3339, to the millisecond: `2026-11-27T12:00:00.000Z`.
#[derive(Clone, Copy, Debug)]
pub struct Moment(pub Timestamp);

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0.to_rfc3339_opts(SecondsFormat::Millis, true))
    }
}
