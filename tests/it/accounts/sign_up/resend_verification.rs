//! Asking for another verification link: always the same answer, a mail only where one is waited for.

use chrono::TimeDelta;

use crate::support::{PASSWORD, TestSite};

#[tokio::test]
async fn every_address_gets_the_same_answer_and_only_one_that_waits_gets_a_mail() {
    let site = TestSite::start().await;
    site.employee("verified@example.cl").await;
    site.visitor().sign_up("employee", "waiting@example.cl").await.redirects_to("/signup/check-email");
    site.deliver_mail().await;
    let mut seen = Vec::new();
    for (address, mails) in [("unknown@example.cl", 0), ("verified@example.cl", 1), ("Waiting@example.cl", 2)] {
        let page = site.visitor().post("/verify-email/resend", &[("email", address)]).await;
        let page = page.redirects_to("/signup/check-email");
        seen.push((page.headers.keys().map(ToString::to_string).collect::<Vec<_>>(), page.body));
        assert_eq!(site.mails(&address.to_lowercase()).await.len(), mails, "{address}");
    }
    assert!(seen.iter().all(|answer| *answer == seen[0]), "{seen:?}");
}

#[tokio::test]
async fn both_links_work_until_one_is_used() {
    let site = TestSite::start().await;
    let ana = site.visitor();
    ana.sign_up("employee", "ana@example.cl").await.redirects_to("/signup/check-email");
    let first = site.mail("ana@example.cl").await;
    ana.post("/verify-email/resend", &[("email", "ana@example.cl")]).await.redirects_to("/signup/check-email");
    let second = site.mail("ana@example.cl").await;
    ana.get(&second.link()).await.has_status(200);
    site.visitor().verify(&first.link(), PASSWORD).await.redirects_to("/login");
    ana.get(&second.link()).await.has_status(410);
}

#[tokio::test]
async fn to_ask_for_another_address_does_not_cost_the_browser_its_sign_up() {
    let site = TestSite::start().await;
    let ana = site.visitor();
    site.visitor().sign_up("employee", "luz@example.cl").await.redirects_to("/signup/check-email");
    ana.sign_up("employee", "ana@example.cl").await.redirects_to("/signup/check-email");
    for other in ["ana@exmaple.cl", "luz@example.cl"] {
        ana.post("/verify-email/resend", &[("email", other)]).await.redirects_to("/signup/check-email");
    }
    ana.press(&site.mail("ana@example.cl").await.link()).await.redirects_to("/account");
}

#[tokio::test]
async fn a_link_asked_for_by_the_owner_gives_no_effect_to_a_strangers_sign_up() {
    let site = TestSite::start().await;
    let (eve, ana) = (site.visitor(), site.visitor());
    eve.sign_up("employee", "ana@example.cl").await.redirects_to("/signup/check-email");
    ana.post("/verify-email/resend", &[("email", "ana@example.cl")]).await.redirects_to("/signup/check-email");
    let mails = site.mails("ana@example.cl").await;
    assert_eq!(mails.len(), 2);
    ana.press(&mails[1].link()).await.has_status(422).says("Enter your password");
    eve.log_in("ana@example.cl", PASSWORD).await.has_status(403).says("not verified yet");
}

#[tokio::test]
async fn the_new_link_signs_in_the_browser_that_asked_for_it() {
    let site = TestSite::start().await;
    let ana = site.visitor();
    ana.sign_up("employee", "ana@example.cl").await.redirects_to("/signup/check-email");
    let expired = site.mail("ana@example.cl").await;
    site.app.clock.advance(TimeDelta::hours(25));
    ana.get(&expired.link()).await.has_status(410);
    ana.post("/verify-email/resend", &[("email", "ana@example.cl")]).await.redirects_to("/signup/check-email");
    ana.press(&site.mail("ana@example.cl").await.link()).await.redirects_to("/account");
    ana.log_out().await.redirects_to("/");
    ana.log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
}

#[tokio::test]
async fn a_refused_log_in_offers_the_link_by_one_button() {
    let site = TestSite::start().await;
    let ana = site.visitor();
    ana.sign_up("employee", "ana@example.cl").await.redirects_to("/signup/check-email");
    let page = ana.log_in("ana@example.cl", PASSWORD).await.has_status(403);
    let action = page.attribute("main form", "action").unwrap();
    ana.post(&action, &[("email", &page.value("email"))]).await.redirects_to("/signup/check-email");
    assert_eq!(site.mails("ana@example.cl").await.len(), 2);
}

#[tokio::test]
async fn what_is_no_address_comes_back_to_be_corrected() {
    let site = TestSite::start().await;
    site.visitor().get("/verify-email/resend").await.has_status(200).says("Send the link again");
    let page = site.spanish_visitor().post("/verify-email/resend", &[("email", "ana@")]).await.has_status(422);
    assert_eq!(page.value("email"), "ana@");
    page.says("Escribe un correo como nombre@ejemplo.cl");
}
