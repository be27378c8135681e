//! What the mails about a second factor lead to.

use chrono::TimeDelta;

use super::{half_way, recovery_codes, send_code, switch_on};
use crate::support::visitor::Visitor;
use crate::support::{PASSWORD, TestSite};

const NEW: &str = "quillay bajo el volcán 9";

const ROWS: &str = "second_factor";

/// Somebody who logs in on a device that is new to the account.
async fn on_a_new_device(site: &TestSite, email: &str) -> Visitor {
    let visitor = site.visitor();
    visitor.log_in(email, PASSWORD).await.has_status(303);
    visitor
}

#[tokio::test]
async fn the_mail_that_tells_of_it_removes_one_that_a_stranger_switched_on() {
    let site = TestSite::start().await;
    site.employee("ana@example.cl").await;
    let eve = on_a_new_device(&site, "ana@example.cl").await;
    // Who hides a new device logs in on it once more.
    eve.log_out().await;
    eve.log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
    switch_on(&site, &eve).await;
    let mail = site.mail("ana@example.cl").await;
    assert!(mail.text.contains("within 24 hours, it also switches off two-step verification"), "{}", mail.text);
    let ana = site.visitor();
    ana.get(&mail.link()).await.has_status(200).says("Two-step verification is switched off");
    ana.press(&mail.link()).await.redirects_to("/password/forgot/sent");
    assert_eq!(site.database.values("count(*)", ROWS), ["0"]);
    let event = "audit_event WHERE action = 'second_factor_removed' AND actor_id = user_id";
    assert_eq!(site.database.values("count(*)", event), ["1"]);
    let form = ana.get(&site.mail("ana@example.cl").await.link()).await.form("/password/reset");
    ana.send(&form.with("password", NEW)).await.redirects_to("/login");
    ana.log_in("ana@example.cl", NEW).await.redirects_to("/account");
}

#[tokio::test]
async fn every_mail_about_an_intruder_removes_what_the_intruder_switched_on() {
    for (which, subject) in
        [(0, "A new device logged in to your account"), (1, "One of your account’s recovery codes was used")]
    {
        let site = TestSite::start().await;
        site.employee("ana@example.cl").await;
        let eve = on_a_new_device(&site, "ana@example.cl").await;
        let first = site.mail("ana@example.cl").await;
        let (_, page) = switch_on(&site, &eve).await;
        send_code(&half_way(&site, "ana@example.cl").await, &recovery_codes(&page)[0]).await.redirects_to("/account");
        let mails = site.mails("ana@example.cl").await;
        let last = mails.iter().rfind(|mail| mail.subject.starts_with("One of your account’s recovery")).unwrap();
        let mail = [&first, last][which];
        assert_eq!(mail.subject, subject);
        let ana = site.visitor();
        ana.get(&mail.link()).await.has_status(200).says("Two-step verification is switched off");
        ana.press(&mail.link()).await.redirects_to("/password/forgot/sent");
        assert_eq!(site.database.values("count(*)", ROWS), ["0"], "{subject}");
        let form = ana.get(&site.mail("ana@example.cl").await.link()).await.form("/password/reset");
        ana.send(&form.with("password", NEW)).await.redirects_to("/login");
        ana.log_in("ana@example.cl", NEW).await.redirects_to("/account");
    }
}

#[tokio::test]
async fn no_number_of_log_ins_hides_a_new_device() {
    let site = TestSite::start().await;
    site.employee("ana@example.cl").await;
    let eve = on_a_new_device(&site, "ana@example.cl").await;
    site.database.execute(
        "INSERT INTO audit_event (id, happened_at, action, actor_id, user_id)
         SELECT 'more' || n, now(), 'logged_in', id, id FROM \"user\", generate_series(1, 300) n",
    );
    switch_on(&site, &eve).await;
    let mail = site.mail("ana@example.cl").await;
    assert!(mail.text.contains("within 24 hours, it also switches off two-step verification"), "{}", mail.text);
}

/// Presses the link of the newest mail, and finds the second factor still asked for.
async fn secures_and_keeps_it(site: &TestSite, email: &str) {
    let (mail, visitor) = (site.mail(email).await, site.visitor());
    visitor.get(&mail.link()).await.has_status(200).does_not_say("Two-step verification is switched off");
    visitor.press(&mail.link()).await.redirects_to("/password/forgot/sent");
    let form = visitor.get(&site.mail(email).await.link()).await.form("/password/reset").with("password", NEW);
    visitor.send(&form).await.has_status(422).says("Enter the code");
    assert_eq!(site.database.values("count(*)", ROWS), ["1"]);
}

#[tokio::test]
async fn whoever_reads_the_mailbox_removes_none_that_its_owner_switched_on() {
    let site = TestSite::start().await;
    switch_on(&site, &site.employee("ana@example.cl").await).await;
    assert!(site.mail("ana@example.cl").await.text.contains("Two-step verification stays on"));
    secures_and_keeps_it(&site, "ana@example.cl").await;
}

#[tokio::test]
async fn a_day_later_it_stays_on_whoever_switched_it_on() {
    let site = TestSite::start().await;
    site.employee("ana@example.cl").await;
    switch_on(&site, &on_a_new_device(&site, "ana@example.cl").await).await;
    site.app.clock.advance(TimeDelta::hours(24));
    secures_and_keeps_it(&site, "ana@example.cl").await;
}

