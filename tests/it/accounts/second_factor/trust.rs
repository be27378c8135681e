//! A device on which the code is not asked for.

use argon2::password_hash::PasswordHasher;
use argon2::{Algorithm, Argon2, Params, Version};
use chrono::TimeDelta;

use super::{PATH, half_way, send_code, switch_on};
use crate::support::visitor::Visitor;
use crate::support::{PASSWORD, TestSite};

const NEW_PASSWORD: &str = "quillay bajo el volcán 9";

/// Somebody who trusts this device, and has logged out.
async fn trusting(site: &TestSite, code: &str) -> Visitor {
    let visitor = half_way(site, "ana@example.cl").await;
    visitor.post("/login/code", &[("code", code), ("trust", "yes")]).await.redirects_to("/account");
    visitor.log_out().await.redirects_to("/");
    visitor
}

#[tokio::test]
async fn a_trusted_device_is_not_asked_for_thirty_days_and_another_is() {
    let site = TestSite::start().await;
    let (phone, _) = switch_on(&site, &site.employee("ana@example.cl").await).await;
    let ana = trusting(&site, &phone.code_in(1)).await;
    ana.log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
    ana.log_out().await.redirects_to("/");
    half_way(&site, "ana@example.cl").await;
    site.later(TimeDelta::days(31)).await;
    ana.log_in("ana@example.cl", PASSWORD).await.redirects_to("/login/code");
}

#[tokio::test]
async fn without_the_tick_a_device_is_asked_again() {
    let site = TestSite::start().await;
    let (phone, _) = switch_on(&site, &site.employee("ana@example.cl").await).await;
    let ana = half_way(&site, "ana@example.cl").await;
    let page = ana.get("/login/code").await;
    assert_eq!(page.attribute("[name=trust]", "checked"), None, "off by default");
    send_code(&ana, &phone.code_in(1)).await.redirects_to("/account");
    ana.log_out().await.redirects_to("/");
    ana.log_in("ana@example.cl", PASSWORD).await.redirects_to("/login/code");
}

#[tokio::test]
async fn a_new_password_ends_the_trust() {
    let site = TestSite::start().await;
    let owner = site.employee("ana@example.cl").await;
    let (phone, _) = switch_on(&site, &owner).await;
    let trusted = trusting(&site, &phone.code_in(1)).await;
    site.later(TimeDelta::seconds(60)).await;
    let code = phone.code_in(0);
    let fields = [("current_password", PASSWORD), ("password", NEW_PASSWORD), ("code", code.as_str())];
    owner.post("/account/password", &fields).await.redirects_to("/account");
    trusted.log_in("ana@example.cl", NEW_PASSWORD).await.redirects_to("/login/code");
}

#[tokio::test]
async fn switching_it_off_and_on_ends_the_trust() {
    let site = TestSite::start().await;
    let owner = site.employee("ana@example.cl").await;
    let (phone, _) = switch_on(&site, &owner).await;
    let trusted = trusting(&site, &phone.code_in(1)).await;
    site.later(TimeDelta::seconds(60)).await;
    let fields = [("current_password", PASSWORD), ("code", &phone.code_in(0))];
    owner.post("/account/second-factor/off", &fields).await.redirects_to("/account");
    trusted.log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
    trusted.log_out().await.redirects_to("/");
    switch_on(&site, &owner).await;
    trusted.log_in("ana@example.cl", PASSWORD).await.redirects_to("/login/code");
}

#[tokio::test]
async fn no_device_is_trusted_with_an_admins_account() {
    let site = TestSite::start().await;
    let (phone, _) = switch_on(&site, &site.employee("ana@example.cl").await).await;
    let ana = trusting(&site, &phone.code_in(1)).await;
    site.database.execute("UPDATE \"user\" SET type = 'admin'");
    ana.log_in("ana@example.cl", PASSWORD).await.redirects_to("/login/code");
    assert_eq!(ana.get("/login/code").await.attribute("[name=trust]", "name"), None, "it is not offered");
    site.later(TimeDelta::seconds(60)).await;
    let fields = [("code", &*phone.code_in(0)), ("trust", "yes")];
    ana.post("/login/code", &fields).await.redirects_to("/admin");
    ana.log_out().await.redirects_to("/");
    ana.log_in("ana@example.cl", PASSWORD).await.redirects_to("/login/code");
}

