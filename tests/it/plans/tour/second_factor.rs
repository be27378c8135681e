//! What is sent for the second factor, and for logging in with another provider.

use std::collections::BTreeSet;

use super::NEW_PASSWORD;
use crate::accounts::provider::connection_list::{connect, disconnect};
use crate::accounts::provider::{log_in, sign_up};
use crate::accounts::second_factor::{recovery_codes, switch_on};
use crate::support::issuer::Issuer;
use crate::support::visitor::Visitor;
use crate::support::{PASSWORD, TestSite, statements};

const PAGE: &str = "/account/second-factor";

/// Each form of both.
pub(super) async fn statements() -> BTreeSet<String> {
    let issuer = Issuer::start();
    let site = TestSite::recorded_with_provider(&issuer.url, &[]).await;
    providers(&site, &issuer).await;
    let ana = site.employee("ana@example.cl").await;
    codes(&site, &ana).await;
    switch_on(&site, &ana).await;
    let id = site.database.values("id", "\"user\" WHERE email = 'ana@example.cl'").concat();
    let admin = site.admin("admin@example.cl").await;
    admin.post(&format!("/admin/users/{id}/remove-second-factor"), &[]).await.has_status(303);
    statements::recorded(site.database.name())
}

async fn providers(site: &TestSite, issuer: &Issuer) {
    let eva = sign_up(site).await;
    eva.log_out().await;
    log_in(&eva, "google").await.redirects_to("/account");
    issuer.say(|said| said.claims = serde_json::json!({ "sub": "another" }));
    log_in(&site.visitor(), "google").await.has_status(409);
    connect(&eva, "oidc").await.redirects_to("/account/providers");
    disconnect(&eva, "google").await.redirects_to("/account/providers");
    eva.post("/account/providers/oidc/disconnect", &[]).await.has_status(409);
}

async fn codes(site: &TestSite, ana: &Visitor) {
    let (phone, page) = switch_on(site, ana).await;
    let old = recovery_codes(&page);
    ana.log_out().await;
    for code in ["000000", &old[0]] {
        ana.log_in("ana@example.cl", PASSWORD).await.redirects_to("/login/code");
        ana.post("/login/code", &[("code", code), ("trust", "on")]).await;
    }
    ana.post("/reauth", &[("password", PASSWORD), ("code", &old[1])]).await.has_status(303);
    let code = phone.next_code(site).await;
    let fields = [("current_password", PASSWORD), ("code", &*code)];
    ana.post("/account/second-factor/codes", &fields).await.has_status(200);
    let code = phone.next_code(site).await;
    let fields = [("current_password", PASSWORD), ("password", NEW_PASSWORD), ("code", &*code)];
    ana.post("/account/password", &fields).await.has_status(303);
    ana.get(PAGE).await.has_status(200);
    ana.post("/account/second-factor/devices", &[]).await.has_status(303);
    let code = phone.next_code(site).await;
    let fields = [("current_password", NEW_PASSWORD), ("code", &*code)];
    ana.post("/account/second-factor/off", &fields).await.has_status(303);
}
