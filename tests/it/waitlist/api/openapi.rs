//! The description of the API, against the committed copy.

use std::collections::BTreeSet;
use std::fs;

use biovity::waitlist::api::openapi;
use chrono::DateTime;
use serde_json::Value;

use crate::support::TestSite;
use crate::support::addresses;
use crate::webhook::endpoint_page::add;
use crate::webhook::receiver::{Message, Receiver};

const COPY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/openapi.json");
const COMMAND: &str = "UPDATE_TABLES=1 cargo test --test it openapi";

#[expect(clippy::disallowed_methods, reason = "whoever runs the tests says so")]
fn is_update() -> bool {
    std::env::var_os("UPDATE_TABLES").is_some()
}

#[tokio::test]
async fn the_description_is_the_committed_one_and_names_every_address() {
    let text = openapi::text().unwrap() + "\n";
    if is_update() {
        fs::write(COPY, &text).unwrap();
    }
    assert!(fs::read_to_string(COPY).unwrap_or_default() == text, "docs/openapi.json is old: run `{COMMAND}`");
    let site = TestSite::start().await;
    let served = site.visitor().get("/api/openapi.json").await.has_status(200).json();
    assert_eq!(served.to_string(), serde_json::from_str::<Value>(&text).unwrap().to_string());
    let of_api = addresses::routes().into_iter().filter(|route| route.pattern.starts_with("/api/"));
    let undescribed = of_api.filter(|route| {
        let method = route.method.to_lowercase();
        route.pattern != "/api/openapi.json" && !served["paths"][&route.pattern][method].is_object()
    });
    assert_eq!(undescribed.map(|route| format!("{} {}", route.method, route.pattern)).collect::<Vec<_>>(), [""; 0]);
}

/// The names of the members of an object.
fn members(object: &Value) -> BTreeSet<&str> {
    object.as_object().unwrap().keys().map(String::as_str).collect()
}

/// Whether an object is as a schema describes it.
fn is_as(schema: &Value, object: &Value) -> bool {
    let properties = &schema["properties"];
    let has_required =
        schema["required"].as_array().unwrap().iter().all(|name| !object[name.as_str().unwrap()].is_null());
    has_required
        && members(object).into_iter().all(|name| {
            let (schema, value) = (&properties[name], &object[name]);
            let is_listed = schema["enum"].as_array().is_none_or(|values| values.contains(value));
            let is_time = || DateTime::parse_from_rfc3339(value.as_str().unwrap()).is_ok();
            let is_typed = match schema["type"].as_str() {
                Some("integer") => value.is_i64(),
                Some("string") => value.is_string() && (schema["format"] != "date-time" || is_time()),
                _ => schema["$ref"].is_string() && value.is_object(),
            };
            is_typed && is_listed
        })
}

/// What a program is sent when everything that can happen has happened.
async fn sent(events: &[&str]) -> Vec<Message> {
    let (site, receiver) = (TestSite::start().await, Receiver::start().await);
    let admin = site.admin("admin@example.cl").await;
    let page = add(&admin, &receiver, events).await.0;
    let ticked: Vec<_> = events.iter().map(|event| ("event", *event)).chain([("with_address", "on")]).collect();
    admin.post(&page, &ticked).await.redirects_to(&page);
    site.visitor().join("ana@example.cl", "employee").await;
    site.employee("bea@example.cl").await;
    site.database.execute(
        "UPDATE waitlist SET confirmed_at = now(), invited_at = now(), signed_up_at = now(), bounced_at = now(), \
         left_at = now()",
    );
    site.deliver_webhooks().await;
    site.database.execute("DELETE FROM waitlist; DELETE FROM \"user\" WHERE email = 'bea@example.cl'");
    site.deliver_webhooks().await;
    receiver.messages()
}

#[tokio::test]
async fn the_messages_of_webhooks_are_described_as_they_are_sent() {
    let described: Value = serde_json::from_str(&openapi::text().unwrap()).unwrap();
    let webhooks = described["webhooks"].as_object().unwrap();
    let events: Vec<_> = webhooks.keys().map(String::as_str).filter(|name| *name != "webhook.probe").collect();
    assert_eq!(events.len(), 10);
    let sent = sent(&events).await;
    let mut missing = Vec::new();
    for (name, webhook) in webhooks {
        let post = &webhook["post"];
        let message = &post["requestBody"]["content"]["application/json"]["schema"];
        let data = message["properties"]["data"]["$ref"].as_str().unwrap().trim_start_matches('#');
        let data = described.pointer(data).unwrap();
        let mut told = BTreeSet::new();
        for (sent, json) in sent.iter().map(|sent| (sent, sent.json())).filter(|(_, json)| json["type"] == **name) {
            assert!(is_as(message, &json) && is_as(data, &json["data"]), "{}", sent.body);
            for header in post["parameters"].as_array().unwrap() {
                assert!(sent.headers.contains_key(header["name"].as_str().unwrap()), "{header}");
            }
            told.extend(members(&json["data"]).into_iter().map(str::to_owned));
        }
        let is_whole = members(&data["properties"]).into_iter().all(|name| told.contains(name));
        // Whoever has just joined has no other times.
        if !is_whole && name != "waitlist.joined" {
            missing.push(name);
        }
    }
    assert_eq!(missing, [""; 0], "described, and never sent");
}
