//! What is done to any number of deliveries is done in batches.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use biovity::server;
use biovity::web::metrics::failing_job::FailingJob;
use biovity::webhook::delivery::claim::{Pace, deliver_joins};
use diesel::connection::SimpleConnection;
use diesel::{Connection, QueryResult};
use tokio::sync::watch;
use tokio::time::sleep;

use super::endpoint_page::add;
use super::receiver::Receiver;
use crate::support::TestSite;
use crate::support::database::entries_read;

const JOINED: [&str; 1] = ["waitlist.joined"];

/// Writes so many deliveries to the endpoint of this page that failed for good.
fn fail(site: &TestSite, page: &str, count: usize) {
    let id = page.rsplit('/').next().unwrap();
    site.database.execute(&format!(
        "INSERT INTO webhook_delivery (webhook_id, event, subject, data, happened_at, state) \
         SELECT '{id}', 'waitlist.joined', 'entry:' || n, '{{}}', now(), 'failed' FROM generate_series(1, {count}) AS n"
    ));
}

#[tokio::test]
async fn all_that_failed_is_sent_again_in_batches_but_for_a_probe() {
    let (site, receiver) = (TestSite::start().await, Receiver::start().await);
    let admin = site.admin("admin@example.cl").await;
    let (page, _) = add(&admin, &receiver, &JOINED).await;
    receiver.answers("500 Down", "");
    admin.post(&format!("{page}/probe"), &[]).await.redirects_to(&page);
    fail(&site, &page, 2_500);
    let mut form = admin.get(&page).await.form(&format!("{page}/replay"));
    form.fields.retain(|(name, _)| name != "delivery");
    form.fields.push(("hours".to_owned(), "24".to_owned()));
    admin.send(&form).await.redirects_to(&page);
    admin.get(&page).await.says("2500 deliveries are being sent again.");
    let waiting = "webhook_delivery WHERE state = 'waiting'";
    assert_eq!(site.database.values("count(*) || ' in ' || count(DISTINCT xmin::text)", waiting), ["2500 in 3"]);
    assert_eq!(site.database.values("event", "webhook_delivery WHERE state = 'failed'"), ["webhook.probe"]);
    let events = "audit_event WHERE action = 'webhook_replayed' ORDER BY happened_at, id";
    assert_eq!(site.database.values("details ->> 'deliveries'", events), ["1000", "1000", "500"]);
    fail(&site, &page, 1_500);
    admin.send(&form).await.redirects_to(&page);
    assert_eq!(site.database.values("count(*)", waiting), ["2500"], "the same form has no effect twice");
}

#[tokio::test]
async fn whoever_joined_is_told_of_although_the_sequence_of_deliveries_was_set_back() {
    let (site, receiver) = (TestSite::start().await, Receiver::start().await);
    let admin = site.admin("admin@example.cl").await;
    let (page, _) = add(&admin, &receiver, &JOINED).await;
    site.database.execute(
        "INSERT INTO waitlist (email, role, created_at) \
         SELECT 'p' || n || '@example.cl', 'employee', now() FROM generate_series(1, 4) AS n; \
         SELECT setval(pg_get_serial_sequence('webhook_delivery', 'id'), max(id)) FROM webhook_delivery",
    );
    fail(&site, &page, 2);
    let patience = Instant::now() + Duration::from_secs(10);
    while receiver.messages().len() < 1 + 4 {
        assert!(Instant::now() < patience, "those whose numbers were given away wait for good");
        let _ = server::webhook_worker(&site.app).round().await;
    }
    let told: BTreeSet<_> = receiver.messages().iter().skip(1).map(|it| it.json()["data"]["id"].to_string()).collect();
    assert_eq!(told.len(), 4);
}

#[tokio::test]
async fn whoever_joined_before_and_after_the_sequence_was_set_back_is_told_in_one_round() {
    let (site, receiver) = (TestSite::start().await, Receiver::start().await);
    let admin = site.admin("admin@example.cl").await;
    add(&admin, &receiver, &JOINED).await;
    join(&site, 3);
    // As at a start: what is promised to those who joined is not in the table yet.
    site.database
        .execute("SELECT setval(pg_get_serial_sequence('webhook_delivery', 'id'), max(id)) FROM webhook_delivery");
    join(&site, 5);
    server::webhook_worker(&site.app).round().await.unwrap();
    let numbers: BTreeSet<_> =
        receiver.messages().iter().skip(1).map(|it| it.json()["data"]["sequence"].to_string()).collect();
    assert_eq!(numbers.len(), 8, "{numbers:?}");
}

