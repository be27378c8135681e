//! What a provider publishes, and what becomes of visitors when it does not answer.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{begin, log_in, sign_up};
use crate::support::TestSite;
use crate::support::issuer::{Issuer, Said};

#[tokio::test]
async fn a_token_that_is_signed_by_es256_is_believed() {
    let issuer = Issuer::start();
    issuer.say(|said| said.alg = "ES256");
    let site = TestSite::with_provider(&issuer.url).await;
    sign_up(&site).await.get("/account").await.says("ana@gmail.com");
    issuer.say(|said| said.is_signature_spoiled = true);
    log_in(&site.visitor(), "google").await.has_status(403).says("This did not work");
}

#[tokio::test]
async fn after_three_failures_in_a_row_nobody_waits_for_half_a_minute() {
    let issuer = Issuer::start();
    let site = TestSite::with_provider(&issuer.url).await;
    log_in(&site.visitor(), "google").await.redirects_to("/signup/finish");
    let waiting = site.visitor();
    let back = begin(&waiting, "google").await;
    issuer.say(|said| said.is_down = true);
    for _ in 0..3 {
        log_in(&site.visitor(), "google").await.has_status(503).says("Google does not answer at the moment").leads_on();
    }
    issuer.say(|said| said.is_down = false);
    let codes = issuer.codes.lock().unwrap().len();
    site.visitor()
        .get("/login/with/google")
        .await
        .has_status(503)
        .says("Google does not answer at the moment")
        .leads_on();
    waiting.get(&back).await.has_status(503);
    assert_eq!(issuer.codes.lock().unwrap().len(), codes, "the provider was asked");
    // Another provider, and the password, go on.
    log_in(&site.visitor(), "oidc").await.redirects_to("/signup/finish");
    site.visitor().get("/login").await.has_status(200);
    site.later(TimeDelta::seconds(31)).await;
    log_in(&site.visitor(), "google").await.redirects_to("/signup/finish");
}

#[tokio::test]
async fn a_provider_that_is_down_for_a_while_is_known_by_what_it_said_before() {
    let issuer = Issuer::start();
    let site = TestSite::with_provider(&issuer.url).await;
    log_in(&site.visitor(), "google").await.redirects_to("/signup/finish");
    let ana = site.visitor();
    let back = begin(&ana, "google").await;
    issuer.say(|said| said.is_down = true);
    ana.get(&back).await.has_status(503).leads_on();
    issuer.say(|said| said.is_down = false);
    log_in(&ana, "google").await.redirects_to("/signup/finish");
}

#[tokio::test]
async fn no_redirect_of_a_provider_is_followed() {
    let (issuer, other) = (Issuer::start(), Issuer::start());
    let site = TestSite::with_provider(&issuer.url).await;
    issuer.say(|said| said.status = format!("307 Temporary Redirect\r\nlocation: {}/token", other.url));
    log_in(&site.visitor(), "google").await.has_status(403).says("This did not work");
    assert!(other.codes.lock().unwrap().is_empty());
}

#[tokio::test]
async fn an_answer_without_its_issuer_is_refused_where_the_provider_promises_one() {
    let issuer = Issuer::start();
    issuer.say(|said| said.names_issuer = true);
    let site = TestSite::with_provider(&issuer.url).await;
    log_in(&site.visitor(), "google").await.has_status(403);
    let ana = site.visitor();
    let back = format!("{}&iss={}", begin(&ana, "google").await, issuer.url);
    ana.get(&back).await.redirects_to("/signup/finish");
}

#[tokio::test]
async fn a_provider_is_known_by_each_of_its_own_spellings_alone() {
    let issuer = Issuer::start();
    let site = TestSite::with_provider(&issuer.url).await;
    for (spelling, own) in [("https://www.linkedin.com", "linkedin"), ("accounts.google.com", "google")] {
        issuer.say(|said| said.claims = json!({ "iss": spelling }));
        for provider in ["google", "linkedin", "oidc"] {
            let page = log_in(&site.visitor(), provider).await;
            page.has_status(if provider == own { 303 } else { 403 });
        }
    }
}

#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "the provider's clock is another")]
async fn a_token_whose_issuer_has_no_scheme_is_verified_like_any_other() {
    let issuer = Issuer::start();
    let site = TestSite::with_provider(&issuer.url).await;
    let now = chrono::Utc::now().timestamp();
    let named = |claims: Value| {
        let mut said = issuer.said.lock().unwrap().clone();
        said.claims = claims;
        said.claims["iss"] = json!("accounts.google.com");
        said
    };
    let right = named(json!({}));
    for said in [
        named(json!({ "aud": "another" })),
        named(json!({ "exp": now - 120, "iat": now - 400 })),
        named(json!({ "iat": now + 300, "exp": now + 600 })),
        named(json!({ "nonce": "another" })),
        named(json!({ "nonce": null })),
        Said { is_signature_spoiled: true, ..right.clone() },
        Said { alg: "none", ..right.clone() },
        Said { alg: "HS256", ..right.clone() },
    ] {
        issuer.say(|now| *now = said.clone());
        log_in(&site.visitor_from("127.0.0.2"), "google").await.has_status(403).says("This did not work");
    }
    issuer.say(|now| *now = right.clone());
    let ana = sign_up(&site).await;
    ana.get("/account").await.says("ana@gmail.com");
    issuer.say(|now| now.kid = "two");
    log_in(&site.visitor(), "google").await.has_status(403);
    site.later(TimeDelta::seconds(61)).await;
    log_in(&site.visitor(), "google").await.redirects_to("/account");
    // Whichever spelling comes, the account has one issuer.
    issuer.say(|now| now.claims = json!({}));
    log_in(&site.visitor(), "google").await.redirects_to("/account");
    assert_eq!(site.database.values("issuer", "account"), [issuer.url.as_str()]);
}
