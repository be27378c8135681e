//! The links that every mail about a place has: computed now, and with rows in mails sent before.

use std::sync::Arc;

use biovity::mail::link::{Link, NewLink, Purpose};
use chrono::TimeDelta;

use crate::support::TestSite;
use crate::waitlist::place::place::place;

/// A link with a row, as they were made before.
fn stored(site: &TestSite, name: &'static str) -> Link {
    let subject = site.database.values("id", "waitlist").pop().unwrap();
    let purpose = Purpose { name, lasts: TimeDelta::days(3_650) };
    let (mut conn, now) = (site.database.connect(), site.app.clock.now());
    NewLink { purpose, subject, pending: None }.issue(&mut conn, now, &site.app.keys).unwrap()
}

#[tokio::test]
async fn a_join_makes_one_row_for_the_link_that_is_used_once() {
    let site = TestSite::start().await;
    site.visitor().join("ana@example.cl", "employee").await.redirects_to("/waitlist/joined");
    let made = site.database.values("split_part(identifier, ':', 1)", "verification");
    assert_eq!(made, ["waitlist-confirm"]);
}

#[tokio::test]
async fn links_that_were_sent_with_a_row_go_on_working() {
    let site = TestSite::start().await;
    let ana = site.visitor();
    let computed = place(&site, &ana, "employee").await;
    let [own, stop] = ["waitlist-place", "waitlist-unsubscribe"].map(|name| stored(&site, name));
    let [own, stop] = [own, stop].map(|link| link.token(&site.app.keys).unwrap().reveal().to_owned());
    ana.get(&format!("/waitlist/place?token={own}")).await.has_status(200).says("ana@example.cl");
    ana.get(&format!("/waitlist/place?token={stop}")).await.has_status(410);
    ana.get(&format!("/waitlist/unsubscribe?token={stop}")).await.has_status(200);
    ana.post("/waitlist/leave", &[("token", &own)]).await.has_status(303);
    ana.get(&computed).await.has_status(200).says("You left the waitlist");
    ana.post("/waitlist/erase", &[("token", &own)]).await.redirects_to("/");
    for link in [format!("/waitlist/place?token={own}"), computed, format!("/waitlist/unsubscribe?token={stop}")] {
        ana.get(&link).await.has_status(410).leads_on();
    }
}

#[tokio::test]
async fn a_letter_queued_with_stored_links_still_goes_out() {
    let site = TestSite::start().await;
    site.visitor().join("ana@example.cl", "employee").await.redirects_to("/waitlist/joined");
    let own = stored(&site, "waitlist-place");
    site.database.execute(&format!("UPDATE outbox_letter SET manage_link_id = '{}'", own.id.as_str()));
    let mail = site.mail("ana@example.cl").await;
    assert!(mail.text.contains(own.token(&site.app.keys).unwrap().reveal()), "{}", mail.text);
}

#[tokio::test]
async fn links_end_with_the_generation_number_and_one_of_a_former_place_opens_no_other() {
    let site = TestSite::start().await;
    let ana = site.visitor();
    let link = place(&site, &ana, "employee").await;
    site.database.execute("UPDATE waitlist SET generation = generation + 1");
    ana.get(&link).await.has_status(410).leads_on();
    site.database.execute("UPDATE waitlist SET generation = generation - 1");
    ana.get(&link).await.has_status(200);
    // As after a backup was restored that is older than the place.
    site.database.execute("DELETE FROM waitlist; ALTER TABLE waitlist ALTER COLUMN id RESTART");
    ana.join("bea@example.cl", "employee").await.redirects_to("/waitlist/joined");
    assert_eq!(site.database.values("id", "waitlist"), ["1"]);
    ana.get(&link).await.has_status(410).does_not_say("bea@example.cl");
}

#[tokio::test]
async fn a_former_key_still_opens_what_it_made() {
    let before = TestSite::start().await;
    let link = place(&before, &before.visitor(), "employee").await;
    let both = ["6f".repeat(64), "5e".repeat(64)].join(",");
    let after = TestSite::on(Arc::clone(&before.database), &[("SECRET_KEY", &both)]).await;
    after.visitor().get(&link).await.has_status(200).says("ana@example.cl");
    let only = TestSite::on(Arc::clone(&before.database), &[("SECRET_KEY", &"6f".repeat(64))]).await;
    only.visitor().get(&link).await.has_status(410);
}
