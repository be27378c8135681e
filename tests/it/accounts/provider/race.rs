//! One account of a provider, in two browsers at once.

use std::time::Duration;

use serde_json::json;

use super::{back, finish, log_in, sign_up};
use crate::support::issuer::Issuer;
use crate::support::visitor::Visitor;
use crate::support::{PASSWORD, TestSite};

/// A browser that signed up with the provider under this address, and the link of its mail.
async fn signed_up(site: &TestSite, issuer: &Issuer, email: &str) -> (Visitor, String) {
    issuer.say(|said| said.claims = json!({ "email": email }));
    let visitor = site.visitor();
    log_in(&visitor, "oidc").await.redirects_to("/signup/finish");
    finish(&visitor).await.redirects_to("/signup/check-email");
    (visitor, site.mail(email).await.link())
}

#[tokio::test]
async fn of_two_who_finish_signing_up_with_one_subject_at_once_one_gets_an_account() {
    let issuer = Issuer::start();
    let site = TestSite::with_provider(&issuer.url).await;
    for round in 0..6 {
        let mut forms = Vec::new();
        for address in ["one", "other"] {
            let email = format!("{address}{round}@gmail.com");
            issuer.say(|said| said.claims = json!({ "sub": round.to_string(), "email": email }));
            let visitor = site.visitor();
            log_in(&visitor, "google").await.redirects_to("/signup/finish");
            let form = visitor.get("/signup/finish").await.form("/signup/finish");
            forms.push((visitor, form.with("role", "employee").with("profession", "Biochemist")));
        }
        let answers = tokio::join!(forms[0].0.send(&forms[0].1), forms[1].0.send(&forms[1].1));
        let mut statuses = [answers.0.status.as_u16(), answers.1.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 409]);
    }
    assert_eq!(site.database.values("count(*)", "\"user\""), ["6"]);
    assert_eq!(site.database.values("count(DISTINCT user_id)", "account"), ["6"]);
}

#[tokio::test]
async fn of_two_who_verify_with_one_subject_at_once_one_has_a_way_in() {
    let issuer = Issuer::start();
    let site = TestSite::with_provider(&issuer.url).await;
    let (one, link) = signed_up(&site, &issuer, "one@example.cl").await;
    let (other, of_other) = signed_up(&site, &issuer, "other@example.cl").await;
    let form = one.get(&link).await.form("/verify-email");
    let form_of_other = other.get(&of_other).await.form("/verify-email");
    let answers = tokio::join!(one.send(&form), other.send(&form_of_other));
    let mut statuses = [answers.0.status.as_u16(), answers.1.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 409]);
    assert_eq!(site.database.values("count(*)", "\"user\" WHERE \"isEmailVerified\""), ["1"]);
    // Google's subject of the same name is another one.
    issuer.say(|said| said.claims = json!({}));
    sign_up(&site).await;
}

#[tokio::test]
async fn who_verifies_second_with_one_subject_is_told_why_not_and_nobody_else_is() {
    let issuer = Issuer::start();
    let site = TestSite::with_provider(&issuer.url).await;
    let (one, link) = signed_up(&site, &issuer, "one@example.cl").await;
    let (other, of_other) = signed_up(&site, &issuer, "other@example.cl").await;
    let form = other.get(&of_other).await.has_status(200).form("/verify-email");
    one.press(&link).await.redirects_to("/account");
    site.visitor()
        .get(&link)
        .await
        .has_status(410)
        .says("Your email is verified and your account is ready.")
        .leads_on();
    let why = "account is connected to another Biovity account";
    let page = other.get(&of_other).await.has_status(409).says(why).does_not_say("with a password");
    assert!(page.attribute("main a.button[href='/login']", "href").is_some(), "there the provider opens the other one");
    other.send(&form).await.has_status(409).says(why);
    site.visitor().get(&of_other).await.has_status(200).does_not_say(why);
}

#[tokio::test]
async fn a_session_that_ends_while_the_provider_answers_connects_nothing() {
    let issuer = Issuer::start();
    let site = TestSite::with_provider(&issuer.url).await;
    let ana = site.employee("ana@example.cl").await;
    let new = [("current_password", PASSWORD), ("password", "boldo sobre la cordillera 9")];
    for (ending, fields) in [("/account/sessions/end-others", &[][..]), ("/account/password", &new[..])] {
        let eve = site.visitor();
        eve.log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
        let page = eve.post("/account/providers/oidc/connect", &[]).await.has_status(200);
        let back = back("oidc", &page.attribute("main a.button", "href").unwrap());
        issuer.say(|said| said.delay = Duration::from_secs(2));
        let waiting = tokio::spawn(async move { eve.get(&back).await });
        tokio::time::sleep(Duration::from_millis(700)).await;
        ana.post(ending, fields).await.has_status(303);
        waiting.await.unwrap().has_status(403).says("You could not be logged in");
        issuer.say(|said| said.delay = Duration::ZERO);
        log_in(&site.visitor(), "oidc").await.redirects_to("/signup/finish");
    }
    assert_eq!(site.database.values("provider", "account"), ["credential"]);
}
