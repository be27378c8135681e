//! Signing up again with an address that waits to be verified: nobody slips a password under its owner.

use chrono::TimeDelta;

use crate::support::TestSite;
use crate::support::smtp::Mail;
use crate::support::visitor::Visitor;

const FIRST: &str = "quillay sobre el volcán 1";
const SECOND: &str = "quillay sobre el volcán 2";

/// Signs up with everybody's address; the mail that came.
async fn sign_up(site: &TestSite, visitor: &Visitor, kind: &str, password: &str) -> Mail {
    visitor.sign_up_with(kind, "ana@example.cl", password).await.redirects_to("/signup/check-email");
    site.mail("ana@example.cl").await
}

#[tokio::test]
async fn the_first_password_stays_until_the_second_link_is_used() {
    let site = TestSite::start().await;
    let (eve, ana) = (site.visitor(), site.visitor());
    let first = sign_up(&site, &eve, "employee", FIRST).await;
    let second = sign_up(&site, &ana, "organization", SECOND).await;
    ana.log_in("ana@example.cl", SECOND).await.has_status(401);
    eve.log_in("ana@example.cl", FIRST).await.has_status(403).says("not verified yet");
    // Logging in, even in vain, does not cost the browser the mark of its sign-up.
    ana.press(&second.link()).await.redirects_to("/account");
    ana.get("/account").await.says("Organization account");
    eve.log_in("ana@example.cl", FIRST).await.has_status(401);
    ana.log_in("ana@example.cl", SECOND).await.redirects_to("/account");
    eve.get(&first.link()).await.has_status(410);
    eve.post("/verify-email", &[("token", &first.token())]).await.has_status(410);
}

#[tokio::test]
async fn the_first_link_keeps_the_first_password() {
    let site = TestSite::start().await;
    let (ana, eve) = (site.visitor(), site.visitor());
    let first = sign_up(&site, &ana, "employee", FIRST).await;
    let second = sign_up(&site, &eve, "organization", SECOND).await;
    ana.press(&first.link()).await.redirects_to("/account");
    ana.get("/account").await.says("Job seeker");
    eve.post("/verify-email", &[("token", &second.token())]).await.has_status(410);
    eve.log_in("ana@example.cl", SECOND).await.has_status(401);
    ana.log_in("ana@example.cl", FIRST).await.redirects_to("/account");
}

#[tokio::test]
async fn at_most_six_links_work_at_a_time() {
    let site = TestSite::start().await;
    let eve = site.visitor();
    for _ in 0..8 {
        eve.sign_up("employee", "ana@example.cl").await.redirects_to("/signup/check-email");
    }
    let mails = site.mails("ana@example.cl").await;
    assert_eq!(mails.len(), 6);
    for mail in &mails {
        eve.get(&mail.link()).await.has_status(200);
    }
    site.app.clock.advance(TimeDelta::hours(24));
    eve.sign_up("employee", "ana@example.cl").await.redirects_to("/signup/check-email");
    assert_eq!(site.mails("ana@example.cl").await.len(), 7);
    eve.press(&site.mail("ana@example.cl").await.link()).await.redirects_to("/account");
}

#[tokio::test]
async fn nor_do_more_when_many_sign_up_at_once() {
    let site = TestSite::start().await;
    let visitor = site.visitor();
    sign_up(&site, &visitor, "employee", FIRST).await;
    let crowd = (0..10).map(|_| {
        let visitor = site.visitor();
        tokio::spawn(async move { visitor.sign_up("employee", "ana@example.cl").await.has_status(303) })
    });
    for eve in crowd.collect::<Vec<_>>() {
        eve.await.unwrap();
    }
    assert_eq!(site.mails("ana@example.cl").await.len(), 6);
}

#[tokio::test]
async fn a_link_asked_for_again_belongs_to_the_sign_up_of_this_browser() {
    let site = TestSite::start().await;
    let (eve, ana) = (site.visitor(), site.visitor());
    sign_up(&site, &eve, "employee", FIRST).await;
    sign_up(&site, &ana, "employee", SECOND).await;
    ana.post("/verify-email/resend", &[("email", "ana@example.cl")]).await.redirects_to("/signup/check-email");
    ana.press(&site.mail("ana@example.cl").await.link()).await.redirects_to("/account");
    eve.log_in("ana@example.cl", FIRST).await.has_status(401);
    ana.log_in("ana@example.cl", SECOND).await.redirects_to("/account");
}

