//! Whom a provider says to be here: by its subject, never by an address, and whose mailbox its word proves.

use std::collections::HashMap;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use biovity::server;
use chrono::TimeDelta;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::connection_list::connect;
use super::{back, begin, finish, log_in, sign_up};
use crate::support::issuer::{Issuer, Redemption};
use crate::support::{PASSWORD, TestSite};

#[tokio::test]
async fn the_subject_opens_the_account_whatever_its_address_and_name_are_by_now() {
    let issuer = Issuer::start();
    let site = TestSite::with_provider(&issuer.url).await;
    let ana = sign_up(&site).await;
    ana.log_out().await;
    issuer.say(|said| said.claims = json!({ "email": "other@gmail.com", "name": "Another" }));
    log_in(&ana, "google").await.redirects_to("/account");
    ana.get("/account").await.says("ana@gmail.com").says("Ana Rojas").does_not_say("other@gmail.com");
    // The same address under another subject is somebody else.
    issuer.say(|said| said.claims = json!({ "sub": "another" }));
    log_in(&site.visitor(), "google").await.has_status(409).says("You already have an account");
    let named = json!({ "sub": "another", "preferred_username": "ana-there", "upn": "ana@gmail.com", "email": "new@gmail.com" });
    issuer.say(|said| said.claims = named);
    log_in(&site.visitor(), "google").await.redirects_to("/signup/finish");
    // The same subject at another provider too.
    issuer.say(|said| said.claims = json!({ "email": "new@gmail.com" }));
    log_in(&site.visitor(), "oidc").await.redirects_to("/signup/finish");
}

#[tokio::test]
async fn a_row_of_the_old_application_gets_its_issuer_at_the_next_log_in_and_keeps_it() {
    let issuer = Issuer::start();
    let site = TestSite::with_provider(&issuer.url).await;
    let ana = sign_up(&site).await;
    ana.log_out().await;
    site.database.execute("UPDATE account SET issuer = NULL");
    log_in(&ana, "google").await.redirects_to("/account");
    assert_eq!(site.database.values("issuer", "account"), [issuer.url.as_str()]);
}

#[tokio::test]
async fn a_known_subject_passes_every_check_of_a_password_log_in() {
    let issuer = Issuer::start();
    let site = TestSite::with_provider(&issuer.url).await;
    let ana = site.employee("ana@example.cl").await;
    connect(&ana, "oidc").await.redirects_to("/account/providers");
    let phone = site.visitor();
    log_in(&phone, "oidc").await.redirects_to("/account");
    ana.get("/account/activity").await.says("Logged in on a new device");
    let mails = site.mails("ana@example.cl").await;
    assert!(mails.iter().any(|mail| mail.subject == "A new device logged in to your account"), "{mails:?}");
    phone.log_out().await;
    let lab = "INSERT INTO \"user\" (id, email, \"isEmailVerified\", profession, type)
               VALUES ('lab', 'lab@example.cl', true, 'Boss', 'organization')";
    site.database.execute(lab);
    site.database.execute("UPDATE \"user\" SET \"organizationId\" = 'lab' WHERE email = 'ana@example.cl'");
    log_in(&phone, "oidc").await.redirects_to("/account");
    phone.get("/account/organization").await.has_status(200);
    phone.log_out().await;
    site.database.execute("UPDATE \"user\" SET purge_at = now() + interval '7 days' WHERE email = 'ana@example.cl'");
    log_in(&phone, "oidc").await.has_status(403).says("It will be erased on").does_not_say("password is right");
    phone.get("/account").await.redirects_to("/login?next=%2Faccount");
}

#[tokio::test]
async fn an_account_that_is_leaving_comes_back_as_after_its_password() {
    let issuer = Issuer::start();
    let site = TestSite::with_provider(&issuer.url).await;
    let ana = site.employee("ana@example.cl").await;
    connect(&ana, "google").await.redirects_to("/account/providers");
    let form = ana.get("/account/delete").await.form("/account/delete").with("email", "ana@example.cl");
    ana.send(&form.with("password", PASSWORD)).await.has_status(303);
    let (by_password, by_provider) = (site.visitor(), site.visitor());
    let expected = by_password.log_in("ana@example.cl", PASSWORD).await.has_status(403);
    let got = log_in(&by_provider, "google").await.has_status(403);
    assert_eq!(got.texts("main"), expected.texts("main"));
    by_provider.get("/account/providers").await.has_status(303);
}

