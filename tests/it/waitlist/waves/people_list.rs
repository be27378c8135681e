//! The people of a wave: who was taken, what became of each, and why some were skipped.

use biovity::values::id::WaveId;
use biovity::waitlist::joining::role::Role;
use biovity::waitlist::waves::people::invited_person::{Part, PeopleFilter};
use chrono::TimeDelta;
use diesel::{Connection, QueryResult};

use super::{WAVES, go_on, rehearse, site_with, start, wave_that_skips_six};
use crate::support::PASSWORD;
use crate::support::database::rows_read;
use crate::support::page::Page;
use crate::support::smtp::Script;

/// The address and what became of it, row by row.
fn rows(page: &Page) -> Vec<String> {
    let cells = page.texts("tbody td");
    cells.chunks(5).map(|row| format!("{}: {}", row[0], row[2])).collect()
}

#[tokio::test]
async fn whoever_was_skipped_stands_there_with_the_reason() {
    let (_site, admin, page) = wave_that_skips_six().await;
    let skipped = admin.get(&format!("{page}/people?state=skipped")).await.has_status(200);
    assert_eq!(skipped.texts("tbody tr:first-child td")[1], "Job seeker", "one person");
    assert_eq!(
        rows(&skipped),
        [
            "e1@example.cl: skipped: had left",
            "e2@example.cl: skipped: emails to them are refused",
            "e3@example.cl: skipped: was deleted",
            "e4@example.cl: skipped: had an account already",
            "(erased): skipped: erased, or joined again",
            "e6@example.cl: skipped: had an account already",
        ]
    );
    let place = skipped.attribute("tbody a", "href").unwrap();
    admin.get(&place).await.has_status(200).says("skipped: had left");
    admin.post("/language", &[("lang", "es")]).await.has_status(303);
    let skipped = admin.get(&format!("{page}/people?state=skipped")).await.says("Tanda n.º 1: Omitidos");
    assert_eq!(rows(&skipped)[0], "e1@example.cl: omitida: ya había salido");
}

#[tokio::test]
async fn each_number_of_a_wave_leads_to_its_people() {
    let (site, admin) = site_with(3, 1).await;
    site.smtp.play(Script {
        recipient: "550 5.1.1 no such user".into(),
        only_for: "e2@example.cl".into(),
        ..Script::default()
    });
    let page = start(&admin, 3, 1).await;
    assert_eq!(rows(&admin.get(&format!("{page}/people?state=waiting")).await.has_status(200)).len(), 4);
    go_on(&site, 3).await;
    let shown = admin.get(&page).await.has_status(200);
    let link = |row: u8, state: &str| shown.attribute(&format!("tbody tr:nth-child({row}) a[href*='{state}']"), "href");
    let bounced = admin.get(&link(3, "state=bounced").unwrap()).await.has_status(200).says("Wave no. 1: Bounced");
    assert_eq!(rows(&bounced), ["e2@example.cl: refused"]);
    let organizations = admin.get(&link(2, "state=sent").unwrap()).await.has_status(200);
    let organizations = organizations.says("Wave no. 1: Sent (Organizations)").leads_on();
    assert_eq!(rows(&organizations), ["o1@example.cl: sent"]);
    let all = admin.get(&format!("{page}/people")).await.has_status(200).says("Wave no. 1: Chosen");
    assert_eq!(rows(&all).len(), 4);
    assert_eq!(link(1, "state=skipped"), None, "nobody is no link");
    let left_out = shown.texts("td.of-tables");
    assert!(!left_out.is_empty() && left_out.iter().all(|number| number.starts_with('0')), "by a card: {left_out:?}");
    let list = admin.get(WAVES).await;
    assert_eq!(list.texts("td.amount:not(.of-tables)"), ["4", "3", "1"], "chosen, sent, bounced");
}

