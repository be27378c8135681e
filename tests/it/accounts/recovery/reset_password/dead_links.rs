//! Links that set no password any more, or never did: one page, which tells nobody why.

use chrono::TimeDelta;

use super::{NEW, forgot, reset};
use crate::support::page::Page;
use crate::support::{PASSWORD, TestSite};

fn leads_on(page: Page) -> Page {
    let page = page.has_status(410).says("This link no longer works");
    assert!(page.attribute(r#"main a[href="/password/forgot"]"#, "href").is_some());
    page
}

/// What a link that does not work answers, without the token, to a look and to the form.
async fn answers(site: &TestSite, token: &str) -> [String; 2] {
    let looked = site.visitor().get(&format!("/password/reset?token={token}")).await;
    let sent = reset(&site.visitor(), token, NEW).await;
    [looked, sent].map(|page| leads_on(page).body.replace(token, ""))
}

#[tokio::test]
async fn a_link_that_does_not_work_tells_nobody_why() {
    let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
    for address in ["used@example.cl", "expired@example.cl", "fresh@example.cl"] {
        site.employee(address).await;
    }
    let used = forgot(&site, "used@example.cl").await.token();
    reset(&site.visitor(), &used, NEW).await.redirects_to("/login");
    let secures = site.mail("used@example.cl").await.token();
    let expired = forgot(&site, "expired@example.cl").await.token();
    site.app.clock.advance(TimeDelta::hours(1));
    let fresh = forgot(&site, "fresh@example.cl").await.token();
    let altered: String = fresh.chars().rev().collect();
    site.visitor().join("place@example.cl", "employee").await.has_status(303);
    let place = site.mail("place@example.cl").await.token();
    site.visitor().sign_up("employee", "waiting@example.cl").await.has_status(303);
    let verifies = site.mail("waiting@example.cl").await.token();
    let expected = answers(&site, &"A".repeat(43)).await;
    for token in [&used, &expired, &altered, &place, &verifies, &secures, &"x".repeat(300)] {
        assert!(answers(&site, token).await == expected, "{token}");
    }
    site.visitor().log_in("expired@example.cl", PASSWORD).await.redirects_to("/account");
    reset(&site.visitor(), &fresh, NEW).await.redirects_to("/login");
}

#[tokio::test]
async fn it_opens_nothing_else() {
    let site = TestSite::start().await;
    site.employee("ana@example.cl").await;
    let token = forgot(&site, "ana@example.cl").await.token();
    let paths =
        ["/verify-email", "/waitlist/confirm", "/account/secure", "/account/email/confirm", "/account/email/undo"];
    for path in paths {
        site.visitor().get(&format!("{path}?token={token}")).await.has_status(410).leads_on();
        site.visitor().post(path, &[("token", &token)]).await.has_status(410).leads_on();
    }
    reset(&site.visitor(), &token, NEW).await.redirects_to("/login");
}

#[tokio::test]
async fn a_link_that_does_not_work_says_so_in_spanish() {
    let site = TestSite::start().await;
    let never = format!("/password/reset?token={}", "A".repeat(43));
    site.spanish_visitor().get(&never).await.has_status(410).says("Este enlace ya no sirve");
}

#[tokio::test]
async fn one_link_ends_the_others() {
    let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
    site.employee("ana@example.cl").await;
    let (first, second) =
        (forgot(&site, "ana@example.cl").await.token(), forgot(&site, "ana@example.cl").await.token());
    reset(&site.visitor(), &first, NEW).await.redirects_to("/login");
    reset(&site.visitor(), &second, PASSWORD).await.has_status(410);
}

#[tokio::test]
async fn of_two_links_used_at_once_one_sets_the_password() {
    let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
    site.employee("ana@example.cl").await;
    let (first, second) =
        (forgot(&site, "ana@example.cl").await.token(), forgot(&site, "ana@example.cl").await.token());
    let (here, there) = (site.visitor(), site.visitor());
    let (one, two) = tokio::join!(reset(&here, &first, NEW), reset(&there, &second, NEW));
    let mut statuses = [one.status.as_u16(), two.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 410]);
}

#[tokio::test]
async fn it_dies_when_the_password_changes() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    let token = forgot(&site, "ana@example.cl").await.token();
    let change = [("current_password", PASSWORD), ("password", NEW)];
    ana.post("/account/password", &change).await.redirects_to("/account");
    site.visitor().get(&format!("/password/reset?token={token}")).await.has_status(410);
    reset(&site.visitor(), &token, PASSWORD).await.has_status(410);
    site.visitor().log_in("ana@example.cl", NEW).await.redirects_to("/account");
}

#[tokio::test]
async fn it_dies_when_the_password_changes_by_other_means() {
    let site = TestSite::start().await;
    site.employee("ana@example.cl").await;
    let token = forgot(&site, "ana@example.cl").await.token();
    site.make_admin("ana@example.cl", NEW);
    reset(&site.visitor(), &token, PASSWORD).await.has_status(410);
}

#[tokio::test]
async fn it_dies_when_the_address_changes() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    let token = forgot(&site, "ana@example.cl").await.token();
    let change = [("email", "new@example.cl"), ("current_password", PASSWORD)];
    ana.post("/account/email", &change).await.redirects_to("/account/email");
    site.visitor().get(&format!("/password/reset?token={token}")).await.has_status(200);
    ana.press(&site.mail("new@example.cl").await.link()).await.redirects_to("/account");
    site.visitor().get(&format!("/password/reset?token={token}")).await.has_status(410);
    reset(&site.visitor(), &token, NEW).await.has_status(410);
    site.visitor().log_in("new@example.cl", PASSWORD).await.redirects_to("/account");
}

#[tokio::test]
async fn it_dies_with_the_account() {
    let site = TestSite::start().await;
    site.employee("ana@example.cl").await;
    let token = forgot(&site, "ana@example.cl").await.token();
    site.database.execute(r#"DELETE FROM "user""#);
    site.visitor().get(&format!("/password/reset?token={token}")).await.has_status(410);
    reset(&site.visitor(), &token, NEW).await.has_status(410);
}
