//! The description of the API, against the committed copy.

use std::fs;

use biovity::waitlist::api::openapi;

use crate::support::TestSite;
use crate::support::addresses;

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
    assert_eq!(served.to_string(), serde_json::from_str::<serde_json::Value>(&text).unwrap().to_string());
    let of_api = addresses::routes().into_iter().filter(|route| route.pattern.starts_with("/api/"));
    let undescribed = of_api.filter(|route| {
        let method = route.method.to_lowercase();
        route.pattern != "/api/openapi.json" && !served["paths"][&route.pattern][method].is_object()
    });
    assert_eq!(undescribed.map(|route| format!("{} {}", route.method, route.pattern)).collect::<Vec<_>>(), [""; 0]);
}
