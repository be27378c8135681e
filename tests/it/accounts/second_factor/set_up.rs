//! Switching it on and off by one's own account.

use std::sync::Arc;

use chrono::TimeDelta;

use super::{PATH, Phone, half_way, recovery_codes, send_code, switch_on};
use crate::support::{PASSWORD, TestSite};

#[tokio::test]
async fn nothing_is_stored_before_a_right_code_came() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    let page = ana.get(PATH).await.has_status(200).says("from an app on your phone");
    let phone = Phone::scan(&site, &page);
    assert_eq!(page.texts("code")[0].split(' ').count(), 8, "the secret stands in groups of four");
    assert!(page.attribute("main a[href^=otpauth]", "href").unwrap().contains(&phone.secret));
    assert!(page.attribute("svg.qr path:last-child", "d").unwrap().starts_with('M'));
    assert!(!page.body.contains("style=") && !page.body.contains("data:"));
    assert_eq!(page.attribute("#code", "inputmode").as_deref(), Some("numeric"));
    assert_eq!(page.attribute("#code", "autocomplete").as_deref(), Some("one-time-code"));
    let empty = ana.send(&page.form(PATH).with("code", " ")).await.has_status(422).says("Enter the code");
    let empty = empty.does_not_say("not the code that the app");
    assert_eq!(Phone::scan(&site, &empty).secret, phone.secret);
    let wrong =
        ana.send(&page.form(PATH).with("code", "000000")).await.has_status(422).says("not the code that the app");
    assert_eq!(Phone::scan(&site, &wrong).secret, phone.secret, "the same picture is scanned once");
    assert_eq!(site.database.values("count(*)", "second_factor"), ["0"]);
    let codes = ana.send(&wrong.form(PATH).with("code", &phone.code_in(0))).await.has_status(200);
    assert_eq!(recovery_codes(&codes).len(), 10);
    assert!(!site.database.values("encode(sealed, 'escape')", "second_factor")[0].contains(&phone.secret));
    ana.get(PATH).await.says("Two-step verification is on").says("Recovery codes left 10");
    assert_eq!(site.mail("ana@example.cl").await.subject, "Your account now asks for a code at log-in");
    ana.get("/account/activity").await.says("Two-step verification switched on");
}

#[tokio::test]
async fn the_page_shows_one_secret_until_it_is_on_or_the_password_is_given_again() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    let secret = async || Phone::scan(&site, &ana.get(PATH).await.has_status(200)).secret;
    let first = secret().await;
    assert_eq!(secret().await, first, "a reload");
    ana.post("/language", &[("lang", "es"), ("next", PATH)]).await.redirects_to(PATH);
    assert_eq!(secret().await, first, "in another language");
    let other = site.visitor();
    other.log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
    assert_ne!(Phone::scan(&site, &other.get(PATH).await).secret, first, "of another session");
    let (phone, _) = switch_on(&site, &ana).await;
    assert_eq!(phone.secret, first);
    let code = phone.next_code(&site).await;
    let off = [("current_password", PASSWORD), ("code", &*code)];
    ana.post("/account/second-factor/off", &off).await.redirects_to("/account");
    let second = secret().await;
    assert_ne!(second, first, "the next one is another");
    site.later(TimeDelta::minutes(11)).await;
    ana.post("/reauth", &[("password", PASSWORD)]).await.has_status(303);
    assert_ne!(secret().await, second);
}

#[tokio::test]
async fn choosing_a_language_sends_no_code_again() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    let page = ana.get(PATH).await;
    let early = Phone::scan(&site, &page).code_in(4);
    let wrong = ana.send(&page.form(PATH).with("code", &early)).await.has_status(422);
    site.later(TimeDelta::minutes(2)).await;
    ana.send(&wrong.language("es")).await.redirects_to(PATH);
    assert_eq!(site.database.values("count(*)", "second_factor"), ["0"], "the code has become right meanwhile");
}

#[tokio::test]
async fn the_form_of_another_account_sets_nothing_up() {
    let site = TestSite::start().await;
    let (ana, eve) = (site.employee("ana@example.cl").await, site.employee("eve@example.cl").await);
    let page = eve.get(PATH).await;
    let code = Phone::scan(&site, &page).code_in(0);
    ana.post(PATH, &[("secret", &page.value("secret")), ("code", &code)]).await.has_status(422);
    assert_eq!(site.database.values("count(*)", "second_factor"), ["0"]);
}

