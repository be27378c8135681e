//! Confirming a place.

use chrono::TimeDelta;
use tokio::task::JoinSet;

use crate::support::page::Page;
use crate::support::visitor::{Visitor, send};
use crate::support::{PASSWORD, TestSite};

/// Somebody who joined, and the link of their mail.
async fn joined(site: &TestSite) -> (Visitor, String) {
    let ana = site.visitor();
    ana.join("ana@example.cl", "employee").await.redirects_to("/waitlist/joined");
    let link = site.mail("ana@example.cl").await.link();
    (ana, link)
}

async fn confirm(visitor: &Visitor, token: &str) -> Page {
    visitor.post("/waitlist/confirm", &[("token", token)]).await
}

fn token(link: &str) -> &str {
    link.split_once("token=").unwrap().1
}

fn is_confirmed(site: &TestSite) -> bool {
    site.database.values("confirmed_at IS NOT NULL", "waitlist") == ["true"]
}

#[tokio::test]
async fn pressing_the_button_confirms_and_leads_to_the_place() {
    let site = TestSite::start().await;
    let (_, link) = joined(&site).await;
    // The mail may be read on another device.
    let phone = site.visitor();
    let page = phone.get(&link).await.has_status(200).says("Confirm your place").says("a•••@example.cl");
    page.does_not_say("ana@example.cl");
    let place = phone.press(&link).await.has_status(303).header("location").to_owned();
    assert!(place.starts_with("/waitlist/place?token=") && token(&place) != token(&link));
    phone.get(&place).await.has_status(200).says("Your place is confirmed");
    assert!(is_confirmed(&site));
}

#[tokio::test]
async fn a_scanner_that_opens_every_link_changes_nothing() {
    let site = TestSite::start().await;
    let (ana, link) = joined(&site).await;
    let before = site.database.contents();
    for _ in 0..5 {
        site.visitor().get(&link).await.has_status(200);
        send(site.visitor().request("HEAD", &link)).await.has_status(200);
        send(site.visitor().request("OPTIONS", &link)).await.has_status(405);
    }
    assert_eq!(site.database.contents(), before);
    ana.press(&link).await.has_status(303);
}

#[tokio::test]
async fn the_link_of_a_place_that_is_gone_does_not_say_that_it_is_confirmed() {
    for act in ["leave", "erase"] {
        let site = TestSite::start().await;
        let (ana, link) = joined(&site).await;
        let place = ana.press(&link).await.has_status(303).header("location").to_owned();
        ana.get(&link).await.has_status(410).says("was confirmed a moment ago");
        ana.post(&format!("/waitlist/{act}"), &[("token", token(&place))]).await.has_status(303);
        let page = ana.get(&link).await.has_status(410).leads_on();
        page.says("unless you left or erased it").does_not_say("a moment ago").does_not_say("when your turn comes");
        ana.join("ana@example.cl", "employee").await.redirects_to("/waitlist/joined");
        ana.get(&link).await.has_status(410).does_not_say("a moment ago");
    }
}

#[tokio::test]
async fn a_link_works_once_and_then_shows_a_way_on() {
    let site = TestSite::start().await;
    let (ana, link) = joined(&site).await;
    ana.press(&link).await.has_status(303);
    for page in [confirm(&ana, token(&link)).await, ana.get(&link).await] {
        page.has_status(410).leads_on().says("Your place was confirmed a moment ago");
    }
    site.later(TimeDelta::minutes(11)).await;
    for page in [confirm(&ana, token(&link)).await, ana.get(&link).await] {
        page.has_status(410).leads_on().says("This link no longer works").says("your place is confirmed");
    }
    let cut = ana.get(link.get(..link.len() - 1).unwrap()).await.has_status(410).leads_on();
    cut.says("This link is incomplete");
    assert!(is_confirmed(&site));
}

#[tokio::test]
async fn a_link_works_for_14_days() {
    let site = TestSite::start().await;
    let (ana, link) = joined(&site).await;
    site.later(TimeDelta::days(14) - TimeDelta::minutes(1)).await;
    ana.get(&link).await.has_status(200);
    site.later(TimeDelta::minutes(1)).await;
    for page in [ana.get(&link).await, confirm(&ana, token(&link)).await] {
        page.has_status(410).leads_on();
    }
    assert!(!is_confirmed(&site));
}

