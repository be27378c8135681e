//! A link that opens an account signs in, at once: whoever presses twice at two processes is signed in.

use biovity::server;
use chrono::TimeDelta;

use super::replicas::{press, replicas};
use super::{NO_COOKIE, form_of};
use crate::support::page::FilledForm;
use crate::support::visitor::Visitor;
use crate::support::{PASSWORD, TestSite};

/// Presses the button of a form at both processes; whichever answer the browser saw last, it is signed in.
async fn signs_in(browser: &Visitor, sites: &[TestSite; 2], form: &FilledForm, cookie: &str) {
    let sessions = || sites[0].database.values("id", "session").len();
    let before = sessions();
    for page in press(browser, sites, form, cookie).await {
        let cookie = page.cookie();
        page.redirects_to("/account");
        browser.get_with("/account/password", &cookie.unwrap()).await.has_status(200);
    }
    assert_eq!(sessions(), before + 1);
}

#[tokio::test]
async fn two_replicas_verify_an_address_and_sign_in_once() {
    let sites = replicas().await;
    let ana = sites[0].visitor();
    let signed_up = ana.sign_up("employee", "ana@example.cl").await;
    let cookie = signed_up.cookie().unwrap();
    let link = sites[0].mail("ana@example.cl").await.link();
    let form = ana.get_with(&link, &cookie).await.has_status(200).form("/verify-email");
    signs_in(&ana, &sites, &form, &cookie).await;
}

#[tokio::test]
async fn two_replicas_open_the_account_of_an_invited_member_once() {
    let sites = replicas().await;
    let lab = sites[0].organization("lab@example.cl").await;
    lab.post("/organization/members", &[("email", "ana@example.cl")]).await.has_status(303);
    let (ana, link) = (sites[0].visitor(), sites[0].mail("ana@example.cl").await.link());
    let form = form_of(&ana, &link, "/organization/invitation").await;
    let form = form.with("name", "Ana").with("profession", "x").with("password", PASSWORD);
    signs_in(&ana, &sites, &form, NO_COOKIE).await;
}

#[tokio::test]
async fn two_replicas_open_the_account_of_somebody_invited_from_the_waitlist_once() {
    let sites = replicas().await;
    let ana = sites[0].visitor();
    ana.join("ana@example.cl", "employee").await.redirects_to("/waitlist/joined");
    ana.press(&sites[0].mail("ana@example.cl").await.link()).await.has_status(303);
    let admin = sites[0].admin("admin@example.cl").await;
    let fields = [("employees", "1"), ("organizations", "0")];
    admin.post("/admin/waitlist/waves", &fields).await.has_status(303);
    sites[0].app.clock.advance(TimeDelta::seconds(5));
    server::jobs::run_steps_once(&sites[0].app).await.unwrap();
    let (ana, link) = (sites[0].visitor(), sites[0].mail("ana@example.cl").await.link());
    let form = form_of(&ana, &link, "/signup/invited").await;
    let form = form.with("name", "Ana").with("profession", "x").with("password", PASSWORD);
    signs_in(&ana, &sites, &form, NO_COOKIE).await;
}
