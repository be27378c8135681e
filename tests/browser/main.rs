//! The main job as a person does it: in a real browser without JavaScript, in both languages, reading real mail.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on says so and stops"
)]

mod admin;
mod browser;
mod provider;
mod reflow;
#[path = "../it/support/mod.rs"]
mod support;

use browser::Browser;
use support::{PASSWORD, TestSite};

/// What a person reads on the way, in one language.
struct Signs {
    language: &'static str,
    join: &'static str,
    joined: &'static str,
    confirm: &'static str,
    confirm_subject: &'static str,
    choose: &'static str,
    check_inbox: &'static str,
    verify: &'static str,
    verify_subject: &'static str,
    log_out: &'static str,
    listed: &'static str,
}

#[tokio::test]
async fn a_visitor_comes_all_the_way_in_english() {
    let signs = Signs {
        language: "en-US",
        join: "Join the waitlist",
        joined: "Check your inbox",
        confirm: "Confirm my place",
        confirm_subject: "Confirm your place on the Biovity waitlist",
        choose: "I’m looking for work",
        check_inbox: "Check your inbox",
        verify: "Verify",
        verify_subject: "Verify your email",
        log_out: "Log out",
        listed: "Email already on waitlist",
    };
    journey(&signs).await;
}

#[tokio::test]
async fn una_visita_llega_hasta_el_final_en_español() {
    let signs = Signs {
        language: "es-CL",
        join: "Unirme a la lista de espera",
        joined: "Revisa tu correo",
        confirm: "Confirmar mi lugar",
        confirm_subject: "Confirma tu lugar en la lista de espera de Biovity",
        choose: "Busco trabajo",
        check_inbox: "Revisa tu correo",
        verify: "Verificar",
        verify_subject: "Verifica tu correo",
        log_out: "Salir",
        listed: "Este correo ya está en la lista de espera",
    };
    journey(&signs).await;
}

async fn journey(signs: &Signs) {
    let site = TestSite::start().await;
    let browser = Browser::open(&site.base_url, signs.language).await;
    joins_the_waitlist(&site, &browser, signs).await;
    signs_up(&site, &browser, signs).await;
    logs_out_and_in(&browser, signs).await;
    the_admin_sees_who_joined(&site, &browser, signs).await;
    browser.close().await;
}

async fn joins_the_waitlist(site: &TestSite, browser: &Browser, signs: &Signs) {
    browser.go("/").await;
    browser.choose("employee").await;
    browser.fill("email", "ana@example.cl").await;
    browser.press(signs.join).await;
    browser.is_at("/waitlist/joined").await;
    browser.says(signs.joined).await;
    let mail = site.mail("ana@example.cl").await;
    assert_eq!(mail.subject, signs.confirm_subject);
    browser.go(&mail.link()).await;
    browser.press(signs.confirm).await;
    browser.is_at("/waitlist/place").await;
    browser.says("ana@example.cl").await;

    browser.go("/waitlist").await;
    browser.choose("organization").await;
    browser.fill("email", "ANA@example.cl").await;
    browser.press(signs.join).await;
    browser.says(signs.listed).await;
}

async fn signs_up(site: &TestSite, browser: &Browser, signs: &Signs) {
    browser.go("/signup").await;
    browser.follow(signs.choose).await;
    browser.is_at("/signup/employee").await;
    browser.fill("name", "Ana Rojas").await;
    browser.fill("email", "ana@example.cl").await;
    browser.fill("profession", "Bioquímica").await;
    browser.fill("password", PASSWORD).await;
    browser.send("password").await;
    browser.is_at("/signup/check-email").await;
    browser.says(signs.check_inbox).await;
    let mail = site.mail("ana@example.cl").await;
    assert_eq!(mail.subject, signs.verify_subject);
    browser.go(&mail.link()).await;
    browser.press(signs.verify).await;
    browser.is_at("/account").await;
    browser.says("Ana Rojas").await;
}

async fn logs_out_and_in(browser: &Browser, signs: &Signs) {
    browser.press(signs.log_out).await;
    browser.is_at("/").await;
    browser.go("/account").await;
    browser.is_at("/login").await;
    browser.fill("email", "ana@example.cl").await;
    browser.fill("password", PASSWORD).await;
    browser.send("password").await;
    browser.is_at("/account").await;
    browser.press(signs.log_out).await;
}

async fn the_admin_sees_who_joined(site: &TestSite, browser: &Browser, signs: &Signs) {
    site.admin("admin@example.cl").await;
    browser.go("/login").await;
    browser.fill("email", "admin@example.cl").await;
    browser.fill("password", PASSWORD).await;
    browser.send("password").await;
    browser.is_at("/admin").await;
    browser.go("/admin/waitlist?role=employee").await;
    browser.says("ana@example.cl").await;
    browser.go("/admin/waitlist?role=organization").await;
    browser.does_not_say("ana@example.cl").await;
    browser.press(signs.log_out).await;
}

#[tokio::test]
async fn the_language_is_chosen_at_the_foot_of_the_page() {
    let site = TestSite::start().await;
    let browser = Browser::open(&site.base_url, "en-US").await;
    browser.go("/signup/organization").await;
    browser.press("Español").await;
    browser.is_at("/signup/organization").await;
    browser.says("Crea la cuenta de tu organización").await;
    browser.go("/login").await;
    browser.says("Ingresar").await;
    browser.close().await;
}

#[tokio::test]
async fn a_refused_form_says_what_to_correct_and_keeps_what_was_typed() {
    let site = TestSite::start().await;
    let browser = Browser::open(&site.base_url, "en-US").await;
    browser.go("/signup/employee").await;
    browser.fill("name", "Ana Rojas").await;
    browser.fill("email", "ana@example").await;
    browser.fill("password", "12345678").await;
    browser.send("password").await;
    browser.says("There is a problem").await;
    browser.says("Enter an email address like name@example.com").await;
    assert_eq!(browser.value("name").await, "Ana Rojas");
    assert_eq!(browser.value("email").await, "ana@example");
    assert_eq!(browser.value("password").await, "");
    browser.follow("Enter your profession").await;
    assert_eq!(browser.focused().await, "profession");
    browser.close().await;
}
