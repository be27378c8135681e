//! What the account page tells beside the profile.

use crate::support::visitor::Visitor;
use crate::support::{PASSWORD, TestSite};

/// Joins with the address and confirms it.
async fn join(site: &TestSite, visitor: &Visitor, email: &str) {
    visitor.join(email, "employee").await.redirects_to("/waitlist/joined");
    visitor.press(&site.mail(email).await.link()).await.has_status(303);
}

/// A company that is signed in.
async fn organization(site: &TestSite, name: &str, email: &str) -> Visitor {
    let lab = site.visitor();
    let fields = [("name", name), ("email", email), ("profession", ""), ("password", PASSWORD)];
    lab.post("/signup/organization", &fields).await.redirects_to("/signup/check-email");
    lab.press(&site.mail(email).await.link()).await.redirects_to("/account");
    lab
}

/// Somebody whose account this company manages, signed in.
async fn member(site: &TestSite, lab: &Visitor, name: &str, email: &str) -> Visitor {
    lab.post("/organization/members", &[("email", email)]).await.redirects_to("/organization/members");
    let (ana, token) = (site.visitor(), site.mail(email).await.token());
    let fields = [("token", token.as_str()), ("name", name), ("profession", name), ("password", PASSWORD)];
    ana.post("/organization/invitation", &fields).await.redirects_to("/account");
    ana
}

#[tokio::test]
async fn an_account_shows_the_place_of_its_address_and_what_comes_next() {
    let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
    let eva = site.employee("eva@example.cl").await;
    eva.get("/account").await.does_not_say("Your place on the waitlist");
    join(&site, &site.visitor(), "ana@example.cl").await;
    let ana = site.employee("ana@example.cl").await;
    let page =
        ana.get("/account").await.says("Your place on the waitlist").says("so you are in and need no invitation");
    page.does_not_say("You are number");
    join(&site, &eva, "eva@example.cl").await;
    // The same for whoever has an account and joins afterwards.
    let page = eva.get("/account").await.says("so you are in and need no invitation");
    page.does_not_say("You are number");
    eva.post("/language", &[("lang", "es")]).await.has_status(303);
    eva.get("/account").await.says("Tu lugar en la lista de espera").says("estás dentro y no necesitas invitación");
}

#[tokio::test]
async fn a_place_that_was_left_is_shown_on_no_account() {
    let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
    let ana = site.visitor();
    ana.join("ana@example.cl", "employee").await.redirects_to("/waitlist/joined");
    let place = ana.press(&site.mail("ana@example.cl").await.link()).await.header("location").to_owned();
    let token = place.split_once("token=").unwrap().1;
    ana.post("/waitlist/leave", &[("token", token)]).await.has_status(303);
    site.employee("ana@example.cl").await.get("/account").await.does_not_say("Your place on the waitlist");
}

#[tokio::test]
async fn an_account_says_what_is_unfinished() {
    let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
    let ana = site.employee("ana@example.cl").await;
    let leads = |page: &crate::support::page::Page, to: &str| {
        page.attribute(&format!("section[aria-labelledby=unfinished] a[href='{to}']"), "href").is_some()
    };
    let page = ana.get("/account").await.says("Still to do");
    assert!(
        leads(&page, "#avatar") && !leads(&page, "#profession") && !leads(&page, "/account/email"),
        "{}",
        page.body
    );
    let fields = [("email", "new@example.cl"), ("current_password", PASSWORD)];
    ana.post("/account/email", &fields).await.redirects_to("/account/email");
    assert!(leads(&ana.get("/account").await, "/account/email"));
    ana.press(&site.mail("new@example.cl").await.link()).await.has_status(303);
    let picture = crate::support::pictures::png(30, 30);
    let fields = [("name", "Ana Rojas"), ("profession", "Biochemist")];
    ana.upload("/account", &fields, ("avatar", picture)).await.redirects_to("/account");
    ana.get("/account").await.has_status(200).does_not_say("Still to do");
}

#[tokio::test]
async fn an_account_names_the_organization_that_manages_it() {
    let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
    let lab = organization(&site, "Laboratorio Ñielol", "lab@example.cl").await;
    let ana = member(&site, &lab, "Ana Rojas", "ana@example.cl").await;
    ana.get("/account").await.says("Your account is managed by Laboratorio Ñielol");
    lab.get("/account").await.does_not_say("Your account is managed by");
}

#[tokio::test]
async fn an_account_shows_the_log_in_before_this_one() {
    let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
    let ana = site.employee("ana@example.cl").await;
    ana.log_out().await;
    ana.log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
    let other = site.visitor_from("127.0.0.77");
    site.later(chrono::TimeDelta::minutes(3)).await;
    other.log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
    ana.get("/account").await.says("Last log-in before this one").says("127.0.0.77");
    other.get("/account").await.says("Last log-in before this one").does_not_say("127.0.0.77");
    // The cookie keeps the log-in, and none of its words: another language is chosen before it is read again.
    ana.get("/account").await.says("Unknown device, 127.0.0.77");
    ana.post("/language", &[("lang", "es")]).await.has_status(303);
    ana.get("/account").await.says("Dispositivo desconocido, 127.0.0.77");
}

#[tokio::test]
async fn the_longest_names_leave_room_for_it_in_the_cookie() {
    let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
    let long = |times: usize| "\u{1f9ec}a".repeat(times / 2);
    let lab = organization(&site, &long(200), "lab@example.cl").await;
    let email = format!("{}@{}.example.cl", "a".repeat(64), ["b".repeat(60), "c".repeat(60), "d".repeat(50)].join("."));
    let ana = member(&site, &lab, &long(100), &email).await;
    join(&site, &ana, &email).await;
    ana.get("/account").await.has_status(200).says("Your account is managed by");
    ana.get("/account").await.has_status(200).says("Your account is managed by").says("Your place on the waitlist");
}
