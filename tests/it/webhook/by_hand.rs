//! What admins do by hand when something went wrong: sending what waits, ending a rest, replacing a secret they see.

use std::time::Duration;

use biovity::audit::event::Actor;
use biovity::values::id::WebhookId;
use biovity::webhook::endpoint::{Choice, Endpoint};
use biovity::webhook::endpoint_control::{Act, Control, Outcome};
use biovity::webhook::event::Event;
use chrono::TimeDelta;
use diesel::connection::SimpleConnection;

use super::endpoint_page::{add, rotate};
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

fn states(site: &TestSite) -> Vec<String> {
    site.database.values("state", "webhook_delivery WHERE event = 'waitlist.joined' ORDER BY id")
}

async fn join(site: &TestSite, names: &[&str]) {
    for name in names {
        site.visitor().join(&format!("{name}@example.cl"), "employee").await;
    }
}

#[tokio::test]
async fn what_failed_and_waits_is_sent_now_one_or_all() {
    let (site, receiver, admin, page) = start().await;
    receiver.answers("503 Busy", "retry-after: 7200\r\n");
    join(&site, &["ana", "bea", "eva"]).await;
    site.deliver_webhooks().await;
    receiver.answers("200 OK", "");
    site.deliver_webhooks().await;
    assert_eq!(states(&site), ["waiting"; 3]);
    let replay = format!("{page}/replay");
    let shown = admin.get(&page).await.says("Send all waiting now (3)");
    let first = site.database.values("min(id)", "webhook_delivery WHERE event = 'waitlist.joined'").concat();
    admin.post(&replay, &[("delivery", &first)]).await.redirects_to(&page);
    site.deliver_webhooks().await;
    assert_eq!(states(&site), ["delivered", "waiting", "waiting"]);
    // The form that was shown before the others were sent.
    admin.send(&shown.form(&replay)).await.redirects_to(&page);
    admin.get(&page).await.says("2 deliveries are being sent again.");
    site.deliver_webhooks().await;
    assert_eq!(states(&site), ["delivered"; 3]);
    admin.post(&replay, &[("waiting", "all")]).await.has_status(409);
}

#[tokio::test]
async fn what_failed_in_a_time_includes_what_waits_after_a_try() {
    let (site, receiver, admin, page) = start().await;
    receiver.answers("503 Busy", "retry-after: 7200\r\n");
    join(&site, &["ana"]).await;
    site.deliver_webhooks().await;
    receiver.answers("200 OK", "");
    admin.post(&format!("{page}/replay"), &[("hours", "24")]).await.redirects_to(&page);
    site.deliver_webhooks().await;
    assert_eq!(states(&site), ["delivered"]);
}

#[tokio::test]
async fn an_endpoint_that_asked_to_be_left_alone_says_so_and_somebody_can_end_it() {
    let (site, receiver, admin, page) = start().await;
    for end in ["replay", "probe", "on"] {
        receiver.answers("503 Busy", "retry-after: 86400\r\n");
        join(&site, &[&format!("{end}1")]).await;
        site.deliver_webhooks().await;
        receiver.answers("200 OK", "");
        join(&site, &[&format!("{end}2")]).await;
        site.deliver_webhooks().await;
        let calls = receiver.messages().len();
        let shown = admin.get(&page).await.says("We try again after").says("(Chile, UTC-").says("asked us to wait");
        assert_eq!(shown.texts(".facts .badge.amber"), ["On, failing"]);
        admin.get("/admin/webhooks").await.says("On, failing since").says("We try again after");
        if end == "on" {
            admin.post(&format!("{page}/pause"), &[]).await.redirects_to(&page);
        }
        let fields = if end == "replay" { &[("waiting", "all")][..] } else { &[] };
        admin.post(&format!("{page}/{end}"), fields).await.redirects_to(&page);
        admin.get(&page).await.does_not_say("We try again after");
        site.deliver_webhooks().await;
        assert!(receiver.messages().len() > calls, "{end}");
        admin.post(&format!("{page}/replay"), &[("waiting", "all")]).await;
        site.deliver_webhooks().await;
        assert_eq!(states(&site), vec!["delivered"; states(&site).len()], "{end}");
        assert_eq!(admin.get(&page).await.texts(".facts .badge.green"), ["On"]);
    }
}

