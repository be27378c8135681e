//! Joining and confirming, pressed twice.

use super::{FIFTY, NO_COOKIE, all_alike, form_of, site};
use crate::support::TestSite;

#[tokio::test]
async fn joining_fifty_times_with_one_form_is_joining_once() {
    let site = TestSite::start().await;
    let ana = site.visitor();
    let form = form_of(&ana, "/", "/waitlist").await.with("email", "ana@example.cl").with("role", "employee");
    let pages = ana.send_at_once(&form, NO_COOKIE, FIFTY).await;
    all_alike(&pages).clone().redirects_to("/waitlist/joined");
    assert_eq!(site.mails("ana@example.cl").await.len(), 1);
    ana.send(&form).await.redirects_to("/waitlist/joined");
    let fresh = form_of(&ana, "/waitlist", "/waitlist").await;
    ana.send(&fresh.with("email", "ana@example.cl").with("role", "employee")).await.has_status(409);
}

#[tokio::test]
async fn joining_again_with_the_form_of_before_is_a_new_place_after_leaving() {
    let site = site().await;
    let ana = site.visitor();
    let form = form_of(&ana, "/waitlist", "/waitlist").await.with("email", "ana@example.cl").with("role", "employee");
    ana.send(&form).await.redirects_to("/waitlist/joined");
    let place = ana.press(&site.mail("ana@example.cl").await.link()).await.has_status(303);
    let leave = form_of(&ana, place.header("location"), "/waitlist/leave").await;
    ana.send(&leave).await.has_status(303);
    let again = form_of(&ana, "/", "/waitlist").await.with("email", "ana@example.cl").with("role", "employee");
    let pages = ana.send_at_once(&again, NO_COOKIE, FIFTY).await;
    all_alike(&pages).clone().redirects_to("/waitlist/joined");
    assert_eq!(site.mails("ana@example.cl").await.len(), 2);
}

#[tokio::test]
async fn confirming_fifty_times_with_one_form_leads_to_the_place_each_time() {
    let site = site().await;
    let ana = site.visitor();
    ana.join("ana@example.cl", "employee").await.has_status(303);
    let link = site.mail("ana@example.cl").await.link();
    let form = form_of(&ana, &link, "/waitlist/confirm").await;
    let pages = ana.send_at_once(&form, NO_COOKIE, FIFTY).await;
    let place = all_alike(&pages).clone().has_status(303).header("location").to_owned();
    ana.get(&place).await.has_status(200).says("ana@example.cl");
}