#[tokio::test]
async fn a_place_counts_as_signed_up_only_once_the_mailbox_is_proved() {
    let issuer = Issuer::start();
    let site = TestSite::with_provider(&issuer.url).await;
    let is_marked = |email: &str| {
        let place = format!("waitlist WHERE email = '{email}'");
        site.database.values("signed_up_at IS NOT NULL", &place) == ["true"]
    };
    for (provider, email, is_proved) in [("google", "ana@gmail.com", true), ("linkedin", "ben@gmail.com", false)] {
        site.visitor().join(email, "employee").await.redirects_to("/waitlist/joined");
        site.visitor().press(&site.mail(email).await.link()).await.has_status(303);
        site.later(TimeDelta::minutes(2)).await;
        server::jobs::run_steps_once(&site.app).await.unwrap();
        issuer.say(|said| said.claims = json!({ "sub": email, "email": email }));
        let visitor = site.visitor();
        log_in(&visitor, provider).await.redirects_to("/signup/finish");
        finish(&visitor).await.has_status(303);
        assert_eq!(is_marked(email), is_proved, "{provider}");
        if !is_proved {
            visitor.press(&site.mail(email).await.link()).await.redirects_to("/account");
            assert!(is_marked(email));
        }
    }
}

#[tokio::test]
async fn an_invitation_holds_for_its_own_address_alone() {
    let issuer = Issuer::start();
    let site = TestSite::with_provider(&issuer.url).await;
    let lab = site.organization("lab@example.cl").await;
    lab.post("/organization/members", &[("email", "ana@lab.cl")]).await.has_status(303);
    let invitation = site.mail("ana@lab.cl").await;
    let ana = sign_up(&site).await;
    ana.get(&invitation.link()).await.says("ana@lab.cl");
    ana.post("/organization/invitation", &[("token", &invitation.token())]).await;
    assert_eq!(site.database.values("count(*)", "\"user\" WHERE \"organizationId\" IS NOT NULL"), ["0"]);
    // A provider that proves no mailbox opens no account for the address that was invited.
    issuer.say(|said| said.claims = json!({ "sub": "eve", "email": "ana@lab.cl" }));
    let eve = site.visitor();
    log_in(&eve, "linkedin").await.redirects_to("/signup/finish");
    finish(&eve).await.redirects_to("/signup/check-email");
    assert_eq!(site.database.values("count(*)", "\"user\" WHERE \"organizationId\" IS NOT NULL"), ["0"]);
    assert!(site.database.values("id", "account WHERE provideraccountid = 'eve'").is_empty());
}

#[tokio::test]
async fn each_provider_is_asked_as_it_wants_and_for_no_more_than_it_takes() {
    let issuer = Issuer::start();
    let site = TestSite::with_provider(&issuer.url).await;
    for (provider, has_verifier, prompt) in
        [("google", true, Some("select_account")), ("oidc", true, None), ("linkedin", false, None)]
    {
        let page = site.visitor().get(&format!("/login/with/{provider}")).await.has_status(303);
        let asked = url::Url::parse(page.header("location")).unwrap();
        let of =
            |wanted: &str| asked.query_pairs().find(|(name, _)| name == wanted).map(|(_, value)| value.into_owned());
        assert_eq!(of("scope").as_deref(), Some("openid email profile"), "{provider}");
        assert_eq!(of("prompt").as_deref(), prompt, "{provider}");
        assert_eq!(of("code_challenge_method").as_deref(), has_verifier.then_some("S256"), "{provider}");
        assert!(of("redirect_uri").unwrap().ends_with(&format!("/login/with/{provider}/back")), "{provider}");
    }
    // LinkedIn repeats no nonce.
    issuer.say(|said| said.claims = json!({ "nonce": null }));
    let ana = site.visitor();
    let back = begin(&ana, "linkedin").await;
    ana.get(&back).await.redirects_to("/signup/finish");
}

