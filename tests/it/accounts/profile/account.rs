//! The account page.

use std::sync::Arc;
use std::time::Duration;

use crate::support::database::TestDatabase;
use crate::support::page::Page;
use crate::support::visitor::Visitor;
use crate::support::{PASSWORD, TestSite};

/// Those that everybody is led to, that of an organization, that of who is managed by one.
const PAGES: [&str; 8] = [
    "/account/email",
    "/account/password",
    "/account/sessions",
    "/account/activity",
    "/account/export",
    "/account/delete",
    "/organization/members",
    "/account/organization",
];

fn names(name: &str, profession: &str) -> (String, String) {
    (name.to_owned(), profession.to_owned())
}

/// A company that is signed in.
async fn organization(site: &TestSite, email: &str) -> Visitor {
    let lab = site.visitor();
    lab.sign_up("organization", email).await.redirects_to("/signup/check-email");
    lab.press(&site.mail(email).await.link()).await.redirects_to("/account");
    lab
}

#[tokio::test]
async fn it_shows_who_is_signed_in_and_is_kept_nowhere() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    let page = ana.get("/account").await.has_status(200);
    assert_eq!(page.header("cache-control"), "no-store");
    assert_eq!(page.attribute("meta[name=robots]", "content").as_deref(), Some("noindex"));
    assert_eq!((page.value("name"), page.value("profession")), ("Ana Rojas".to_owned(), "Biochemist".to_owned()));
    page.says("Your account").says("ana@example.cl").says("Job seeker").says("Two-step verification Off");
}

#[tokio::test]
async fn it_leads_to_everything_else() {
    let site = TestSite::start().await;
    let links = |page: &Page| {
        let leads = |path: &str| page.attribute(&format!(".links a[href='{path}']"), "href").is_some();
        PAGES.iter().copied().filter(|path| leads(path)).collect::<Vec<_>>()
    };
    let page = site.employee("ana@example.cl").await.get("/account").await;
    assert_eq!(links(&page), PAGES[..6]);
    let lab = organization(&site, "lab@example.cl").await;
    assert_eq!(links(&lab.get("/account").await), [&PAGES[..6], &PAGES[6..7]].concat());
    site.database.execute(
        r#"UPDATE "user" SET "organizationId" = (SELECT id FROM "user" WHERE type = 'organization')
                             WHERE email = 'ana@example.cl'"#,
    );
    let ana = site.visitor();
    ana.log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
    assert_eq!(links(&ana.get("/account").await), [&PAGES[..6], &PAGES[7..]].concat());
}

#[tokio::test]
async fn a_new_name_and_profession_are_seen_at_once() {
    let site = TestSite::start().await;
    let (ana, phone) = (site.employee("ana@example.cl").await, site.visitor());
    phone.log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
    phone.get("/account").await.says("Ana Rojas");
    ana.post("/account", &[("name", " Ana María Soto "), ("profession", "Geneticist")]).await.redirects_to("/account");
    let page = ana.get("/account").await.says("Your profile is saved.");
    assert_eq!((page.texts(".nav-name").concat(), page.value("profession")), names("Ana María Soto", "Geneticist"));
    let elsewhere = phone.get("/").await;
    assert_eq!(elsewhere.texts(".nav-name"), ["Ana María Soto"]);
}

#[tokio::test]
async fn another_replica_shows_a_new_name_within_two_seconds() {
    let database = Arc::new(TestDatabase::migrated());
    let here = TestSite::on(Arc::clone(&database), &[]).await;
    let there = TestSite::on(database, &[]).await;
    let ana = here.employee("ana@example.cl").await;
    let phone = there.visitor();
    phone.log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
    tokio::time::sleep(Duration::from_millis(2_500)).await;
    phone.get("/account").await.says("Ana Rojas");
    ana.post("/account", &[("name", "Ana Soto"), ("profession", "Geneticist")]).await.redirects_to("/account");
    tokio::time::sleep(Duration::from_secs(2)).await;
    phone.get("/account").await.says("Ana Soto").does_not_say("Ana Rojas");
}

