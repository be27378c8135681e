//! Adding an endpoint, and what admins see and do there.

use chrono::TimeDelta;
use serde_json::Value;

use super::receiver::Receiver;
use crate::support::TestSite;
use crate::support::page::Page;
use crate::support::visitor::Visitor;

/// Adds an endpoint that is told of these events, and switches it on; gives its page and its secret.
pub async fn add(admin: &Visitor, receiver: &Receiver, events: &[&str]) -> (String, String) {
    let mut fields = vec![("url", receiver.url.as_str())];
    fields.extend(events.iter().map(|event| ("event", *event)));
    let (page, secret) = create(admin, &fields).await;
    admin.post(&format!("{page}/probe"), &[]).await.redirects_to(&page);
    admin.post(&format!("{page}/on"), &[]).await.redirects_to(&page);
    (page, secret)
}

/// Adds an endpoint; gives its page and the secret that it shows at first.
pub async fn create(admin: &Visitor, fields: &[(&str, &str)]) -> (String, String) {
    shown(admin, &admin.post("/admin/webhooks", fields).await).await
}

/// Replaces the secret, and says so when asked; gives the new one.
pub async fn rotate(admin: &Visitor, page: &str) -> String {
    let path = format!("{page}/rotate");
    let asking = admin.get(&path).await.has_status(200);
    shown(admin, &admin.send(&asking.form(&path)).await).await.1
}

/// The page to which an answer leads, and the secret that it shows.
async fn shown(admin: &Visitor, answer: &Page) -> (String, String) {
    assert_eq!(answer.status.as_u16(), 303, "{}", answer.text());
    let address = answer.header("location");
    let secret = secret(&admin.get(address).await.text());
    (address.split('?').next().unwrap().to_owned(), secret)
}

/// The secret that a page shows.
pub fn secret(text: &str) -> String {
    let secret = text.split_whitespace().find(|word| word.starts_with("whsec_") && word.len() > 40);
    secret.unwrap_or_else(|| panic!("no secret in {text}")).to_owned()
}

#[tokio::test]
async fn an_endpoint_is_tried_before_it_is_switched_on_and_its_secret_is_shown_once() {
    let (site, receiver) = (TestSite::start().await, Receiver::start().await);
    let admin = site.admin("admin@example.cl").await;
    admin.get("/admin/webhooks").await.says("No webhooks yet");
    let fields = [("url", receiver.url.as_str()), ("event", "waitlist.joined")];
    let (page, shown) = create(&admin, &fields).await;
    let bare = admin.get(&page).await.does_not_say(&shown).says("We showed it once.");
    assert!(!bare.body.contains(&format!("{page}/on")), "nothing is offered that is refused");
    for path in ["/admin/webhooks", &page, &format!("{page}/delete")] {
        let body = admin.get(path).await.has_status(200).body;
        assert!(body.contains("127.<wbr>0.<wbr>0.<wbr>1:"), "a long address breaks there: {body}");
    }
    let outstanding = |page: &Page| page.texts("main .button:not(.quiet)");
    assert_eq!(outstanding(&bare), ["Send a probe"]);
    admin.post(&format!("{page}/on"), &[]).await.has_status(409).says("still off").says("Send a probe first");
    receiver.answers("500 Down", "");
    admin.post(&format!("{page}/probe"), &[]).await.redirects_to(&page);
    let refused = admin.get(&page).await.says("The probe was not accepted: the program answered 500.").says("hello");
    assert_eq!(refused.texts(".notice.problem").len(), 1);
    admin.post(&format!("{page}/on"), &[]).await.has_status(409);
    receiver.answers("204 Fine", "");
    admin.post(&format!("{page}/probe"), &[]).await.redirects_to(&page);
    let probed = admin.get(&page).await.says("you can switch the webhook on now");
    assert_eq!(probed.text().matches("probe was accepted").count(), 1, "told once");
    probed.form(&format!("{page}/on"));
    assert_eq!(outstanding(&probed), ["Switch on"]);
    admin.post(&format!("{page}/on"), &[]).await.redirects_to(&page);
    assert_eq!(outstanding(&admin.get(&page).await.says("The webhook is on")), ["Save"]);
    assert!(receiver.messages().iter().all(|message| message.is_signed_with(&shown)));
    admin.get("/admin/audit").await.says("Webhook switched on");
    admin.get(&format!("{page}/delete")).await.has_status(200);
    admin.post(&format!("{page}/delete"), &[]).await.redirects_to("/admin/webhooks");
    admin.get("/admin/webhooks").await.says("No webhooks yet");
}