#[tokio::test]
async fn a_page_that_is_out_of_date_replaces_no_secret() {
    let (site, receiver, admin, page) = start().await;
    let path = format!("{page}/rotate");
    let generation = || site.database.values("generation", "webhook").concat();
    let (one, other) = (admin.get(&page).await.form(&path), admin.get(&page).await.form(&path));
    let first = admin.send(&one).await.has_status(303);
    admin.send(&other).await.has_status(409).says("replaced after you opened that page").says("Nothing was changed");
    let second = generation();
    assert_ne!(second, "1");
    // The same form once more is answered like the first time, whatever was done meanwhile.
    admin.post(&format!("{page}/probe"), &[]).await.redirects_to(&page);
    let again = admin.send(&one).await.has_status(303);
    assert_eq!((again.header("location"), generation()), (first.header("location"), second.clone()));
    admin.post(&path, &[("generation", &second)]).await.has_status(409).says("Nothing was changed");
    assert_eq!(generation(), second);
    rotate(&admin, &page).await;
    let third = generation();
    assert_ne!(third, second);
    site.app.clock.advance(TimeDelta::hours(24));
    admin.log_in("admin@example.cl", crate::support::PASSWORD).await;
    admin.send(&admin.get(&page).await.form(&path)).await.has_status(303);
    assert_ne!(generation(), third);
    assert_eq!(receiver.messages().len(), 2);
}

#[tokio::test]
async fn a_secret_that_is_made_after_a_backup_was_restored_is_one_that_nobody_has_had() {
    let (site, receiver) = (TestSite::start().await, Receiver::start().await);
    let admin = site.admin("admin@example.cl").await;
    let (page, first) = add(&admin, &receiver, &JOINED).await;
    let backup = site.database.values("secret_hash", "webhook").concat();
    let leaked = rotate(&admin, &page).await;
    site.database.execute(&format!(
        "UPDATE webhook SET generation = 1, secret_hash = '{backup}', former_hash = NULL, former_until = NULL, \
         former_generation = NULL"
    ));
    site.app.clock.advance(TimeDelta::minutes(2));
    let next = rotate(&admin, &page).await;
    assert!(next != leaked && next != first);
    join(&site, &["ana"]).await;
    site.deliver_webhooks().await;
    let told = receiver.messages().pop().unwrap();
    assert!(told.is_signed_with(&next) && told.is_signed_with(&first) && !told.is_signed_with(&leaked));
}

#[tokio::test]
async fn what_is_sent_again_by_a_paused_endpoint_waits_and_the_page_says_so() {
    let (site, receiver, admin, page) = start().await;
    receiver.answers("500 Down", "");
    join(&site, &["ana"]).await;
    site.deliver_webhooks().await;
    receiver.answers("200 OK", "");
    site.app.clock.advance(TimeDelta::seconds(10));
    site.deliver_webhooks().await;
    assert_eq!(states(&site), ["delivered"]);
    // Its rest is long over.
    admin.post(&format!("{page}/replay"), &[("waiting", "all")]).await.has_status(409);
    let replay = admin.get(&page).await.form(&format!("{page}/replay"));
    admin.post(&format!("{page}/pause"), &[]).await.redirects_to(&page);
    admin.send(&replay).await.redirects_to(&page);
    admin.get(&page).await.says("One delivery is waiting: it will be sent when you switch the webhook on.");
    site.deliver_webhooks().await;
    assert_eq!((states(&site), receiver.messages().len()), (vec!["waiting".to_owned()], 3));
}

#[tokio::test]
async fn the_same_probe_is_sent_once() {
    let (_site, receiver, admin, page) = start().await;
    let form = admin.get(&page).await.form(&format!("{page}/probe"));
    receiver.answers("500 Down", "");
    admin.send(&form).await.redirects_to(&page);
    admin.get(&page).await.says("answered 500");
    receiver.answers("200 OK", "");
    admin.send(&form).await.redirects_to(&page);
    assert_eq!(receiver.messages().len(), 2, "the one that switched it on, and this");
    admin.send(&admin.get(&page).await.form(&format!("{page}/probe"))).await.redirects_to(&page);
    assert_eq!(receiver.messages().len(), 3);
}

#[tokio::test]
async fn a_page_that_is_out_of_date_ticks_no_address_again() {
    let (site, _receiver, admin, page) = start().await;
    admin.post(&page, &[("event", "waitlist.joined"), ("with_address", "on")]).await.redirects_to(&page);
    let old = admin.get(&page).await.form(&page);
    admin.post(&page, &[("event", "waitlist.joined")]).await.redirects_to(&page);
    admin.send(&old).await.has_status(409).says("Another choice was saved").says("Nothing was changed");
    assert_eq!(site.database.values("with_address", "webhook"), ["false"]);
    // Nor does one that came back for a mistake: its admin has not seen what was saved meanwhile.
    let mut nothing = old.clone();
    nothing.fields.retain(|(name, _)| name != "event");
    let corrected = admin.send(&nothing).await.has_status(422).form(&page).with("event", "waitlist.joined");
    admin.send(&corrected).await.has_status(409).says("Another choice was saved");
    assert_eq!(site.database.values("with_address", "webhook"), ["false"]);
    admin.send(&admin.get(&page).await.form(&page)).await.redirects_to(&page);
}