#[tokio::test]
async fn deliveries_of_joins_that_cannot_be_made_are_a_background_job_that_fails() {
    let site = TestSite::start().await;
    site.database.execute("ALTER TABLE webhook_join_batch RENAME TO away");
    let (_running, stop) = watch::channel(false);
    let worker = tokio::spawn(server::webhook_worker(&site.app).run(stop));
    let failing = || FailingJob::of_this_process(site.app.metrics.jobs()).into_iter().map(|failing| failing.job);
    let since = Instant::now();
    while !failing().any(|job| job == "webhook_joins") {
        assert!(since.elapsed() < Duration::from_secs(10), "nobody is told");
        sleep(Duration::from_millis(20)).await;
    }
    site.database.execute("ALTER TABLE away RENAME TO webhook_join_batch");
    while failing().any(|job| job == "webhook_joins") {
        assert!(since.elapsed() < Duration::from_secs(20), "it works again");
        sleep(Duration::from_millis(20)).await;
    }
    worker.abort();
}

#[tokio::test]
async fn an_endpoint_is_deleted_whoever_holds_its_deliveries_and_all_of_them_follow() {
    let (site, receiver) = (TestSite::start().await, Receiver::start().await);
    let admin = site.admin("admin@example.cl").await;
    let (page, _) = add(&admin, &receiver, &JOINED).await;
    let (other, _) = add(&admin, &receiver, &JOINED).await;
    fail(&site, &page, 2_500);
    fail(&site, &other, 10);
    let mut holder = site.database.connect();
    let begin = "BEGIN; SELECT FROM webhook_delivery WHERE state = 'failed' ORDER BY id LIMIT 5 FOR UPDATE; \
                 INSERT INTO waitlist (email, role, created_at) VALUES ('late@example.cl', 'employee', now()); \
                 SELECT webhook_deliver_joins(100)";
    holder.batch_execute(begin).unwrap();
    admin.post(&format!("{page}/delete"), &[]).await.redirects_to("/admin/webhooks");
    server::jobs::sweep_once(&site.app).await;
    let [gone, kept] = [page, other].map(|page| format!("'{}'", page.rsplit('/').next().unwrap()));
    let count =
        |of: &str| site.database.values("count(*)", &format!("webhook_delivery WHERE webhook_id = {of}")).concat();
    assert_eq!(count(&gone), "5", "those that are held");
    holder.batch_execute("COMMIT").unwrap();
    assert_eq!(count(&gone), "6", "with one that was written meanwhile");
    server::jobs::sweep_once(&site.app).await;
    assert_eq!((count(&gone).as_str(), count(&kept).as_str()), ("0", "12"));
}

/// Has so many people join together.
fn join(site: &TestSite, people: usize) {
    site.database.execute(&format!(
        "INSERT INTO waitlist (email, role, created_at) \
         SELECT 'p' || gen_random_uuid() || '@example.cl', 'employee', now() FROM generate_series(1, {people})"
    ));
}

#[tokio::test]
async fn a_batch_costs_few_statements() {
    let (site, receiver) = (TestSite::start().await, Receiver::start().await);
    let admin = site.admin("admin@example.cl").await;
    add(&admin, &receiver, &JOINED).await;
    let mut fewest = u64::MAX;
    // What runs beside it asks some three times a second.
    for _ in 0..3 {
        join(&site, 16);
        let before = site.app.db.statements();
        site.deliver_webhooks().await;
        fewest = fewest.min(site.app.db.statements() - before);
    }
    assert_eq!(receiver.messages().len(), 1 + 3 * 16);
    assert!(fewest < 20, "{fewest} statements for 16 deliveries");
}

