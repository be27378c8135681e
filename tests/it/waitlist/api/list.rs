//! The list as JSON, and the totals.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::TestSite;
use crate::support::visitor::{Visitor, send};
use crate::webhook::endpoint_page::add;
use crate::webhook::receiver::{Message, Receiver};

async fn list(site: &TestSite, key: &str, query: &str) -> Value {
    let path = format!("/api/waitlist{query}");
    send(site.visitor().program(key, "GET", &path)).await.has_status(200).json()
}

fn emails(list: &Value) -> Vec<String> {
    list["entries"].as_array().unwrap().iter().map(|entry| entry["email"].as_str().unwrap().to_owned()).collect()
}

async fn with_key(access: &str) -> (TestSite, Visitor, String) {
    let site = TestSite::start().await;
    let admin = site.admin("admin@example.cl").await;
    let key = site.key(&admin, access).await;
    (site, admin, key)
}

#[tokio::test]
async fn cursors_lead_through_everybody_once_in_both_orders() {
    let (site, _, key) = with_key("read").await;
    site.database.execute(
        "INSERT INTO waitlist (email, role, created_at) \
         SELECT 'p' || n || '@example.cl', 'employee', now() - n / 3 * interval '1 hour' FROM generate_series(1, 130) n",
    );
    for sort in ["", "oldest"] {
        let (mut all, mut after, mut pages) = (Vec::new(), String::new(), 0);
        loop {
            let page = list(&site, &key, &format!("?sort={sort}&after={after}")).await;
            assert_eq!(page["count"], json!({"number": 130, "is_exact": true}));
            all.extend(emails(&page));
            pages += 1;
            match page["after"].as_str() {
                Some(cursor) => cursor.clone_into(&mut after),
                None => break,
            }
        }
        assert_eq!((all.len(), pages), (130, 6));
        all.sort();
        all.dedup();
        assert_eq!(all.len(), 130);
    }
}

#[tokio::test]
async fn the_filters_are_those_of_the_admins_list() {
    let (site, admin, key) = with_key("read").await;
    let people = [("ana@example.cl", "employee", "news"), ("lab@uchile.cl", "organization", "fair")];
    for (email, role, source) in people {
        let fields = [("email", email), ("role", role), ("source", source)];
        site.visitor().post("/waitlist", &fields).await.redirects_to("/waitlist/joined");
    }
    site.visitor().press(&site.mail("ana@example.cl").await.link()).await.has_status(303);
    let queries = [
        ("", vec!["lab@uchile.cl", "ana@example.cl"]),
        ("?role=organization", vec!["lab@uchile.cl"]),
        ("?state=confirmed", vec!["ana@example.cl"]),
        ("?q=uchile", vec!["lab@uchile.cl"]),
        ("?source=news", vec!["ana@example.cl"]),
        ("?from=2099-01-01", vec![]),
    ];
    for (query, expected) in queries {
        let page = list(&site, &key, query).await;
        assert_eq!(emails(&page), expected, "{query}");
        assert_eq!(page["count"]["number"], expected.len(), "{query}");
        let rows = admin.get(&format!("/admin/waitlist{query}")).await.has_status(200).texts("tbody tr").len();
        assert_eq!(rows, expected.len(), "{query}");
    }
    let answer = send(site.visitor().program(&key, "GET", "/api/waitlist")).await;
    assert_eq!(answer.header("cache-control"), "no-store", "it names people");
    let ana = &list(&site, &key, "?state=confirmed").await["entries"][0];
    assert_eq!(
        (&ana["role"], &ana["state"], &ana["source"]),
        (&json!("employee"), &json!("confirmed"), &json!("news"))
    );
    let totals = send(site.visitor().program(&key, "GET", "/api/totals")).await.has_status(200).json();
    assert_eq!((&totals["listed"], &totals["employees"]["confirmed"]), (&json!(2), &json!(1)));
    let news = json!({"source": "news", "joined": 1, "confirmed": 1});
    assert!(totals["sources"].as_array().unwrap().contains(&news), "{totals}");
}

