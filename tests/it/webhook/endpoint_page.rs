//! Adding an endpoint, and what admins see and do there.

use super::receiver::Receiver;
use crate::support::TestSite;
use crate::support::visitor::Visitor;

/// Adds an endpoint that is told of these events, and switches it on; gives its page and its secret.
pub async fn add(admin: &Visitor, receiver: &Receiver, events: &[&str]) -> (String, String) {
    let mut fields = vec![("url", receiver.url.as_str())];
    fields.extend(events.iter().map(|event| ("event", *event)));
    let page = admin.post("/admin/webhooks", &fields).await.has_status(303).header("location").to_owned();
    let secret = secret(&admin.get(&page).await.text());
    admin.post(&format!("{page}/probe"), &[]).await.redirects_to(&page);
    admin.post(&format!("{page}/on"), &[]).await.redirects_to(&page);
    (page, secret)
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
    let page = admin.post("/admin/webhooks", &fields).await.has_status(303).header("location").to_owned();
    let shown = secret(&admin.get(&page).await.text());
    admin.get(&page).await.does_not_say(&shown);
    admin.post(&format!("{page}/on"), &[]).await.has_status(409).says("Send a probe first");
    receiver.answers("500 Down", "");
    admin.post(&format!("{page}/probe"), &[]).await.redirects_to(&page);
    admin.get(&page).await.says("The probe was not taken").says("500").says("hello");
    admin.post(&format!("{page}/on"), &[]).await.has_status(409);
    receiver.answers("204 Fine", "");
    admin.post(&format!("{page}/probe"), &[]).await.redirects_to(&page);
    admin.post(&format!("{page}/on"), &[]).await.redirects_to(&page);
    admin.get(&page).await.says("The webhook is on");
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
}
