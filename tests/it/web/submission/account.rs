//! Changes of an account, pressed twice.

use chrono::TimeDelta;

use super::{FIFTY, NO_COOKIE, all_alike, form_of, logged_in, site};
use crate::support::pictures::png;
use crate::support::{PASSWORD, TestSite};

const NEW: &str = "otra-Frase larga 2026";

#[tokio::test]
async fn a_password_changed_fifty_times_with_one_form_leaves_the_browser_signed_in() {
    let site = site().await;
    site.employee("ana@example.cl").await;
    let (ana, cookie) = logged_in(&site, "ana@example.cl", PASSWORD).await;
    let mails = site.mails("ana@example.cl").await.len();
    let form = form_of(&ana, "/account/password", "/account/password").await;
    let form = form.with("current_password", PASSWORD).with("password", NEW);
    let pages = ana.send_at_once(&form, &cookie, FIFTY).await;
    all_alike(&pages).clone().redirects_to("/account");
    assert_eq!(site.mails("ana@example.cl").await.len(), mails + 1);
    for page in &pages {
        ana.get_with("/account/password", &page.cookie().unwrap()).await.has_status(200);
    }
    ana.get_with("/account/password", &cookie).await.redirects_to("/login?next=%2Faccount%2Fpassword");
    site.app.clock.advance(TimeDelta::seconds(11));
    ana.send_at_once(&form, &cookie, 1).await.remove(0).was_sent_too_late("/account/password");
}

#[tokio::test]
async fn a_password_given_again_fifty_times_leaves_the_browser_signed_in() {
    let site = site().await;
    site.employee("ana@example.cl").await;
    let (ana, cookie) = logged_in(&site, "ana@example.cl", PASSWORD).await;
    let form = form_of(&ana, "/reauth?next=/account/email", "/reauth").await.with("password", PASSWORD);
    let pages = ana.send_at_once(&form, &cookie, FIFTY).await;
    all_alike(&pages).clone().redirects_to("/account/email");
    for page in &pages {
        ana.get_with("/account/email", &page.cookie().unwrap()).await.has_status(200);
    }
}

#[tokio::test]
async fn a_replaced_token_lets_only_the_form_sent_with_it_be_answered() {
    let site = site().await;
    site.employee("ana@example.cl").await;
    let (ana, cookie) = logged_in(&site, "ana@example.cl", PASSWORD).await;
    let form = form_of(&ana, "/reauth", "/reauth").await.with("password", PASSWORD);
    let other = form_of(&ana, "/reauth", "/reauth").await.with("password", PASSWORD);
    ana.send_at_once(&form, &cookie, 1).await.remove(0).redirects_to("/account");
    ana.send_at_once(&form, &cookie, 1).await.remove(0).redirects_to("/account");
    ana.send_at_once(&other, &cookie, 1).await.remove(0).was_sent_too_late("/reauth");
    ana.get_with("/account/password", &cookie).await.redirects_to("/login?next=%2Faccount%2Fpassword");
}

#[tokio::test]
async fn signing_up_and_verifying_fifty_times_is_one_account_that_is_signed_in() {
    let site = site().await;
    let ana = site.visitor();
    let form = form_of(&ana, "/signup/employee", "/signup/employee").await;
    let form = form.with("name", "Ana").with("email", "ana@example.cl").with("profession", "x");
    let pages = ana.send_at_once(&form.with("password", PASSWORD), NO_COOKIE, FIFTY).await;
    all_alike(&pages).clone().redirects_to("/signup/check-email");
    assert_eq!(site.mails("ana@example.cl").await.len(), 1);
    // Whichever answer the browser saw last, it is the one that signed up.
    let cookie = pages[FIFTY - 1].cookie().unwrap();
    let link = site.mail("ana@example.cl").await.link();
    let verify = ana.get_with(&link, &cookie).await.has_status(200).form("/verify-email");
    let pages = ana.send_at_once(&verify, &cookie, FIFTY).await;
    all_alike(&pages).clone().redirects_to("/account");
    for page in &pages {
        ana.get_with("/account/password", &page.cookie().unwrap()).await.has_status(200);
    }
    assert_eq!(site.database.values("count(*)", "session"), ["1"]);
    let other = ana.get_with(&link, NO_COOKIE).await.has_status(410).leads_on();
    other.says("a moment ago").says("Your email is verified and your account is ready.");
}

