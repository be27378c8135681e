//! Connecting a provider after the log-in that it asked for.

use chrono::TimeDelta;

use super::connection_list::disconnect;
use super::{begin, log_in, sign_up};
use crate::accounts::second_factor::switch_on;
use crate::support::issuer::Issuer;
use crate::support::page::Page;
use crate::support::visitor::{Visitor, send};
use crate::support::{PASSWORD, TestSite};

const ANA: &str = "ana@gmail.com";
const PAGE: &str = "/account/providers";
const CONFIRM: &str = "/account/providers/google/confirm";

/// Comes from the provider, and logs in by the link of the page that asks for it.
async fn log_in_first(visitor: &Visitor, email: &str) -> Page {
    let page = log_in(visitor, "google").await.has_status(409);
    let link = page.attribute("main a.button", "href").unwrap();
    let form = visitor.get(&link).await.has_status(200).form("/login");
    visitor.send(&form.with("email", email).with("password", PASSWORD)).await
}

/// The cookie in which it waits.
fn waiting(page: &Page) -> String {
    let cookies = page.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap());
    let mut pairs = cookies.filter_map(|cookie| cookie.split(';').next());
    pairs.find(|pair| pair.starts_with("biovity-waiting=")).unwrap().to_owned()
}

#[tokio::test]
async fn who_logs_in_first_connects_by_one_press_without_going_there_again() {
    let issuer = Issuer::start();
    let site = TestSite::with_provider(&issuer.url).await;
    site.employee(ANA).await;
    let (ana, spanish) = (site.visitor(), site.spanish_visitor());
    log_in_first(&spanish, ANA).await.redirects_to(CONFIRM);
    spanish.get(CONFIRM).await.says("¿Conectar Google?").says(ANA).leads_on();
    log_in_first(&ana, ANA).await.redirects_to(CONFIRM);
    let page = ana.get(CONFIRM).await.has_status(200).says("Connect Google?").says(ANA).leads_on();
    assert_eq!(site.database.values("provider", "account"), ["credential"], "not before it is confirmed");
    let asked = issuer.codes.lock().unwrap().len();
    for page in ana.send_fifty_at_once(&page.form(CONFIRM)).await {
        page.redirects_to(PAGE);
    }
    assert_eq!(issuer.codes.lock().unwrap().len(), asked);
    ana.get(PAGE).await.says("Done: you can log in with");
    let mails = site.mails(ANA).await;
    let told = mails.iter().filter(|mail| mail.subject == "A new way to log in to your account");
    assert_eq!(told.count(), 1);
    log_in(&site.visitor(), "google").await.redirects_to("/account");
}

#[tokio::test]
async fn a_code_is_asked_for_on_the_way() {
    let issuer = Issuer::start();
    let site = TestSite::with_provider(&issuer.url).await;
    let ana = site.employee(ANA).await;
    let (phone, _) = switch_on(&site, &ana).await;
    let elsewhere = site.visitor();
    log_in_first(&elsewhere, ANA).await.redirects_to("/login/code");
    elsewhere.get(CONFIRM).await.has_status(303);
    let form = elsewhere.get("/login/code").await.form("/login/code").with("code", &phone.next_code(&site).await);
    elsewhere.send(&form).await.redirects_to(CONFIRM);
    elsewhere.get(CONFIRM).await.says("Connect Google?");
}

#[tokio::test]
async fn it_waits_for_the_account_of_its_address_alone() {
    let issuer = Issuer::start();
    let site = TestSite::with_provider(&issuer.url).await;
    site.employee(ANA).await;
    site.employee("eve@example.cl").await;
    let eve = site.visitor();
    log_in_first(&eve, "eve@example.cl").await.redirects_to(CONFIRM);
    eve.get(CONFIRM).await.has_status(409).says("You are logged in as eve@example.cl").leads_on();
    eve.post(CONFIRM, &[]).await.has_status(409);
    // Nor does it at another provider, or in another browser.
    let (ana, other) = (site.visitor(), site.visitor());
    log_in_first(&ana, ANA).await.redirects_to(CONFIRM);
    ana.get("/account/providers/oidc/confirm").await.redirects_to(PAGE);
    ana.post("/account/providers/oidc/confirm", &[]).await.has_status(410);
    other.log_in(ANA, PASSWORD).await.redirects_to("/account");
    other.get(CONFIRM).await.redirects_to(PAGE);
    other.post(CONFIRM, &[]).await.has_status(410);
    assert!(site.database.values("id", "account WHERE provider <> 'credential'").is_empty());
}

