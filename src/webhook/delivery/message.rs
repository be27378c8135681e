//! The text of a message, as it is signed and sent.

use serde_json::{Value, json};

use crate::values::clock::Timestamp;

/// What the triggers call the address in `data`.
const ADDRESS: &str = "email";

/// Data without the address.
#[must_use]
pub fn unaddressed(mut data: Value) -> Value {
    if let Some(fields) = data.as_object_mut() {
        fields.remove(ADDRESS);
    }
    data
}

/// Whether data holds the address.
#[must_use]
pub fn has_address(data: &Value) -> bool {
    data.get(ADDRESS).is_some()
}

/// Data with the number of its delivery.
#[must_use]
pub fn numbered(mut data: Value, id: i64) -> Value {
    if let Some(fields) = data.as_object_mut() {
        fields.insert("sequence".to_owned(), json!(id));
    }
    data
}

/// The text of a message.
#[must_use]
pub fn body(event: &str, at: Timestamp, data: &Value) -> String {
    message(event, at, data).to_string()
}

/// The same before it is written down.
#[must_use]
pub fn message(event: &str, at: Timestamp, data: &Value) -> Value {
    let timestamp = at.to_rfc3339_opts(chrono::SecondsFormat::Millis, true);
    json!({ "type": event, "timestamp": timestamp, "data": data })
}
