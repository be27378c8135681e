//! What may no longer be told when its turn comes, although it was written, or even claimed, before.

use std::time::Duration;

use chrono::TimeDelta;
use tokio::time::sleep;

use super::endpoint_page::{add, rotate};
use super::receiver::Receiver;
use crate::support::TestSite;
use crate::support::visitor::Visitor;

const JOINED: [&str; 1] = ["waitlist.joined"];
/// Calls to one endpoint at once.
const AT_ONCE: usize = 4;

async fn start() -> (TestSite, Receiver, Visitor) {
    let (site, receiver) = (TestSite::start().await, Receiver::start().await);
    let admin = site.admin("admin@example.cl").await;
    (site, receiver, admin)
}

/// Has so many people join, for whose deliveries one claim is enough.
fn join(site: &TestSite, people: usize) {
    site.database.execute(&format!(
        "INSERT INTO waitlist (email, role, created_at) \
         SELECT 'p' || gen_random_uuid() || '@example.cl', 'employee', now() FROM generate_series(1, {people})"
    ));
}

/// Delivers, and does something while the first calls are under way.
async fn deliver_and(site: &TestSite, receiver: &Receiver, act: impl Future<Output = ()>) {
    let before = receiver.messages().len();
    tokio::join!(site.deliver_webhooks(), async {
        while receiver.messages().len() < before + AT_ONCE {
            sleep(Duration::from_millis(5)).await;
        }
        act.await;
    });
}

#[tokio::test]
async fn who_is_erased_while_their_delivery_is_in_hand_is_not_told_of() {
    let (site, receiver, admin) = start().await;
    let ana = site.visitor();
    ana.join("ana@example.cl", "employee").await;
    let place = ana.press(&site.mail("ana@example.cl").await.link()).await.header("location").to_owned();
    add(&admin, &receiver, &["waitlist.joined", "waitlist.left"]).await;
    join(&site, 7);
    let token = [("token", place.split_once("token=").unwrap().1)];
    ana.post("/waitlist/leave", &token).await.has_status(303);
    receiver.waits(Duration::from_secs(1));
    deliver_and(&site, &receiver, async {
        ana.post("/waitlist/erase", &token).await.has_status(303);
    })
    .await;
    let told = receiver.messages().split_off(1);
    assert_eq!(told.len(), 7);
    assert!(told.iter().all(|message| message.json()["type"] == "waitlist.joined"));
}

#[tokio::test]
async fn nothing_in_hand_is_sent_once_the_endpoint_is_paused_or_deleted() {
    let (site, receiver, admin) = start().await;
    let (page, _) = add(&admin, &receiver, &JOINED).await;
    receiver.waits(Duration::from_secs(1));
    join(&site, 8);
    deliver_and(&site, &receiver, async {
        admin.post(&format!("{page}/pause"), &[]).await.redirects_to(&page);
    })
    .await;
    assert_eq!(receiver.messages().len(), 1 + AT_ONCE, "the probe, and what was under way");
    receiver.waits(Duration::ZERO);
    admin.post(&format!("{page}/on"), &[]).await.redirects_to(&page);
    site.deliver_webhooks().await;
    assert_eq!(receiver.messages().len(), 1 + 8, "the rest, once it is on again");
    receiver.waits(Duration::from_secs(1));
    join(&site, 8);
    deliver_and(&site, &receiver, async {
        admin.post(&format!("{page}/delete"), &[]).await.redirects_to("/admin/webhooks");
    })
    .await;
    assert_eq!(receiver.messages().len(), 1 + 8 + AT_ONCE);
}

#[tokio::test]
async fn what_fails_in_hand_when_the_endpoint_was_paused_is_no_failure_of_it() {
    let (site, receiver, admin) = start().await;
    let (page, _) = add(&admin, &receiver, &JOINED).await;
    receiver.waits(Duration::from_secs(1));
    receiver.answers("500 Down", "");
    join(&site, 4);
    deliver_and(&site, &receiver, async {
        admin.post(&format!("{page}/pause"), &[]).await.redirects_to(&page);
    })
    .await;
    admin.get(&page).await.does_not_say("Failing since").says("500");
}

#[tokio::test]
async fn what_is_in_hand_is_signed_with_the_secret_that_was_just_made() {
    let (site, receiver, admin) = start().await;
    let (page, first) = add(&admin, &receiver, &JOINED).await;
    receiver.waits(Duration::from_secs(1));
    join(&site, 8);
    let mut second = String::new();
    deliver_and(&site, &receiver, async { second = rotate(&admin, &page).await }).await;
    let told = receiver.messages().split_off(1 + AT_ONCE);
    assert_eq!(told.len(), 4);
    assert!(told.iter().all(|message| message.is_signed_with(&first) && message.is_signed_with(&second)));
    join(&site, 8);
    let before = receiver.messages().len();
    let mut third = String::new();
    deliver_and(&site, &receiver, async { third = rotate(&admin, &page).await }).await;
    let told = receiver.messages().split_off(before + AT_ONCE);
    assert!(told.iter().all(|message| message.is_signed_with(&second) && message.is_signed_with(&third)));
    assert!(told.iter().all(|message| !message.is_signed_with(&first)), "the one before is over at once");
}