#[tokio::test]
async fn a_place_and_its_mails_lead_back_to_where_they_were_opened() {
    let (site, admin) = site_with(2, 0).await;
    site.smtp.play(Script {
        recipient: "550 5.1.1 no such user".into(),
        only_for: "e2@example.cl".into(),
        ..Script::default()
    });
    let wave = start(&admin, 2, 0).await;
    go_on(&site, 3).await;
    let back = |page: &Page| page.attribute("main p > a", "href").unwrap();
    for (page, link) in [(wave.clone(), "#bounces ~ table a"), (format!("{wave}/people?state=bounced"), "tbody a")] {
        let path = admin.get(&page).await.attribute(link, "href").unwrap();
        let place = admin.get(&path).await.has_status(200).says("e2@example.cl").says("Back to where you were");
        assert_eq!(back(&place), page);
        let mail = admin.get(&place.attribute("main li a[href*='/admin/mail/']", "href").unwrap()).await;
        assert_eq!(back(&mail.says("Back to where you were")), path);
        let deletion = admin.get(&place.attribute("main a[href*='act=delete']", "href").unwrap()).await;
        let back = deletion.says("Back to where you were").attribute("main form > a:last-of-type", "href");
        assert_eq!(back, Some(page));
    }
    for foreign in ["//evil.example", "/account", "https://evil.example/admin/"] {
        let place = admin.get(&format!("/admin/waitlist/entries/1?opened-from={foreign}")).await;
        assert!(back(&place.says("Back to the list")).starts_with("/admin/waitlist"), "{foreign}");
    }
}

#[tokio::test]
async fn whom_a_cancelled_wave_skipped_and_who_signed_up_since_are_told_apart() {
    let (site, admin) = site_with(40, 0).await;
    let page = start(&admin, 40, 0).await;
    go_on(&site, 1).await;
    let token = site.mail("e1@example.cl").await.token();
    let fields = [("token", &*token), ("name", "Ana"), ("profession", "Chemist"), ("password", PASSWORD)];
    site.visitor().post("/signup/invited", &fields).await.has_status(303);
    admin.post(&format!("{page}/cancel"), &[]).await.redirects_to(&page);
    // Afterwards, so it skipped nobody.
    site.app.clock.advance(TimeDelta::seconds(5));
    let now = site.app.clock.now().to_rfc3339();
    site.database.execute(&format!("UPDATE waitlist SET left_at = '{now}' WHERE email = 'e40@example.cl'"));
    let skipped = admin.get(&format!("{page}/people?state=skipped")).await.has_status(200);
    assert_eq!(rows(&skipped).last().unwrap(), "e40@example.cl: skipped: the wave was cancelled");
    let signed_up = admin.get(&format!("{page}/people?state=signed_up")).await.has_status(200);
    assert_eq!(rows(&signed_up), ["e1@example.cl: sent"]);
}

#[tokio::test]
async fn many_people_come_page_by_page_and_no_more_are_read() {
    let (site, admin) = site_with(2_000, 0).await;
    let page = start(&admin, 2_000, 0).await;
    let first = admin.get(&format!("{page}/people")).await.has_status(200);
    assert_eq!(rows(&first).len(), 50);
    assert_eq!(rows(&first)[0], "e1@example.cl: waiting to be sent");
    let second = admin.get(&first.attribute(".pager [rel=next]", "href").unwrap()).await.has_status(200);
    assert_eq!(rows(&second)[0], "e51@example.cl: waiting to be sent");
    assert_eq!(second.texts(".pager a"), ["Go to the first page", "More people"]);
    for after in ["x", "-1", "99999999999999999999"] {
        let page = admin.get(&format!("{page}/people?after={after}&state=x&role=x")).await.has_status(200);
        assert_eq!(rows(&page)[0], "e1@example.cl: waiting to be sent", "{after}");
    }
    admin.post(&format!("{page}/pause"), &[]).await.redirects_to(&page);
    let paused = admin.get(&format!("{page}/people")).await.has_status(200);
    assert_eq!(rows(&paused)[0], "e1@example.cl: on hold until the wave is resumed");
    site.database.execute("ANALYZE waitlist_invitation, waitlist");
    for part in [None, Some(Part::Waiting), Some(Part::Sent)] {
        let read = site.database.connect().transaction(|conn| {
            let filter = PeopleFilter { wave: WaveId::from(1), part, role: Some(Role::Employee) };
            filter.after(conn, 0)?;
            QueryResult::Ok([rows_read(conn, "waitlist_invitation"), rows_read(conn, "waitlist")])
        });
        let read = read.unwrap();
        assert!(read.iter().sum::<i64>() <= 110, "{part:?}: {read:?}");
    }
    admin.get(&format!("{WAVES}/7/people")).await.has_status(404).leads_on();
    rehearse(&admin, "1", "0").await.says("Nobody can be invited");
}
