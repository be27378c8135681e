//! Signing up by the invitation of somebody on the waitlist.

use biovity::server;
use chrono::TimeDelta;

use crate::support::database::TestDatabase;
use crate::support::issuer::Issuer;
use crate::support::page::Page;
use crate::support::smtp::Mail;
use crate::support::visitor::{Visitor, send};
use crate::support::{PASSWORD, TestSite};

const INVITED: &str = "/signup/invited";
const OTHER: &str = "boldo bajo la lluvia 42";

/// Joins and confirms, and is invited with all who wait; the mails in that order.
async fn invite<const N: usize>(site: &TestSite, people: [(&str, &str); N]) -> [Mail; N] {
    for (email, role) in people {
        site.visitor().join(email, role).await.redirects_to("/waitlist/joined");
        site.visitor().press(&site.mail(email).await.link()).await.has_status(303);
    }
    let admin = site.admin("admin@example.cl").await;
    let count = |role| people.iter().filter(|(_, own)| *own == role).count().to_string();
    let (employees, organizations) = (count("employee"), count("organization"));
    let fields = [("employees", employees.as_str()), ("organizations", organizations.as_str())];
    admin.post("/admin/waitlist/waves", &fields).await.has_status(303);
    site.app.clock.advance(TimeDelta::seconds(5));
    server::jobs::run_steps_once(&site.app).await.unwrap();
    let mut mails = Vec::new();
    for (email, _) in people {
        mails.push(site.mail(email).await);
    }
    mails.try_into().unwrap()
}

async fn site() -> TestSite {
    TestSite::with(&[("RATE_LIMITS", "off")]).await
}

async fn open(visitor: &Visitor, mail: &Mail, name: &str) -> Page {
    let token = mail.token();
    let fields = [("token", token.as_str()), ("name", name), ("profession", "Biochemist"), ("password", PASSWORD)];
    visitor.post(INVITED, &fields).await
}

#[tokio::test]
async fn the_link_opens_an_account_of_the_kind_that_was_asked_for() {
    let site = site().await;
    let people = [("ana@example.cl", "employee"), ("lab@example.cl", "organization")];
    let [mail, of_lab] = invite(&site, people).await;
    let ana = site.visitor();
    let page = ana.get(&mail.link()).await.has_status(200).says("Your turn has come.").leads_on();
    assert_eq!(page.value("username"), "ana@example.cl");
    assert_eq!(page.attribute("[name=username]", "readonly").as_deref(), Some(""));
    open(&ana, &mail, "Ana Rojas").await.redirects_to("/account");
    ana.get("/account").await.says("Welcome! Your account is ready.").says("ana@example.cl");
    let lab = site.spanish_visitor();
    lab.get(&of_lab.link()).await.has_status(200).says("Llegó tu turno.").says("Nombre");
    open(&lab, &of_lab, "Laboratorio Ñielol").await.redirects_to("/account");
    lab.get("/organization/members").await.has_status(200);
    let rows = "\"user\" WHERE type <> 'admin' ORDER BY email";
    let row = r#"concat(email, ' ', type, ' ', "isEmailVerified", ' ', purge_at IS NULL)"#;
    assert_eq!(site.database.values(row, rows), ["ana@example.cl employee t t", "lab@example.cl organization t t"]);
    ana.log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
    assert_eq!(site.database.values("count(*)", "waitlist WHERE signed_up_at IS NOT NULL"), ["2"]);
    let wave = site.admin("admin@example.cl").await.get("/admin/waitlist/waves").await.says("2 (100%)");
    assert_eq!(wave.texts("tbody tr td:nth-child(6)"), ["2 (100%)"]);
    for visitor in [&ana, &site.employee("eve@example.cl").await] {
        let page = visitor.get(&mail.link()).await.says("An account has been created with this invitation.");
        page.does_not_say("Your account was created").does_not_say("Log in with");
    }
    site.visitor().get(&mail.link()).await.says("Your account was created. Log in with the password you chose.");
    for (visitor, mail) in [(&ana, &mail), (&lab, &of_lab)] {
        visitor.get(&mail.link()).await.has_status(410).leads_on();
        open(visitor, mail, "Eve").await.has_status(410).leads_on();
    }
}

