//! Asking for another address: nothing changes until it confirms.

use chrono::TimeDelta;

use crate::support::page::Page;
use crate::support::visitor::Visitor;
use crate::support::{PASSWORD, TestSite};

async fn change(visitor: &Visitor, email: &str) -> Page {
    visitor.post("/account/email", &[("email", email), ("current_password", PASSWORD)]).await
}

#[tokio::test]
async fn a_link_goes_to_the_new_address_and_nothing_changes_yet() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    let page = ana.get("/account/email").await.has_status(200).says("Change your email").says("ana@example.cl");
    page.does_not_say("A change is waiting for you");
    change(&ana, " New@EXAMPLE.cl ").await.redirects_to("/account/email");
    let page =
        ana.get("/account/email").await.has_status(200).says("A change is waiting for you").says("new@example.cl");
    page.says("We sent a link to the new email.");
    assert_eq!(site.database.values("email", r#""user""#), ["ana@example.cl"]);
    let mail = site.mail("new@example.cl").await;
    assert_eq!(mail.subject, "Confirm your new email");
    assert!(mail.link().starts_with("/account/email/confirm?token="), "{}", mail.text);
    assert!(!mail.raw.contains("Ana Rojas") && !mail.raw.contains("ana@example.cl"), "{}", mail.raw);
    assert_eq!(site.mails("ana@example.cl").await.len(), 1, "the verification alone");
    site.visitor().log_in("new@example.cl", PASSWORD).await.has_status(401);
    site.visitor().log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
}

#[tokio::test]
async fn it_is_told_in_spanish_too() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    ana.post("/language", &[("lang", "es")]).await.has_status(303);
    ana.get("/account/email").await.says("Cambia tu correo").says("Correo actual").says("Correo nuevo");
    change(&ana, "ana@example.cl").await.has_status(422).says("Este ya es tu correo");
    change(&ana, "new@example.cl").await.redirects_to("/account/email");
    ana.get("/account/email").await.says("Falta que confirmes un cambio").says("Cancelar este cambio");
    assert_eq!(site.mail("new@example.cl").await.subject, "Confirma tu correo nuevo");
}

#[tokio::test]
async fn a_wrong_form_comes_back_with_what_to_correct() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    let before = site.database.contents();
    for (email, password, field, text) in [
        ("ana@", PASSWORD, "#email", "Enter an email address like name@example.com"),
        (" ANA@example.cl", PASSWORD, "#email", "This is already your email"),
        ("new@example.cl", "", "#current_password", "Enter your current password"),
        ("new@example.cl", "not mine at all", "#current_password", "This is not your current password"),
    ] {
        let page = ana.post("/account/email", &[("email", email), ("current_password", password)]).await;
        let page = page.has_status(422);
        assert_eq!(page.texts(".notice.problem li a"), [text]);
        assert_eq!(page.attribute(".notice.problem a", "href").as_deref(), Some(field));
        assert_eq!((page.value("email"), page.value("current_password")), (email.to_owned(), String::new()));
    }
    let page = ana.post("/account/email", &[]).await.has_status(422);
    assert_eq!(page.texts(".notice.problem li a"), ["Enter your email address", "Enter your current password"]);
    assert_eq!(site.database.contents(), before);
}

#[tokio::test]
async fn the_page_asks_who_has_been_signed_in_for_long_for_the_password() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    site.later(TimeDelta::minutes(11)).await;
    ana.get("/account/email").await.redirects_to("/reauth?next=%2Faccount%2Femail");
    // The form brings the password itself, and who gave it need not give it again.
    change(&ana, "new@example.cl").await.redirects_to("/account/email");
    ana.get("/account/email").await.has_status(200).says("new@example.cl");
}

#[tokio::test]
async fn a_guest_logs_in_first() {
    let site = TestSite::start().await;
    site.visitor().get("/account/email").await.redirects_to("/login?next=%2Faccount%2Femail");
    change(&site.visitor(), "new@example.cl").await.was_sent_too_late("/account/email");
    site.visitor().post("/account/email/cancel", &[]).await.was_sent_too_late("/account/email");
}

#[tokio::test]
async fn an_account_without_a_password_is_led_to_where_it_gets_one() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    site.database.execute("UPDATE account SET provider = 'google', password = NULL");
    ana.get("/account/email").await.redirects_to("/password/forgot");
    change(&ana, "new@example.cl").await.redirects_to("/password/forgot");
    assert!(site.mails("new@example.cl").await.is_empty());
}

