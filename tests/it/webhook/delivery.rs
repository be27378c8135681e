//! Delivery: what is told, when it is told again, and what is never called.

use std::collections::HashSet;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use biovity::server;
use biovity::webhook::delivery::answer::Problem;
use biovity::webhook::delivery::client::{Client, Lookup, Signed};
use chrono::TimeDelta;

use super::endpoint_page::{add, rotate};
use super::receiver::{Message, Receiver};
use crate::support::TestSite;

const JOINED: [&str; 1] = ["waitlist.joined"];

#[tokio::test]
async fn what_happens_is_told_signed_in_order_and_without_the_address() {
    let (site, receiver) = (TestSite::start().await, Receiver::start().await);
    let admin = site.admin("admin@example.cl").await;
    let (_, secret) =
        add(&admin, &receiver, &["waitlist.joined", "waitlist.confirmed", "waitlist.left", "account.created"]).await;
    let ana = site.visitor();
    ana.join("ana@example.cl", "employee").await;
    let place = ana.press(&site.mail("ana@example.cl").await.link()).await.header("location").to_owned();
    let token = place.split_once("token=").unwrap().1;
    ana.post("/waitlist/leave", &[("token", token)]).await.has_status(303);
    site.employee("bea@example.cl").await;
    site.deliver_webhooks().await;
    let told = receiver.messages().split_off(1);
    let mut types: Vec<_> = told.iter().map(Message::json).collect();
    types.sort_by_key(|message| message["data"]["sequence"].as_i64());
    let names: Vec<_> = types.iter().map(|message| message["type"].as_str().unwrap()).collect();
    assert_eq!(names, ["waitlist.joined", "waitlist.confirmed", "waitlist.left", "account.created"]);
    assert_eq!(types[2]["data"]["state"], "left");
    for message in &told {
        assert!(message.is_signed_with(&secret) && !message.body.contains('@'), "{}", message.body);
    }
}

#[tokio::test]
async fn a_delivery_that_fails_comes_again_under_its_id_and_another_code_than_2xx_is_a_failure() {
    let (site, receiver) = (TestSite::start().await, Receiver::start().await);
    let admin = site.admin("admin@example.cl").await;
    add(&admin, &receiver, &JOINED).await;
    site.visitor().join("ana@example.cl", "employee").await;
    let state =
        || site.database.values("state || attempts", "webhook_delivery WHERE event = 'waitlist.joined'").concat();
    let huge = format!("HTTP/1.1 500 Down\r\n\r\n{}", "x".repeat(200_000));
    let redirect = format!("HTTP/1.1 301 Moved\r\nlocation: {}\r\ncontent-length: 0\r\n\r\n", receiver.url);
    for (attempts, answer) in (1..).zip([huge, redirect, String::new()]) {
        receiver.sends(answer);
        site.deliver_webhooks().await;
        assert_eq!(state(), format!("waiting{attempts}"));
        site.app.clock.advance(TimeDelta::minutes(40));
    }
    receiver.answers("200 OK", "");
    site.app.clock.advance(TimeDelta::hours(3));
    site.deliver_webhooks().await;
    assert_eq!(state(), "delivered4");
    let ids: HashSet<_> = receiver.messages().iter().skip(1).map(|message| message.id().to_owned()).collect();
    // What was dropped without an answer was sent once more at once, by another connection.
    assert_eq!((ids.len(), receiver.messages().len()), (1, 6));
}

#[tokio::test]
async fn an_endpoint_that_is_gone_or_fails_for_long_is_switched_off_and_admins_are_told() {
    let (site, receiver) = (TestSite::start().await, Receiver::start().await);
    let admin = site.admin("admin@example.cl").await;
    add(&admin, &receiver, &JOINED).await;
    let state = || site.database.values("state", "webhook").concat();
    receiver.answers("503 Busy", "retry-after: 600\r\n");
    for number in 0..12 {
        site.visitor().join(&format!("p{number}@example.cl"), "employee").await;
    }
    for _ in 0..9 {
        site.deliver_webhooks().await;
        site.app.clock.advance(TimeDelta::minutes(11));
    }
    assert_eq!(state(), "off");
    site.mail("admin@example.cl").await;
    let calls = receiver.messages().len();
    site.deliver_webhooks().await;
    assert_eq!(receiver.messages().len(), calls, "nothing is sent to it");
    site.database
        .execute("UPDATE webhook SET state = 'active', failures = 0, rests_until = NULL, failing_since = NULL");
    receiver.answers("410 Gone", "");
    site.app.clock.advance(TimeDelta::hours(30));
    site.deliver_webhooks().await;
    assert_eq!(state(), "off");
}