#[tokio::test]
async fn that_holds_when_every_link_has_expired_meanwhile() {
    let site = TestSite::start().await;
    let (eve, ana) = (site.visitor(), site.visitor());
    sign_up(&site, &eve, "employee", FIRST).await;
    sign_up(&site, &ana, "employee", SECOND).await;
    site.app.clock.advance(TimeDelta::hours(25));
    ana.post("/verify-email/resend", &[("email", "ana@example.cl")]).await.redirects_to("/signup/check-email");
    ana.press(&site.mail("ana@example.cl").await.link()).await.redirects_to("/account");
    eve.log_in("ana@example.cl", FIRST).await.has_status(401);
    ana.log_in("ana@example.cl", SECOND).await.redirects_to("/account");
}

#[tokio::test]
async fn a_stranger_who_signs_up_later_gains_nothing_by_it() {
    let site = TestSite::start().await;
    let (ana, eve) = (site.visitor(), site.visitor());
    sign_up(&site, &ana, "employee", FIRST).await;
    sign_up(&site, &eve, "organization", SECOND).await;
    ana.post("/verify-email/resend", &[("email", "ana@example.cl")]).await.redirects_to("/signup/check-email");
    ana.press(&site.mail("ana@example.cl").await.link()).await.redirects_to("/account");
    ana.get("/account").await.says("Job seeker");
    eve.log_in("ana@example.cl", SECOND).await.has_status(401);
    ana.log_in("ana@example.cl", FIRST).await.redirects_to("/account");
}

#[tokio::test]
async fn the_mail_of_a_strangers_sign_up_opens_the_account_to_its_owner() {
    let site = TestSite::start().await;
    let (ana, eve) = (site.visitor(), site.visitor());
    sign_up(&site, &ana, "employee", FIRST).await;
    let strangers = sign_up(&site, &eve, "employee", SECOND).await;
    ana.press(&strangers.link()).await.redirects_to("/account");
    eve.log_in("ana@example.cl", SECOND).await.has_status(401);
    ana.log_in("ana@example.cl", FIRST).await.redirects_to("/account");
}

#[tokio::test]
async fn the_newest_mail_is_a_strangers_and_yet_opens_the_account_to_its_owner_on_another_device() {
    let site = TestSite::start().await;
    let (ana, eve, phone) = (site.visitor(), site.visitor(), site.visitor());
    sign_up(&site, &ana, "employee", FIRST).await;
    let strangers = sign_up(&site, &eve, "organization", SECOND).await;
    phone.press(&strangers.link()).await.has_status(422);
    phone.verify(&strangers.link(), FIRST).await.redirects_to("/login");
    phone.get("/login").await.says("your job seeker account is ready");
    eve.log_in("ana@example.cl", SECOND).await.has_status(401);
    phone.log_in("ana@example.cl", FIRST).await.redirects_to("/account");
    phone.get("/account").await.says("Job seeker");
}

#[tokio::test]
async fn a_stranger_who_signs_up_first_and_six_times_keeps_no_owner_from_signing_up() {
    let site = TestSite::start().await;
    let (eve, ana) = (site.visitor(), site.visitor());
    for _ in 0..6 {
        sign_up(&site, &eve, "employee", FIRST).await;
    }
    let strangers = sign_up(&site, &ana, "organization", SECOND).await;
    assert_eq!(site.mails("ana@example.cl").await.len(), 6, "kept without another mail");
    ana.press(&strangers.link()).await.redirects_to("/account");
    ana.get("/account").await.says("Organization account");
    eve.log_in("ana@example.cl", FIRST).await.has_status(401);
    ana.log_in("ana@example.cl", SECOND).await.redirects_to("/account");
    assert_eq!(site.database.values("count(*)", "verification"), ["0"], "the others ended");
}

#[tokio::test]
async fn nor_when_the_owner_opens_one_of_those_mails_on_another_device() {
    let site = TestSite::start().await;
    let (eve, ana, phone) = (site.visitor(), site.visitor(), site.spanish_visitor());
    for _ in 0..6 {
        sign_up(&site, &eve, "employee", FIRST).await;
    }
    let strangers = sign_up(&site, &ana, "organization", SECOND).await;
    phone.verify(&strangers.link(), SECOND).await.redirects_to("/login");
    phone.get("/login").await.says("la cuenta de tu organización está lista");
    eve.log_in("ana@example.cl", FIRST).await.has_status(401);
    phone.log_in("ana@example.cl", SECOND).await.redirects_to("/account");
}

