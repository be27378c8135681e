//! Moving the second factor to another phone.

use super::{Phone, half_way, recovery_codes, send_code, switch_on};
use crate::support::{PASSWORD, TestSite};

const MOVE: &str = "/account/second-factor/move";

#[tokio::test]
async fn an_owner_moves_to_another_phone_without_switching_it_off() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    let (old, first) = switch_on(&site, &ana).await;
    ana.get("/account/second-factor").await.says("Move to another phone");
    let page = ana.get(MOVE).await.has_status(200).says("The old app and the old recovery codes");
    let new = Phone::scan(&site, &page);
    assert_ne!(new.secret, old.secret);
    let (old_code, form) = (old.next_code(&site).await, page.form(MOVE).with("current_password", PASSWORD));
    let wrong = ana.send(&form.clone().with("code", &old_code).with("new_code", &old_code)).await.has_status(422);
    assert_eq!(Phone::scan(&site, &wrong.says("not the code that the app shows")).secret, new.secret);
    let wrong = form.clone().with("code", "000000").with("new_code", &new.code_in(0));
    ana.send(&wrong).await.has_status(422).says("This code does not work");
    assert_eq!(site.database.values("count(*)", "audit_event WHERE action = 'second_factor_moved'"), ["0"]);
    let codes = ana.send(&form.with("code", &old_code).with("new_code", &new.code_in(0))).await.has_status(200);
    let codes = recovery_codes(&codes);
    assert_eq!(codes.len(), 10);
    assert!(!codes.contains(&recovery_codes(&first)[0]));
    assert_eq!(site.mail("ana@example.cl").await.subject, "Your account’s codes now come from another app");
    ana.get("/account/activity").await.says("Two-step verification moved to another app");
    let elsewhere = half_way(&site, "ana@example.cl").await;
    send_code(&elsewhere, &recovery_codes(&first)[0]).await.has_status(422);
    send_code(&elsewhere, &old.next_code(&site).await).await.has_status(422);
    send_code(&elsewhere, &new.code_in(0)).await.redirects_to("/account");
}

#[tokio::test]
async fn whoever_has_none_is_led_to_where_it_is_switched_on() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    ana.get(MOVE).await.redirects_to("/account/second-factor");
    ana.post("/language", &[("lang", "es")]).await.has_status(303);
    switch_on(&site, &ana).await;
    ana.get(MOVE).await.has_status(200).says("Cambiar de teléfono").says("Código de la aplicación nueva");
}
