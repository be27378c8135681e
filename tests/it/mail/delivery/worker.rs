//! The worker beside the server: what it does not send, and what it never slows.

use std::time::{Duration, Instant};

use biovity::server;
use chrono::TimeDelta;
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use crate::mail::{arrived, join, row, rows};
use crate::support::TestSite;
use crate::support::smtp::{Fault, Script};
use crate::support::torture::report;

#[tokio::test]
async fn a_letter_whose_link_has_expired_is_not_sent() {
    let site = TestSite::start().await;
    site.visitor().sign_up("employee", "ana@example.cl").await.redirects_to("/signup/check-email");
    site.app.clock.advance(TimeDelta::hours(24) + TimeDelta::seconds(1));
    site.deliver_mail().await;
    let letter = row(&site, "ana@example.cl");
    assert_eq!((letter.status.as_str(), arrived(&site, "ana@example.cl")), ("expired", 0));
    assert_eq!((letter.text_body.as_str(), letter.html_body.as_str()), ("", ""));
}

#[tokio::test]
async fn a_letter_whose_link_was_used_is_not_sent_again() {
    let site = TestSite::start().await;
    let ana = site.visitor();
    ana.sign_up("employee", "ana@example.cl").await.redirects_to("/signup/check-email");
    site.smtp.play(Script { silent_after_data: true, ..Script::default() });
    site.deliver_once().await;
    ana.press(&site.smtp.mails()[0].link()).await.redirects_to("/account");
    site.smtp.play(Script::default());
    site.app.clock.advance(TimeDelta::seconds(31));
    site.deliver_mail().await;
    assert_eq!((row(&site, "ana@example.cl").status.as_str(), arrived(&site, "ana@example.cl")), ("expired", 1));
}

#[tokio::test]
async fn a_letter_that_is_put_off_past_the_end_of_its_link_expires_then() {
    let site = TestSite::start().await;
    site.visitor().sign_up("employee", "ana@example.cl").await.redirects_to("/signup/check-email");
    site.smtp.play(Script { recipient: "451 later".into(), ..Script::default() });
    for _ in 0..5 {
        site.deliver_mail().await;
        site.app.clock.advance(TimeDelta::hours(2));
    }
    site.app.clock.advance(TimeDelta::hours(14) + TimeDelta::seconds(1));
    site.smtp.play(Script::default());
    site.deliver_mail().await;
    let letter = row(&site, "ana@example.cl");
    assert_eq!((letter.status.as_str(), arrived(&site, "ana@example.cl")), ("expired", 0));
    assert_eq!(letter.last_reply.as_deref(), Some("451 later"), "the relay's last word stays");
}

#[tokio::test]
async fn a_letter_is_sent_only_when_what_it_tells_about_was_stored() {
    let site = TestSite::start().await;
    let refuses = "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no'; END $$; \
                   CREATE TRIGGER refuse BEFORE INSERT ON outbox_letter FOR EACH ROW EXECUTE FUNCTION refuse()";
    site.database.execute(refuses);
    site.visitor().join("ana@example.cl", "employee").await.has_status(500);
    site.visitor().sign_up("employee", "ana@example.cl").await.has_status(500);
    for table in ["waitlist", "\"user\"", "verification", "account"] {
        assert_eq!(site.database.values("count(*)", table), ["0"], "{table}");
    }
    site.database.execute("DROP FUNCTION refuse() CASCADE");
    join(&site, "ana@example.cl").await;
    assert_eq!(rows(&site, "ana@example.cl").len(), 1);
}

