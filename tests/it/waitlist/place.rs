//! A person's own place.

use chrono::TimeDelta;

use crate::support::TestSite;
use crate::support::visitor::Visitor;

async fn place(site: &TestSite, visitor: &Visitor, role: &str) -> String {
    visitor.join("ana@example.cl", role).await.redirects_to("/waitlist/joined");
    site.later(TimeDelta::days(3)).await;
    let link = site.mail("ana@example.cl").await.link();
    visitor.press(&link).await.has_status(303).header("location").to_owned()
}

#[tokio::test]
async fn a_place_shows_where_it_stands_and_what_is_held() {
    let site = TestSite::start().await;
    let ana = site.visitor();
    let place = place(&site, &ana, "organization").await;
    let page = ana.get(&place).await.has_status(200).says("Your place is confirmed");
    page.clone().says("ana@example.cl").says("I’m hiring");
    let times = page.texts("time");
    let (joined, confirmed) = (times.first().unwrap(), times.get(1).unwrap());
    let now = site.app.clock.now();
    assert_eq!(confirmed, &biovity::values::locale::Locale::En.date_time(&now), "{times:?}");
    assert_ne!(joined, confirmed);
    assert_eq!(page.header("cache-control"), "no-store");
    assert_eq!(page.attribute("meta[name=robots]", "content").as_deref(), Some("noindex"));
}

#[tokio::test]
async fn a_place_is_read_in_either_language() {
    let site = TestSite::start().await;
    let ana = site.spanish_visitor();
    let place = place(&site, &ana, "employee").await;
    ana.get(&place).await.has_status(200).says("Tu lugar está confirmado").says("Busco trabajo");
    site.visitor().get(&place).await.has_status(200).says("Your place is confirmed");
}

#[tokio::test]
async fn the_private_link_still_works_a_year_later() {
    let site = TestSite::start().await;
    let ana = site.visitor();
    let place = place(&site, &ana, "employee").await;
    site.later(TimeDelta::days(365)).await;
    ana.get(&place).await.has_status(200).says("ana@example.cl");
}

#[tokio::test]
async fn nobody_sees_a_place_without_its_link() {
    let site = TestSite::start().await;
    let ana = site.visitor();
    let place = place(&site, &ana, "employee").await;
    for query in ["", "?token=", "?token=x", &format!("?token={}", "A".repeat(43)), "?id=1", "?email=ana@example.cl"] {
        let page = ana.get(&format!("/waitlist/place{query}")).await.has_status(410).leads_on();
        page.does_not_say("ana@example.cl");
    }
    site.database.execute("DELETE FROM waitlist");
    ana.get(&place).await.has_status(410).leads_on();
}

#[tokio::test]
async fn looking_at_a_place_changes_nothing() {
    let site = TestSite::start().await;
    let ana = site.visitor();
    let place = place(&site, &ana, "employee").await;
    let before = site.database.contents();
    for _ in 0..3 {
        ana.get(&place).await.has_status(200);
    }
    assert_eq!(site.database.contents(), before);
}
