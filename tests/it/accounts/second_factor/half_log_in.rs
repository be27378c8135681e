//! A log-in that waits for its code: of which account, in which tab, and under which key.

use std::sync::Arc;
use std::time::Duration;

use diesel::connection::SimpleConnection;

use super::{half_way, recovery_codes, send_code, switch_on};
use crate::accounts::provider::connection_list::{connect, disconnect};
use crate::accounts::provider::log_in;
use crate::support::issuer::Issuer;
use crate::support::{PASSWORD, TestSite};

const CODE: &str = "/login/code";
const OFF: &str = "/account/second-factor/off";

#[tokio::test]
async fn whoever_is_signed_in_and_logs_in_to_another_account_is_asked_for_its_code() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    let codes = recovery_codes(&switch_on(&site, &ana).await.1);
    let browser = site.employee("cata@example.cl").await;
    browser.log_in("ana@example.cl", PASSWORD).await.redirects_to(CODE);
    let form = browser.get(CODE).await.has_status(200).form(CODE);
    browser.get("/account").await.says("cata@example.cl");
    browser.send(&form.with("code", &codes[0])).await.redirects_to("/account");
    browser.get("/account").await.says("ana@example.cl").does_not_say("cata@example.cl");
    // Nothing waits any more.
    browser.get(CODE).await.redirects_to("/account");
}

#[tokio::test]
async fn the_code_of_one_account_is_never_tried_at_another() {
    let site = TestSite::start().await;
    let mut codes = Vec::new();
    for email in ["ana@example.cl", "cata@example.cl"] {
        codes.extend(recovery_codes(&switch_on(&site, &site.employee(email).await).await.1));
    }
    let browser = site.visitor();
    browser.log_in("ana@example.cl", PASSWORD).await.redirects_to(CODE);
    let first = browser.get(CODE).await.form(CODE);
    browser.log_in("cata@example.cl", PASSWORD).await.redirects_to(CODE);
    browser.send(&first.with("code", "000000")).await.redirects_to("/login");
    browser.get("/login").await.says("Please log in again");
    assert!(site.database.values("1", "rate_limit WHERE most = 4").is_empty(), "counted as a wrong code");
    browser.log_in("cata@example.cl", PASSWORD).await.redirects_to(CODE);
    browser.send(&browser.get(CODE).await.form(CODE).with("code", &codes[10])).await.redirects_to("/account");
}

#[tokio::test]
async fn it_goes_on_at_a_replica_whose_key_is_the_other_of_two() {
    let (old, new) = ("5e".repeat(64), "7a".repeat(64));
    let site = TestSite::with(&[("SECRET_KEY", &format!("{old},{new}"))]).await;
    let ana = site.employee("ana@example.cl").await;
    let codes = recovery_codes(&switch_on(&site, &ana).await.1);
    let other = TestSite::on(Arc::clone(&site.database), &[("SECRET_KEY", &format!("{new},{old}"))]).await;
    let browser = site.visitor();
    browser.log_in("ana@example.cl", PASSWORD).await.redirects_to(CODE);
    send_code(&browser.at(&other.base_url), &codes[0]).await.redirects_to("/account");
}

#[tokio::test]
async fn a_provider_that_was_disconnected_meanwhile_uses_no_code_up() {
    let issuer = Issuer::start();
    let site = TestSite::with_provider(&issuer.url).await;
    let ana = site.employee("ana@example.cl").await;
    connect(&ana, "oidc").await.redirects_to("/account/providers");
    let codes = recovery_codes(&switch_on(&site, &ana).await.1);
    let browser = site.visitor();
    log_in(&browser, "oidc").await.redirects_to(CODE);
    disconnect(&ana, "oidc").await.redirects_to("/account/providers");
    send_code(&browser, &codes[0]).await.redirects_to("/login");
    browser.get("/login").await.says("your account has changed");
    assert_eq!(site.database.values("count(*)", "recovery_code"), ["10"]);
}

#[tokio::test]
async fn a_form_that_switched_a_former_one_off_is_asked_for_a_new_code() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    let codes = recovery_codes(&switch_on(&site, &ana).await.1);
    let form = ana.get(OFF).await.form(OFF).with("current_password", PASSWORD).with("code", &codes[0]);
    for _ in 0..2 {
        ana.send(&form).await.redirects_to("/account");
    }
    switch_on(&site, &ana).await;
    ana.send(&form).await.has_status(422);
    assert_eq!(site.database.values("count(*)", "second_factor"), ["1"]);
}

#[tokio::test]
async fn what_changes_at_the_same_moment_is_waited_for_and_uses_no_code_up() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    let codes = recovery_codes(&switch_on(&site, &ana).await.1);
    let (browser, mut other) = (half_way(&site, "ana@example.cl").await, site.database.connect());
    other.batch_execute("BEGIN; SELECT FROM \"user\" FOR UPDATE").unwrap();
    let code = codes[0].clone();
    let waiting = tokio::spawn(async move { send_code(&browser, &code).await });
    tokio::time::sleep(Duration::from_millis(700)).await;
    other.batch_execute("UPDATE account SET password = password || 'x'; COMMIT").unwrap();
    waiting.await.unwrap().has_status(422);
    assert_eq!(site.database.values("count(*)", "recovery_code"), ["10"]);
    let mails = site.mails("ana@example.cl").await;
    assert!(mails.iter().all(|mail| !mail.subject.starts_with("A recovery code")));
}

#[tokio::test]
async fn an_account_whose_second_factor_came_on_at_the_same_moment_is_not_deleted_without_a_code() {
    let site = TestSite::start().await;
    let eve = site.employee("ana@example.cl").await;
    let mut other = site.database.connect();
    other.batch_execute("BEGIN; SELECT FROM \"user\" FOR UPDATE").unwrap();
    let fields = [("email", "ana@example.cl"), ("password", PASSWORD)];
    let waiting = tokio::spawn(async move { eve.post("/account/delete", &fields).await });
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    other.batch_execute("UPDATE \"user\" SET second_factor_since = now(); COMMIT").unwrap();
    waiting.await.unwrap().has_status(422);
    assert_eq!(site.database.values("purge_at", "\"user\" WHERE purge_at IS NOT NULL"), Vec::<String>::new());
}