#[tokio::test]
async fn a_change_that_waits_can_be_cancelled() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    change(&ana, "new@example.cl").await.redirects_to("/account/email");
    let mail = site.mail("new@example.cl").await;
    let page = ana.get("/account/email").await.has_status(200);
    assert!(page.attribute(r#"form[action="/account/email/cancel"] button"#, "class").is_some());
    ana.post("/account/email/cancel", &[]).await.redirects_to("/account/email");
    ana.get("/account/email").await.says("The change was cancelled.").does_not_say("new@example.cl");
    site.visitor().get(&mail.link()).await.has_status(410);
    site.visitor().post("/account/email/confirm", &[("token", &mail.token())]).await.has_status(410);
    ana.post("/account/email/cancel", &[]).await.redirects_to("/account/email");
}

#[tokio::test]
async fn nobody_cancels_what_waits_for_another() {
    let site = TestSite::start().await;
    let (ana, luz) = (site.employee("ana@example.cl").await, site.employee("luz@example.cl").await);
    change(&ana, "new@example.cl").await.redirects_to("/account/email");
    luz.post("/account/email/cancel", &[("email", "new@example.cl")]).await.redirects_to("/account/email");
    luz.get("/account/email").await.does_not_say("new@example.cl");
    ana.get("/account/email").await.says("new@example.cl");
}

#[tokio::test]
async fn a_new_request_takes_the_place_of_the_old_one() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    change(&ana, "first@example.cl").await.redirects_to("/account/email");
    let first = site.mail("first@example.cl").await;
    change(&ana, "second@example.cl").await.redirects_to("/account/email");
    ana.get("/account/email").await.says("second@example.cl").does_not_say("first@example.cl");
    site.visitor().get(&first.link()).await.has_status(410);
    ana.press(&site.mail("second@example.cl").await.link()).await.redirects_to("/account");
    assert_eq!(site.database.values("email", r#""user""#), ["second@example.cl"]);
}

#[tokio::test]
async fn an_address_that_has_an_account_gets_the_same_answer_and_its_owner_is_told_at_most_once_an_hour() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    site.employee("luz@example.cl").await;
    let seen = async |email: &str| {
        let page = change(&ana, email).await.redirects_to("/account/email");
        let names = page.headers.keys().map(ToString::to_string).collect::<Vec<_>>();
        let shown = ana.get("/account/email").await.has_status(200).text();
        (names, shown.replace(email, "…"))
    };
    let free = seen("free@example.cl").await;
    for _ in 0..2 {
        assert_eq!(seen("luz@example.cl").await, free);
    }
    let mails = site.mails("luz@example.cl").await;
    assert_eq!(mails.len(), 2, "one to verify, one to tell");
    assert_eq!(mails[1].subject, "You already have an account");
    assert!(!mails[1].text.contains("token=") && !mails[1].raw.contains("ana@example.cl"), "{}", mails[1].text);
    site.spanish_visitor().sign_up("employee", "luz@example.cl").await.has_status(303);
    assert_eq!(site.mails("luz@example.cl").await.len(), 2, "a sign-up is the same news");
}

#[tokio::test]
async fn extra_fields_change_nothing() {
    let site = TestSite::start().await;
    site.employee("luz@example.cl").await;
    let ana = site.employee("ana@example.cl").await;
    let fields = [
        ("email", "new@example.cl"),
        ("current_password", PASSWORD),
        ("id", "x"),
        ("password", "boldo sobre la cordillera 9"),
        ("type", "admin"),
        ("isEmailVerified", "false"),
        ("organizationId", "x"),
    ];
    ana.post("/account/email", &fields).await.redirects_to("/account/email");
    let mail = site.mail("new@example.cl").await;
    let (token, other) = (mail.token(), "eve@example.cl");
    let fields = [("token", token.as_str()), ("email", other), ("type", "admin"), ("user", "luz@example.cl")];
    ana.post("/account/email/confirm", &fields).await.redirects_to("/account");
    let columns = r#"concat(email, ' ', type, ' ', "isEmailVerified", ' ', coalesce("organizationId", '-'))"#;
    let rows = site.database.values(columns, r#""user" ORDER BY email"#);
    assert_eq!(rows, ["luz@example.cl employee t -", "new@example.cl employee t -"]);
    site.visitor().log_in("new@example.cl", PASSWORD).await.redirects_to("/account");
}

#[tokio::test]
async fn a_copied_cookie_is_of_no_use_after_the_password_was_given() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    let copied = ana.log_in("ana@example.cl", PASSWORD).await.cookie().unwrap();
    change(&ana, "new@example.cl").await.redirects_to("/account/email");
    site.visitor().get_with("/account/email", &copied).await.redirects_to("/login?next=%2Faccount%2Femail");
    ana.get("/account/email").await.has_status(200);
}

#[tokio::test]
async fn nobody_floods_an_address_by_it() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    for _ in 0..6 {
        change(&ana, "victim@example.cl").await.redirects_to("/account/email");
    }
    change(&ana, "victim@example.cl").await.has_status(429).leads_on();
    change(&ana, "another@example.cl").await.redirects_to("/account/email");
}

#[tokio::test]
async fn the_database_holds_no_token_that_a_mail_holds() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    change(&ana, "new@example.cl").await.redirects_to("/account/email");
    let queued = site.database.contents();
    let confirms = site.mail("new@example.cl").await;
    ana.press(&confirms.link()).await.redirects_to("/account");
    let undoes = site.mail("ana@example.cl").await;
    for (table, rows) in queued.iter().chain(&site.database.contents()) {
        for secret in [confirms.token(), undoes.token(), PASSWORD.to_owned()] {
            assert!(!rows.contains(&secret), "{table}: {rows}");
        }
    }
}

#[tokio::test]
async fn whoever_is_deactivated_takes_the_account_to_no_other_address() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    change(&ana, "thief@example.com").await.redirects_to("/account/email");
    let link = site.mail("thief@example.com").await.link();
    let id = site.database.values("id", "\"user\"").concat();
    let boss = site.admin("boss@example.cl").await;
    boss.post(&format!("/admin/users/{id}/deactivate"), &[]).await.has_status(303);
    ana.post("/account/email/confirm", &[("token", link.split_once("token=").unwrap().1)]).await.has_status(410);
    assert_eq!(site.database.values("email", &format!("\"user\" WHERE id = '{id}'")), ["ana@example.cl"]);
}
