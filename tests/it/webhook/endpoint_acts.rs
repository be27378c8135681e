//! The buttons of an endpoint's page, and what they change.

use std::collections::HashSet;

use chrono::TimeDelta;

use super::endpoint_page::{add, rotate};
use super::receiver::Receiver;
use crate::support::TestSite;
use crate::support::visitor::Visitor;

const JOINED: [&str; 1] = ["waitlist.joined"];

async fn start() -> (TestSite, Receiver, Visitor) {
    let (site, receiver) = (TestSite::start().await, Receiver::start().await);
    let admin = site.admin("admin@example.cl").await;
    (site, receiver, admin)
}

/// The ids of what arrived, but for the probe.
fn ids(receiver: &Receiver) -> Vec<String> {
    receiver.messages().iter().skip(1).map(|message| message.id().to_owned()).collect()
}

#[tokio::test]
async fn one_delivery_is_sent_again_under_its_id_and_with_its_sequence() {
    let (site, receiver, admin) = start().await;
    let (page, secret) = add(&admin, &receiver, &JOINED).await;
    site.visitor().join("ana@example.cl", "employee").await;
    site.deliver_webhooks().await;
    let replay = format!("{page}/replay");
    admin.send(&admin.get(&page).await.form(&replay)).await.redirects_to(&page);
    admin.get(&page).await.says("One delivery is being sent again.");
    site.deliver_webhooks().await;
    let sent = receiver.messages().split_off(1);
    assert_eq!((sent.len(), sent[0].id(), &sent[0].body), (2, sent[1].id(), &sent[1].body));
    assert!(sent.iter().all(|message| message.is_signed_with(&secret)));
    admin.post(&replay, &[("delivery", "999999")]).await.has_status(409).says("Nothing is left to send again");
    admin.post(&replay, &[("delivery", "x")]).await.has_status(400);
    admin.get("/admin/audit").await.says("Webhook deliveries sent again");
}

#[tokio::test]
async fn of_an_answer_64_kib_are_kept_and_the_page_shows_how_it_begins() {
    let (site, receiver, admin) = start().await;
    let (page, _) = add(&admin, &receiver, &JOINED).await;
    receiver.sends(format!("HTTP/1.1 500 Down\r\nconnection: close\r\n\r\n{}", "x".repeat(70_000)));
    site.visitor().join("ana@example.cl", "employee").await;
    site.deliver_webhooks().await;
    let kept = site.database.values("length(answer)", "webhook_delivery WHERE event = 'waitlist.joined'");
    assert_eq!(kept, ["65536"]);
    admin.get(&page).await.says(&"x".repeat(500)).does_not_say(&"x".repeat(501));
}

#[tokio::test]
async fn all_that_failed_in_a_time_is_sent_again_and_nothing_else() {
    let (site, receiver, admin) = start().await;
    let (page, _) = add(&admin, &receiver, &JOINED).await;
    site.visitor().join("good@example.cl", "employee").await;
    site.deliver_webhooks().await;
    let good = ids(&receiver);
    receiver.answers("500 Down", "");
    for name in ["ana", "bea"] {
        site.visitor().join(&format!("{name}@example.cl"), "employee").await;
    }
    let state = "webhook_delivery WHERE event = 'waitlist.joined' ORDER BY id";
    for _ in 0..60 {
        site.deliver_webhooks().await;
        site.app.clock.advance(TimeDelta::hours(9));
        // It fails for days; an admin switches it on again and again.
        if site.database.values("state", "webhook") == ["off"] {
            admin.log_in("admin@example.cl", crate::support::PASSWORD).await;
            admin.post(&format!("{page}/on"), &[]).await.redirects_to(&page);
        }
    }
    assert_eq!(site.database.values("state || attempts", state), ["delivered1", "failed10", "failed10"]);
    receiver.answers("200 OK", "");
    admin.log_in("admin@example.cl", crate::support::PASSWORD).await;
    let (before, replay) = (receiver.messages().len(), format!("{page}/replay"));
    admin.get(&page).await.says("Send again what failed").says("Times are local to Chile, UTC-");
    admin.post(&replay, &[("hours", "24")]).await.has_status(409).says("Nothing is left to send again");
    for wrong in ["0", "721", "x", ""] {
        admin.post(&replay, &[("hours", wrong)]).await.has_status(400);
    }
    admin.post(&replay, &[("hours", "720")]).await.redirects_to(&page);
    admin.get(&page).await.says("2 deliveries are being sent again.");
    admin.post(&format!("{page}/on"), &[]).await;
    site.deliver_webhooks().await;
    site.deliver_webhooks().await;
    let again: HashSet<_> = receiver.messages()[before..].iter().map(|message| message.id().to_owned()).collect();
    assert_eq!((again.len(), again.contains(&good[0])), (2, false));
    assert_eq!(site.database.values("state || attempts", state), ["delivered1", "delivered1", "delivered1"]);
}

