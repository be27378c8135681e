//! Taking a deletion back by the link of the mail.

use chrono::TimeDelta;

use crate::support::page::Page;
use crate::support::smtp::Mail;
use crate::support::visitor::Visitor;
use crate::support::{PASSWORD, TestSite};

const CANCEL: &str = "/account/delete/cancel";

/// Somebody who deleted the account, and the mail about it.
async fn deleted(site: &TestSite, email: &str) -> (Visitor, Mail) {
    let visitor = site.employee(email).await;
    visitor.post("/account/delete", &[("email", email), ("password", PASSWORD)]).await.redirects_to("/");
    (visitor, site.mail(email).await)
}

#[tokio::test]
async fn looking_at_the_link_changes_nothing() {
    let site = TestSite::start().await;
    let (_, mail) = deleted(&site, "ana@example.cl").await;
    let before = site.database.contents();
    let scanner = site.visitor();
    for _ in 0..3 {
        let page = scanner.get(&mail.link()).await.has_status(200).says("Keep your account?").says("ana@example.cl");
        assert_eq!(page.header("cache-control"), "no-store");
    }
    site.spanish_visitor().get(&mail.link()).await.says("¿Conservar tu cuenta?");
    assert_eq!(site.database.contents(), before);
    scanner.log_in("ana@example.cl", PASSWORD).await.has_status(403);
}

#[tokio::test]
async fn the_link_keeps_the_account_as_it_was_and_signs_nobody_in() {
    let site = TestSite::start().await;
    let (ana, mail) = deleted(&site, "ana@example.cl").await;
    site.later(TimeDelta::days(7) - TimeDelta::minutes(1)).await;
    ana.press(&mail.link()).await.redirects_to("/login");
    ana.get("/login").await.says("Your account stays. You can log in again.");
    ana.get("/account").await.redirects_to("/login?next=%2Faccount");
    ana.log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
    let page = ana.get("/account").await.says("Ana Rojas");
    assert_eq!(page.value("profession"), "Biochemist");
    assert_eq!(site.database.values("purge_at", r#""user""#), ["NULL"]);
    assert_eq!(site.database.values("count(*)", "audit_event WHERE action = 'deletion_cancelled'"), ["1"]);
    let spanish = site.spanish_visitor();
    let (_, mail) = deleted(&site, "eva@example.cl").await;
    spanish.press(&mail.link()).await.redirects_to("/login");
    spanish.get("/login").await.says("Tu cuenta se conserva.");
}

#[tokio::test]
async fn a_link_works_once_and_a_new_deletion_has_a_new_one() {
    let site = TestSite::start().await;
    let (ana, first) = deleted(&site, "ana@example.cl").await;
    ana.press(&first.link()).await.redirects_to("/login");
    ana.get(&first.link()).await.has_status(410);
    ana.log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
    ana.post("/account/delete", &[("email", "ana@example.cl"), ("password", PASSWORD)]).await.redirects_to("/");
    ana.post(CANCEL, &[("token", &first.token())]).await.has_status(410);
    let second = site.mail("ana@example.cl").await;
    assert_ne!(first.token(), second.token());
    ana.press(&second.link()).await.redirects_to("/login");
}

/// What a link that does not work answers to a look and to the button, without its token.
async fn answers(site: &TestSite, token: &str) -> [String; 2] {
    let visitor = site.visitor();
    let looked = visitor.get(&format!("{CANCEL}?token={token}")).await;
    let pressed = visitor.post(CANCEL, &[("token", token)]).await;
    let leads_on = |page: Page| page.has_status(410).says("This link no longer works").leads_on();
    [looked, pressed].map(|page| leads_on(page).body_without_keys().replace(token, ""))
}

#[tokio::test]
async fn a_link_that_does_not_work_tells_nobody_why() {
    let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
    let (ana, used) = deleted(&site, "used@example.cl").await;
    ana.press(&used.link()).await.redirects_to("/login");
    let (_, expired) = deleted(&site, "expired@example.cl").await;
    site.later(TimeDelta::days(7)).await;
    let (_, fresh) = deleted(&site, "fresh@example.cl").await;
    let altered: String = fresh.token().chars().rev().collect();
    site.visitor().sign_up("employee", "foreign@example.cl").await.has_status(303);
    let foreign = site.mail("foreign@example.cl").await.token();
    let expected = answers(&site, &"A".repeat(43)).await;
    for token in [used.token(), expired.token(), altered, foreign] {
        assert!(answers(&site, &token).await == expected, "{token}");
    }
    let never = format!("{CANCEL}?token={}", "A".repeat(43));
    site.spanish_visitor().get(&never).await.has_status(410).says("Este enlace ya no sirve");
    ana.post("/verify-email", &[("token", &fresh.token())]).await.has_status(410);
    ana.press(&fresh.link()).await.redirects_to("/login");
}

#[tokio::test]
async fn of_fifty_presses_at_once_exactly_one_keeps_the_account() {
    let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
    let (_, mail) = deleted(&site, "ana@example.cl").await;
    let presses = (0..50).map(|_| {
        let (visitor, token) = (site.visitor(), mail.token());
        tokio::spawn(async move { visitor.post(CANCEL, &[("token", &token)]).await.status.as_u16() })
    });
    let mut statuses = Vec::new();
    for press in presses.collect::<Vec<_>>() {
        statuses.push(press.await.unwrap());
    }
    statuses.sort_unstable();
    assert_eq!(statuses[0], 303);
    assert_eq!(statuses[1..], [410; 49]);
    assert_eq!(site.database.values("count(*)", "audit_event WHERE action = 'deletion_cancelled'"), ["1"]);
}

#[tokio::test]
async fn where_another_account_is_signed_in_the_link_says_which_one_stays() {
    let site = TestSite::start().await;
    let (_, mail) = deleted(&site, "ana@example.cl").await;
    let eva = site.employee("eva@example.cl").await;
    eva.press(&mail.link()).await.redirects_to("/account");
    let page = eva.get("/account").await.says("The account ana@example.cl stays.");
    page.says("This browser is logged in as eva@example.cl.");
}

#[tokio::test]
async fn an_account_that_was_deactivated_meanwhile_is_kept_and_stays_deactivated() {
    let site = TestSite::start().await;
    let (ana, mail) = deleted(&site, "ana@example.cl").await;
    site.database.execute(r#"UPDATE "user" SET "isActive" = false"#);
    ana.press(&mail.link()).await.redirects_to("/login");
    ana.get("/login").await.says("Your account stays, but it is deactivated").does_not_say("log in again");
    ana.log_in("ana@example.cl", PASSWORD).await.has_status(403).says("deactivated");
}
