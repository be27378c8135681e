//! The way back from a provider: who gets in, and what is refused.

use std::time::Duration;

use chrono::TimeDelta;
use serde_json::json;

use super::{back, begin, finish, log_in, sign_up};
use crate::support::issuer::{Issuer, Said};
use crate::support::{PASSWORD, TestSite};

#[tokio::test]
async fn without_a_provider_nothing_of_it_is_to_be_seen() {
    let site = TestSite::start().await;
    for path in ["/login", "/signup", "/signup/employee"] {
        assert!(site.visitor().get(path).await.texts(".providers").is_empty());
    }
    site.visitor().get("/login/with/google").await.has_status(404);
}

#[tokio::test]
async fn a_new_visitor_finishes_signing_up_and_is_known_the_next_time() {
    let issuer = Issuer::start();
    let site = TestSite::with_provider(&issuer.url).await;
    let page = site.visitor().get("/login").await;
    assert_eq!(
        page.texts(".providers a"),
        ["Continue with Google", "Continue with LinkedIn", "Continue with Our log-in"]
    );
    let ana = sign_up(&site).await;
    ana.get("/account").await.says("Ana Rojas").says("ana@gmail.com");
    ana.log_out().await;
    log_in(&ana, "google").await.redirects_to("/account");
    let tokens = "access_token IS NULL AND refresh_token IS NULL AND expires_at IS NULL";
    let stored = site.database.values("provider", &format!("account WHERE {tokens} AND password IS NULL"));
    assert_eq!(stored, ["google"], "nothing of the provider's is kept");
}

#[tokio::test]
async fn where_the_provider_proves_no_mailbox_our_mail_does() {
    let issuer = Issuer::start();
    let site = TestSite::with_provider(&issuer.url).await;
    for (provider, address) in [("oidc", "ana@gmail.com"), ("linkedin", "ben@gmail.com"), ("google", "eva@example.cl")]
    {
        issuer.say(|said| said.claims = json!({ "sub": address, "email": address, "email_verified": "true" }));
        let ana = site.visitor();
        log_in(&ana, provider).await.redirects_to("/signup/finish");
        finish(&ana).await.redirects_to("/signup/check-email");
        ana.get("/account").await.has_status(303);
        let mail = site.mail(address).await;
        assert!(mail.text.contains("in the browser in which you began"), "{}", mail.text);
        site.visitor().get(&mail.link()).await.says("Open this link in the browser in which you began");
        ana.press(&mail.link()).await.redirects_to("/account");
        ana.log_out().await;
        log_in(&ana, provider).await.redirects_to("/account");
    }
}

#[tokio::test]
async fn an_address_with_an_account_is_never_joined_silently() {
    let issuer = Issuer::start();
    let site = TestSite::with_provider(&issuer.url).await;
    site.employee("ana@gmail.com").await;
    let stranger = site.visitor();
    log_in(&stranger, "google").await.has_status(409).says("You already have an account");
    // Where the provider proves no mailbox, nobody learns of the account but its owner.
    log_in(&stranger, "oidc").await.redirects_to("/signup/finish");
    finish(&stranger).await.redirects_to("/signup/check-email");
    let mail = site.mail("ana@gmail.com").await;
    assert_eq!(mail.subject, "You already have an account");
    let connections = format!("{}/login?next=%2Faccount%2Fproviders", site.base_url);
    assert!(
        mail.text.contains("connect it under “Ways to log in”") && mail.text.contains(&connections),
        "{}",
        mail.text
    );
    assert_eq!(site.database.values("provider", "account"), ["credential"]);
}

#[tokio::test]
async fn an_unverified_sign_up_loses_to_a_proof_of_the_mailbox() {
    let issuer = Issuer::start();
    let site = TestSite::with_provider(&issuer.url).await;
    let stranger = site.visitor();
    stranger.sign_up("employee", "ana@gmail.com").await.has_status(303);
    sign_up(&site).await;
    stranger.log_in("ana@gmail.com", PASSWORD).await.has_status(401);
}

#[tokio::test]
async fn admins_and_accounts_that_may_not_be_used_stay_out() {
    let issuer = Issuer::start();
    let site = TestSite::with_provider(&issuer.url).await;
    let ana = sign_up(&site).await;
    ana.log_out().await;
    site.database.execute("UPDATE \"user\" SET type = 'admin'");
    log_in(&ana, "google").await.has_status(403).says("Admins log in with their password");
    site.database.execute("UPDATE \"user\" SET type = 'employee', \"isActive\" = false");
    log_in(&ana, "google").await.has_status(403).says("This account is deactivated");
    site.database
        .execute("UPDATE \"user\" SET \"isActive\" = true; UPDATE account SET issuer = 'https://other.example'");
    log_in(&ana, "google").await.has_status(403).says("This did not work");
}