#[tokio::test]
async fn a_filter_or_cursor_that_cannot_be_read_lists_nobody() {
    let (site, _, key) = with_key("read").await;
    site.visitor().join("ana@example.cl", "employee").await.redirects_to("/waitlist/joined");
    let wrong = [
        "role=boss",
        "state=x",
        "from=monday",
        "to=2026-13-01",
        "source=a%2Bb",
        "states=confirmed",
        "limit=1",
        "sort=foo",
        "after=x",
        "before=AAAA",
        "role=employee&role=organization",
        "q=%00",
        "role=%20",
        "source=+",
        "sort=oldest&sort=newest",
    ];
    for query in wrong {
        let page = send(site.visitor().program(&key, "GET", &format!("/api/waitlist?{query}"))).await;
        assert_eq!(page.status, 422, "{query}: {}", page.body);
        assert_eq!(page.header("content-type"), "application/problem+json");
        let field = query.split('=').next().unwrap();
        assert!(!page.body.contains("from the list"), "no word of a form: {}", page.body);
        assert!(page.json()["fields"][field].is_string() && !page.body.contains("ana@"), "{query}: {}", page.body);
    }
}

#[tokio::test]
async fn an_address_as_long_as_any_is_refused_at_once() {
    let (site, _, key) = with_key("read").await;
    let path = format!("/api/waitlist?{}", "q&".repeat(30_000));
    let start = Instant::now();
    let page = send(site.visitor().program(&key, "GET", &path)).await.has_status(422);
    assert_eq!(page.json()["fields"], json!({"q": "It is given twice."}));
    assert!(start.elapsed() < Duration::from_secs(1), "each parameter is looked at once: {:?}", start.elapsed());
}

/// Whether a time is written as `2026-11-27T12:00:00.000Z`.
fn is_time(value: &Value) -> bool {
    let form = |c: char| if c.is_ascii_digit() { '0' } else { c };
    value.as_str().is_some_and(|text| text.chars().map(form).collect::<String>() == "0000-00-00T00:00:00.000Z")
}

#[tokio::test]
async fn every_time_is_written_in_one_form_that_of_the_messages_of_webhooks() {
    let ((site, admin, key), receiver) = (with_key("write").await, Receiver::start().await);
    add(&admin, &receiver, &["waitlist.joined"]).await;
    site.database.execute(
        "INSERT INTO waitlist (email, role, created_at, confirmed_at, invited_at, signed_up_at, bounced_at, left_at) \
         SELECT 'p' || n || '@example.cl', 'employee', at, at, at, at, at, at \
         FROM unnest(ARRAY['2026-11-27T12:00Z', '2026-11-27T12:00:00.1Z', '2026-11-27T12:00:00.123456Z']::timestamptz[]) \
              WITH ORDINALITY AS known (at, n)",
    );
    site.deliver_webhooks().await;
    let listed = list(&site, &key, "").await;
    let entries = listed["entries"].as_array().unwrap();
    assert_eq!(entries.len(), 3);
    for entry in entries {
        let id = &entry["id"];
        let one =
            send(site.visitor().program(&key, "GET", &format!("/api/waitlist/{id}"))).await.has_status(200).json();
        for (name, value) in one.as_object().unwrap().iter().filter(|(name, _)| name.ends_with("_at")) {
            assert_eq!((value, value.is_null() || is_time(value)), (&entry[name], true), "{name}: {value}");
        }
        let messages = receiver.messages();
        let told = messages.iter().map(Message::json).find(|message| message["data"]["id"] == *id).unwrap();
        assert_eq!((&one["joined_at"], &one["left_at"]), (&told["data"]["joined_at"], &told["data"]["left_at"]));
    }
    let rehearsal = site.visitor().program(&key, "POST", "/api/waves").json(&json!({"employees": 1, "rehearse": true}));
    assert!(is_time(&send(rehearsal).await.has_status(200).json()["done_at"]));
}