#[tokio::test]
async fn an_endpoint_that_asks_for_a_pause_gets_nothing_more_of_the_batch() {
    let (site, receiver) = (TestSite::start().await, Receiver::start().await);
    add(&site.admin("admin@example.cl").await, &receiver, &JOINED).await;
    for number in 0..12 {
        site.visitor().join(&format!("p{number}@example.cl"), "employee").await;
    }
    let probes = receiver.messages().len();
    receiver.answers("429 Too Many Requests", "retry-after: 600\r\n");
    site.deliver_webhooks().await;
    let calls = receiver.messages().len() - probes;
    assert!((1..=4).contains(&calls), "no more than were under way: {calls}");
    site.app.clock.advance(TimeDelta::minutes(11));
    receiver.answers("200 OK", "");
    site.deliver_webhooks().await;
    let delivered = "webhook_delivery WHERE event = 'waitlist.joined' AND state = 'delivered'";
    assert_eq!(site.database.values("count(*)", delivered), ["12"]);
}

#[tokio::test]
async fn erasing_a_person_erases_what_would_be_told_of_them() {
    let (site, receiver) = (TestSite::start().await, Receiver::start().await);
    let admin = site.admin("admin@example.cl").await;
    let (page, _) = add(&admin, &receiver, &["waitlist.joined", "waitlist.erased"]).await;
    let ticked = [("event", "waitlist.joined"), ("event", "waitlist.erased"), ("with_address", "on")];
    admin.post(&page, &ticked).await.redirects_to(&page);
    let ana = site.visitor();
    ana.join("ana@example.cl", "employee").await;
    site.make_join_deliveries();
    let named = "webhook_delivery WHERE webhook_delivery::text LIKE '%ana@example.cl%'";
    assert_eq!(site.database.values("event", named), ["waitlist.joined"]);
    let place = ana.press(&site.mail("ana@example.cl").await.link()).await.header("location").to_owned();
    ana.post("/waitlist/erase", &[("token", place.split_once("token=").unwrap().1)]).await.has_status(303);
    let kept = site.database.values("event", "webhook_delivery WHERE subject LIKE 'entry:%'");
    assert_eq!(kept, ["waitlist.erased"]);
    assert_eq!(site.database.values("event", named), [""; 0]);
    site.deliver_webhooks().await;
    let told = receiver.messages().split_off(1);
    assert_eq!((told.len(), &told[0].json()["type"]), (1, &"waitlist.erased".into()));
    assert!(!told[0].body.contains('@'), "{}", told[0].body);
}

#[tokio::test]
async fn both_secrets_sign_for_a_day_after_one_was_replaced() {
    let (site, receiver) = (TestSite::start().await, Receiver::start().await);
    let admin = site.admin("admin@example.cl").await;
    let (page, former) = add(&admin, &receiver, &JOINED).await;
    let new = rotate(&admin, &page).await;
    site.visitor().join("ana@example.cl", "employee").await;
    site.deliver_webhooks().await;
    let both = receiver.messages().pop().unwrap();
    assert!(former != new && both.is_signed_with(&former) && both.is_signed_with(&new));
    assert_eq!(both.headers["webhook-signature"].to_str().unwrap().split(' ').count(), 2);
}

#[tokio::test]
async fn a_name_that_changes_its_answer_after_the_check_is_not_called() {
    let receiver = Receiver::start().await;
    let port = receiver.url.rsplit(':').next().unwrap().to_owned();
    let asked = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&asked);
    let lookup: Lookup = Arc::new(move |_| {
        counted.fetch_add(1, Ordering::Relaxed);
        Box::pin(async { Ok(vec!["127.0.0.1".parse::<IpAddr>().unwrap(), "::1".parse().unwrap()]) })
    });
    let now = "2026-11-27T08:00:00Z".parse().unwrap();
    let message = Signed { id: "1", at: now, signature: "v1,x".to_owned(), body: "{}".to_owned() };
    let client = Client::with_lookup(&[], Arc::clone(&lookup));
    let answer = client.post(&format!("https://rebinding.test:{port}"), &message).await;
    assert_eq!(answer.problem, Some(Problem::Private));
    assert_eq!(asked.load(Ordering::Relaxed), 1, "what is checked is what is called");
    assert!(receiver.messages().is_empty());
    let allowed = Client::with_lookup(&["rebinding.test".to_owned()], lookup);
    assert!(allowed.post(&format!("http://rebinding.test:{port}"), &message).await.is_success());
}

#[tokio::test]
async fn two_workers_tell_each_thing_once() {
    let (site, receiver) = (TestSite::start().await, Receiver::start().await);
    let admin = site.admin("admin@example.cl").await;
    add(&admin, &receiver, &JOINED).await;
    site.database.execute(
        "INSERT INTO waitlist (email, role, created_at) \
         SELECT 'p' || n || '@example.cl', 'employee', now() FROM generate_series(1, 300) AS n",
    );
    let workers = [server::webhook_worker(&site.app), server::webhook_worker(&site.app)];
    let run =
        |worker: biovity::webhook::delivery::worker::Worker| async move { while worker.round().await.unwrap() > 0 {} };
    let [one, other] = workers;
    tokio::join!(run(one), run(other));
    let ids: Vec<_> = receiver.messages().iter().skip(1).map(|message| message.id().to_owned()).collect();
    assert_eq!((ids.len(), ids.iter().collect::<HashSet<_>>().len()), (300, 300));
}