#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "the provider's clock is another")]
async fn a_spoiled_token_lets_nobody_in() {
    let issuer = Issuer::start();
    let site = TestSite::with_provider(&issuer.url).await;
    let now = chrono::Utc::now().timestamp();
    let claims = [
        json!({ "aud": "another" }),
        json!({ "iss": "https://other.example" }),
        json!({ "exp": now - 120, "iat": now - 400 }),
        json!({ "iat": now + 300, "exp": now + 600 }),
        json!({ "nonce": "another" }),
        json!({ "nonce": null }),
        json!({ "sub": "x".repeat(10_000) }),
    ];
    let right = issuer.said.lock().unwrap().clone();
    let of_claims = claims.into_iter().map(|claims| Said { claims, ..right.clone() });
    let others = [
        Said { is_signature_spoiled: true, ..right.clone() },
        Said { alg: "none", ..right.clone() },
        Said { alg: "HS256", ..right.clone() },
        Said { claims: json!({ "email": null }), user_info: json!({ "sub": "another" }), ..right.clone() },
    ];
    for said in of_claims.chain(others) {
        issuer.say(|now| *now = said.clone());
        log_in(&site.visitor_from("127.0.0.2"), "google").await.has_status(403).says("This did not work");
    }
    // Within the leeway for clocks.
    issuer.say(|said| *said = Said { claims: json!({ "exp": now - 30, "iat": now + 30 }), ..right.clone() });
    log_in(&site.visitor(), "google").await.redirects_to("/signup/finish");
}

#[tokio::test]
async fn a_key_that_was_changed_is_read_at_most_once_a_minute() {
    let issuer = Issuer::start();
    let site = TestSite::with_provider(&issuer.url).await;
    log_in(&site.visitor(), "google").await.redirects_to("/signup/finish");
    issuer.say(|said| said.kid = "two");
    log_in(&site.visitor(), "google").await.has_status(403);
    site.later(TimeDelta::seconds(61)).await;
    log_in(&site.visitor(), "google").await.redirects_to("/signup/finish");
}

#[tokio::test]
async fn an_attempt_works_once_in_its_own_browser_and_two_tabs_do_not_disturb_each_other() {
    let issuer = Issuer::start();
    let site = TestSite::with_provider(&issuer.url).await;
    let ana = site.visitor();
    let page = ana.get("/login/with/google").await.has_status(303);
    let (first, cookie) = (back("google", page.header("location")), cookies(&page));
    let second = begin(&ana, "google").await;
    site.visitor().get(&first).await.has_status(410).says("This began elsewhere");
    let spoiled = first.replace("/google/", "/oidc/");
    ana.get(&spoiled).await.has_status(410);
    ana.get(&second).await.redirects_to("/signup/finish");
    ana.get(&first).await.redirects_to("/signup/finish");
    ana.get(&first).await.has_status(410);
    ana.get_with(&first, &cookie).await.has_status(410).says("This has already been used");
    assert_eq!(issuer.codes.lock().unwrap().len(), 2, "a state that was used redeems no code");
    let late = begin(&ana, "google").await;
    site.later(TimeDelta::minutes(11)).await;
    ana.get(&late).await.has_status(410).says("This took too long");
}

fn cookies(page: &crate::support::page::Page) -> String {
    page.header("set-cookie").split(';').next().unwrap().to_owned()
}

#[tokio::test]
async fn another_site_begins_no_log_in_and_a_refusal_is_friendly() {
    let issuer = Issuer::start();
    let site = TestSite::with_provider(&issuer.url).await;
    let ana = site.visitor();
    let request = ana.request("GET", "/login/with/google").header("sec-fetch-site", "cross-site");
    let page = crate::support::visitor::send(request).await.has_status(403);
    assert_eq!(page.attribute("main a.button", "href").unwrap(), "/login/with/google");
    let back = begin(&ana, "google").await;
    for word in ["user_cancelled_login", "user_cancelled_authorize", "consent_required"] {
        let denied = begin(&ana, "linkedin").await.replace("code=", &format!("error={word}&x="));
        ana.get(&denied).await.has_status(200).says("You did not log in");
    }
    let denied = back.replace("code=", "error=access_denied&x=");
    ana.get(&denied).await.has_status(200).says("Nothing has changed").leads_on();
    let foreign = format!("{}&iss=https://other.example", begin(&ana, "google").await);
    ana.get(&foreign).await.has_status(403);
}

#[tokio::test]
async fn an_address_that_is_missing_or_cannot_be_read_is_told_and_others_are_canonical() {
    let issuer = Issuer::start();
    let site = TestSite::with_provider(&issuer.url).await;
    for claims in [json!({ "email": "no address" }), json!({ "email": "" })] {
        issuer.say(|said| said.claims = claims);
        log_in(&site.visitor(), "google").await.has_status(403).says("Google gave us no email");
    }
    for (told, kept) in [("Ana@GMAIL.com", "ana@gmail.com"), ("ana@ñandú.cl", "ana@xn--and-6ma2c.cl")] {
        issuer.say(|said| said.claims = json!({ "email": told, "email_verified": false }));
        let ana = site.visitor();
        log_in(&ana, "google").await.redirects_to("/signup/finish");
        ana.get("/signup/finish").await.says(kept).says("We will send a link there");
    }
}

#[tokio::test]
async fn a_provider_that_is_down_slow_or_endless_costs_one_sentence() {
    let issuer = Issuer::start();
    let site = TestSite::with_provider(&issuer.url).await;
    issuer.say(|said| said.padding = 1_000_000);
    log_in(&site.visitor(), "google").await.has_status(503).says("Google does not answer at the moment").leads_on();
    issuer.say(|said| (said.padding, said.delay) = (0, Duration::from_secs(10)));
    let (ana, since) = (site.visitor(), std::time::Instant::now());
    let (slow, other) = tokio::join!(log_in(&ana, "google"), async { site.visitor().get("/login").await });
    slow.has_status(503);
    other.has_status(200);
    assert!(since.elapsed() < Duration::from_secs(7));
    let away = TestSite::with_provider("http://127.0.0.1:9").await;
    away.visitor().get("/login/with/google").await.has_status(503).leads_on();
}
