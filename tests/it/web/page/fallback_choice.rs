//! The choice of a language where a browser sends no form by a button outside of it, and on the page of a limit.

use super::language::press;
use crate::support::page::{FilledForm, Page};
use crate::support::visitor::Visitor;
use crate::support::{PASSWORD, TestSite};

/// Chooses a language by the fields of its own form, as w3m does.
async fn choose(visitor: &Visitor, page: &Page, language: &str) -> Page {
    let choice = page.language(language);
    let answer = visitor.send(&choice).await;
    if answer.status != 307 {
        return answer;
    }
    let again = answer.header("location").to_owned();
    visitor.send(&FilledForm { action: again, ..choice }).await
}

#[tokio::test]
async fn it_does_nothing_though_what_was_wrong_with_a_form_is_gone() {
    let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
    let lab = site.organization("lab@example.cl").await;
    let members = "/organization/members";
    lab.post(members, &[("email", "ana@example.cl")]).await.redirects_to(members);
    let mail = site.mail("ana@example.cl").await;
    let ana = site.visitor();
    let opened = [("token", &*mail.token()), ("name", "Ana"), ("profession", "x"), ("password", PASSWORD)];
    ana.post("/organization/invitation", &opened).await.has_status(303);
    let page = lab.get(members).await.form(members).with("email", "ana@example.cl");
    let refused = lab.send(&page).await.has_status(422).says("is already a member");
    ana.post("/account/organization/leave", &[]).await.has_status(303);
    let before = site.database.contents();
    for language in ["es", "en"] {
        let page = choose(&lab, &refused, language).await.has_status(200);
        assert_eq!(page.value("email"), "ana@example.cl", "what was typed is kept");
        choose(&lab, &page, language).await.has_status(200);
    }
    assert_eq!(site.database.changed_since(&before), [""; 0], "choosing a language invites nobody");
}

#[tokio::test]
async fn it_keeps_where_a_visitor_was_going_beside_where_they_came_from() {
    let site = TestSite::start().await;
    let ana = site.visitor();
    let start = "/login?from=news&next=%2Faccount%2Femail";
    let page = ana.get(start).await;
    let typed = page.form("/login?from=news").with("email", "ana@example.cl");
    let (choice, answer) = press(&ana, &page, &typed, "es").await;
    let again = answer.has_status(307).header("location").to_owned();
    let page = ana.send(&FilledForm { action: again, ..choice }).await.has_status(200);
    let emptied = page.form("/login?from=news").with("email", "");
    let (_, answer) = press(&ana, &page, &emptied, "en").await;
    answer.redirects_to(start);
}

#[tokio::test]
async fn whoever_is_no_longer_logged_in_comes_back_to_the_page_itself() {
    let site = TestSite::start().await;
    let (ana, guest) = (site.employee("ana@example.cl").await, site.visitor());
    let page = ana.get("/account/email").await;
    let typed = page.form("/account/email").with("email", "new@example.cl");
    let (choice, answer) = press(&guest, &page, &typed, "es").await;
    let again = answer.has_status(307).header("location").to_owned();
    let ended = guest.send(&FilledForm { action: again, ..choice }).await.has_status(303);
    let (path, query) = ended.header("location").split_once('?').unwrap();
    let next = query.split('&').find(|it| it.starts_with("next="));
    assert_eq!((path, next), ("/login", Some("next=%2Faccount%2Femail")), "{query}");
}

#[tokio::test]
async fn the_page_of_a_limit_keeps_its_form_in_another_language_and_sends_nothing() {
    let site = TestSite::start().await;
    site.employee("ana@example.cl").await;
    let ana = site.visitor();
    for _ in 0..5 {
        ana.log_in("ana@example.cl", "wrong").await.has_status(401);
    }
    let mut page = ana.log_in("ana@example.cl", "wrong").await.has_status(429).says("Please wait");
    let before = site.database.contents();
    for (language, kept, title) in [
        ("es", "Aquí sigue lo que escribiste", "Demasiados intentos"),
        ("en", "What you typed is kept here", "Too many attempts"),
        ("es", "Aquí sigue lo que escribiste", "Demasiados intentos"),
    ] {
        page = choose(&ana, &page, language).await.has_status(200).says(kept).says(title);
        assert_eq!(page.attribute("html", "lang").as_deref(), Some(language));
        assert_eq!(page.form("/login").fields.iter().find(|(name, _)| name == "email").unwrap().1, "ana@example.cl");
        assert_eq!(page.attribute("main a.button", "href").as_deref(), Some("/password/forgot"));
    }
    page.says("Espera ");
    assert_eq!(site.database.changed_since(&before), [""; 0], "nothing is tried");
    ana.get("/login").await.says("Ingresa");
}

#[tokio::test]
async fn the_numbers_of_a_wave_are_kept_in_another_language() {
    let site = TestSite::start().await;
    let admin = site.admin("admin@example.cl").await;
    let waves = "/admin/waitlist/waves";
    let mut page = admin.get(waves).await.has_status(200);
    let mut form = FilledForm { action: String::new(), fields: Vec::new() };
    for (employees, organizations) in [("12", "3"), ("12", ""), ("x", "3")] {
        for language in ["es", "en"] {
            form.fields.clear();
            let typed = [("employees", employees), ("organizations", organizations)];
            form = typed.iter().fold(form, |form, (name, value)| form.with(name, value));
            let (_, answer) = press(&admin, &page, &form, language).await;
            let location = answer.has_status(303).header("location").to_owned();
            page = admin.get(&location).await.has_status(200);
            assert_eq!(page.attribute("html", "lang").as_deref(), Some(language));
            assert_eq!(
                (page.value("employees"), page.value("organizations")),
                (employees.into(), organizations.into())
            );
        }
    }
    // One that came back wrong still says what is wrong.
    let page = admin.get("/admin/waitlist/waves/rehearsal?employees=x&organizations=3").await.has_status(422);
    let (_, answer) = press(&admin, &page, &form, "es").await;
    let page = admin.get(answer.has_status(303).header("location")).await.has_status(422).says("Hay un problema");
    assert_eq!(page.value("employees"), "x");
}

#[tokio::test]
async fn it_is_kept_though_the_form_was_shown_to_another_account() {
    let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
    let ana = site.employee("ana@example.cl").await;
    site.employee("ben@example.cl").await;
    let page = ana.get("/account").await;
    ana.log_out().await.has_status(303);
    ana.log_in("ben@example.cl", PASSWORD).await.has_status(303);
    let typed = page.form("/account").with("name", "Ana María");
    let (choice, answer) = press(&ana, &page, &typed, "es").await;
    let again = answer.has_status(307).header("location").to_owned();
    let refused = ana.send(&FilledForm { action: again, ..choice }).await.has_status(409);
    refused.says("Ingresaste como ben@example.cl");
    let chosen = site.database.values("locale", "\"user\" WHERE email = 'ben@example.cl'");
    assert_ne!(chosen, ["es"], "Ben's account keeps its language: Ana's page was of another");
    ana.get("/account").await.says("ben@example.cl").does_not_say("Ana María");
}
