//! Waves that a program rehearses and starts.

use reqwest::header::{AUTHORIZATION, HeaderMap};
use serde_json::json;

use crate::support::TestSite;
use crate::support::page::Page;
use crate::support::visitor::send;

async fn wave(site: &TestSite, key: &str, body: serde_json::Value) -> Page {
    send(site.visitor().program(key, "POST", "/api/waves").json(&body)).await
}

async fn with_people() -> (TestSite, String) {
    let site = TestSite::start().await;
    let admin = site.admin("admin@example.cl").await;
    let key = site.key(&admin, "write").await;
    site.database.execute(
        "INSERT INTO waitlist (email, role, created_at, confirmed_at) SELECT 'p' || n || '@example.cl', 'employee', \
         now() - n * interval '1 hour', now() FROM generate_series(1, 20) n",
    );
    (site, key)
}

#[tokio::test]
async fn a_wave_takes_exactly_those_whom_its_rehearsal_showed() {
    let (site, key) = with_people().await;
    let shown = wave(&site, &key, json!({"employees": 2, "rehearse": true})).await.has_status(200).json();
    assert_eq!(shown["employees"]["first"], json!(["p20@example.cl", "p19@example.cl"]));
    assert_eq!((&shown["employees"]["available"], &shown["organizations"]["invited"]), (&json!(20), &json!(0)));
    assert!(site.database.values("id", "waitlist_wave").is_empty(), "a rehearsal changes nothing");
    let started = wave(&site, &key, json!({"employees": 2, "people": shown["people"]})).await.has_status(201).json();
    assert_eq!(started["invited"], 2);
    let taken = "waitlist_invitation JOIN waitlist ON waitlist.id = entry_id ORDER BY waitlist.created_at";
    assert_eq!(site.database.values("email", taken), ["p20@example.cl", "p19@example.cl"]);
    wave(&site, &key, json!({"people": shown["people"]})).await.has_status(409);
    wave(&site, &key, json!({"organizations": 1})).await.has_status(409);
}

#[tokio::test]
async fn fifty_equal_requests_start_one_wave() {
    let (site, key) = with_people().await;
    let requests: Vec<_> = (0..50)
        .map(|_| {
            let request = site.visitor().program(&key, "POST", "/api/waves").header("idempotency-key", "monday");
            tokio::spawn(send(request.json(&json!({"employees": 3}))))
        })
        .collect();
    let mut bodies = Vec::new();
    for request in requests {
        bodies.push(request.await.unwrap().has_status(201).body);
    }
    bodies.dedup();
    assert_eq!(bodies.len(), 1);
    assert_eq!(site.database.values("count(*)", "waitlist_wave"), ["1"]);
}

#[tokio::test]
async fn numbers_that_cannot_be_taken_invite_nobody() {
    let (site, key) = with_people().await;
    let wrong = [json!({}), json!({"employees": -1}), json!({"employees": 10_001}), json!({"people": "x"})];
    for body in wrong {
        let page = wave(&site, &key, body.clone()).await.has_status(422);
        assert!(page.json()["fields"].is_object(), "{body}");
    }
    for (body, wrong) in [
        (json!({"employees": "1"}), "employees"),
        (json!({"organizations": 1.5}), "organizations"),
        (json!({"employees": true}), "employees"),
        (json!({"employees": null}), "employees"),
        (json!({"rehearse": "yes"}), "rehearse"),
        (json!({"people": 1}), "people"),
        (json!({"employees": 1, "x": 1}), "x"),
    ] {
        let fields = wave(&site, &key, body.clone()).await.has_status(422).json()["fields"].clone();
        let named: Vec<_> = fields.as_object().unwrap().keys().cloned().collect();
        assert_eq!(named, [wrong], "{body}");
    }
    for body in ["[]", "{", "", "{\"employees\":1,\"employees\":2}"] {
        let request = site.visitor().program(&key, "POST", "/api/waves").header("content-type", "application/json");
        send(request.body(body)).await.has_status(400);
    }
    assert!(site.database.values("id", "waitlist_wave").is_empty());
}

