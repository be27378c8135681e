//! Each letter is one worker's at a time, and nobody's for ever.

use std::time::Duration;

use biovity::mail::delivery::SendResult;
use biovity::mail::delivery::claim::{self, Claimed};
use biovity::mail::delivery::worker::Worker;
use biovity::mail::reply::Reply;
use biovity::server;
use biovity::web::App;
use chrono::TimeDelta;
use tokio::time::sleep;

use crate::mail::{arrived, join, row};
use crate::support::TestSite;
use crate::support::database::TestDatabase;
use crate::support::smtp::Script;

/// A worker takes what is due, and is never heard of again.
async fn take_and_vanish(site: &TestSite) -> Claimed {
    let ahead = site.app.clock.ahead();
    site.app.db.write(move |conn| claim::claim(conn, ahead, 4)).await.unwrap()
}

/// The same application on another machine, with connections of its own.
fn replica(site: &TestSite) -> App {
    let App { config, keys, clock, .. } = &site.app;
    server::assemble(config.as_ref().clone(), site.database.url(), keys.clone(), clock.clone())
}

async fn drain(worker: Worker) {
    while worker.round().await.unwrap() > 0 {}
}

#[tokio::test]
async fn two_workers_on_one_outbox_send_each_letter_once() {
    let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
    let visitor = site.visitor();
    for number in 0..100 {
        visitor.join(&format!("ana{number}@example.cl"), "employee").await.redirects_to("/waitlist/joined");
    }
    let workers =
        [&site.app, &replica(&site), &replica(&site)].map(|app| tokio::spawn(drain(server::worker(app).unwrap())));
    for worker in workers {
        worker.await.unwrap();
    }
    let mut reached: Vec<_> = site.smtp.mails().into_iter().map(|mail| mail.to).collect();
    assert_eq!(reached.len(), 100, "each once");
    reached.sort();
    reached.dedup();
    assert_eq!(reached.len(), 100, "and every one");
    assert_eq!(
        site.database.values("count(*)", "outbox_letter WHERE status = 'sent' AND claims = 1 AND attempts = 1"),
        ["100"]
    );
}

#[tokio::test]
async fn a_letter_of_a_worker_that_vanished_is_taken_over_when_its_lease_has_run_out() {
    let site = TestSite::start().await;
    join(&site, "ana@example.cl").await;
    let vanished = take_and_vanish(&site).await;
    assert_eq!((vanished.letters.len(), row(&site, "ana@example.cl").status.as_str()), (1, "sending"));
    site.app.clock.advance(TimeDelta::seconds(170));
    assert_eq!((site.deliver_once().await, arrived(&site, "ana@example.cl")), (0, 0), "the lease still holds");
    site.app.clock.advance(TimeDelta::seconds(15));
    site.deliver_mail().await;
    assert_eq!(arrived(&site, "ana@example.cl"), 0, "its worker may still say what became of it");
    site.app.clock.advance(TimeDelta::seconds(21));
    site.deliver_mail().await;
    assert_eq!(arrived(&site, "ana@example.cl"), 1);

    let (late, ahead) = (vanished.letters[0].lease.clone(), site.app.clock.ahead());
    let verdict = SendResult::Later(Reply::new("451 late"));
    let counts = site.app.db.write(move |conn| late.record(conn, ahead, &verdict)).await;
    assert!(!counts.unwrap(), "the verdict of who lost the lease does not count");
    assert_eq!(row(&site, "ana@example.cl").status, "sent");
}

/// Past the end of a lease and the moment after it.
async fn let_lease_run_out(site: &TestSite) {
    site.app.clock.advance(TimeDelta::minutes(4));
    assert!(take_and_vanish(site).await.letters.is_empty(), "first its worker has a moment");
    site.app.clock.advance(TimeDelta::seconds(21));
}

#[tokio::test]
async fn a_letter_that_ends_every_worker_rests_after_five_and_says_so() {
    let site = TestSite::start().await;
    join(&site, "ana@example.cl").await;
    for claims in 1..=5 {
        assert_eq!(take_and_vanish(&site).await.letters.len(), 1);
        assert_eq!(row(&site, "ana@example.cl").claims, claims);
        let_lease_run_out(&site).await;
    }
    site.deliver_mail().await;
    let letter = row(&site, "ana@example.cl");
    assert_eq!((letter.status.as_str(), arrived(&site, "ana@example.cl")), ("queued", 0));
    assert!(letter.last_reply.is_some_and(|reply| reply.contains("stopped the sender")));
    assert_eq!(site.database.values("bounced_at IS NULL", "waitlist"), ["true"], "nobody is to blame but us");
    site.app.clock.advance(TimeDelta::hours(12) + TimeDelta::seconds(1));
    site.deliver_mail().await;
    assert_eq!(arrived(&site, "ana@example.cl"), 1);
}

