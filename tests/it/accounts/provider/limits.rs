//! How often somebody may log in with a provider, and who cannot be kept from it.

use super::{begin, log_in, sign_up};
use crate::support::issuer::Issuer;
use crate::support::{PASSWORD, TestSite};

const FOREIGN: &str = "/login/with/oidc/back?code=x&state=y";

#[tokio::test]
async fn strangers_on_the_same_network_keep_nobody_out_of_a_device_that_is_known() {
    let issuer = Issuer::start();
    let site = TestSite::with_provider(&issuer.url).await;
    let ana = sign_up(&site).await;
    ana.log_out().await;
    let (back, eve) = (begin(&ana, "google").await, site.visitor());
    // Ana went there and came back once before the device was known.
    for _ in 0..29 {
        eve.get("/login/with/oidc").await.has_status(303);
        eve.get(FOREIGN).await.has_status(410);
    }
    eve.get("/login/with/oidc").await.has_status(429);
    eve.get(FOREIGN).await.has_status(410);
    site.visitor().get("/login/with/google").await.has_status(429);
    ana.get(&back).await.redirects_to("/account");
    ana.log_out().await;
    log_in(&ana, "google").await.redirects_to("/account");
}

#[tokio::test]
async fn a_known_device_has_a_limit_of_its_own() {
    let issuer = Issuer::start();
    let site = TestSite::with_provider(&issuer.url).await;
    let ana = sign_up(&site).await;
    ana.log_out().await;
    for _ in 0..30 {
        ana.get("/login/with/google").await.has_status(303);
    }
    ana.get("/login/with/google").await.has_status(429);
    site.visitor().get("/login/with/google").await.has_status(303);
}

#[tokio::test]
async fn thirty_people_of_one_network_log_in_within_a_minute() {
    let issuer = Issuer::start();
    let site = TestSite::with_provider(&issuer.url).await;
    for _ in 0..30 {
        log_in(&site.visitor(), "google").await.redirects_to("/signup/finish");
    }
    site.visitor().get("/login/with/google").await.has_status(429);
}

#[tokio::test]
async fn pressing_the_link_keeps_nobody_from_the_password() {
    let issuer = Issuer::start();
    let site = TestSite::with_provider(&issuer.url).await;
    site.employee("ben@example.cl").await;
    for _ in 0..31 {
        site.visitor().get("/login/with/google").await;
    }
    site.visitor().log_in("ben@example.cl", PASSWORD).await.redirects_to("/account");
}

#[tokio::test]
async fn a_page_elsewhere_that_asks_for_ways_back_keeps_no_network_from_logging_in() {
    let issuer = Issuer::start();
    let site = TestSite::with_provider(&issuer.url).await;
    site.employee("ben@example.cl").await;
    for _ in 0..31 {
        site.visitor().get(FOREIGN).await.has_status(410);
    }
    site.visitor().log_in("ben@example.cl", PASSWORD).await.redirects_to("/account");
    log_in(&site.visitor(), "google").await.redirects_to("/signup/finish");
}