#[tokio::test]
async fn of_two_admins_who_choose_at_once_one_is_told_that_the_other_did() {
    let (site, _receiver, admin, page) = start().await;
    let endpoint = WebhookId::from(page.rsplit('/').next().unwrap().to_owned());
    let (mut one, mut other) = (site.database.connect(), site.database.connect());
    let seen = Endpoint::find(&mut one, &endpoint).unwrap().unwrap().choice();
    let act = |event| {
        let choice = Choice { events: vec![event], with_address: true };
        let act = Act::Choose { choice, seen: Some(seen.clone()) };
        Control { endpoint: endpoint.clone(), actor: Actor::operator(), ahead: TimeDelta::zero(), act }
    };
    let (first, second, now) = (act(Event::Left), act(Event::Bounced), site.app.clock.now());
    one.batch_execute("BEGIN").unwrap();
    first.apply(&mut one, now).unwrap();
    let waits = std::thread::spawn(move || second.apply(&mut other, now).unwrap());
    while site.database.values("count(*)", "pg_locks WHERE NOT granted") == ["0"] {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    one.batch_execute("COMMIT").unwrap();
    let outcome = waits.join().unwrap();
    assert!(matches!(outcome, Outcome::ChosenMeanwhile), "{outcome:?}");
    admin.get(&page).await.has_status(200);
    assert_eq!(site.database.values("events::text", "webhook"), ["{waitlist.left}"]);
}

#[tokio::test]
async fn an_endpoint_that_is_off_says_why_and_leads_to_what_was_tried() {
    let (site, receiver, admin, page) = start().await;
    receiver.answers("410 Gone", "");
    join(&site, &["ana"]).await;
    site.deliver_webhooks().await;
    site.database.execute(
        "INSERT INTO waitlist (email, role) \
         SELECT 'p' || n || '@example.cl', 'employee' FROM generate_series(1, 60) AS n",
    );
    site.make_join_deliveries();
    let off = admin.get(&page).await.says("it answered 410.").says("Switched off on").does_not_say("ten times");
    assert_eq!(off.texts(".facts .badge"), ["Switched off"]);
    assert_eq!(off.texts("h2"), ["Actions", "Latest deliveries", "What it receives", "The secret"]);
    let waiting = admin.get(&format!("{page}?state=waiting")).await.says("Waiting 61").says("At most 50");
    assert!(waiting.texts("tbody tr").remove(0).contains("410 ·"), "what was tried comes first");
    admin.get(&format!("{page}?state=failed")).await.says("Failed 0").does_not_say("Send again what failed");
    receiver.answers("200 OK", "");
    admin.post(&format!("{page}/on"), &[]).await.redirects_to(&page);
    admin.get(&page).await.does_not_say("Switched off on");
}

#[tokio::test]
async fn a_delivery_that_is_sent_again_keeps_count_of_all_tries() {
    let (site, _receiver, admin, page) = start().await;
    join(&site, &["ana"]).await;
    for tries in ["1", "2", "3"] {
        site.deliver_webhooks().await;
        let shown = admin.get(&page).await;
        assert_eq!(shown.texts("tbody tr:first-child td.amount"), [tries]);
        admin.send(&shown.form(&format!("{page}/replay"))).await.redirects_to(&page);
    }
}

#[tokio::test]
async fn in_spanish_one_that_failed_has_the_singular_and_their_list_the_plural() {
    let (site, _receiver, admin, page) = start().await;
    join(&site, &["ana"]).await;
    site.deliver_webhooks().await;
    site.database.execute("UPDATE webhook_delivery SET state = 'failed' WHERE event = 'waitlist.joined'");
    let spanish =
        admin.send(&admin.get(&page).await.language("es")).await.has_status(303).header("location").to_owned();
    let shown = admin.get(&spanish).await.says("Fallidas 1");
    assert_eq!(shown.texts("tbody .badge"), ["Fallida", "Entregada"]);
}

#[tokio::test]
async fn an_event_that_is_no_longer_ticked_is_not_told_when_it_waited() {
    let (site, receiver, admin, page) = start().await;
    admin.post(&format!("{page}/pause"), &[]).await.redirects_to(&page);
    join(&site, &["ana"]).await;
    admin.post(&page, &[("event", "waitlist.left")]).await.redirects_to(&page);
    assert_eq!(states(&site), [""; 0]);
    admin.post(&format!("{page}/on"), &[]).await.redirects_to(&page);
    site.deliver_webhooks().await;
    assert_eq!(receiver.messages().len(), 1, "the probe alone");
}
