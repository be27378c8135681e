//! A tab knows whose it is.

use super::{form_of, logged_in, site};
use crate::support::PASSWORD;

#[tokio::test]
async fn a_form_of_one_account_changes_nothing_while_another_is_signed_in() {
    let site = site().await;
    site.employee("ana@example.cl").await;
    site.employee("ben@example.cl").await;
    let (browser, _) = logged_in(&site, "ana@example.cl", PASSWORD).await;
    let form = form_of(&browser, "/account/password", "/account/password").await;
    let out = browser.get("/account").await.form("/logout");
    browser.log_out().await.has_status(303);
    browser.log_in("ben@example.cl", PASSWORD).await.has_status(303);
    let form = form.with("current_password", PASSWORD).with("password", "otra-Frase larga 2026");
    let refused = browser.send(&form).await.has_status(409).leads_on();
    refused.says("You are signed in as ben@example.cl");
    browser.send(&out).await.has_status(409);
    browser.get("/account/password").await.has_status(200);
    site.visitor().log_in("ben@example.cl", PASSWORD).await.redirects_to("/account");
}

#[tokio::test]
async fn the_form_of_a_guest_and_one_without_a_key_work_as_ever() {
    let site = site().await;
    site.employee("ana@example.cl").await;
    let browser = site.visitor();
    let guest = form_of(&browser, "/login", "/login").await.with("email", "ana@example.cl").with("password", PASSWORD);
    browser.log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
    browser.send(&guest).await.redirects_to("/account");
    browser.post("/account/sessions/end-others", &[]).await.redirects_to("/account/sessions");
}