#[tokio::test]
async fn each_provider_gets_the_code_back_as_it_wants() {
    let issuer = Issuer::start();
    let site = TestSite::with_provider(&issuer.url).await;
    for (provider, has_verifier, is_basic) in
        [("google", true, false), ("oidc", true, true), ("linkedin", false, false)]
    {
        let ana = site.visitor();
        let page = ana.get(&format!("/login/with/{provider}")).await.has_status(303);
        let asked = url::Url::parse(page.header("location")).unwrap();
        let asked: HashMap<_, _> = asked.query_pairs().into_owned().collect();
        ana.get(&back(provider, page.header("location"))).await.redirects_to("/signup/finish");
        let Redemption { authorization, form } = std::mem::take(&mut *issuer.redeemed_by.lock().unwrap());
        let form: HashMap<_, _> = form.into_iter().collect();
        assert_eq!(
            (form["grant_type"].as_str(), &form["redirect_uri"]),
            ("authorization_code", &asked["redirect_uri"])
        );
        let challenge = form.get("code_verifier").map(|text| URL_SAFE_NO_PAD.encode(Sha256::digest(text)));
        assert_eq!(
            (challenge.as_ref(), challenge.is_some()),
            (asked.get("code_challenge"), has_verifier),
            "{provider}"
        );
        let by_form = form.get("client_id").zip(form.get("client_secret")).map(|(id, secret)| format!("{id}:{secret}"));
        let by_header = STANDARD.encode("biovity:hidden");
        assert_eq!((authorization == by_header, by_form.is_none()), (is_basic, is_basic), "{provider}");
        assert!(is_basic || by_form.unwrap() == "biovity:hidden", "{provider}");
    }
}

#[tokio::test]
async fn finishing_twice_is_answered_alike_and_too_late_with_a_way_back() {
    let issuer = Issuer::start();
    let site = TestSite::with_provider(&issuer.url).await;
    let ana = site.visitor();
    log_in(&ana, "linkedin").await.redirects_to("/signup/finish");
    let form = || async { ana.get("/signup/finish").await.form("/signup/finish").with("role", "employee") };
    let first = form().await.with("profession", "Biochemist");
    for _ in 0..2 {
        ana.send(&first).await.redirects_to("/signup/check-email");
    }
    issuer.say(|said| said.claims = json!({ "sub": "ben-there", "email": "ben@example.cl" }));
    log_in(&ana, "linkedin").await.redirects_to("/signup/finish");
    let late = form().await.with("profession", "Biochemist");
    site.later(TimeDelta::minutes(59)).await;
    ana.get("/signup/finish").await.has_status(200);
    site.later(TimeDelta::minutes(1)).await;
    for page in [ana.get("/signup/finish").await, ana.send(&late).await] {
        let page = page.has_status(410).says("This took too long");
        assert_eq!(page.attribute("main a.button", "href").unwrap(), "/login/with/linkedin");
    }
}

#[tokio::test]
async fn what_the_token_leaves_out_is_asked_of_the_provider_for_the_same_subject() {
    let issuer = Issuer::start();
    let site = TestSite::with_provider(&issuer.url).await;
    issuer.say(|said| {
        said.claims = json!({ "email": null, "email_verified": null });
        said.user_info = json!({ "sub": "ana-there", "email": "ana@gmail.com", "email_verified": true });
    });
    sign_up(&site).await.get("/account").await.says("ana@gmail.com");
    issuer.say(|said| said.user_info = json!({ "sub": "another", "email": "eve@gmail.com", "email_verified": true }));
    log_in(&site.visitor(), "google").await.has_status(403).says("This did not work");
}

#[tokio::test]
async fn what_a_provider_said_is_gone_for_whoever_sits_at_the_browser_next() {
    let issuer = Issuer::start();
    let site = TestSite::with_provider(&issuer.url).await;
    for email in ["ben@example.cl", "ana@gmail.com"] {
        site.employee(email).await;
    }
    issuer.say(|said| said.claims = json!({ "sub": "new", "email": "new@gmail.com" }));
    let browser = site.visitor();
    log_in(&browser, "google").await.redirects_to("/signup/finish");
    assert_eq!(browser.get("/signup/finish").await.has_status(200).header("cache-control"), "no-store");
    browser.log_in("ben@example.cl", PASSWORD).await.redirects_to("/account");
    browser.get("/signup/finish").await.redirects_to("/signup");
    browser.log_out().await.redirects_to("/");
    issuer.say(|said| said.claims = json!({}));
    let page = log_in(&browser, "google").await.has_status(409);
    assert!(page.headers.get_all("set-cookie").iter().any(|cookie| cookie.to_str().unwrap().contains("waiting=")));
    browser.log_in("ben@example.cl", PASSWORD).await.redirects_to("/account");
    browser.log_out().await.redirects_to("/");
    browser.log_in("ana@gmail.com", PASSWORD).await.redirects_to("/account");
    browser.get("/account/providers/google/confirm").await.redirects_to("/account/providers");
}