#[tokio::test]
async fn however_often_a_stranger_signs_up_before_and_after_the_owners_browser_verifies_its_own() {
    let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
    let (eve, ana) = (site.visitor(), site.visitor());
    for _ in 0..20 {
        sign_up(&site, &eve, "employee", FIRST).await;
    }
    let strangers = sign_up(&site, &ana, "organization", SECOND).await;
    for _ in 0..21 {
        sign_up(&site, &eve, "employee", FIRST).await;
    }
    assert_eq!(site.mails("ana@example.cl").await.len(), 6);
    ana.press(&strangers.link()).await.redirects_to("/account");
    ana.get("/account").await.says("Organization account");
    eve.log_in("ana@example.cl", FIRST).await.has_status(401);
    ana.log_in("ana@example.cl", SECOND).await.redirects_to("/account");
    assert_eq!(site.database.values("count(*)", "verification WHERE pending IS NOT NULL"), ["0"]);
}

#[tokio::test]
async fn a_sign_up_whose_mail_came_is_tried_on_another_device_however_many_follow() {
    let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
    let (eve, ana, phone) = (site.visitor(), site.visitor(), site.visitor());
    let own = sign_up(&site, &ana, "organization", SECOND).await;
    for _ in 0..30 {
        sign_up(&site, &eve, "employee", FIRST).await;
    }
    phone.verify(&own.link(), SECOND).await.redirects_to("/login");
    phone.log_in("ana@example.cl", SECOND).await.redirects_to("/account");
}

#[tokio::test]
async fn on_another_device_the_owner_gets_in_by_a_new_password_when_twenty_without_a_mail_follow() {
    let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
    let (eve, ana) = (site.visitor(), site.visitor());
    for _ in 0..6 {
        sign_up(&site, &eve, "employee", FIRST).await;
    }
    let strangers = sign_up(&site, &site.visitor(), "organization", SECOND).await;
    for _ in 0..20 {
        sign_up(&site, &eve, "employee", FIRST).await;
    }
    ana.verify(&strangers.link(), SECOND).await.has_status(422).says("No account was created with this email");
    ana.post("/password/forgot", &[("email", "ana@example.cl")]).await.redirects_to("/password/forgot/sent");
    let token = site.mail("ana@example.cl").await.token();
    ana.post("/password/reset", &[("token", &token), ("password", SECOND)]).await.redirects_to("/login");
    eve.log_in("ana@example.cl", FIRST).await.has_status(401);
    ana.log_in("ana@example.cl", SECOND).await.redirects_to("/account");
    assert_eq!(site.database.values("count(*)", "verification WHERE pending IS NOT NULL"), ["0"]);
}

#[tokio::test]
async fn of_many_who_sign_up_at_once_with_a_new_address_nobody_is_forgotten() {
    let site = TestSite::start().await;
    let crowd = (0..8).map(|number| {
        let (visitor, password) = (site.visitor(), format!("quillay sobre el lago {number}"));
        tokio::spawn(async move {
            visitor.sign_up_with("employee", "ana@example.cl", &password).await.has_status(303);
            (visitor, password)
        })
    });
    let mut people = Vec::new();
    for somebody in crowd.collect::<Vec<_>>() {
        people.push(somebody.await.unwrap());
    }
    assert_eq!(site.database.values("count(DISTINCT pending ->> 'password')", "verification"), ["8"]);
    let (ana, password) = people.pop().unwrap();
    ana.press(&site.mail("ana@example.cl").await.link()).await.redirects_to("/account");
    ana.log_in("ana@example.cl", &password).await.redirects_to("/account");
    for (eve, password) in people.iter().take(3) {
        eve.log_in("ana@example.cl", password).await.has_status(401);
    }
}

#[tokio::test]
async fn a_browser_that_did_not_sign_up_is_sent_a_link_that_asks_for_the_password() {
    let site = TestSite::start().await;
    let (ana, eve, phone) = (site.visitor(), site.visitor(), site.visitor());
    sign_up(&site, &ana, "employee", FIRST).await;
    sign_up(&site, &eve, "employee", SECOND).await;
    phone.post("/verify-email/resend", &[("email", "ana@example.cl")]).await.redirects_to("/signup/check-email");
    let mails = site.mails("ana@example.cl").await;
    assert_eq!(mails.len(), 3);
    phone.press(&mails[2].link()).await.has_status(422);
    phone.verify(&mails[2].link(), FIRST).await.redirects_to("/login");
    eve.log_in("ana@example.cl", SECOND).await.has_status(401);
}