#[tokio::test]
async fn a_wrong_profile_comes_back_as_it_was_typed() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    let (long, controls) = ("ñ".repeat(101), "Ana\u{7}".to_owned());
    let wrong = [
        ((" ", "x"), ("Enter your name", "name")),
        ((long.as_str(), "x"), ("This is too long", "name")),
        ((controls.as_str(), "x"), ("This has characters that cannot be shown", "name")),
        (("Ana", ""), ("Enter your profession", "profession")),
        (("Ana", long.as_str()), ("This is too long", "profession")),
    ];
    for ((name, profession), (text, field)) in wrong {
        let page = ana.post("/account", &[("name", name), ("profession", profession)]).await.has_status(422).says(text);
        assert_eq!((page.value("name"), page.value("profession")), names(name, profession));
        assert_eq!(page.attribute("#problem a", "href"), Some(format!("#{field}")));
        assert_eq!(page.attribute("[aria-invalid]", "name").as_deref(), Some(field));
        assert_eq!(page.texts("h1"), ["Ana Rojas"]);
    }
    assert_eq!(site.database.values("name || profession", "\"user\""), ["Ana RojasBiochemist"]);
}

#[tokio::test]
async fn organizations_and_admins_may_leave_the_second_field_empty() {
    let site = TestSite::start().await;
    let (lab, boss) = (organization(&site, "lab@example.cl").await, site.admin("boss@example.cl").await);
    let name = "ñ".repeat(200);
    lab.get("/account").await.says("Name of the organization").says("Your position").does_not_say("Profession");
    lab.post("/account", &[("name", &name), ("profession", "")]).await.redirects_to("/account");
    assert_eq!(lab.get("/account").await.value("name"), name);
    lab.post("/account", &[("name", &"ñ".repeat(201))]).await.has_status(422).says("This is too long");
    assert_eq!(boss.get("/account").await.texts("main .button:not(.quiet)"), ["Save"], "one button stands out");
    boss.post("/account", &[("name", "The boss"), ("profession", "")]).await.redirects_to("/account");
    boss.get("/account").await.says("The boss").says("Admin account");
    boss.post("/account", &[("name", &"ñ".repeat(101))]).await.has_status(422);
}

#[tokio::test]
async fn nothing_but_name_and_profession_can_be_changed_here() {
    let site = TestSite::start().await;
    let (ana, others) =
        (site.employee("ana@example.cl").await, "concat(type, email, \"organizationId\", \"isActive\", avatar)");
    let before = site.database.values(others, "\"user\"");
    let fields = [
        ("name", "Ana"),
        ("profession", "Geneticist"),
        ("type", "admin"),
        ("email", "eve@example.cl"),
        ("organizationId", "x"),
        ("isActive", "false"),
        ("id", "x"),
        ("avatar", "https://evil.example/x.png"),
    ];
    ana.post("/account", &fields).await.redirects_to("/account");
    ana.post("/account", &[("name", "Ana"), ("profession", "Geneticist")]).await.redirects_to("/account");
    assert_eq!(site.database.values(others, "\"user\""), before);
    let events = site.database.values("details", "audit_event WHERE action = 'profile_changed'");
    assert_eq!(events.len(), 1, "what is as before is no change");
    let told: serde_json::Value = serde_json::from_str(&events[0]).unwrap();
    assert_eq!(told["before"], serde_json::json!({"name": "Ana Rojas", "profession": "Biochemist"}));
    assert_eq!(told["after"], serde_json::json!({"name": "Ana", "profession": "Geneticist"}));
}

