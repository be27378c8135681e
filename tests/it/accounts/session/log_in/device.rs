//! Devices that are known, and those that are new.

use chrono::TimeDelta;

use crate::accounts::second_factor::switch_on;
use crate::support::visitor::send;
use crate::support::{PASSWORD, TestSite};

const SUBJECT: &str = "A new device logged in to your account";

#[tokio::test]
async fn strangers_cannot_lock_an_owner_out_of_a_device_that_is_known() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    ana.log_out().await.redirects_to("/");
    for number in 0..10 {
        site.visitor().log_in(&format!("a{number}@example.cl"), "wrong").await.has_status(401);
    }
    let eva = site.visitor();
    eva.log_in("ana@example.cl", PASSWORD).await.has_status(429);
    ana.log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
}

#[tokio::test]
async fn a_known_device_has_as_many_failures_as_any_other() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    for _ in 0..5 {
        ana.log_in("ana@example.cl", "wrong").await.has_status(401);
    }
    ana.log_in("ana@example.cl", PASSWORD).await.has_status(429);
    site.visitor().log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
}

#[tokio::test]
async fn a_device_is_known_for_who_logged_in_on_it_and_nobody_else() {
    let site = TestSite::start().await;
    site.employee("ana@example.cl").await;
    let eve = site.employee("eve@example.cl").await;
    eve.log_out().await.redirects_to("/");
    for number in 0..10 {
        site.visitor().log_in(&format!("a{number}@example.cl"), "wrong").await.has_status(401);
    }
    eve.log_in("ana@example.cl", "wrong").await.has_status(429);
    eve.log_in("eve@example.cl", PASSWORD).await.redirects_to("/account");
}

#[tokio::test]
async fn a_forged_or_damaged_device_is_no_device() {
    let site = TestSite::start().await;
    site.employee("ana@example.cl").await;
    let page = site.visitor().log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
    let cookies = page.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap());
    let known = cookies.filter_map(|cookie| cookie.split(';').next()).find(|it| it.starts_with("biovity-device="));
    let known = known.unwrap().to_owned();
    let (name, seal) = known.split_once('.').unwrap();
    let other = "A".repeat(43);
    for number in 0..10 {
        site.visitor().log_in(&format!("a{number}@example.cl"), "wrong").await.has_status(401);
    }
    let log_in = async |cookie: String| {
        let request = site.visitor().request("POST", "/login").header("cookie", cookie);
        send(request.form(&[("email", "ana@example.cl"), ("password", PASSWORD)])).await.status.as_u16()
    };
    for cookie in [
        format!("biovity-device={other}.{seal}"),
        format!("{name}.{}", "A".repeat(seal.len())),
        format!("{name}."),
        name.to_owned(),
        format!("{name}.{}", ".".repeat(3_000)),
        "biovity-device=".to_owned(),
        "biovity-device=\u{1}".to_owned(),
    ] {
        let bytes = cookie.bytes().any(|byte| byte < 32);
        assert!(bytes || log_in(cookie.clone()).await == 429, "{cookie}");
    }
    assert_eq!(log_in(known).await, 303);
}

#[tokio::test]
async fn the_owner_is_told_of_a_device_that_is_new() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    ana.log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
    assert!(site.mails("ana@example.cl").await.iter().all(|mail| mail.subject != SUBJECT), "a known one is no news");
    let phone = site.visitor_from("127.0.0.7");
    phone.log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
    let mail = site.mail("ana@example.cl").await;
    assert_eq!(mail.subject, SUBJECT);
    assert!(mail.text.contains("IP address: 127.0.0.7") && mail.html.contains("127.0.0.7"), "{}", mail.text);
    assert!(mail.text.contains(" (Chile, UTC-0") && mail.html.contains("#a11d2c"), "{}", mail.text);
    assert!(mail.link().contains("/account/secure?token="), "{}", mail.link());
    let before = site.mails("ana@example.cl").await.len();
    phone.log_out().await.redirects_to("/");
    phone.log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
    assert_eq!(site.mails("ana@example.cl").await.len(), before, "known by now");
}