#[tokio::test]
async fn sessions_that_began_without_it_end() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    let phone = site.visitor();
    phone.log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
    switch_on(&site, &ana).await;
    ana.get("/account/sessions").await.has_status(200);
    phone.get("/account/sessions").await.redirects_to("/login?next=%2Faccount%2Fsessions");
}

#[tokio::test]
async fn switching_it_on_twice_is_switching_it_on_once() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    let page = ana.get(PATH).await;
    let form = page.form(PATH).with("code", &Phone::scan(&site, &page).code_in(0));
    let first = ana.send(&form).await.has_status(200);
    let again = ana.send(&form).await.has_status(200);
    assert_eq!(recovery_codes(&again), recovery_codes(&first));
    ana.get(PATH).await.says("Recovery codes left 10");
    assert_eq!(site.database.values("count(*)", "audit_event WHERE action = 'second_factor_on'"), ["1"]);
}

#[tokio::test]
async fn switching_it_off_takes_the_password_and_a_code() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    let (phone, _) = switch_on(&site, &ana).await;
    let off = "/account/second-factor/off";
    let form = ana.get(off).await.has_status(200).form(off);
    let code = phone.next_code(&site).await;
    let typed = |password: &str, code: &str| form.clone().with("current_password", password).with("code", code);
    ana.send(&typed("wrong", &code)).await.has_status(422).says("not your current password");
    ana.send(&typed(PASSWORD, "")).await.has_status(422).says("Enter the code").does_not_say("This code does not");
    // Back, and pressed again.
    for _ in 0..2 {
        ana.send(&typed(PASSWORD, &code)).await.redirects_to("/account");
    }
    assert_eq!(site.database.values("count(*)", "recovery_code"), ["0"]);
    assert_eq!(site.mail("ana@example.cl").await.subject, "Your account no longer asks for a code at log-in");
    site.visitor().log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
}

#[tokio::test]
async fn the_password_is_asked_for_after_ten_minutes() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    site.later(TimeDelta::minutes(11)).await;
    ana.get(PATH).await.redirects_to("/reauth?next=%2Faccount%2Fsecond-factor");
}

#[tokio::test]
async fn the_pages_speak_spanish() {
    let site = TestSite::start().await;
    site.employee("ana@example.cl").await;
    let ana = site.spanish_visitor();
    ana.log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
    let page = ana.get(PATH).await.says("Verificación en dos pasos").says("Escanea esta imagen");
    let code = Phone::scan(&site, &page).code_in(0);
    ana.send(&page.form(PATH).with("code", &code)).await.says("Tus códigos de recuperación");
    let ana = site.spanish_visitor();
    ana.log_in("ana@example.cl", PASSWORD).await.redirects_to("/login/code");
    ana.get("/login/code").await.has_status(200).says("Escribe tu código");
    send_code(&ana, "123456").await.has_status(422).says("Este código no sirve");
}

#[tokio::test]
async fn the_secret_is_sealed_again_after_a_rotation_and_the_recovery_codes_go_on() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    let (phone, codes) = switch_on(&site, &ana).await;
    let sealed = || site.database.values("encode(sealed, 'hex')", "second_factor");
    let before = sealed();
    let both = format!("{},{}", "7a".repeat(64), "5e".repeat(64));
    let rotated = TestSite::on(Arc::clone(&site.database), &[("SECRET_KEY", &both)]).await;
    send_code(&half_way(&rotated, "ana@example.cl").await, &phone.code_in(1)).await.redirects_to("/account");
    assert_ne!(sealed(), before);
    let newest = TestSite::on(Arc::clone(&site.database), &[("SECRET_KEY", &"7a".repeat(64))]).await;
    newest.later(TimeDelta::seconds(60)).await;
    let phone = Phone { clock: newest.app.clock.clone(), ..phone };
    send_code(&half_way(&newest, "ana@example.cl").await, &phone.code_in(0)).await.redirects_to("/account");
    send_code(&half_way(&newest, "ana@example.cl").await, &recovery_codes(&codes)[0]).await.redirects_to("/account");
}