#[tokio::test]
async fn a_token_that_was_altered_opens_nothing() {
    let site = TestSite::start().await;
    let (ana, link) = joined(&site).await;
    let whole = token(&link);
    let rest = whole.get(1..).unwrap();
    let other = if whole.starts_with('A') { "B" } else { "A" };
    let altered = [
        format!("{other}{rest}"),
        rest.to_owned(),
        format!("{whole}A"),
        whole.to_uppercase(),
        format!(" {whole}"),
        "' OR 1=1 --".to_owned(),
        "%".to_owned(),
        String::new(),
        "A".repeat(43),
    ];
    for token in altered {
        confirm(&ana, &token).await.has_status(410).leads_on();
        let query: String = form_urlencoded::byte_serialize(token.as_bytes()).collect();
        ana.get(&format!("/waitlist/confirm?token={query}")).await.has_status(410).leads_on();
    }
    assert!(!is_confirmed(&site));
    ana.press(&link).await.has_status(303);
}

#[tokio::test]
async fn of_fifty_at_once_one_confirms() {
    let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
    let (_, link) = joined(&site).await;
    let mut crowd = JoinSet::new();
    for _ in 0..50 {
        let (visitor, token) = (site.visitor(), token(&link).to_owned());
        crowd.spawn(async move { confirm(&visitor, &token).await.status.as_u16() });
    }
    let statuses = crowd.join_all().await;
    let count = |status: u16| statuses.iter().filter(|known| **known == status).count();
    assert_eq!((count(303), count(410)), (1, 49), "{statuses:?}");
}

#[tokio::test]
async fn a_token_of_one_purpose_opens_nothing_else() {
    let site = TestSite::start().await;
    let (ana, place_link) = joined(&site).await;
    ana.sign_up("employee", "eva@example.cl").await.redirects_to("/signup/check-email");
    let verify_link = site.mail("eva@example.cl").await.link();
    let (confirms, verifies) = (token(&place_link), token(&verify_link));
    for (path, foreign) in
        [("/waitlist/confirm", verifies), ("/verify-email", confirms), ("/verify-email/not-me", confirms)]
    {
        ana.post(path, &[("token", foreign)]).await.has_status(410);
    }
    for (path, foreign) in [
        ("/waitlist/confirm", verifies),
        ("/waitlist/place", verifies),
        ("/waitlist/place", confirms),
        ("/verify-email", confirms),
    ] {
        ana.get(&format!("{path}?token={foreign}")).await.has_status(410);
    }
    let place = ana.press(&place_link).await.has_status(303).header("location").to_owned();
    confirm(&ana, token(&place)).await.has_status(410);
    ana.press(&verify_link).await.redirects_to("/account");
    ana.log_out().await.redirects_to("/");
    ana.log_in("eva@example.cl", PASSWORD).await.redirects_to("/account");
}

#[tokio::test]
async fn confirming_a_place_that_is_gone_is_no_fault() {
    let site = TestSite::start().await;
    let (ana, link) = joined(&site).await;
    site.database.execute("DELETE FROM waitlist");
    for page in [ana.get(&link).await, confirm(&ana, token(&link)).await] {
        page.has_status(410).leads_on();
    }
}

#[tokio::test]
async fn a_link_works_with_what_stood_behind_it_in_the_mail() {
    let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
    for (number, rest) in [".", ">", "%20", "%3E.", ")"].into_iter().enumerate() {
        let (visitor, email) = (site.visitor(), format!("ana{number}@example.cl"));
        visitor.join(&email, "employee").await.redirects_to("/waitlist/joined");
        let link = site.mail(&email).await.link();
        visitor.press(&format!("{link}{rest}")).await.has_status(303);
    }
}

#[tokio::test]
async fn whoever_has_an_account_already_is_not_left_waiting_for_an_invitation() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    ana.join("ana@example.cl", "employee").await.redirects_to("/waitlist/joined");
    let link = site.mail("ana@example.cl").await.link();
    let place = ana.press(&link).await.has_status(303).header("location").to_owned();
    let page = ana.get(&place).await.has_status(200).says("You are in: an account was created with this email");
    page.does_not_say("We write when your turn comes");
    assert_eq!(site.database.values("signed_up_at IS NOT NULL", "waitlist"), ["true"]);
    let admin = site.admin("admin@example.cl").await;
    admin.get("/admin/waitlist/waves").await.does_not_say("1 person can be invited");
    admin.get("/admin/waitlist?state=confirmed").await.does_not_say("ana@example.cl");
}