#[tokio::test]
async fn nothing_in_hand_is_sent_once_the_endpoint_answered_410() {
    let (site, receiver, admin) = start().await;
    add(&admin, &receiver, &JOINED).await;
    receiver.answers("410 Gone", "");
    join(&site, 16);
    site.deliver_webhooks().await;
    assert!(receiver.messages().len() <= 1 + AT_ONCE, "{} calls", receiver.messages().len() - 1);
    assert_eq!(site.database.values("state", "webhook"), ["off"]);
    assert_eq!(site.database.values("count(*)", "webhook_delivery WHERE state = 'sending'"), ["0"]);
}

#[tokio::test]
async fn the_address_is_not_sent_once_it_is_no_longer_ticked_neither_what_waits_nor_again() {
    let (site, receiver, admin) = start().await;
    let (page, _) = add(&admin, &receiver, &JOINED).await;
    let ticked = [("event", "waitlist.joined"), ("with_address", "on")];
    admin.post(&page, &ticked).await.redirects_to(&page);
    join(&site, 1);
    site.deliver_webhooks().await;
    assert!(receiver.messages()[1].body.contains("@example.cl"), "it was ticked");
    let replay = admin.get(&page).await.form(&format!("{page}/replay"));
    join(&site, 1);
    admin.post(&page, &[("event", "waitlist.joined")]).await.redirects_to(&page);
    admin.send(&replay).await.redirects_to(&page);
    site.deliver_webhooks().await;
    let told = receiver.messages().split_off(2);
    assert_eq!(told.len(), 2);
    assert!(told.iter().all(|message| !message.body.contains('@')), "{told:?}");
}

#[tokio::test]
async fn an_event_that_is_unticked_is_not_told_although_it_is_in_hand() {
    let (site, receiver, admin) = start().await;
    let (page, _) = add(&admin, &receiver, &["waitlist.joined", "waitlist.left"]).await;
    receiver.waits(Duration::from_secs(1));
    join(&site, 8);
    deliver_and(&site, &receiver, async {
        admin.post(&page, &[("event", "waitlist.left")]).await.redirects_to(&page);
    })
    .await;
    assert_eq!(receiver.messages().len(), 1 + AT_ONCE, "the probe, and what was under way");
    let left = "webhook_delivery WHERE event = 'waitlist.joined' AND state <> 'delivered'";
    assert_eq!(site.database.values("count(*)", left), ["0"]);
}

#[tokio::test]
async fn an_event_that_is_unticked_is_neither_tried_nor_sent_again_after_it_failed() {
    let (site, receiver, admin) = start().await;
    let (page, _) = add(&admin, &receiver, &["waitlist.joined", "waitlist.left"]).await;
    receiver.waits(Duration::from_secs(1));
    receiver.answers("500 Down", "");
    join(&site, AT_ONCE);
    deliver_and(&site, &receiver, async {
        admin.post(&page, &[("event", "waitlist.left")]).await.redirects_to(&page);
    })
    .await;
    receiver.answers("200 OK", "");
    receiver.waits(Duration::ZERO);
    let calls = receiver.messages().len();
    site.app.clock.advance(TimeDelta::seconds(10));
    site.deliver_webhooks().await;
    assert_eq!(site.database.values("count(*)", "webhook_delivery WHERE event = 'waitlist.joined'"), ["0"]);
    // One that had failed for good before.
    admin.post(&page, &[("event", "waitlist.joined"), ("event", "waitlist.left")]).await.redirects_to(&page);
    join(&site, 1);
    site.make_join_deliveries();
    site.database.execute("UPDATE webhook_delivery SET state = 'failed' WHERE event = 'waitlist.joined'");
    admin.post(&page, &[("event", "waitlist.left")]).await.redirects_to(&page);
    let id = site.database.values("id", "webhook_delivery WHERE event = 'waitlist.joined'").concat();
    assert!(!admin.get(&page).await.body.contains("name=\"delivery\""), "nothing is offered that is refused");
    for again in [("delivery", id.as_str()), ("hours", "24")] {
        admin.post(&format!("{page}/replay"), &[again]).await.has_status(409);
    }
    site.deliver_webhooks().await;
    assert_eq!(receiver.messages().len(), calls);
}