#[tokio::test]
async fn to_tell_of_a_join_costs_the_same_however_many_deliveries_wait_with_statistics_or_without() {
    let (site, receiver) = (TestSite::start().await, Receiver::start().await);
    let admin = site.admin("admin@example.cl").await;
    let (page, _) = add(&admin, &receiver, &["waitlist.joined", "waitlist.confirmed"]).await;
    // As after a restore: the database has not counted what is there yet.
    site.database.execute("ALTER TABLE webhook_delivery SET (autovacuum_enabled = off)");
    let id = page.rsplit('/').next().unwrap();
    site.database.execute(&format!(
        "INSERT INTO webhook_delivery (webhook_id, event, subject, data, happened_at) \
         SELECT '{id}', 'waitlist.joined', 'entry:' || n + 1000000, '{{}}', now() FROM generate_series(1, 20000) AS n"
    ));
    let mut conn = site.database.connect();
    for statistics in ["none", "all"] {
        if statistics == "all" {
            conn.batch_execute("ANALYZE webhook_delivery").unwrap();
        }
        // From the sixth time on, the plan may be one for any values.
        for time in 1..=7 {
            join(&site, 16);
            // Something later is found of each, whatever is asked first.
            site.database.execute("UPDATE waitlist SET confirmed_at = now() WHERE confirmed_at IS NULL");
            let read = conn.transaction(|conn| {
                let before = entries_read(conn, "webhook_delivery");
                deliver_joins(conn, Pace::Full)?;
                QueryResult::Ok(entries_read(conn, "webhook_delivery") - before)
            });
            let read = read.unwrap();
            assert!(read < 100, "{read} were read for 16 joins, time {time}, statistics: {statistics}");
        }
    }
    assert_eq!(site.database.values("count(*)", "webhook_join_batch"), ["0"]);
    assert_eq!(site.database.values("count(*)", "webhook_delivery WHERE data <> '{}'"), ["448"]);
}

#[tokio::test]
async fn an_answer_that_takes_long_keeps_no_other_from_being_recorded() {
    let (site, receiver) = (TestSite::start().await, Receiver::start().await);
    let admin = site.admin("admin@example.cl").await;
    add(&admin, &receiver, &JOINED).await;
    receiver.waits_once(Duration::from_secs(5));
    join(&site, 4);
    let told =
        || site.database.values("count(*)", "webhook_delivery WHERE subject LIKE 'entry:%' AND state = 'delivered'");
    let since = Instant::now();
    tokio::join!(site.deliver_webhooks(), async {
        while told() != ["3"] {
            assert!(since.elapsed() < Duration::from_secs(4), "{:?} are recorded", told());
            sleep(Duration::from_millis(20)).await;
        }
    });
    assert_eq!(told(), ["4"]);
}

#[tokio::test]
async fn while_requests_use_the_database_no_more_deliveries_are_made_than_are_sent() {
    let (site, receiver) = (TestSite::start().await, Receiver::start().await);
    let admin = site.admin("admin@example.cl").await;
    add(&admin, &receiver, &JOINED).await;
    for _ in 0..100 {
        join(&site, 1);
    }
    let mut conn = site.database.connect();
    let made = || site.database.values("count(*)", "webhook_delivery WHERE subject LIKE 'entry:%'").concat();
    for (pace, all) in [(Pace::BesideRequests, "32"), (Pace::BesideRequests, "64"), (Pace::Full, "100")] {
        deliver_joins(&mut conn, pace).unwrap();
        assert_eq!(made(), all, "{pace:?}");
    }
}

#[tokio::test]
async fn an_endpoint_is_called_less_often_while_requests_use_the_database() {
    let (site, receiver) = (TestSite::start().await, Receiver::start().await);
    let admin = site.admin("admin@example.cl").await;
    add(&admin, &receiver, &JOINED).await;
    join(&site, 96);
    site.make_join_deliveries();
    let (_running, stop) = watch::channel(false);
    let worker = tokio::spawn(server::webhook_worker(&site.app).run(stop));
    site.app.db.read(|conn| conn.batch_execute("SELECT pg_sleep(1.3)")).await.unwrap();
    let beside = receiver.messages().len() - 1;
    assert!((1..=2 * 16).contains(&beside), "{beside} calls in 1.3 seconds");
    let since = Instant::now();
    while receiver.messages().len() < 1 + 96 {
        assert!(since.elapsed() < Duration::from_secs(10), "{} calls", receiver.messages().len());
        sleep(Duration::from_millis(20)).await;
    }
    worker.abort();
}