#[tokio::test]
async fn a_password_reset_fifty_times_with_one_form_is_told_of_to_another() {
    let site = site().await;
    site.employee("ana@example.cl").await;
    let ana = site.visitor();
    let forgot = form_of(&ana, "/password/forgot", "/password/forgot").await.with("email", "ana@example.cl");
    let pages = ana.send_at_once(&forgot, NO_COOKIE, FIFTY).await;
    all_alike(&pages).clone().redirects_to("/password/forgot/sent");
    let mails = site.mails("ana@example.cl").await.len();
    let link = site.mail("ana@example.cl").await.link();
    let form = form_of(&ana, &link, "/password/reset").await.with("password", NEW);
    let other = form_of(&ana, &link, "/password/reset").await.with("password", NEW);
    let pages = ana.send_at_once(&form, NO_COOKIE, FIFTY).await;
    all_alike(&pages).clone().redirects_to("/login");
    assert_eq!(site.mails("ana@example.cl").await.len(), mails + 1);
    for page in [ana.send(&other).await, ana.get(&link).await] {
        let page = page.has_status(410).leads_on().says("a moment ago");
        page.says("Your password was changed. Log in with the new one.").does_not_say("has expired");
    }
    ana.log_in("ana@example.cl", NEW).await.redirects_to("/account");
    ana.get(&link).await.has_status(410).says("Your password was changed.").does_not_say("Log in");
    site.later(TimeDelta::minutes(11)).await;
    ana.get(&link).await.has_status(410).says("This link no longer works");
}

#[tokio::test]
async fn a_link_is_asked_for_once_within_the_limits_however_often_the_button_is_pressed() {
    let site = TestSite::start().await;
    site.employee("ana@example.cl").await;
    let ana = site.visitor();
    let mails = site.mails("ana@example.cl").await.len();
    let forgot = form_of(&ana, "/password/forgot", "/password/forgot").await.with("email", "ana@example.cl");
    let pages = ana.send_at_once(&forgot, NO_COOKIE, 10).await;
    all_alike(&pages).clone().redirects_to("/password/forgot/sent");
    assert_eq!(site.mails("ana@example.cl").await.len(), mails + 1);
}

#[tokio::test]
async fn a_profile_saved_fifty_times_with_a_picture_is_saved_once() {
    let site = site().await;
    site.employee("ana@example.cl").await;
    let (ana, _) = logged_in(&site, "ana@example.cl", PASSWORD).await;
    let form = form_of(&ana, "/account", "/account").await.with("name", "Ana María");
    let fields: Vec<_> = form.fields.iter().filter(|(name, _)| name != "avatar").cloned().collect();
    let presses: Vec<_> = (0..FIFTY)
        .map(|_| {
            let (ana, fields) = (ana.clone(), fields.clone());
            tokio::spawn(async move {
                let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
                ana.upload("/account", &fields, ("avatar", png(20, 20))).await
            })
        })
        .collect();
    for press in presses {
        press.await.unwrap().redirects_to("/account");
    }
    let events = "audit_event WHERE action IN ('profile_changed', 'picture_changed')";
    assert_eq!(site.database.values("count(*)", events), ["2"]);
}

#[tokio::test]
async fn an_account_that_is_deleted_fifty_times_says_goodbye_each_time() {
    let site = site().await;
    site.employee("ana@example.cl").await;
    let (ana, cookie) = logged_in(&site, "ana@example.cl", PASSWORD).await;
    let form = form_of(&ana, "/account/delete", "/account/delete").await;
    let form = form.with("email", "ana@example.cl").with("password", PASSWORD);
    let mails = site.mails("ana@example.cl").await.len();
    let pages = ana.send_at_once(&form, &cookie, FIFTY).await;
    all_alike(&pages).clone().redirects_to("/");
    assert_eq!(site.mails("ana@example.cl").await.len(), mails + 1);
    let link = site.mail("ana@example.cl").await.link();
    let keep = form_of(&ana, &link, "/account/delete/cancel").await;
    let pages = ana.send_at_once(&keep, NO_COOKIE, FIFTY).await;
    all_alike(&pages).clone().redirects_to("/login");
    ana.get(&link).await.has_status(410).says("a moment ago").says("Your account stays. You can log in again.");
    ana.log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
    ana.get(&link).await.has_status(410).says("Your account stays.").does_not_say("log in");
}

