//! A probe: a delivery that says nothing, sent while somebody waits, to see what the endpoint answers.

use serde_json::json;
use uuid::Uuid;

use super::delivery::answer::{Answer, Problem};
use super::delivery::client::{Client, Signed};
use super::delivery::message::body;
use super::endpoint::Endpoint;
use super::event::PROBE;
use super::signing_secret::Unsigned;
use crate::values::clock::Timestamp;
use crate::values::secret_key::SecretKeys;

/// Sends one, and tells what came of it.
pub async fn send(client: &Client, keys: &SecretKeys, now: Timestamp, endpoint: &Endpoint) -> Answer {
    let (id, body) = (Uuid::now_v7().to_string(), body(PROBE, now, &json!({ "webhook": endpoint.id })));
    match endpoint.sign(keys, now, Unsigned { id: &id, body: &body }) {
        Some(signature) => client.post(&endpoint.url, &Signed { id: &id, at: now, signature, body }).await,
        None => Answer { problem: Some(Problem::Secret), ..Answer::default() },
    }
}