#[tokio::test]
async fn the_first_devices_of_a_new_account_are_no_news_and_those_of_an_old_one_are() {
    let site = TestSite::start().await;
    site.make_admin("boss@example.cl", PASSWORD);
    site.visitor().log_in("boss@example.cl", PASSWORD).await.redirects_to("/admin");
    assert!(site.mails("boss@example.cl").await.is_empty());
    site.make_admin("old@example.cl", PASSWORD);
    site.app.clock.advance(TimeDelta::days(2));
    site.spanish_visitor().log_in("old@example.cl", PASSWORD).await.redirects_to("/admin");
    assert_eq!(site.mail("old@example.cl").await.subject, "Ingreso a tu cuenta desde un dispositivo nuevo");
}

#[tokio::test]
async fn a_device_tells_nobody_whose_it_is() {
    let site = TestSite::start().await;
    site.employee("ana@example.cl").await;
    let page = site.visitor().log_in("ana@example.cl", PASSWORD).await;
    assert!(page.headers.get_all("set-cookie").iter().all(|cookie| !cookie.to_str().unwrap().contains("ana")));
    let refused = site.visitor().log_in("ana@example.cl", "wrong").await.has_status(401);
    assert!(!refused.headers.contains_key("set-cookie"));
}

#[tokio::test]
async fn a_log_in_costs_one_hash_and_two_statements() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    let mut fewest = u64::MAX;
    // What runs beside the server asks now and then; it cannot do so between all of these.
    for _ in 0..20 {
        ana.log_out().await.redirects_to("/");
        let form = ana.get("/login").await.form("/login").with("email", "ana@example.cl").with("password", PASSWORD);
        let (statements, hashes) = (site.app.db.statements(), site.app.hasher.hashes());
        ana.send(&form).await.redirects_to("/account");
        assert_eq!(site.app.hasher.hashes() - hashes, 1);
        fewest = fewest.min(site.app.db.statements() - statements);
    }
    assert_eq!(fewest, 2, "the user with what was counted, and the session with its form");
}

#[tokio::test]
async fn a_shared_computer_does_not_forget_its_owner() {
    let site = TestSite::start().await;
    let (ana, _) = (site.employee("ana@example.cl").await, site.employee("eve@example.cl").await);
    for _ in 0..10 {
        ana.log_out().await.redirects_to("/");
        ana.log_in("eve@example.cl", PASSWORD).await.redirects_to("/account");
    }
    ana.log_out().await.redirects_to("/");
    let before = site.mails("ana@example.cl").await.len();
    ana.log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
    assert_eq!(site.mails("ana@example.cl").await.len(), before, "its owner's device is no news");
    assert_eq!(site.database.values("1", "audit_event WHERE action = 'logged_in'").len(), 10);
}

#[tokio::test]
async fn ten_mails_a_day_tell_of_new_devices_and_one_that_there_are_many() {
    let site = TestSite::start().await;
    site.employee("ana@example.cl").await;
    let devices: Vec<_> = (1..14).map(|number| site.visitor_from(&format!("127.0.9.{number}"))).collect();
    for device in &devices {
        device.log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
    }
    let mails = site.mails("ana@example.cl").await;
    let about = |subject: &str| mails.iter().filter(|mail| mail.subject == subject).count();
    assert_eq!((about(SUBJECT), about("Many new devices logged in to your account")), (10, 1));
    // What else happens is told, whatever comes before it.
    switch_on(&site, &devices[12]).await;
    let mail = site.mail("ana@example.cl").await;
    assert!(mail.text.contains("within 24 hours, it also switches off two-step verification"), "{}", mail.text);
    let events = "audit_event WHERE action = 'logged_in_from_new_device'";
    assert_eq!(site.database.values("count(*) > 12", events), ["true"], "the history has all of them");
}