#[tokio::test]
async fn a_mail_sent_while_the_database_went_away_is_not_sent_again_when_it_is_back() {
    let site = TestSite::start().await;
    join(&site, "ana@example.cl").await;
    site.smtp.play(Script { pause_after_data: Duration::from_millis(300), ..Script::default() });
    let worker = server::worker(&site.app).unwrap();
    let sending = tokio::spawn(async move { worker.round().await });
    while site.smtp.mails().is_empty() {
        sleep(Duration::from_millis(5)).await;
    }
    site.database.go_away();
    // The outage outlasts the lease.
    sleep(Duration::from_millis(600)).await;
    site.app.clock.advance(TimeDelta::minutes(9));
    site.database.come_back();
    let other = server::worker(&replica(&site)).unwrap();
    for _ in 0..60 {
        let _ = other.round().await;
        sleep(Duration::from_millis(50)).await;
    }
    sending.await.unwrap().unwrap();
    assert_eq!((arrived(&site, "ana@example.cl"), row(&site, "ana@example.cl").status.as_str()), (1, "sent"));
}

/// From the next connection on, the database's clock is an hour ahead of its host's.
const CLOCK_OF_ITS_OWN: &str = "CREATE SCHEMA ahead; \
    CREATE FUNCTION ahead.now() RETURNS timestamptz LANGUAGE sql STABLE AS \
      $$ SELECT pg_catalog.now() + interval '1 hour' $$; \
    DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = ahead, pg_catalog, public', current_database()); END $$";

#[tokio::test]
async fn leases_and_verdicts_go_by_the_clock_of_the_database() {
    let database = TestDatabase::migrated();
    database.execute(CLOCK_OF_ITS_OWN);
    let site = TestSite::on(database, &[]).await;
    join(&site, "ana@example.cl").await;
    assert_eq!(take_and_vanish(&site).await.letters.len(), 1);
    let minutes = "round(extract(epoch FROM next_attempt_at - pg_catalog.now()) / 60)";
    assert_eq!(site.database.values(minutes, "outbox_letter"), ["63"]);
    join(&site, "bea@example.cl").await;
    site.smtp.play(Script { recipient: "451 later".into(), ..Script::default() });
    site.deliver_mail().await;
    assert_eq!(site.database.values(minutes, "outbox_letter WHERE attempts = 1"), ["60"]);
}

#[tokio::test]
async fn no_letter_waits_because_the_clock_of_the_host_is_ahead_of_the_databases() {
    let database = TestDatabase::migrated();
    database.execute(&CLOCK_OF_ITS_OWN.replace("+ interval", "- interval"));
    let site = TestSite::on(database, &[]).await;
    let admin = site.admin("boss@example.cl").await;
    site.smtp.play(Script { recipient: "451 later".into(), ..Script::default() });
    join(&site, "ana@example.cl").await;
    site.deliver_mail().await;
    assert_eq!(row(&site, "ana@example.cl").attempts, 1);
    site.smtp.play(Script { greeting: "421 closing".into(), ..Script::default() });
    join(&site, "bea@example.cl").await;
    site.deliver_mail().await;
    site.smtp.play(Script::default());
    let path = format!("/admin/mail/{}/retry", row(&site, "ana@example.cl").id);
    admin.post(&path, &[]).await.has_status(303);
    site.deliver_mail().await;
    assert_eq!((arrived(&site, "ana@example.cl"), arrived(&site, "bea@example.cl")), (1, 1));
}

#[tokio::test]
async fn a_verdict_starts_the_count_of_claims_anew() {
    let site = TestSite::start().await;
    join(&site, "ana@example.cl").await;
    for _ in 0..4 {
        take_and_vanish(&site).await;
        let_lease_run_out(&site).await;
    }
    site.smtp.play(Script { recipient: "451 later".into(), ..Default::default() });
    site.deliver_mail().await;
    assert_eq!((row(&site, "ana@example.cl").claims, row(&site, "ana@example.cl").attempts), (0, 1));
}
