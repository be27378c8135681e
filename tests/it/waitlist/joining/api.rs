//! Joining by JSON.

use serde_json::json;

use crate::support::TestSite;
use crate::support::page::Page;
use crate::support::visitor::send;

async fn post(site: &TestSite, content_type: Option<&str>, body: impl Into<Vec<u8>>) -> Page {
    let mut request = site.visitor().request("POST", "/api/waitlist").body(body.into());
    if let Some(content_type) = content_type {
        request = request.header("content-type", content_type);
    }
    let page = send(request).await;
    assert_eq!(page.header("content-type"), "application/json", "{}", page.body);
    page
}

async fn join(site: &TestSite, body: serde_json::Value) -> Page {
    post(site, Some("application/json"), body.to_string()).await
}

#[tokio::test]
async fn a_program_joins_and_the_person_gets_the_mail() {
    let site = TestSite::start().await;
    let page = join(&site, json!({"email": " Ana@Example.CL ", "role": "employee"})).await.has_status(201);
    assert_eq!(page.json(), json!({"success": true}));
    let mail = site.mail("ana@example.cl").await;
    site.visitor().press(&mail.link()).await.has_status(303);
}

#[tokio::test]
async fn a_listed_address_is_a_conflict_in_the_same_words_in_every_language() {
    let site = TestSite::start().await;
    site.visitor().join("ana@example.cl", "employee").await.redirects_to("/waitlist/joined");
    for visitor in [site.visitor(), site.spanish_visitor()] {
        let request =
            visitor.request("POST", "/api/waitlist").json(&json!({"email": "ANA@example.cl", "role": "organization"}));
        let page = send(request).await.has_status(409);
        assert_eq!(page.json(), json!({"error": "Email already on waitlist"}));
    }
    assert_eq!(site.mails("ana@example.cl").await.len(), 1);
}

#[tokio::test]
async fn what_is_wrong_is_told_field_by_field() {
    let site = TestSite::start().await;
    let page = join(&site, json!({"email": "ana", "role": "boss"})).await.has_status(422);
    let told = json!({
        "error": "There is a problem",
        "fields": {"email": "Enter an email address like name@example.com", "role": "Choose what brings you here"},
    });
    assert_eq!(page.json(), told);
    let page = join(&site, json!({"role": "employee"})).await.has_status(422);
    assert_eq!(page.json()["fields"], json!({"email": "Enter your email address"}));
    join(&site, json!({})).await.has_status(422);
}

#[tokio::test]
async fn fields_that_nobody_asked_for_change_nothing() {
    let site = TestSite::start().await;
    let extra = json!({
        "email": "ana@example.cl", "role": "employee", "id": 1, "confirmed_at": "2020-01-01T00:00:00Z",
        "created_at": "2020-01-01T00:00:00Z", "type": "admin", "locale": "xx", "nested": {"a": [1, {"b": null}]},
    });
    join(&site, extra).await.has_status(201);
    let deep = format!("{{\"x\":{}1{},\"email\":\"eva\"}}", "[".repeat(7_000), "]".repeat(7_000));
    post(&site, Some("application/json"), deep).await.has_status(422);
    let rows = site
        .database
        .values("(confirmed_at IS NULL) || ' ' || (created_at > '2026-01-01') || ' ' || locale", "waitlist");
    assert_eq!(rows, ["true true en"]);
}

#[tokio::test]
async fn what_is_no_json_is_refused() {
    let site = TestSite::start().await;
    let deep = "[".repeat(16_000);
    let bodies: [&[u8]; 17] = [
        b"",
        b"{",
        b"null",
        b"1",
        b"\"\"",
        b"email=ana%40example.cl&role=employee",
        b"{\"email\":1,\"role\":\"employee\"}",
        b"{\"email\":null,\"role\":\"employee\"}",
        b"{\"email\":[\"ana@example.cl\"],\"role\":\"employee\"}",
        b"{\"email\":{\"$ne\":\"\"},\"role\":\"employee\"}",
        b"{\"email\":\"a@b.cl\",\"email\":\"c@d.cl\",\"role\":\"employee\"}",
        b"{\"email\":\"a@b.cl\",\"role\":\"employee\"}x",
        b"{\"email\":\"\xff@b.cl\",\"role\":\"employee\"}",
        b"{\"email\":\"\\ud800@b.cl\",\"role\":\"employee\"}",
        b"\xef\xbb\xbf{}",
        b"\0",
        deep.as_bytes(),
    ];
    for body in bodies {
        let page = post(&site, Some("application/json"), body).await;
        assert_eq!(page.status, 400, "{}", String::from_utf8_lossy(&body[..body.len().min(80)]));
        page.leads_on();
    }
    assert!(site.database.values("email", "waitlist").is_empty());
}

#[tokio::test]
async fn odd_text_in_json_is_no_address() {
    let site = TestSite::start().await;
    for email in ["a\u{0}@b.cl", "a@b.cl\r\nBcc: c@d.cl", "\u{fffd}@b.cl", "a b@c.cl", "<script>@b.cl"] {
        join(&site, json!({"email": email, "role": "employee"})).await.has_status(422);
    }
    for role in ["a\u{0}", "%_\\", "=cmd", "employee\r\n"] {
        join(&site, json!({"email": "a@b.cl", "role": role})).await.has_status(422);
    }
    let long = "x".repeat(7_000);
    join(&site, json!({"email": long, "role": long})).await.has_status(422);
    assert!(site.database.values("email", "waitlist").is_empty());
}

#[tokio::test]
async fn only_json_of_a_bounded_size_is_read() {
    let site = TestSite::start().await;
    let body = json!({"email": "ana@example.cl", "role": "employee"}).to_string();
    let others = ["application/x-www-form-urlencoded", "text/plain", "multipart/form-data", "application/jsonp", ""];
    for content_type in others.into_iter().map(Some).chain([None]) {
        post(&site, content_type, body.clone()).await.has_status(415).leads_on();
    }
    let large = json!({"email": "ana@example.cl", "role": "employee", "x": "x".repeat(1 << 20)}).to_string();
    post(&site, Some("application/json"), large).await.has_status(413).leads_on();
    post(&site, Some("Application/JSON; charset=utf-8"), body).await.has_status(201);
}

#[tokio::test]
async fn the_api_answers_in_json_whatever_is_asked() {
    let site = TestSite::start().await;
    for (method, path, status) in
        [("GET", "/api/waitlist", 401), ("DELETE", "/api/waitlist", 405), ("GET", "/api/nothing", 404)]
    {
        send(site.visitor().request(method, path)).await.has_status(status).json();
    }
    site.database.go_away();
    let page = join(&site, json!({"email": "ana@example.cl", "role": "employee"})).await.has_status(503).leads_on();
    assert!(!page.header("retry-after").is_empty());
}
