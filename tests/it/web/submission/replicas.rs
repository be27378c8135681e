//! A form that is pressed twice may reach two processes.

use std::sync::Arc;

use chrono::TimeDelta;

use super::{NO_COOKIE, form_of, logged_in};
use crate::support::database::TestDatabase;
use crate::support::page::{FilledForm, Page};
use crate::support::visitor::Visitor;
use crate::support::{PASSWORD, TestSite};

pub(super) async fn replicas() -> [TestSite; 2] {
    let database = Arc::new(TestDatabase::migrated());
    let variables = [("RATE_LIMITS", "off")];
    [TestSite::on(Arc::clone(&database), &variables).await, TestSite::on(database, &variables).await]
}

/// Sends a form to both at once, again and again.
pub(super) async fn press(browser: &Visitor, sites: &[TestSite; 2], form: &FilledForm, cookie: &str) -> Vec<Page> {
    let [here, there] = sites.each_ref().map(|site| browser.at(&site.base_url));
    let (mut pages, others) = tokio::join!(here.send_at_once(form, cookie, 4), there.send_at_once(form, cookie, 4));
    pages.extend(others);
    pages
}

#[tokio::test]
async fn two_replicas_give_effect_to_a_log_in_once() {
    let sites = replicas().await;
    sites[0].employee("ana@example.cl").await;
    for site in &sites {
        site.later(TimeDelta::days(2)).await;
    }
    let ana = sites[0].visitor();
    let form = form_of(&ana, "/login", "/login").await.with("email", "ana@example.cl").with("password", PASSWORD);
    let sessions = |site: &TestSite| site.database.values("id", "session").len();
    let before = sessions(&sites[0]);
    for page in press(&ana, &sites, &form, NO_COOKIE).await {
        let cookie = page.cookie().unwrap();
        page.redirects_to("/account");
        ana.get_with("/account/password", &cookie).await.has_status(200);
    }
    assert_eq!(sessions(&sites[0]), before + 1);
    let notices = "outbox_letter WHERE kind = 'new-device'";
    assert_eq!(sites[0].database.values("count(*)", notices), ["1"]);
}

#[tokio::test]
async fn two_replicas_give_effect_to_a_join_and_to_a_wave_once() {
    let sites = replicas().await;
    let boss = sites[0].admin("boss@example.cl").await;
    let join = form_of(&boss, "/waitlist", "/waitlist").await.with("email", "ana@example.cl").with("role", "employee");
    let guest = sites[0].visitor();
    for page in press(&guest, &sites, &join, NO_COOKIE).await {
        page.redirects_to("/waitlist/joined");
    }
    assert_eq!(sites[0].database.values("count(*)", "outbox_letter WHERE kind = 'waitlist-confirm'"), ["1"]);
    sites[0].database.execute(
        "INSERT INTO waitlist (email, role, created_at, confirmed_at) \
         SELECT n || '@example.cl', 'employee', now() - n * interval '1 day', now() FROM generate_series(1, 40) AS n",
    );
    let (boss, cookie) = logged_in(&sites[0], "boss@example.cl", PASSWORD).await;
    let rehearsal = "/admin/waitlist/waves/rehearsal?employees=20&organizations=0";
    let form = form_of(&boss, rehearsal, "/admin/waitlist/waves").await;
    for page in press(&boss, &sites, &form, &cookie).await {
        page.redirects_to("/admin/waitlist/waves/1");
    }
    assert_eq!(sites[0].database.values("count(*)", "waitlist_wave"), ["1"]);
    assert_eq!(sites[0].database.values("count(*)", "waitlist_invitation"), ["20"]);
}

#[tokio::test]
async fn two_replicas_give_effect_to_a_change_of_password_once() {
    let sites = replicas().await;
    sites[0].employee("ana@example.cl").await;
    let (ana, cookie) = logged_in(&sites[0], "ana@example.cl", PASSWORD).await;
    let form = form_of(&ana, "/account/password", "/account/password").await;
    let form = form.with("current_password", PASSWORD).with("password", "otra-Frase larga 2026");
    for page in press(&ana, &sites, &form, &cookie).await {
        let cookie = page.cookie().unwrap();
        page.redirects_to("/account");
        ana.get_with("/account/password", &cookie).await.has_status(200);
    }
    assert_eq!(sites[0].database.values("count(*)", "audit_event WHERE action = 'password_changed'"), ["1"]);
}

#[tokio::test]
async fn two_replicas_send_an_invitation_and_a_change_of_address_once() {
    let sites = replicas().await;
    sites[0].organization("lab@example.cl").await;
    let (lab, cookie) = logged_in(&sites[0], "lab@example.cl", PASSWORD).await;
    let invite = form_of(&lab, "/organization/members", "/organization/members").await.with("email", "ana@example.cl");
    for page in press(&lab, &sites, &invite, &cookie).await {
        page.redirects_to("/organization/members");
    }
    let letters = |kind: &str| sites[0].database.values("count(*)", &format!("outbox_letter WHERE kind = '{kind}'"));
    assert_eq!(letters("organization-invitation"), ["1"]);
    let change = form_of(&lab, "/account/email", "/account/email").await.with("email", "otro@example.cl");
    for page in press(&lab, &sites, &change.with("current_password", PASSWORD), &cookie).await {
        page.redirects_to("/account/email");
    }
    assert_eq!(letters("confirm-email"), ["1"]);
}

#[tokio::test]
async fn a_form_that_is_pressed_twice_while_secret_key_is_replaced_has_one_effect() {
    let database = Arc::new(TestDatabase::migrated());
    let (former, new) = ("a1".repeat(64), "b2".repeat(64));
    // Both know both, as the operator is told to have it; one makes forms, cookies and links by the new one already.
    let keys = [format!("{former},{new}"), format!("{new},{former}")];
    let [one, other] = keys.each_ref().map(|keys| [("RATE_LIMITS", "off"), ("SECRET_KEY", keys.as_str())]);
    let sites = [TestSite::on(Arc::clone(&database), &one).await, TestSite::on(Arc::clone(&database), &other).await];
    sites[0].employee("ana@example.cl").await;
    for site in &sites {
        site.later(TimeDelta::days(2)).await;
    }
    let sessions = || database.values("count(*)", "session").concat().parse::<usize>().unwrap();
    for (number, made) in sites.iter().enumerate() {
        let ana = made.visitor();
        let form = form_of(&ana, "/login", "/login").await.with("email", "ana@example.cl").with("password", PASSWORD);
        let before = sessions();
        for page in press(&ana, &sites, &form, NO_COOKIE).await {
            let cookie = page.cookie().unwrap();
            page.redirects_to("/account");
            ana.get_with("/account/password", &cookie).await.has_status(200);
        }
        assert_eq!(sessions(), before + 1, "the form of replica {number}");
    }
    let boss = sites[1].admin("boss@example.cl").await;
    let form = form_of(&boss, "/admin/keys", "/admin/keys").await.with("name", "CRM").with("access", "read");
    let (_, cookie) = logged_in(&sites[1], "boss@example.cl", PASSWORD).await;
    for page in press(&boss, &sites, &form.with("lifetime", "30"), &cookie).await {
        page.has_status(303);
    }
    assert_eq!(database.values("count(*)", "api_key"), ["1"]);
}
