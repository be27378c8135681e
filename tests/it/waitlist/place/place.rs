//! A person's own place.

use chrono::TimeDelta;

use crate::support::TestSite;
use crate::support::visitor::Visitor;

pub(in crate::waitlist) async fn place(site: &TestSite, visitor: &Visitor, role: &str) -> String {
    visitor.join("ana@example.cl", role).await.redirects_to("/waitlist/joined");
    site.later(TimeDelta::days(3)).await;
    let link = site.mail("ana@example.cl").await.link();
    visitor.press(&link).await.has_status(303).header("location").to_owned()
}

#[tokio::test]
async fn a_place_shows_where_it_stands_and_what_is_held() {
    let site = TestSite::start().await;
    let ana = site.visitor();
    let place = place(&site, &ana, "organization").await;
    let page = ana.get(&place).await.has_status(200).says("Your place is confirmed");
    page.clone().says("ana@example.cl").says("I’m hiring");
    let times = page.texts("time");
    let (joined, confirmed) = (times.first().unwrap(), times.get(1).unwrap());
    let now = site.app.clock.now();
    assert_eq!(confirmed, &biovity::values::locale::Locale::En.date_time(&now), "{times:?}");
    assert_ne!(joined, confirmed);
    assert_eq!(page.header("cache-control"), "no-store");
    assert_eq!(page.attribute("meta[name=robots]", "content").as_deref(), Some("noindex"));
}

#[tokio::test]
async fn a_place_is_read_in_either_language() {
    let site = TestSite::start().await;
    let ana = site.spanish_visitor();
    let place = place(&site, &ana, "employee").await;
    ana.get(&place).await.has_status(200).says("Tu lugar está confirmado").says("Busco trabajo");
    site.visitor().get(&place).await.has_status(200).says("Your place is confirmed");
}

#[tokio::test]
async fn the_private_link_still_works_a_year_later() {
    let site = TestSite::start().await;
    let ana = site.visitor();
    let place = place(&site, &ana, "employee").await;
    site.later(TimeDelta::days(365)).await;
    ana.get(&place).await.has_status(200).says("ana@example.cl");
}

#[tokio::test]
async fn nobody_sees_a_place_without_its_link() {
    let site = TestSite::start().await;
    let ana = site.visitor();
    let place = place(&site, &ana, "employee").await;
    for query in ["", "?token=", "?token=x", &format!("?token={}", "A".repeat(43)), "?id=1", "?email=ana@example.cl"] {
        let page = ana.get(&format!("/waitlist/place{query}")).await.has_status(410).leads_on();
        page.does_not_say("ana@example.cl");
    }
    site.database.execute("DELETE FROM waitlist");
    ana.get(&place).await.has_status(410).leads_on();
}

#[tokio::test]
async fn looking_at_a_place_changes_nothing() {
    let site = TestSite::start().await;
    let ana = site.visitor();
    let place = place(&site, &ana, "employee").await;
    let before = site.database.contents();
    for _ in 0..3 {
        ana.get(&place).await.has_status(200);
    }
    assert_eq!(site.database.contents(), before);
}

