//! Each letter is one worker's at a time, and nobody's for ever.

use biovity::mail::delivery::claim::{self, Claimed};
use biovity::mail::delivery::worker::Worker;
use biovity::mail::reply::Reply;
use biovity::server;
use biovity::web::App;
use chrono::TimeDelta;

use crate::mail::{arrived, join, row};
use crate::support::TestSite;

/// A worker takes what is due, and is never heard of again.
async fn take_and_vanish(site: &TestSite) -> Claimed {
    let now = site.app.clock.now();
    site.app.db.write(move |conn| claim::claim(conn, now, 4)).await.unwrap()
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
    assert_eq!((site.deliver_once().await, arrived(&site, "ana@example.cl")), (1, 1));

    let (late, now) = (vanished.letters[0].lease.clone(), site.app.clock.now());
    let counts = site.app.db.write(move |conn| late.retry(conn, now, &Reply::new("451 late"))).await;
    assert!(!counts.unwrap(), "the verdict of who lost the lease does not count");
    assert_eq!(row(&site, "ana@example.cl").status, "sent");
}

#[tokio::test]
async fn a_letter_that_ends_every_worker_is_given_up_after_five() {
    let site = TestSite::start().await;
    join(&site, "ana@example.cl").await;
    for claims in 1..=5 {
        assert_eq!(take_and_vanish(&site).await.letters.len(), 1);
        assert_eq!(row(&site, "ana@example.cl").claims, claims);
        site.app.clock.advance(TimeDelta::minutes(4));
    }
    site.deliver_mail().await;
    let letter = row(&site, "ana@example.cl");
    assert_eq!((letter.status.as_str(), arrived(&site, "ana@example.cl")), ("dead", 0));
    assert!(letter.last_reply.is_some() && letter.text_body.is_empty() && letter.html_body.is_empty());
}

#[tokio::test]
async fn a_verdict_starts_the_count_of_claims_anew() {
    let site = TestSite::start().await;
    join(&site, "ana@example.cl").await;
    for _ in 0..4 {
        take_and_vanish(&site).await;
        site.app.clock.advance(TimeDelta::minutes(4));
    }
    site.smtp.play(crate::support::smtp::Script { recipient: "451 later".into(), ..Default::default() });
    site.deliver_mail().await;
    assert_eq!((row(&site, "ana@example.cl").claims, row(&site, "ana@example.cl").attempts), (0, 1));
}
