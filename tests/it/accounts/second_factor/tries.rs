//! The tries of codes: as few as promised, and no means to keep an owner out.

use super::{half_way, recovery_codes, send_code, switch_on};
use crate::support::{PASSWORD, TestSite};

const NEW: &str = "quillay bajo el volcán 9";

/// Somebody who knows the password uses up the tries that strange devices have.
async fn use_up(site: &TestSite) {
    let eve = half_way(site, "ana@example.cl").await;
    for digit in 0..5 {
        send_code(&eve, &format!("00000{digit}")).await.has_status(422);
    }
    send_code(&eve, "000005").await.has_status(429);
    send_code(&half_way(site, "ana@example.cl").await, "000006").await.has_status(429);
}

#[tokio::test]
async fn whoever_knows_the_password_keeps_no_owner_from_the_account() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    let codes = recovery_codes(&switch_on(&site, &ana).await.1);
    use_up(&site).await;
    // On a device that is known, to change what only who is signed in may change, and by mail.
    ana.log_out().await;
    ana.log_in("ana@example.cl", PASSWORD).await.redirects_to("/login/code");
    send_code(&ana, &codes[0]).await.redirects_to("/account");
    let fields = [("current_password", PASSWORD), ("password", NEW), ("code", &*codes[1])];
    ana.post("/account/password", &fields).await.redirects_to("/account");
    ana.post("/password/forgot", &[("email", "ana@example.cl")]).await.has_status(303);
    let form = site.visitor().get(&site.mail("ana@example.cl").await.link()).await.form("/password/reset");
    site.visitor().send(&form.with("password", PASSWORD).with("code", &codes[2])).await.redirects_to("/login");
}

#[tokio::test]
async fn a_known_device_has_five_tries_of_its_own_for_its_own_account() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    switch_on(&site, &ana).await;
    ana.log_out().await;
    ana.log_in("ana@example.cl", PASSWORD).await.redirects_to("/login/code");
    for digit in 0..5 {
        send_code(&ana, &format!("00000{digit}")).await.has_status(422);
    }
    send_code(&ana, "000005").await.has_status(429);
    use_up(&site).await;
    let eve = site.employee("eve@example.cl").await;
    eve.log_in("ana@example.cl", PASSWORD).await.redirects_to("/login/code");
    send_code(&eve, "000007").await.has_status(429);
}

#[tokio::test]
async fn devices_that_gave_the_password_alone_share_the_tries_of_strangers() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    // Somebody who knew the password before kept what made their devices known.
    let mut devices = Vec::new();
    for _ in 0..6 {
        let eve = site.visitor();
        eve.log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
        devices.push(eve);
    }
    let codes = recovery_codes(&switch_on(&site, &ana).await.1);
    let mut statuses = Vec::new();
    for eve in &devices {
        eve.log_in("ana@example.cl", PASSWORD).await.redirects_to("/login/code");
        for digit in 0..5 {
            statuses.push(send_code(eve, &format!("00000{digit}")).await.status.as_u16());
        }
    }
    assert_eq!(statuses, [vec![422; 5], vec![429; 25]].concat());
    // Who gives a right code elsewhere has a device of their own from then on.
    site.database.execute("DELETE FROM rate_limit");
    let phone = half_way(&site, "ana@example.cl").await;
    send_code(&phone, &codes[0]).await.redirects_to("/account");
    phone.log_out().await;
    use_up(&site).await;
    phone.log_in("ana@example.cl", PASSWORD).await.redirects_to("/login/code");
    send_code(&phone, &codes[1]).await.redirects_to("/account");
}

#[tokio::test]
async fn after_too_many_wrong_codes_the_page_says_what_to_do() {
    let site = TestSite::start().await;
    switch_on(&site, &site.employee("ana@example.cl").await).await;
    use_up(&site).await;
    let eve = half_way(&site, "ana@example.cl").await;
    let form = eve.get("/login/code").await.form("/login/code");
    let page = eve.send(&form.clone().with("code", "")).await.has_status(422).says("Enter the code");
    page.does_not_say("This code does not work");
    let page = eve.send(&form.with("code", "000008")).await.has_status(429).says("Too many wrong codes").leads_on();
    let page = page.says("Wait 5 minutes, then log in again.").says("choose a new password by email now");
    assert!(page.header("retry-after").parse::<u64>().unwrap() > 200);
    assert_eq!(page.texts("main a"), ["Log in", "Choose a new password"]);
    let eve = site.spanish_visitor();
    eve.log_in("ana@example.cl", PASSWORD).await.redirects_to("/login/code");
    send_code(&eve, "000009").await.has_status(429).says("Demasiados códigos incorrectos").says("e ingresa de nuevo");
}