#[tokio::test]
async fn what_happens_while_it_is_paused_is_told_when_it_is_on_again() {
    let (site, receiver, admin) = start().await;
    let (page, _) = add(&admin, &receiver, &JOINED).await;
    admin.post(&format!("{page}/pause"), &[]).await.redirects_to(&page);
    admin.get(&page).await.says("The webhook is paused.").says("Nothing is sent to it");
    site.visitor().join("ana@example.cl", "employee").await;
    site.deliver_webhooks().await;
    assert!(ids(&receiver).is_empty());
    admin.post(&format!("{page}/pause"), &[]).await.has_status(409);
    admin.post(&format!("{page}/on"), &[]).await.redirects_to(&page);
    site.deliver_webhooks().await;
    assert_eq!(ids(&receiver).len(), 1);
}

#[tokio::test]
async fn a_secret_that_was_replaced_signs_for_24_hours_and_no_longer() {
    let (site, receiver, admin) = start().await;
    let (page, former) = add(&admin, &receiver, &JOINED).await;
    let new = rotate(&admin, &page).await;
    admin.get(&page).await.says("The previous one also signs until").says("that one stops signing at once");
    for (name, pass, both_sign) in [("ana", 0, true), ("bea", 23 * 60 + 59, true), ("eva", 2, false)] {
        site.app.clock.advance(TimeDelta::minutes(pass));
        site.visitor().join(&format!("{name}@example.cl"), "employee").await;
        site.deliver_webhooks().await;
        let message = receiver.messages().pop().unwrap();
        let signatures = message.headers["webhook-signature"].to_str().unwrap().split(' ').count();
        assert_eq!(signatures, if both_sign { 2 } else { 1 }, "{name}");
    }
    assert!(former != new && !admin.get(&page).await.text().contains(&new));
}

#[tokio::test]
async fn a_secret_that_was_replaced_signs_no_more_once_its_successor_is_replaced() {
    let (site, receiver, admin) = start().await;
    let (page, first) = add(&admin, &receiver, &JOINED).await;
    admin.get(&page).await.does_not_say("stops signing at once");
    let mut secrets = vec![first];
    for _ in 0..2 {
        secrets.push(rotate(&admin, &page).await);
        admin.get(&page).await.says("that one stops signing at once");
    }
    site.visitor().join("ana@example.cl", "employee").await;
    site.deliver_webhooks().await;
    let message = receiver.messages().pop().unwrap();
    let sign: Vec<_> = secrets.iter().map(|secret| message.is_signed_with(secret)).collect();
    assert_eq!(sign, [false, true, true]);
}

#[tokio::test]
async fn erasing_an_account_erases_what_would_be_told_of_it_and_what_was_told() {
    let (site, receiver, admin) = start().await;
    let (page, _) = add(&admin, &receiver, &["account.created", "account.verified", "account.deleted"]).await;
    admin.post(&page, &[("event", "account.created"), ("event", "account.deleted"), ("with_address", "on")]).await;
    site.employee("ana@example.cl").await;
    site.deliver_webhooks().await;
    assert!(receiver.messages().iter().any(|message| message.body.contains("ana@example.cl")), "it was ticked");
    let named = "webhook_delivery WHERE data::text LIKE '%ana@example.cl%'";
    assert_eq!(site.database.values("event", named), ["account.created"]);
    site.database.execute("DELETE FROM \"user\" WHERE email = 'ana@example.cl'");
    assert_eq!(site.database.values("event", named), [""; 0]);
    assert_eq!(site.database.values("event", "webhook_delivery WHERE subject LIKE 'account:%'"), ["account.deleted"]);
}

#[tokio::test]
async fn the_pages_are_in_both_languages() {
    let (site, receiver, admin) = start().await;
    admin.post("/language", &[("lang", "es")]).await.redirects_to("/");
    admin.get("/admin/webhooks").await.says("Aún no hay webhooks").says("alguien se unió a la lista");
    admin.post("/admin/webhooks", &[("url", "http://x.cl/")]).await.has_status(422).says("debe empezar con https://");
    let (page, _) = add(&admin, &receiver, &JOINED).await;
    admin.get(&page).await.says("El webhook está activo").says("Últimas entregas").says("Cómo comprobar una firma");
    rotate(&admin, &page).await;
    admin.get(&page).await.says("El anterior también firma hasta el").says("ese deja de firmar");
    let asked = admin.get(&format!("{page}/rotate")).await.says("ese deja de firmar").says("se muestra una sola vez");
    assert_eq!(asked.texts("h1"), ["¿Reemplazar el secreto?"]);
    assert_eq!(asked.texts("main form :is(button, a:not(.button))"), ["Reemplazar el secreto", "Conservar el actual"]);
    admin.post(&format!("{page}/rotate"), &[]).await.has_status(409).says("Ahora no se cambió nada");
    receiver.answers("410 Gone", "");
    site.visitor().join("ana@example.cl", "employee").await;
    site.deliver_webhooks().await;
    admin.get(&page).await.says("respondió 410").says("Desactivado").says("410 ·");
    let asked = admin.get(&format!("{page}/delete")).await.says("¿Eliminar este webhook?");
    assert_eq!(asked.texts("main form :is(button, a:not(.button))"), ["Eliminar el webhook", "Conservarlo"]);
    admin.post(&format!("{page}/replay"), &[("delivery", "9999")]).await.has_status(409).says("No queda nada");
    let mail = site.mail("admin@example.cl").await;
    assert!(mail.text.contains("webhook"), "{mail:?}");
}