#[tokio::test]
async fn a_private_address_is_refused_and_what_was_typed_stays() {
    let site = TestSite::with(&[("WEBHOOK_ALLOWED_HOSTS", "")]).await;
    let admin = site.admin("admin@example.cl").await;
    for url in ["https://2130706433/", "https://[::ffff:10.0.0.1]/", "https://0x7f.1/x"] {
        let page = admin.post("/admin/webhooks", &[("url", url), ("event", "waitlist.left")]).await.has_status(422);
        assert_eq!(page.says("private network").value("url"), url);
    }
    admin.post("/admin/webhooks", &[("url", "https://hooks.example.com/")]).await.has_status(422).says("at least one");
    for (url, told) in [("https://u:p@example.com/", "must not hold a user name"), ("", "Enter a web address.")] {
        let page = admin.post("/admin/webhooks", &[("url", url), ("event", "waitlist.left")]).await.has_status(422);
        assert_eq!(page.says(told).value("url"), url);
    }
}

#[tokio::test]
async fn a_new_secret_stays_in_another_language_and_is_shown_for_a_minute() {
    let (site, receiver) = (TestSite::start().await, Receiver::start().await);
    let admin = site.admin("admin@example.cl").await;
    let fields = [("url", receiver.url.as_str()), ("event", "waitlist.joined")];
    let address = admin.post("/admin/webhooks", &fields).await.has_status(303).header("location").to_owned();
    let page = admin.get(&address).await.says("Copy the secret now").does_not_say("We showed it once");
    let shown = page.texts("code.secret").remove(0);
    assert_eq!(shown, secret(&page.text()));
    let chosen = admin.send(&page.language("es")).await.has_status(303).header("location").to_owned();
    assert_eq!(admin.get(&chosen).await.says("Copia ahora el secreto").texts("code.secret"), [shown.as_str()]);
    site.app.clock.advance(TimeDelta::minutes(1));
    admin.get(&address).await.does_not_say(&shown).says("El secreto ya no se puede ver aquí");
    admin.get(&format!("{address}0")).await.does_not_say(&shown);
}

#[tokio::test]
async fn what_happens_on_the_waitlist_is_ticked_at_first_and_a_page_names_its_endpoint() {
    let (site, receiver) = (TestSite::start().await, Receiver::start().await);
    let admin = site.admin("admin@example.cl").await;
    let form = admin.get("/admin/webhooks").await.form("/admin/webhooks").with("url", &receiver.url);
    let ticked: Vec<_> = form.fields.iter().filter(|(name, _)| name == "event").map(|(_, event)| event).collect();
    assert!(ticked.len() == 7 && ticked.iter().all(|event| event.starts_with("waitlist.")), "{ticked:?}");
    let page = shown(&admin, &admin.send(&form).await).await.0;
    let heading = receiver.url.trim_start_matches("http://");
    assert_eq!(admin.get(&page).await.texts("h1"), [heading]);
}

#[tokio::test]
async fn what_was_sent_is_shown_with_each_delivery() {
    let (site, receiver) = (TestSite::start().await, Receiver::start().await);
    let admin = site.admin("admin@example.cl").await;
    let (page, _) = add(&admin, &receiver, &["waitlist.joined"]).await;
    site.visitor().join("ana@example.cl", "employee").await;
    site.deliver_webhooks().await;
    let shown = admin.get(&page).await.texts("code.sent").remove(0);
    let [shown, sent]: [Value; 2] =
        [shown, receiver.messages().remove(1).body].map(|text| serde_json::from_str(&text).unwrap());
    assert_eq!(shown, sent);
}
