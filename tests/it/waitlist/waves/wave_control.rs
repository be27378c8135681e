//! Stopping waves, going on with them, giving them up.

use std::time::Duration;

use biovity::server;
use biovity::waitlist::waves::wave::{Kind, Wave};
use biovity::web::page::paging::Position;
use chrono::TimeDelta;
use diesel::{Connection, QueryResult};

use super::{WAVES, go_on, invited, site_with, start, states, wave};
use crate::support::database::{TestDatabase, rows_read};
use crate::support::smtp::Script;

fn refusing(address: &str) -> Script {
    Script { recipient: "550 5.1.1 no such user".into(), only_for: address.into(), ..Script::default() }
}

#[tokio::test]
async fn a_wave_that_is_paused_stops_and_goes_on_where_it_was() {
    let (site, admin) = site_with(30, 0).await;
    let page = start(&admin, 30, 0).await;
    site.app.clock.advance(TimeDelta::seconds(5));
    server::jobs::run_steps_once(&site.app).await.unwrap();
    admin.post(&format!("{page}/pause"), &[]).await.redirects_to(&page);
    admin.get(&page).await.says("Paused").says("Resume").says("0 of 30");
    assert_eq!(states(&site), ["waiting 30"]);
    go_on(&site, 3).await;
    assert_eq!(invited(&site).len(), 0, "what nobody had begun to send was taken back");
    assert_eq!(site.database.values("count(*)", "verification WHERE identifier LIKE 'waitlist-invitation:%'"), ["0"]);
    admin.post(&format!("{page}/pause"), &[]).await.has_status(409).says("no longer possible").leads_on();
    admin.post(&format!("{page}/resume"), &[]).await.redirects_to(&page);
    go_on(&site, 5).await;
    assert_eq!((invited(&site).len(), wave(&site).as_str()), (30, "done"));
    for act in ["pause", "resume", "cancel"] {
        admin.post(&format!("{page}/{act}"), &[]).await.has_status(409).leads_on();
    }
    admin.get(&format!("{page}/cancel")).await.has_status(409).leads_on();
    let events = site.database.values("action", "audit_event WHERE action LIKE 'wave%' ORDER BY happened_at, id");
    assert_eq!(events, ["wave_started", "wave_paused", "wave_resumed"]);
}

#[tokio::test]
async fn a_wave_is_given_up_after_asking_and_its_people_wait_for_another() {
    let (site, admin) = site_with(12, 0).await;
    let page = start(&admin, 12, 0).await;
    go_on(&site, 1).await;
    let written = invited(&site).len();
    assert!(written < 12, "{written}");
    let asked = admin.get(&format!("{page}/cancel")).await.has_status(200).leads_on();
    assert_eq!(
        (asked.texts("h1").remove(0).as_str(), asked.texts("main form button")[0].as_str()),
        ("Cancel this wave?", "Cancel the wave")
    );
    assert_eq!(asked.attribute("main form a:not(.button)", "href").as_deref(), Some(page.as_str()));
    assert_eq!(wave(&site), "sending");
    admin.post(&asked.attribute("main form", "action").unwrap(), &[]).await.redirects_to(&page);
    admin.get(&page).await.says("Cancelled");
    go_on(&site, 3).await;
    assert_eq!(invited(&site).len(), written);
    let left = format!("{} of {}", 12 - written, 12 - written);
    crate::waitlist::waves::rehearse(&admin, "12", "0").await.says(&left);
    start(&admin, 12, 0).await;
    go_on(&site, 3).await;
    assert_eq!(invited(&site).len(), 12, "everybody got one mail");
}