#[tokio::test]
async fn one_key_is_one_request_however_it_is_written_and_another_one_with_it_is_refused() {
    let (site, key) = with_people().await;
    let sent = |scheme: &str, path: &str, body: &str| {
        let request = site.visitor().program(&key, "POST", path).header("idempotency-key", "w1");
        let authorization = (AUTHORIZATION, format!("{scheme} {key}").parse().unwrap());
        let request = request.headers(HeaderMap::from_iter([authorization]));
        send(request.header("content-type", "application/json").body(body.to_owned()))
    };
    let first = sent("Bearer", "/api/waves", "{\"employees\": 2}").await.has_status(201);
    for (scheme, path, body) in [
        ("Bearer", "/api/waves", "{\"employees\":2}"),
        ("Bearer", "/api/waves", " {\"organizations\":0,\"employees\":2.0,\"rehearse\":false,\"people\":null}"),
        ("bearer ", "/api/waves?x=1", "{\"employees\":2}"),
    ] {
        let again = sent(scheme, path, body).await.has_status(201);
        assert_eq!(again.body, first.body, "{scheme} {path} {body}");
    }
    for body in ["{\"employees\":3}", "{\"organizations\":1}", "{\"employees\":2,\"rehearse\":true}"] {
        let refused = sent("Bearer", "/api/waves", body).await.has_status(422);
        assert_eq!(refused.header("content-type"), "application/problem+json");
        assert!(
            refused.json()["detail"].as_str().unwrap().contains("was used for another request"),
            "{}",
            refused.body
        );
    }
    sent("Bearer", "/api/waves", "{\"employees\":").await.has_status(400);
    assert_eq!(site.database.values("count(*)", "waitlist_wave"), ["1"]);
}

#[tokio::test]
async fn a_key_starts_no_second_wave_after_an_admin_paused_the_first() {
    let (site, key) = with_people().await;
    let again = || {
        let request = site.visitor().program(&key, "POST", "/api/waves").header("idempotency-key", "w1");
        send(request.json(&json!({"employees": 2})))
    };
    let first = again().await.has_status(201);
    let admin = site.visitor();
    admin.log_in("admin@example.cl", crate::support::PASSWORD).await;
    admin.post(&format!("/admin/waitlist/waves/{}/pause", first.json()["id"]), &[]).await.has_status(303);
    assert_eq!(again().await.has_status(201).body, first.body);
    assert_eq!(site.database.values("count(*)", "waitlist_wave"), ["1"]);
}

#[tokio::test]
async fn people_and_other_numbers_contradict_each_other() {
    let (site, key) = with_people().await;
    let people = wave(&site, &key, json!({"employees": 2, "rehearse": true})).await.json()["people"].clone();
    for (employees, organizations) in [(1, 0), (3, 0), (2, 1)] {
        let body = json!({"employees": employees, "organizations": organizations, "people": people});
        let refused = wave(&site, &key, body).await.has_status(422).json();
        assert!(refused["fields"]["people"].is_string(), "{refused}");
    }
    assert!(site.database.values("id", "waitlist_wave").is_empty());
    wave(&site, &key, json!({"people": people})).await.has_status(201);
}

#[tokio::test]
async fn a_body_that_says_it_is_compressed_is_not_read_as_it_stands() {
    let site = TestSite::start().await;
    let admin = site.admin("admin@example.cl").await;
    let key = site.key(&admin, "write").await;
    for (coding, status) in [("identity", 200), ("gzip", 415), ("br", 415), ("identity, gzip", 415)] {
        let wave = site.visitor().program(&key, "POST", "/api/waves").header("content-encoding", coding);
        send(wave.json(&json!({"employees": 1, "rehearse": true}))).await.has_status(status);
    }
}
