//! A tab knows whose it is.

use std::sync::Arc;

use super::{form_of, logged_in, site};
use crate::support::{PASSWORD, TestSite};

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
    refused.says("You are logged in as ben@example.cl");
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

#[tokio::test]
async fn a_form_that_led_from_one_account_to_another_is_answered_alike_when_it_is_sent_again() {
    let site = site().await;
    site.employee("ana@example.cl").await;
    let (browser, _) = logged_in(&site, "ana@example.cl", PASSWORD).await;
    browser.sign_up("employee", "bea@example.cl").await.redirects_to("/signup/check-email");
    let verify = form_of(&browser, &site.mail("bea@example.cl").await.link(), "/verify-email").await;
    browser.send(&verify).await.redirects_to("/account");
    browser.get("/account").await.says("bea@example.cl");
    browser.send(&verify).await.redirects_to("/account");
    browser.get("/account").await.says("bea@example.cl");
    assert_eq!(
        site.database.values("count(*)", "session JOIN \"user\" u ON u.id = user_id AND u.email LIKE 'bea%'"),
        ["1"]
    );
}

#[tokio::test]
async fn the_form_that_deleted_one_account_does_not_sign_out_another() {
    let site = site().await;
    site.employee("ana@example.cl").await;
    site.employee("ben@example.cl").await;
    let (browser, _) = logged_in(&site, "ana@example.cl", PASSWORD).await;
    let delete = form_of(&browser, "/account/delete", "/account/delete").await;
    let delete = delete.with("email", "ana@example.cl").with("password", PASSWORD);
    browser.send(&delete).await.redirects_to("/");
    browser.log_in("ben@example.cl", PASSWORD).await.redirects_to("/account");
    browser.send(&delete).await.has_status(409).says("You are logged in as ben@example.cl");
    browser.get("/account/sessions").await.has_status(200);
}

#[tokio::test]
async fn the_form_of_a_key_that_was_replaced_is_out_of_date_and_nobody_elses() {
    let site = site().await;
    site.employee("ana@example.cl").await;
    let (former, _) = logged_in(&site, "ana@example.cl", PASSWORD).await;
    let form = form_of(&former, "/account/sessions", "/account/sessions/end-others").await;
    let variables = [("RATE_LIMITS", "off"), ("SECRET_KEY", &"a1".repeat(64))];
    let replaced = TestSite::on(Arc::clone(&site.database), &variables).await;
    let (ana, _) = logged_in(&replaced, "ana@example.cl", PASSWORD).await;
    let page = ana.send(&form).await.has_status(409).leads_on();
    page.says("This form is out of date").does_not_say("another account");
    ana.post("/language", &[("lang", "es")]).await.has_status(303);
    ana.send(&form).await.has_status(409).says("Este formulario ya no está vigente");
    assert_eq!(site.database.values("count(*)", "session"), ["3"]);
}