#[tokio::test]
async fn looking_changes_nothing_and_wrong_fields_do_not_use_up_the_link() {
    let site = site().await;
    let [mail] = invite(&site, [("ana@example.cl", "employee")]).await;
    let before = site.database.values("count(*)", "verification");
    for _ in 0..3 {
        site.visitor().get(&mail.link()).await.has_status(200);
        send(site.visitor().request("HEAD", &mail.link())).await.has_status(200);
    }
    let (ana, token) = (site.visitor(), mail.token());
    for (name, profession, password, problems) in
        [("", "", "", 3), ("Ana", "Biochemist", "ana@example.cl", 1), ("Ana\u{202E}sajoR", "Biochemist", PASSWORD, 1)]
    {
        let fields = [("token", token.as_str()), ("name", name), ("profession", profession), ("password", password)];
        let page = ana.post(INVITED, &fields).await.has_status(422);
        assert_eq!(page.texts("#problem li").len(), problems);
        assert_eq!((page.value("name").as_str(), page.value("token")), (name, token.clone()));
    }
    assert_eq!(site.database.values("count(*)", "verification"), before);
    open(&ana, &mail, "Ana Rojas").await.redirects_to("/account");
}

#[tokio::test]
async fn fields_that_nobody_asked_for_change_nothing() {
    let site = site().await;
    let [mail] = invite(&site, [("ana@example.cl", "employee")]).await;
    let token = mail.token();
    let forged = [
        ("token", token.as_str()),
        ("name", "Ana Rojas"),
        ("profession", "Biochemist"),
        ("password", PASSWORD),
        ("email", "boss@example.cl"),
        ("username", "boss@example.cl"),
        ("role", "organization"),
        ("type", "admin"),
        ("kind", "admin"),
        ("organizationId", "x"),
    ];
    site.visitor().post(INVITED, &forged).await.redirects_to("/account");
    let row = r#"concat(email, ' ', type, ' ', "organizationId" IS NULL)"#;
    assert_eq!(site.database.values(row, "\"user\" WHERE name = 'Ana Rojas'"), ["ana@example.cl employee t"]);
}

#[tokio::test]
async fn of_fifty_who_open_it_at_once_one_does() {
    let site = site().await;
    let [mail] = invite(&site, [("ana@example.cl", "employee")]).await;
    let presses = (0..50).map(|_| {
        let (visitor, mail) = (site.visitor(), mail.clone());
        tokio::spawn(async move { open(&visitor, &mail, "Ana Rojas").await.status.as_u16() })
    });
    let mut statuses = Vec::new();
    for press in presses.collect::<Vec<_>>() {
        statuses.push(press.await.unwrap());
    }
    assert_eq!(statuses.iter().filter(|status| **status == 303).count(), 1, "{statuses:?}");
    // Hashes wait in a queue of bounded length.
    assert!(statuses.iter().all(|status| [303, 409, 410, 503].contains(status)), "{statuses:?}");
    assert_eq!(site.database.values("count(*)", "\"user\" WHERE type = 'employee'"), ["1"]);
}

#[tokio::test]
async fn whoever_signed_up_with_the_address_before_loses_everything() {
    let site = site().await;
    let [mail] = invite(&site, [("ana@example.cl", "organization")]).await;
    let eve = site.visitor();
    for _ in 0..2 {
        eve.sign_up_with("employee", "ana@example.cl", OTHER).await.redirects_to("/signup/check-email");
    }
    let former: Vec<_> =
        site.mails("ana@example.cl").await.into_iter().filter(|it| it.text.contains("verify")).collect();
    let ana = site.visitor();
    open(&ana, &mail, "Laboratorio").await.redirects_to("/account");
    for mail in former {
        eve.post("/verify-email", &[("token", &mail.token())]).await.has_status(410);
    }
    eve.log_in("ana@example.cl", OTHER).await.has_status(401);
    ana.log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
    let row = "concat(name, ' ', type, ' ', purge_at IS NULL)";
    assert_eq!(site.database.values(row, "\"user\" WHERE email = 'ana@example.cl'"), ["Laboratorio organization t"]);
}