#[tokio::test]
async fn a_relay_that_says_nothing_slows_no_page_and_holds_no_connection() {
    let site = TestSite::start().await;
    site.smtp.play(Script { fault: Some(Fault::Mute), ..Script::default() });
    for number in 0..6 {
        join(&site, &format!("ana{number}@example.cl")).await;
    }
    let (_running, stop) = watch::channel(false);
    let worker = tokio::spawn(server::worker(&site.app).unwrap().run(stop));
    sleep(Duration::from_millis(300)).await;
    assert_eq!(site.database.values("count(*)", "outbox_letter WHERE status = 'sending'"), ["4"], "four are under way");
    let open = "pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'";
    assert_eq!(site.database.values("count(*)", open), ["0"]);
    let (visitor, start) = (site.visitor(), Instant::now());
    for number in 0..20 {
        visitor.get("/").await.has_status(200);
        visitor.join(&format!("bea{number}@example.cl"), "employee").await.redirects_to("/waitlist/joined");
    }
    let took = start.elapsed();
    report("a dead relay slows no page", "40 requests while it says nothing", format!("{took:.1?} for all"), "4 s");
    assert!(took < Duration::from_secs(4), "40 requests took {took:?}");
    visitor.get("/readyz").await.has_status(200);
    worker.abort();
}

#[tokio::test]
async fn a_running_worker_finds_new_letters_and_stops_when_told() {
    let site = TestSite::start().await;
    let (stop, stopped) = watch::channel(false);
    let worker = tokio::spawn(server::worker(&site.app).unwrap().run(stopped));
    sleep(Duration::from_millis(50)).await;
    join(&site, "ana@example.cl").await;
    let sent = async {
        while arrived(&site, "ana@example.cl") == 0 {
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(Duration::from_secs(3), sent).await.expect("no mail within 3 s");
    stop.send_replace(true);
    timeout(Duration::from_secs(3), worker).await.expect("the worker goes on").unwrap();
    assert_eq!(row(&site, "ana@example.cl").status, "sent");
}

#[tokio::test]
async fn a_worker_that_stops_waits_for_no_relay_that_says_nothing_and_hands_back_what_it_claimed() {
    let site = TestSite::start().await;
    site.smtp.play(Script { fault: Some(Fault::Mute), ..Script::default() });
    for number in 0..6 {
        join(&site, &format!("ana{number}@example.cl")).await;
    }
    let (stop, stopped) = watch::channel(false);
    let worker = tokio::spawn(server::worker(&site.app).unwrap().run(stopped));
    while site.database.values("count(*)", "outbox_letter WHERE status = 'sending'") == ["0"] {
        sleep(Duration::from_millis(20)).await;
    }
    sleep(Duration::from_millis(300)).await;
    let start = Instant::now();
    stop.send_replace(true);
    timeout(Duration::from_secs(5), worker).await.expect("it waits for the relay").unwrap();
    report("a stop waits for no relay that hangs", "at the greeting", format!("{:.1?}", start.elapsed()), "5 s");
    let as_before =
        "status = 'queued' AND claims = 0 AND attempts = 0 AND lease_token IS NULL AND next_attempt_at <= now()";
    assert_eq!(site.database.values("count(*)", &format!("outbox_letter WHERE {as_before}")), ["6"]);
    site.smtp.play(Script::default());
    site.deliver_mail().await;
    for number in 0..6 {
        assert_eq!(arrived(&site, &format!("ana{number}@example.cl")), 1, "at once, and once");
    }
}

#[tokio::test]
async fn a_worker_that_stops_waits_for_a_letter_whose_text_is_on_its_way() {
    let site = TestSite::start().await;
    site.smtp.play(Script { pause_after_data: Duration::from_secs(1), ..Script::default() });
    join(&site, "ana@example.cl").await;
    let (stop, stopped) = watch::channel(false);
    let worker = tokio::spawn(server::worker(&site.app).unwrap().run(stopped));
    while arrived(&site, "ana@example.cl") == 0 {
        sleep(Duration::from_millis(10)).await;
    }
    stop.send_replace(true);
    timeout(Duration::from_secs(5), worker).await.expect("the worker goes on").unwrap();
    let letter = row(&site, "ana@example.cl");
    assert_eq!((letter.status.as_str(), letter.attempts, arrived(&site, "ana@example.cl")), ("sent", 1, 1));
}