#[tokio::test]
async fn professions_of_the_field_are_suggested_in_the_visitors_language() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    let suggested = |page: Page| {
        let list = page.attribute("[name=profession]", "list").unwrap();
        let count = page.texts(&format!("datalist#{list} option")).len();
        (count >= 10, page.attribute(&format!("#{list} option[value^=Bioinf]"), "value").unwrap())
    };
    assert_eq!(suggested(ana.get("/account").await), (true, "Bioinformatician".to_owned()));
    ana.post("/language", &[("lang", "es"), ("next", "/account")]).await.redirects_to("/account");
    assert_eq!(suggested(ana.get("/account").await), (true, "Bioinformática".to_owned()));
}

#[tokio::test]
async fn a_guest_changes_nothing() {
    let site = TestSite::start().await;
    site.employee("ana@example.cl").await;
    site.visitor().post("/account", &[("name", "Eve"), ("profession", "x")]).await.was_sent_too_late("/account");
    assert_eq!(site.database.values("name", "\"user\""), ["Ana Rojas"]);
}

#[tokio::test]
async fn a_change_costs_few_queries_and_the_page_after_it_at_most_five() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    let mut fewest = u64::MAX;
    // What runs beside the server asks now and then.
    for n in 0..5 {
        ana.post("/account", &[("name", &format!("Ana {n}")), ("profession", "x")]).await.redirects_to("/account");
        let before = site.app.db.statements();
        ana.get("/account").await.says(&format!("Ana {n}"));
        fewest = fewest.min(site.app.db.statements() - before);
    }
    // The viewer, and what is told beside the profile: the place, a change that waits, the session, the log-ins.
    assert!(fewest <= 5, "{fewest}");
}

#[tokio::test]
async fn it_speaks_the_visitors_language() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    ana.post("/language", &[("lang", "es"), ("next", "/account")]).await.redirects_to("/account");
    ana.get("/account")
        .await
        .says("Tu cuenta")
        .says("Cuenta para buscar trabajo")
        .says("Salir")
        .says("Eliminar la cuenta");
    let page = ana.post("/account", &[("name", ""), ("profession", "")]).await.has_status(422);
    page.says("Escribe tu nombre").says("Escribe tu profesión").says("Hay un problema");
    ana.post("/account", &[("name", "Ana Soto"), ("profession", "Genética")]).await.redirects_to("/account");
    ana.get("/account").await.says("Tu perfil quedó guardado.");
}

#[tokio::test]
async fn a_guest_logs_in_first_and_comes_back() {
    let site = TestSite::start().await;
    site.employee("ana@example.cl").await;
    site.visitor().get("/account").await.redirects_to("/login?next=%2Faccount");
    let head = site.visitor().request("HEAD", "/account").send().await.unwrap();
    assert_eq!(head.status().as_u16(), 303);
}

#[tokio::test]
async fn a_name_is_shown_as_text_and_never_as_markup() {
    let site = TestSite::start().await;
    let eve = site.visitor();
    let name = "<img src=x onerror=alert(1)>\"'&";
    let fields = [("name", name), ("email", "eve@example.cl"), ("profession", "<b>x</b>"), ("password", PASSWORD)];
    eve.post("/signup/employee", &fields).await.redirects_to("/signup/check-email");
    eve.press(&site.mail("eve@example.cl").await.link()).await.redirects_to("/account");
    let page = eve.get("/account").await.says(name);
    assert_eq!(page.value("profession"), "<b>x</b>");
    assert!(page.texts("main b").is_empty() && page.attribute("img[onerror]", "src").is_none());
}

#[tokio::test]
async fn an_account_without_a_name_is_called_by_its_address() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    ana.log_out().await.redirects_to("/");
    site.database.execute(r#"UPDATE "user" SET name = NULL, profession = ''"#);
    ana.log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
    let page = ana.get("/account").await.has_status(200);
    assert_eq!(page.texts(".nav-name"), ["ana@example.cl"]);
    assert_eq!((page.value("name"), page.value("profession")), names("", ""));
}