#[tokio::test]
async fn whoever_trusts_a_device_sees_it_and_can_be_asked_on_it_again() {
    let site = TestSite::start().await;
    let owner = site.employee("ana@example.cl").await;
    let (phone, _) = switch_on(&site, &owner).await;
    owner.get(PATH).await.has_status(200).does_not_say("Devices that are not asked");
    let trusted = trusting(&site, &phone.code_in(1)).await;
    let page = owner.get(PATH).await.says("Devices that are not asked for a code").says("127.0.0.1");
    owner.send(&page.form(&format!("{PATH}/devices"))).await.redirects_to(PATH);
    owner.get(PATH).await.says("every device is asked for a code").does_not_say("Devices that are not asked");
    trusted.log_in("ana@example.cl", PASSWORD).await.redirects_to("/login/code");
    owner.get("/account/activity").await.says("Code asked for on every device again");
    owner.post("/language", &[("lang", "es")]).await.has_status(303);
    site.later(TimeDelta::seconds(60)).await;
    trusting(&site, &phone.code_in(0)).await;
    owner.get(PATH).await.says("Dispositivos en los que no se pide código").says("Pedirlo otra vez en todos");
}

#[tokio::test]
async fn whoever_ends_a_session_elsewhere_ends_the_trust_there() {
    for ends_all in [true, false] {
        let site = TestSite::start().await;
        let owner = site.employee("ana@example.cl").await;
        let (phone, _) = switch_on(&site, &owner).await;
        let laptop = trusting(&site, &phone.code_in(1)).await;
        laptop.log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
        let page = owner.get("/account/sessions").await;
        let last = site.database.values("id", "session ORDER BY created_at DESC LIMIT 1").concat();
        let which = if ends_all { "end-others".to_owned() } else { format!("{last}/end") };
        owner.send(&page.form(&format!("/account/sessions/{which}"))).await.redirects_to("/account/sessions");
        laptop.get("/account").await.has_status(303);
        laptop.log_in("ana@example.cl", PASSWORD).await.redirects_to("/login/code");
    }
}

#[tokio::test]
async fn new_parameters_of_the_hash_end_no_trust() {
    let site = TestSite::start().await;
    let (phone, _) = switch_on(&site, &site.employee("ana@example.cl").await).await;
    let laptop = trusting(&site, &phone.code_in(1)).await;
    site.later(TimeDelta::seconds(60)).await;
    let tablet = trusting(&site, &phone.code_in(0)).await;
    for is_stranger_first in [false, true] {
        hash_as_before(&site);
        if is_stranger_first {
            half_way(&site, "ana@example.cl").await;
        }
        for device in [&laptop, &tablet, &laptop] {
            device.log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
            device.log_out().await.redirects_to("/");
        }
        let password = site.database.values("password", "account").concat();
        assert!(password.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{password}");
    }
}

/// Ana's devices are trusted, and her password is hashed, as in a release that had other parameters.
fn hash_as_before(site: &TestSite) {
    let weaker = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(8192, 1, 1, None).unwrap());
    let outdated = weaker.hash_password(PASSWORD.as_bytes()).unwrap().to_string();
    site.database.execute(&format!(
        "UPDATE account SET password = '{outdated}';
         UPDATE trusted_device SET seal = encode(sha256(convert_to(concat(
             owner.id, ' ', (extract(epoch FROM owner.second_factor_since) * 1000000)::bigint, ' ', '{outdated}'
         ), 'UTF8')), 'hex') FROM \"user\" owner WHERE owner.id = trusted_device.user_id"
    ));
}
