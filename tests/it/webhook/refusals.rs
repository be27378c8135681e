//! What an endpoint answered when it accepted nothing, and what admins see and send of that.

use chrono::TimeDelta;

use super::endpoint_page::add;
use super::receiver::Receiver;
use crate::support::TestSite;
use crate::support::visitor::Visitor;

const JOINED: [&str; 1] = ["waitlist.joined"];

async fn start() -> (TestSite, Receiver, Visitor, String) {
    let (site, receiver) = (TestSite::start().await, Receiver::start().await);
    let admin = site.admin("admin@example.cl").await;
    let page = add(&admin, &receiver, &JOINED).await.0;
    (site, receiver, admin, page)
}

/// Has so many people join together.
fn join(site: &TestSite, people: usize) {
    site.database.execute(&format!(
        "INSERT INTO waitlist (email, role, created_at) \
         SELECT 'p' || gen_random_uuid() || '@example.cl', 'employee', now() FROM generate_series(1, {people})"
    ));
}

#[tokio::test]
async fn what_an_endpoint_answered_last_is_said_while_it_fails_or_is_off_whatever_waits() {
    let (site, receiver, admin, page) = start().await;
    for (status, head, told) in [("503 Busy", "retry-after: 1\r\n", "503 · "), ("410 Gone", "", "410 · ")] {
        receiver.answers(status, head);
        join(&site, 1);
        site.deliver_webhooks().await;
        join(&site, 60);
        site.make_join_deliveries();
        site.app.clock.advance(TimeDelta::minutes(10));
        for view in ["", "?state=waiting", "?state=failed"] {
            let shown = admin.get(&format!("{page}{view}")).await;
            let notice = shown.texts(".notice").concat();
            assert!(notice.contains("Last failure, on ") && notice.contains(told), "{status}: {notice}");
            assert!(notice.contains("(Chile, UTC-") && shown.texts(".notice code") == ["hello"], "{status}: {notice}");
        }
    }
    admin.post("/language", &[("lang", "es")]).await.has_status(303);
    admin.get(&page).await.says("Última falla, el ");
    receiver.answers("200 OK", "");
    admin.post(&format!("{page}/on"), &[]).await.redirects_to(&page);
    admin.get(&page).await.does_not_say("Última falla");
}

#[tokio::test]
async fn a_probe_that_failed_is_neither_counted_nor_listed_among_what_failed() {
    let (_site, receiver, admin, page) = start().await;
    receiver.answers("500 Down", "");
    admin.post(&format!("{page}/probe"), &[]).await.redirects_to(&page);
    let failed = admin.get(&format!("{page}?state=failed")).await.says("Failed 0");
    assert!(failed.texts("tbody tr").is_empty());
}

#[tokio::test]
async fn joins_whose_deliveries_are_not_made_yet_are_counted_with_what_waits() {
    let (site, receiver, admin, page) = start().await;
    add(&admin, &receiver, &JOINED).await;
    receiver.answers("503 Busy", "retry-after: 7200\r\n");
    join(&site, 1);
    site.deliver_webhooks().await;
    join(&site, 40);
    admin.get(&page).await.says("Send all waiting now (41)").says("Waiting 41");
    let listed = admin.get("/admin/webhooks").await;
    assert_eq!(listed.texts("tbody td.amount")[0], "41");
    for _ in 0..2 {
        join(&site, 700);
    }
    admin.get(&page).await.says("Waiting 1,000+");
}

#[tokio::test]
async fn the_delivery_that_is_chosen_is_sent_before_those_that_are_due() {
    let (site, receiver, admin, page) = start().await;
    receiver.answers("500 Down", "");
    join(&site, 30);
    site.deliver_webhooks().await;
    site.app.clock.advance(TimeDelta::minutes(10));
    let last = "webhook_delivery WHERE event = 'waitlist.joined' ORDER BY id DESC LIMIT 1";
    let chosen = site.database.values("id", last).concat();
    admin.post(&format!("{page}/replay"), &[("delivery", &chosen)]).await.redirects_to(&page);
    let before = receiver.messages().len();
    site.deliver_webhooks().await;
    let called: Vec<_> =
        receiver.messages()[before..].iter().map(|message| message.json()["data"]["sequence"].to_string()).collect();
    assert_eq!(called[0], chosen, "{called:?}");
}

#[tokio::test]
async fn what_was_tried_is_sent_again_although_it_is_due_and_its_endpoint_rests() {
    let (site, receiver, admin, page) = start().await;
    receiver.answers("503 Busy", "retry-after: 72000\r\n");
    join(&site, 1);
    site.deliver_webhooks().await;
    receiver.answers("200 OK", "");
    site.database.execute("UPDATE webhook_delivery SET next_attempt_at = now() WHERE state = 'waiting'");
    admin.post(&format!("{page}/replay"), &[("hours", "24")]).await.redirects_to(&page);
    admin.get(&page).await.says("What was waiting is being sent now.");
    site.deliver_webhooks().await;
    assert_eq!(site.database.values("state", "webhook_delivery WHERE event = 'waitlist.joined'"), ["delivered"]);
}

#[tokio::test]
async fn what_waits_for_a_paused_endpoint_is_said_to_wait_until_it_is_on() {
    let (site, _receiver, admin, page) = start().await;
    admin.post(&format!("{page}/pause"), &[]).await.redirects_to(&page);
    let all = [("waiting", "all")];
    admin.post(&format!("{page}/replay"), &all).await.has_status(409).says("Nothing is left to send again.");
    join(&site, 1);
    site.make_join_deliveries();
    let told = "What waits is sent when you switch the webhook on.";
    admin.post(&format!("{page}/replay"), &all).await.has_status(409).says(told);
}

#[tokio::test]
async fn nothing_is_offered_to_be_sent_now_to_an_endpoint_that_is_off() {
    let (site, receiver, admin, page) = start().await;
    receiver.answers("410 Gone", "");
    join(&site, 1);
    site.deliver_webhooks().await;
    assert_eq!(site.database.values("state", "webhook"), ["off"]);
    assert!(!admin.get(&page).await.body.contains("Send now"));
}

#[tokio::test]
async fn an_act_comes_back_to_the_deliveries_that_were_shown() {
    let (site, receiver, admin, page) = start().await;
    receiver.answers("503 Busy", "retry-after: 7200\r\n");
    join(&site, 2);
    site.deliver_webhooks().await;
    let view = format!("{page}?state=waiting");
    for button in ["replay", "probe", "pause", "on"] {
        let shown = admin.get(&view).await;
        admin.send(&shown.form(&format!("{page}/{button}?state=waiting"))).await.redirects_to(&view);
    }
    let saved = admin.get(&view).await.form(&view);
    admin.send(&saved).await.redirects_to(&view);
    let refused = admin.post(&format!("{page}/on?state=waiting"), &[]).await.has_status(409);
    assert_eq!(refused.attribute("main a.button", "href").as_deref(), Some(view.as_str()));
    admin.post(&format!("{page}/probe?state=else"), &[]).await.redirects_to(&page);
}