#[tokio::test]
async fn a_letter_that_was_being_sent_when_its_wave_was_stopped_is_not_tried_again() {
    for act in ["cancel", "pause"] {
        let (site, admin) = site_with(1, 0).await;
        let pause_after_data = Duration::from_secs(2);
        site.smtp.play(Script { data: "451 4.2.0 later".into(), pause_after_data, ..Script::default() });
        let page = start(&admin, 1, 0).await;
        site.app.clock.advance(TimeDelta::seconds(5));
        server::jobs::run_steps_once(&site.app).await.unwrap();
        tokio::join!(site.deliver_once(), async {
            tokio::time::sleep(Duration::from_millis(700)).await;
            assert_eq!(site.database.values("status", "outbox_letter"), ["sending"]);
            admin.post(&format!("{page}/{act}"), &[]).await.redirects_to(&page);
        });
        site.smtp.play(Script::default());
        server::jobs::run_steps_once(&site.app).await.unwrap();
        site.app.clock.advance(TimeDelta::hours(13));
        go_on(&site, 1).await;
        assert_eq!(invited(&site).len(), 0, "{act}");
        assert_eq!(states(&site), [if act == "cancel" { "skipped 1" } else { "waiting 1" }]);
    }
}

#[tokio::test]
async fn a_wave_of_which_mails_bounce_stops_by_itself() {
    let (site, admin) = site_with(30, 0).await;
    site.smtp.play(Script { recipient: "550 5.1.1 no such user".into(), ..Script::default() });
    let page = start(&admin, 30, 0).await;
    go_on(&site, 1).await;
    assert_eq!(wave(&site), "paused bounces");
    let shown = admin.get(&page).await.says("Stopped by bounces").says("too many emails were refused");
    let shown = shown.says("550 5.1.1 no such user").says("e1@example.cl");
    assert!(shown.texts("table:last-of-type tbody tr").len() >= 2);
    let bounced: usize = site.database.values("count(*)", "waitlist WHERE bounced_at IS NOT NULL")[0].parse().unwrap();
    // Those under way when the second one bounced.
    assert!((2..=5).contains(&bounced), "{bounced}");
    assert_eq!(site.database.values("count(*)", "waitlist WHERE invited_at IS NOT NULL"), ["0"]);
    assert_eq!(states(&site), [format!("bounced {bounced}"), format!("waiting {}", 30 - bounced)]);
    go_on(&site, 2).await;
    assert_eq!(wave(&site), "paused bounces");
    let event = "audit_event WHERE action = 'wave_paused'";
    assert_eq!(site.database.values("concat(actor_id, details ->> 'paused_by')", event), ["bounces"]);
    // What bounced before is forgiven; only new ones stop it again.
    site.smtp.play(refusing("e30@example.cl"));
    admin.post(&format!("{page}/resume"), &[]).await.redirects_to(&page);
    go_on(&site, 6).await;
    assert_eq!(invited(&site).len(), 29 - bounced);
    assert_eq!(wave(&site), "done", "one bounce among few says nothing");
}

#[tokio::test]
async fn one_bounce_of_many_does_not_stop_a_wave() {
    let (site, admin) = site_with(60, 0).await;
    site.smtp.play(refusing("e55@example.cl"));
    start(&admin, 60, 0).await;
    go_on(&site, 8).await;
    assert_eq!((invited(&site).len(), wave(&site).as_str()), (59, "done"));
    assert_eq!(states(&site), ["bounced 1", "sent 59"]);
}

#[tokio::test]
async fn a_wave_that_is_not_there_is_a_page_that_is_not_there() {
    let (site, admin) = site_with(0, 0).await;
    for id in ["0", "7", "-1", "x", "99999999999999999999", "%00"] {
        admin.get(&format!("{WAVES}/{id}")).await.has_status(404).leads_on();
        for act in ["pause", "resume", "cancel"] {
            admin.post(&format!("{WAVES}/{id}/{act}"), &[]).await.has_status(404).leads_on();
        }
    }
    assert_eq!(site.database.values("count(*)", "audit_event WHERE action LIKE 'wave%'"), ["0"]);
}

#[tokio::test]
async fn the_invitation_of_one_person_does_not_stand_among_the_waves() {
    let (site, admin) = site_with(3, 0).await;
    start(&admin, 2, 0).await;
    let several = format!("{WAVES}?people=several");
    let place = site.database.values("id", "waitlist WHERE email = 'e3@example.cl'").concat();
    admin.post(&format!("/admin/waitlist/entries/{place}/invite"), &[]).await.has_status(303);
    let all = admin.get(WAVES).await.has_status(200);
    assert_eq!(all.texts("th"), ["Wave", "State", "Chosen", "Sent", "Bounced", "Signed up"]);
    let names = all.texts("tbody td:first-child");
    assert!(names[0].starts_with("Wave no. 2") && names[0].ends_with("one person"), "{names:?}");
    assert!(names[1].starts_with("Wave no. 1") && !names[1].ends_with("one person"), "{names:?}");
    assert_eq!(all.texts(&format!("nav a[href='{several}']")), ["Waves of several people"]);
    let names = admin.get(&several).await.has_status(200).texts("tbody td:first-child");
    assert!(names.len() == 1 && names[0].starts_with("Wave no. 1"), "{names:?}");
    site.database.execute("DELETE FROM waitlist_wave WHERE id = 1");
    admin.get(&several).await.has_status(200).says("No wave of several people.").does_not_say("No wave yet");
}

