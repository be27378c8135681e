//! Changes of an account, pressed twice.

use chrono::TimeDelta;

use super::{FIFTY, all_alike, form_of, logged_in, site};
use crate::support::PASSWORD;

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
    ana.send_at_once(&form, &cookie, 1).await.remove(0).redirects_to("/login");
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
    ana.send_at_once(&other, &cookie, 1).await.remove(0).redirects_to("/login");
    ana.get_with("/account/password", &cookie).await.redirects_to("/login?next=%2Faccount%2Fpassword");
}
