//! Logging in, pressed twice.

use chrono::TimeDelta;

use super::{FIFTY, NO_COOKIE, all_alike, form_of, logged_in, site};
use crate::support::PASSWORD;

#[tokio::test]
async fn logging_in_fifty_times_with_one_form_is_one_session_and_one_notice() {
    let site = site().await;
    site.employee("ana@example.cl").await;
    site.later(TimeDelta::days(2)).await;
    let mails = site.mails("ana@example.cl").await.len();
    let ana = site.visitor();
    let form = form_of(&ana, "/login", "/login").await.with("email", "ana@example.cl").with("password", PASSWORD);
    let pages = ana.send_at_once(&form, NO_COOKIE, FIFTY).await;
    all_alike(&pages).clone().redirects_to("/account");
    assert_eq!(site.mails("ana@example.cl").await.len(), mails + 1);
    for page in &pages {
        assert!(page.headers.get_all("set-cookie").iter().any(|it| it.to_str().unwrap().contains("biovity-device=")));
        ana.get_with("/account/password", &page.cookie().unwrap()).await.has_status(200);
    }
    let list = ana.get_with("/account/sessions", &pages[FIFTY - 1].cookie().unwrap()).await.has_status(200);
    assert_eq!(list.texts("form[action^='/account/sessions/'][action$='/end']").len(), 2, "{}", list.text());
}

#[tokio::test]
async fn a_log_in_whose_answer_was_lost_may_be_sent_again_after_minutes() {
    let site = site().await;
    site.employee("ana@example.cl").await;
    let (ana, stale) = logged_in(&site, "ana@example.cl", PASSWORD).await;
    ana.log_out().await.has_status(303);
    let form = form_of(&ana, "/login", "/login").await.with("email", "ana@example.cl").with("password", PASSWORD);
    for cookie in [NO_COOKIE, &stale] {
        let first = ana.send_at_once(&form, cookie, 1).await.remove(0).cookie().unwrap();
        site.later(TimeDelta::minutes(3)).await;
        let again = ana.send_at_once(&form, cookie, 1).await.remove(0);
        let second = again.cookie().unwrap();
        again.redirects_to("/account");
        for cookie in [first, second] {
            ana.get_with("/account/password", &cookie).await.has_status(200);
        }
    }
}

#[tokio::test]
async fn a_form_that_logged_in_before_logs_in_again_after_logging_out() {
    let site = site().await;
    site.employee("ana@example.cl").await;
    let ana = site.visitor();
    let form = form_of(&ana, "/login", "/login").await.with("email", "ana@example.cl").with("password", PASSWORD);
    ana.send(&form).await.redirects_to("/account");
    ana.send(&form).await.redirects_to("/account");
    ana.get("/account").await.has_status(200);
    ana.log_out().await.redirects_to("/");
    ana.send(&form).await.redirects_to("/account");
    ana.get("/account").await.has_status(200);
}