#[tokio::test]
async fn an_address_that_has_an_account_is_led_to_the_log_in() {
    let site = site().await;
    let [mail] = invite(&site, [("ana@example.cl", "employee")]).await;
    site.employee("ana@example.cl").await;
    site.visitor().get(&mail.link()).await.has_status(409).says("You already have an account").leads_on();
    open(&site.visitor(), &mail, "Eve").await.has_status(409).says("ana@example.cl");
    assert_eq!(site.database.values("name", "\"user\" WHERE email = 'ana@example.cl'"), ["Ana Rojas"]);
    site.database.execute(r#"UPDATE "user" SET "isEmailVerified" = false, "isActive" = false WHERE type = 'employee'"#);
    open(&site.visitor(), &mail, "Eve").await.has_status(409);
}

#[tokio::test]
async fn a_browser_of_another_account_stays_signed_in_and_that_of_the_address_is_led_to_it() {
    let site = site().await;
    let [mail] = invite(&site, [("ana@example.cl", "employee")]).await;
    let eve = site.employee("eve@example.cl").await;
    for page in [eve.get(&mail.link()).await, open(&eve, &mail, "Eve").await] {
        let page =
            page.has_status(403).leads_on().says("for someone else").says("ana@example.cl").says("eve@example.cl");
        assert_eq!(page.attribute("main form", "action").as_deref(), Some("/logout"));
    }
    eve.get("/account").await.has_status(200).says("eve@example.cl");
    let ana = site.employee("ana@example.cl").await;
    for page in [ana.get(&mail.link()).await, open(&ana, &mail, "Ana").await] {
        let page = page.has_status(409).says("You already have an account");
        assert_eq!(page.attribute("main a.button", "href").as_deref(), Some("/account"));
    }
}

#[tokio::test]
async fn a_link_that_does_not_work_says_so_alike() {
    let site = site().await;
    let [mail] = invite(&site, [("ana@example.cl", "employee")]).await;
    let place = mail.text.split("/waitlist/place?token=").nth(1).unwrap().split_whitespace().next().unwrap().to_owned();
    let altered: String = mail.token().chars().rev().collect();
    for token in [place, altered, "x".repeat(300)] {
        let page = site.visitor().get(&format!("{INVITED}?token={token}")).await.has_status(410);
        page.says("This link no longer works").leads_on();
        site.visitor().post(INVITED, &[("token", &token)]).await.has_status(410);
    }
    site.visitor().post("/verify-email", &[("token", &mail.token())]).await.has_status(410);
    site.visitor().post("/waitlist/confirm", &[("token", &mail.token())]).await.has_status(410);
    site.app.clock.advance(TimeDelta::days(30));
    site.visitor().get(&mail.link()).await.has_status(410);
    open(&site.visitor(), &mail, "Ana Rojas").await.has_status(410);
}

#[tokio::test]
async fn it_says_that_a_provider_can_be_connected_afterwards() {
    let issuer = Issuer::start();
    let with = TestSite::with_provider_on(TestDatabase::migrated(), &issuer.url, &[("RATE_LIMITS", "off")]).await;
    for (site, is_told) in [(with, true), (site().await, false)] {
        let [mail] = invite(&site, [("ana@example.cl", "employee")]).await;
        let page = site.visitor().get(&mail.link()).await.has_status(200);
        let told = "you can connect Google, LinkedIn, Our log-in under";
        assert_eq!(page.text().contains(told), is_told, "{}", page.text());
    }
}
