//! Waves that a program rehearses and starts.

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
    for body in [json!({"employees": "1"}), json!({"x": 1}), json!([])] {
        wave(&site, &key, body).await.has_status(400);
    }
    assert!(site.database.values("id", "waitlist_wave").is_empty());
}