#[tokio::test]
async fn the_waves_of_several_people_are_found_without_reading_those_of_one() {
    let database = TestDatabase::migrated();
    database.execute(
        "INSERT INTO waitlist_wave (state, made_at, next_at, counted_from) \
         SELECT 'done', now() + n * interval '1 second', now(), now() FROM generate_series(1, 20000) AS n; \
         INSERT INTO waitlist_invitation (wave_id, role, state) SELECT id, 'employee', 'sent' FROM waitlist_wave; \
         INSERT INTO waitlist_invitation (wave_id, role, state) SELECT min(id), 'organization', 'sent' FROM waitlist_wave; \
         ANALYZE waitlist_wave",
    );
    for (of, waves) in [(Kind::OfSeveral, 1), (Kind::Any, 25)] {
        let read = database.connect().transaction(|conn| {
            let page = Wave::page(conn, Position::Start, of)?;
            assert_eq!(page.rows.len(), waves);
            QueryResult::Ok(rows_read(conn, "waitlist_wave"))
        });
        assert!(read.as_ref().is_ok_and(|read| *read <= 60), "{read:?} waves were read");
    }
}

#[tokio::test]
async fn a_cancelled_wave_shows_how_many_were_written_to() {
    let (site, admin) = site_with(50, 0).await;
    let page = start(&admin, 50, 0).await;
    go_on(&site, 1).await;
    let written = invited(&site).len();
    assert!(written < 50, "{written}");
    admin.post(&format!("{page}/cancel"), &[]).await.redirects_to(&page);
    let shown = admin.get(&page).await.says("Cancelled").says(&format!("{written} of 50"));
    shown.does_not_say("50 of 50");
    admin.get(WAVES).await.says("Chosen").does_not_say("Invited");
    let counts = "concat(waiting, ' ', queued, ' ', sent, ' ', bounced, ' ', skipped, ' ', signed_up)";
    let expected = format!("0 0 {written} 0 {} 0", 50 - written);
    assert_eq!(site.database.values(counts, "waitlist_wave_count"), [expected], "the counters are as many");
}

#[tokio::test]
async fn a_forgiven_bounce_that_is_sent_after_all_forgives_no_other() {
    let (site, admin) = site_with(30, 0).await;
    site.smtp.play(Script { recipient: "550 5.1.1 no such user".into(), ..Script::default() });
    let page = start(&admin, 30, 0).await;
    go_on(&site, 1).await;
    assert_eq!(wave(&site), "paused bounces");
    let before = site.database.values("bounced", "waitlist_wave_count");
    site.smtp.play(Script::default());
    admin.post(&format!("{page}/resume"), &[]).await.redirects_to(&page);
    assert_eq!(site.database.values("bounced_before", "waitlist_wave"), before);
    let letter = site.database.values("letter_id", "waitlist_invitation WHERE state = 'bounced' LIMIT 1").remove(0);
    admin.post(&format!("/admin/mail/{letter}/retry"), &[]).await.has_status(303);
    site.deliver_mail().await;
    let (before, bounced) = (before[0].parse::<i64>().unwrap(), site.database.values("bounced", "waitlist_wave_count"));
    assert_eq!(bounced, [(before - 1).to_string()]);
    assert_eq!(site.database.values("bounced_before", "waitlist_wave"), [(before - 1).to_string()]);
    site.smtp.play(Script { recipient: "550 5.1.1 no such user".into(), ..Script::default() });
    go_on(&site, 2).await;
    assert_eq!(wave(&site), "paused bounces", "two new bounces pause it again");
}