#[tokio::test]
async fn the_answer_can_be_changed_and_a_wrong_one_is_pointed_out() {
    let site = TestSite::start().await;
    let ana = site.visitor();
    let place = place(&site, &ana, "employee").await;
    let token = place.split_once("token=").unwrap().1;
    let change = async |role: &str| ana.post("/waitlist/place", &[("token", token), ("role", role)]).await;
    change("boss").await.has_status(422).says("There is a problem").says("Choose what brings you here");
    for _ in 0..2 {
        change("organization").await.redirects_to(&place);
    }
    ana.get(&place).await.has_status(200).says("I’m hiring").says("among the organizations that are hiring");
    let events = site.database.values("details", "audit_event WHERE action = 'entry_role_changed'");
    assert_eq!(events, [r#"{"after": {"role": "organization"}, "before": {"role": "employee"}}"#], "told once");
    ana.post("/waitlist/place", &[("token", &"A".repeat(43)), ("role", "employee")]).await.has_status(410).leads_on();
}

#[tokio::test]
async fn an_answer_that_is_changed_after_leaving_is_not_said_to_be_kept() {
    let site = TestSite::start().await;
    let ana = site.visitor();
    let place = place(&site, &ana, "employee").await;
    let token = place.split_once("token=").unwrap().1;
    let form = ana.get(&place).await.form("/waitlist/place").with("role", "organization");
    ana.post("/waitlist/leave", &[("token", token)]).await.has_status(303);
    ana.send(&form).await.redirects_to(&place);
    ana.get(&place).await.says("You left the waitlist").does_not_say("Your answer was changed");
    assert_eq!(site.database.values("role", "waitlist"), ["employee"]);
}

#[tokio::test]
async fn a_place_tells_of_its_mails_and_can_be_taken_along() {
    let site = TestSite::start().await;
    let ana = site.visitor();
    let place = place(&site, &ana, "employee").await;
    site.database.execute(
        "INSERT INTO outbox_letter (id, kind, recipient, subject, text_body, html_body, status, next_attempt_at, \
           created_at, last_reply) \
         SELECT 'x', 'waitlist-invitation', 'ana@example.cl', 'Come in', '', '', 'dead', now(), created_at, \
           '550 <b>no such user</b>' FROM waitlist",
    );
    let page = ana.get(&place).await.has_status(200);
    page.says("Confirm your place on the Biovity waitlist").says("Come in").says("550 <b>no such user</b>");
    let file = ana.get(&place.replace("/place?", "/place.json?")).await.has_status(200);
    assert!(file.header("content-disposition").starts_with("attachment"));
    assert_eq!(file.header("cache-control"), "no-store");
    let held = file.json();
    assert_eq!(held["email"], "ana@example.cl");
    assert_eq!([&held["role"], &held["state"], &held["consent"]], ["employee", "confirmed", "waitlist-2026-11-29"]);
    assert_eq!(held["mails"].as_array().unwrap().len(), 2);
    assert!(held["confirmed_at"].is_string() && held["left_at"].is_null());
    ana.get("/waitlist/place.json?token=x").await.has_status(410);
}

#[tokio::test]
async fn whoever_joined_before_the_sentence_changed_goes_on_reading_the_one_of_then() {
    let site = TestSite::start().await;
    let (ana, spanish) = (site.visitor(), site.spanish_visitor());
    let place = place(&site, &ana, "employee").await;
    ana.get("/waitlist").await.says("if the link that brought you here names it, where you came from");
    spanish.get("/waitlist").await.says("si el enlace por el que llegaste lo indica, de dónde vienes");
    ana.get(&place).await.says("you agree that we may keep").does_not_say("the source that your link may name");
    site.database.execute("UPDATE waitlist SET consent = 'waitlist-2026-11-28'");
    ana.get(&place).await.says("the source that your link may name").does_not_say("we may keep");
    spanish.get(&place).await.says("Lo que aceptaste").says("the source that your link may name");
    site.database.execute("UPDATE waitlist SET locale = 'es'");
    ana.get(&place).await.says("el origen que tu enlace pueda nombrar");
    site.database.execute("UPDATE waitlist SET consent = 'waitlist-2026-11'");
    spanish.get(&place).await.says("los borra cuando quieras");
    site.database.execute("UPDATE waitlist SET locale = 'en'");
    ana.get(&place).await.says("erases them at any time").does_not_say("you can erase all of it");
    site.database.execute("UPDATE waitlist SET consent = 'waitlist-1999'");
    ana.get(&place).await.says("waitlist-1999");
}

#[tokio::test]
async fn each_state_leads_on() {
    let site = TestSite::start().await;
    let ana = site.visitor();
    let place = place(&site, &ana, "employee").await;
    for (column, words, way) in [
        ("invited_at", "Your turn has come", "form[action='/waitlist/sign-up']"),
        ("signed_up_at", "You are in", "a[href='/login']"),
        ("bounced_at", "refused our email", "form[action='/waitlist/resend']"),
        ("left_at", "You left the waitlist", "a[href='/waitlist']"),
        ("deleted_at", "We removed this place", "a[href='/waitlist']"),
    ] {
        site.database.execute(&format!("UPDATE waitlist SET {column} = now()"));
        let page = ana.get(&place).await.has_status(200).says(words).leads_on();
        // The header and the foot of every page lead somewhere.
        assert!(!page.texts(&format!("main {way}")).is_empty(), "{column}");
    }
}
