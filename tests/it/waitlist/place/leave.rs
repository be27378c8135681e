//! Leaving the waitlist.

use super::place::place;
use crate::support::TestSite;

#[tokio::test]
async fn who_leaves_sees_it_and_how_to_come_back() {
    let site = TestSite::start().await;
    let ana = site.spanish_visitor();
    let place = place(&site, &ana, "employee").await;
    let token = place.split_once("token=").unwrap().1;
    for _ in 0..2 {
        ana.post("/waitlist/leave", &[("token", token)]).await.redirects_to(&place);
    }
    ana.get(&place).await.has_status(200).says("Saliste de la lista de espera").leads_on();
    assert_eq!(site.database.values("action", "audit_event"), ["entry_left"], "told once");
    ana.post("/waitlist/leave", &[("token", &"A".repeat(43))]).await.has_status(410).leads_on();
}

#[tokio::test]
async fn a_letter_that_waits_goes_no_more_to_who_left() {
    let site = TestSite::start().await;
    let ana = site.visitor();
    let place = place(&site, &ana, "employee").await;
    site.database.execute("UPDATE waitlist SET confirmed_at = NULL");
    ana.join("ana@example.cl", "employee").await.has_status(409);
    ana.post("/waitlist/leave", &[("token", place.split_once("token=").unwrap().1)]).await.redirects_to(&place);
    assert_eq!(site.mails("ana@example.cl").await.len(), 1);
    assert_eq!(site.database.values("status", "outbox_letter ORDER BY id"), ["sent", "expired"]);
}

#[tokio::test]
async fn a_button_pressed_beyond_the_limit_is_answered_like_the_first() {
    let site = TestSite::start().await;
    let ana = site.visitor();
    let place = place(&site, &ana, "employee").await;
    let form = ana.get(&place).await.form("/waitlist/leave");
    for _ in 0..24 {
        ana.send(&form).await.redirects_to(&place);
    }
    let token = place.split_once("token=").unwrap().1;
    ana.post("/waitlist/leave", &[("token", token)]).await.has_status(429);
}