#[tokio::test]
async fn sent_again_after_it_was_disconnected_it_says_that_it_is_over() {
    let issuer = Issuer::start();
    let site = TestSite::with_provider(&issuer.url).await;
    site.employee(ANA).await;
    let ana = site.visitor();
    log_in_first(&ana, ANA).await.redirects_to(CONFIRM);
    let form = ana.get(CONFIRM).await.form(CONFIRM);
    for _ in 0..2 {
        ana.send(&form).await.redirects_to(PAGE);
    }
    disconnect(&ana, "google").await.redirects_to(PAGE);
    ana.send(&form).await.has_status(410);
    assert!(site.database.values("id", "account WHERE provider = 'google'").is_empty());
}

#[tokio::test]
async fn it_connects_once_and_waits_ten_minutes() {
    let issuer = Issuer::start();
    let site = TestSite::with_provider(&issuer.url).await;
    site.employee(ANA).await;
    let ana = site.visitor();
    let cookie = waiting(&log_in(&ana, "google").await.has_status(409));
    let session = ana.log_in(ANA, PASSWORD).await.cookie().unwrap();
    ana.post(CONFIRM, &[]).await.redirects_to(PAGE);
    disconnect(&ana, "google").await.redirects_to(PAGE);
    let again = ana.request("POST", CONFIRM).header("sec-fetch-site", "same-origin");
    let again = again.header("cookie", format!("{session}; {cookie}"));
    send(again).await.has_status(410).says("This has already been used").leads_on();
    log_in(&site.visitor(), "google").await.has_status(409);

    let late = site.visitor();
    log_in(&late, "google").await.has_status(409);
    site.later(TimeDelta::minutes(10)).await;
    late.log_in(ANA, PASSWORD).await.redirects_to("/account");
    late.get(CONFIRM).await.redirects_to(PAGE);
    late.post(CONFIRM, &[]).await.has_status(410);
    assert!(site.database.values("id", "account WHERE provider = 'google'").is_empty());
}

#[tokio::test]
async fn nothing_waits_for_an_admin_and_what_was_connected_meanwhile_is_told() {
    let issuer = Issuer::start();
    let site = TestSite::with_provider(&issuer.url).await;
    site.make_admin("ana@gmail.com", PASSWORD);
    let admin = site.visitor();
    log_in(&admin, "google").await.has_status(403).says("Admins log in with their password");
    admin.log_in(ANA, PASSWORD).await.redirects_to("/admin");
    admin.get(CONFIRM).await.has_status(404);
    site.database.execute("UPDATE \"user\" SET type = 'employee'");
    let ana = site.visitor();
    log_in_first(&ana, ANA).await.redirects_to(CONFIRM);
    let form = ana.get(CONFIRM).await.form(CONFIRM);
    issuer.say(|said| said.claims = serde_json::json!({ "email": "ben@gmail.com" }));
    sign_up(&site).await;
    ana.send(&form).await.has_status(409).says("is connected to another Biovity account");
}

#[tokio::test]
async fn its_owner_who_logged_in_meanwhile_only_confirms() {
    let issuer = Issuer::start();
    let site = TestSite::with_provider(&issuer.url).await;
    site.employee(ANA).await;
    let ana = site.visitor();
    let back = begin(&ana, "google").await;
    ana.log_in(ANA, PASSWORD).await.redirects_to("/account");
    ana.get(&back).await.redirects_to(CONFIRM);
    ana.send(&ana.get(CONFIRM).await.form(CONFIRM)).await.redirects_to(PAGE);
}