#[tokio::test]
async fn a_device_that_has_been_known_for_a_week_is_new_no_more() {
    let site = TestSite::start().await;
    site.employee("ana@example.cl").await;
    let ana = on_a_new_device(&site, "ana@example.cl").await;
    ana.log_out().await;
    site.later(TimeDelta::days(7)).await;
    ana.log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
    switch_on(&site, &ana).await;
    secures_and_keeps_it(&site, "ana@example.cl").await;
}

#[tokio::test]
async fn no_mail_removes_that_of_an_admin() {
    let site = TestSite::start().await;
    site.admin("boss@example.cl").await;
    switch_on(&site, &on_a_new_device(&site, "boss@example.cl").await).await;
    secures_and_keeps_it(&site, "boss@example.cl").await;
}

#[tokio::test]
async fn the_mail_of_an_earlier_one_leaves_it_on() {
    let site = TestSite::start().await;
    site.employee("ana@example.cl").await;
    let ana = on_a_new_device(&site, "ana@example.cl").await;
    site.later(TimeDelta::days(3)).await;
    ana.log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
    let (phone, _) = switch_on(&site, &ana).await;
    let first = site.mail("ana@example.cl").await;
    let code = phone.next_code(&site).await;
    let off = [("current_password", PASSWORD), ("code", &*code)];
    ana.post("/account/second-factor/off", &off).await.redirects_to("/account");
    // The device is new no more.
    site.later(TimeDelta::days(4)).await;
    ana.log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
    switch_on(&site, &ana).await;
    ana.get(&first.link()).await.has_status(200).does_not_say("Two-step verification is switched off");
    site.visitor().press(&first.link()).await.redirects_to("/password/forgot/sent");
    assert_eq!(site.database.values("count(*)", ROWS), ["1"]);
}

#[tokio::test]
async fn the_mail_of_a_recovery_code_leaves_it_on() {
    let site = TestSite::start().await;
    let (_, page) = switch_on(&site, &site.employee("ana@example.cl").await).await;
    let visitor = half_way(&site, "ana@example.cl").await;
    send_code(&visitor, &recovery_codes(&page)[0]).await.redirects_to("/account");
    let mails = site.mails("ana@example.cl").await;
    let mail = mails.iter().rfind(|mail| mail.subject == "One of your account’s recovery codes was used").unwrap();
    site.visitor().press(&mail.link()).await.redirects_to("/password/forgot/sent");
    assert_eq!(site.database.values("count(*)", ROWS), ["1"]);
}

#[tokio::test]
async fn whoever_knows_the_password_and_guesses_codes_is_told_of_once_a_day() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    switch_on(&site, &ana).await;
    let eve = half_way(&site, "ana@example.cl").await;
    let told = |mails: Vec<crate::support::smtp::Mail>| {
        mails.into_iter().filter(|mail| mail.subject == "Someone tried to guess your code").collect::<Vec<_>>()
    };
    for digit in 0..4 {
        send_code(&eve, &format!("00000{digit}")).await.has_status(422);
    }
    assert!(told(site.mails("ana@example.cl").await).is_empty(), "whoever mistypes is not frightened");
    send_code(&eve, "000004").await.has_status(422);
    let mails = told(site.mails("ana@example.cl").await);
    assert_eq!(mails.len(), 1);
    site.database.execute("DELETE FROM rate_limit WHERE most = 5");
    for digit in 5..8 {
        send_code(&eve, &format!("00000{digit}")).await.has_status(422);
    }
    assert_eq!(told(site.mails("ana@example.cl").await).len(), 1, "once a day");
    let (id, who) =
        (site.database.values("id", "\"user\"").concat(), "omeone who had the password or the link in an email");
    ana.get("/account/activity").await.says(who);
    let admin = site.admin("boss@example.cl").await;
    for page in [format!("/admin/users/{id}"), "/admin/audit".to_owned()] {
        admin.get(&page).await.says(who);
    }
    let event = "audit_event WHERE action = 'wrong_codes' AND actor_id IS NULL";
    assert_eq!(site.database.values("count(*)", event), ["1"]);
    site.visitor().press(&mails[0].link()).await.redirects_to("/password/forgot/sent");
}

#[tokio::test]
async fn a_reset_counts_wrong_codes_keeps_the_link_and_takes_a_recovery_code() {
    let site = TestSite::start().await;
    let (_, page) = switch_on(&site, &site.employee("ana@example.cl").await).await;
    let visitor = site.visitor();
    visitor.post("/password/forgot", &[("email", "ana@example.cl")]).await.has_status(303);
    let link = site.mail("ana@example.cl").await.link();
    let form = visitor.get(&link).await.form("/password/reset").with("password", NEW);
    for digit in 0..5 {
        visitor.send(&form.clone().with("code", &format!("00000{digit}"))).await.has_status(422);
    }
    let mails = site.mails("ana@example.cl").await;
    let told = mails.iter().find(|mail| mail.subject == "Someone tried to guess your code").unwrap();
    assert!(told.text.contains("a link that we sent to this email"), "no password was given: {}", told.text);
    let code = &recovery_codes(&page)[0];
    visitor.send(&form.clone().with("code", code)).await.has_status(429);
    site.database.execute("DELETE FROM rate_limit");
    visitor.send(&form.with("code", code)).await.redirects_to("/login");
    assert_eq!(site.database.values("count(*)", "recovery_code"), ["9"]);
}