#[tokio::test]
async fn an_address_that_is_changed_fifty_times_with_one_form_is_changed_once() {
    let site = site().await;
    site.employee("ana@example.cl").await;
    let (ana, cookie) = logged_in(&site, "ana@example.cl", PASSWORD).await;
    let form = form_of(&ana, "/account/email", "/account/email").await;
    let form = form.with("email", "nueva@example.cl").with("current_password", PASSWORD);
    let pages = ana.send_at_once(&form, &cookie, FIFTY).await;
    all_alike(&pages).clone().redirects_to("/account/email");
    let cookie = pages[FIFTY - 1].cookie().unwrap();
    ana.get_with("/account/email", &cookie).await.has_status(200).says("nueva@example.cl");
    assert_eq!(site.mails("nueva@example.cl").await.len(), 1);
    let link = site.mail("nueva@example.cl").await.link();
    let confirm = form_of(&ana, &link, "/account/email/confirm").await;
    let pages = ana.send_at_once(&confirm, NO_COOKIE, FIFTY).await;
    all_alike(&pages).clone().redirects_to("/login");
    ana.get(&link).await.has_status(410).says("a moment ago").says("Your email was changed.");
}

#[tokio::test]
async fn a_form_that_waits_for_the_password_goes_on_each_time_it_is_pressed() {
    let site = site().await;
    site.make_admin("boss@example.cl", PASSWORD);
    let (boss, cookie) = logged_in(&site, "boss@example.cl", PASSWORD).await;
    let pause = form_of(&boss, "/admin/mail", "/admin/mail/pause").await;
    site.later(TimeDelta::minutes(61)).await;
    let asked = boss.send_at_once(&pause, &cookie, 1).await.remove(0).has_status(403);
    let form = asked.form("/reauth").with("password", PASSWORD);
    let pages = boss.send_at_once(&form, &cookie, FIFTY).await;
    all_alike(&pages).clone().has_status(200);
    for page in &pages {
        assert_eq!(page.body, pages[0].body);
    }
    let again = pages[FIFTY - 1].form("/admin/mail/pause");
    assert_eq!(again.fields, pause.fields);
    let pages = boss.send_at_once(&again, &pages[FIFTY - 1].cookie().unwrap(), FIFTY).await;
    all_alike(&pages).clone().redirects_to("/admin/mail");
}

#[tokio::test]
async fn whoever_has_logged_out_is_not_answered_as_if_signed_in() {
    let site = site().await;
    site.employee("ana@example.cl").await;
    let (ana, cookie) = logged_in(&site, "ana@example.cl", PASSWORD).await;
    let form = form_of(&ana, "/account/sessions", "/account/sessions/end-others").await;
    ana.send(&form).await.redirects_to("/account/sessions");
    ana.send(&form).await.redirects_to("/account/sessions");
    ana.log_out().await.redirects_to("/");
    for cookie in [NO_COOKIE, &cookie] {
        ana.send_at_once(&form, cookie, 1).await.remove(0).was_sent_too_late("/account/sessions");
    }
}

#[tokio::test]
async fn nothing_that_was_typed_can_be_read_in_the_database() {
    let site = site().await;
    let organization = site.organization("lab@example.cl").await;
    let form = form_of(&organization, "/organization/members", "/organization/members").await;
    organization.send(&form.with("email", "secreta@example.cl")).await.has_status(303);
    organization.get("/organization/members").await.says("secreta@example.cl");
    let rows = site.database.values("concat(encode(id, 'escape'), answer)", "form_submission").join(" ");
    assert!(!rows.is_empty() && !rows.contains("secreta") && !rows.contains("members"), "{rows}");
}
