//! What follows from a verdict never undoes it.

use std::thread;
use std::time::{Duration, Instant};

use biovity::mail::outcome::SendOutcome;
use biovity::server::assembly;
use biovity::values::id::LetterId;
use chrono::TimeDelta;
use diesel::Connection;
use diesel::connection::SimpleConnection;
use tokio::time::sleep;

use crate::mail::{arrived, join, row};
use crate::support::TestSite;
use crate::support::smtp::Script;

const REFUSES: &str = "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no'; END $$; \
                       CREATE TRIGGER refuse BEFORE UPDATE ON waitlist FOR EACH STATEMENT EXECUTE FUNCTION refuse()";

#[tokio::test]
async fn a_mail_that_was_sent_stays_sent_when_what_follows_from_it_fails_and_that_is_tried_again() {
    let site = TestSite::start().await;
    for address in ["ana@example.cl", "bea@example.cl"] {
        join(&site, address).await;
    }
    let refused = "550 5.1.1 no such user".to_owned();
    site.smtp.play(Script { recipient: refused, only_for: "bea@example.cl".to_owned(), ..Script::default() });
    site.database.execute(REFUSES);
    for _ in 0..6 {
        site.deliver_mail().await;
        assert_eq!((row(&site, "ana@example.cl").status.as_str(), arrived(&site, "ana@example.cl")), ("sent", 1));
        assert_eq!(row(&site, "bea@example.cl").status, "dead");
        site.app.clock.advance(TimeDelta::minutes(4));
    }
    let bounced = || site.database.values("bounced_at IS NOT NULL", "waitlist ORDER BY email");
    assert_eq!(bounced(), ["false", "false"]);
    site.database.execute("DROP FUNCTION refuse() CASCADE");
    site.app.clock.advance(TimeDelta::minutes(6));
    site.deliver_mail().await;
    assert_eq!(bounced(), ["false", "true"]);
    assert_eq!(site.database.values("count(*)", "outbox_letter WHERE outcome_due_at IS NOT NULL"), ["0"]);
}

#[tokio::test]
async fn what_follows_from_two_refusals_and_a_bulk_act_never_wait_for_each_other() {
    let site = TestSite::start().await;
    site.database.execute(
        "INSERT INTO waitlist (email, role) VALUES ('zoe@example.cl', 'employee'), ('ana@example.cl', 'employee')",
    );
    let (mut act, mut settling, now) = (site.database.connect(), site.database.connect(), site.app.clock.now());
    let refused = |address: &str| SendOutcome {
        letter: LetterId::generate(),
        kind: "waitlist-confirm".to_owned(),
        recipient: address.to_owned(),
        was_sent: false,
    };
    let outcomes = [refused("ana@example.cl"), refused("zoe@example.cl")];
    act.batch_execute("BEGIN; SELECT FROM waitlist WHERE email = 'zoe@example.cl' FOR UPDATE").unwrap();
    let settled = thread::spawn(move || settling.transaction(|conn| assembly::record_outcome(conn, now, &outcomes)));
    thread::sleep(Duration::from_millis(300));
    act.batch_execute("SELECT FROM waitlist WHERE email = 'ana@example.cl' FOR UPDATE NOWAIT; COMMIT").unwrap();
    settled.join().unwrap().unwrap();
    assert_eq!(site.database.values("bounced_at IS NOT NULL", "waitlist"), ["true", "true"]);
}

#[tokio::test]
async fn after_an_outage_all_that_is_due_is_settled_in_one_go() {
    let site = TestSite::start().await;
    site.database.execute(
        "INSERT INTO outbox_letter (id, kind, recipient, subject, text_body, html_body, status, not_after, next_attempt_at, \
           created_at, outcome_due_at) \
         SELECT n, 'waitlist-confirm', n || '@example.cl', '', '', '', 'sent', now(), now(), now(), now() \
         FROM generate_series(1, 100) AS n",
    );
    site.deliver_mail().await;
    assert_eq!(site.database.values("count(*)", "outbox_letter WHERE outcome_due_at IS NOT NULL"), ["0"]);
}

#[tokio::test]
async fn what_is_due_after_a_long_outage_is_settled_without_reading_all_of_it_for_each_batch() {
    const DUE: i64 = 3_000;
    let site = TestSite::start().await;
    // The planner knows the table as it was before the outage.
    site.database.execute(&format!(
        "ALTER TABLE outbox_letter SET (autovacuum_enabled = off); \
         INSERT INTO outbox_letter (id, kind, recipient, subject, text_body, html_body, status, not_after, next_attempt_at, \
           created_at) \
         SELECT n, 'waitlist-confirm', n || '@example.cl', '', '', '', 'sent', now(), now(), now() \
         FROM generate_series(1, 20000) AS n; \
         ANALYZE outbox_letter; \
         UPDATE outbox_letter SET outcome_due_at = now() WHERE id::integer <= {DUE}"
    ));
    let all_read = || {
        let table = "pg_stat_user_tables WHERE relname = 'outbox_letter'";
        site.database.values("idx_tup_fetch + seq_tup_read", table).concat().parse::<i64>().unwrap()
    };
    // The database tells what was read a moment later.
    sleep(Duration::from_secs(2)).await;
    let before = all_read();
    site.deliver_mail().await;
    sleep(Duration::from_secs(2)).await;
    // A connection tells the last of it once it has rested for ten seconds.
    let patience = Instant::now() + Duration::from_secs(20);
    while all_read() - before < DUE && Instant::now() < patience {
        sleep(Duration::from_millis(200)).await;
    }
    let read = all_read() - before;
    assert!((DUE..=10 * DUE).contains(&read), "{read} letters were read");
    assert_eq!(site.database.values("count(*)", "outbox_letter WHERE outcome_due_at IS NOT NULL"), ["0"]);
}

#[tokio::test]
async fn what_follows_from_a_verdict_and_erasing_an_address_never_wait_for_each_other() {
    let site = TestSite::start().await;
    for address in ["ana@example.cl", "bea@example.cl"] {
        join(&site, address).await;
    }
    site.smtp.play(Script { recipient: "550 5.1.1 no such user".to_owned(), ..Script::default() });
    site.database.execute(REFUSES);
    site.deliver_mail().await;
    site.database.execute("DROP FUNCTION refuse() CASCADE");
    site.app.clock.advance(TimeDelta::minutes(6));
    // Who erases an address has its place first, and its letters after that.
    let mut erasing = site.database.connect();
    erasing.batch_execute("BEGIN; SELECT FROM waitlist WHERE email = 'ana@example.cl' FOR UPDATE").unwrap();
    let erased = async {
        let waits = "pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
        while site.database.values("count(*)", waits) == ["0"] {
            sleep(Duration::from_millis(5)).await;
        }
        erasing
            .batch_execute(
                "SELECT FROM outbox_letter WHERE recipient = 'ana@example.cl' FOR UPDATE NOWAIT; \
                 DELETE FROM outbox_letter WHERE recipient = 'ana@example.cl'; \
                 DELETE FROM waitlist WHERE email = 'ana@example.cl'; COMMIT",
            )
            .unwrap();
    };
    tokio::join!(site.deliver_once(), erased);
    site.deliver_mail().await;
    assert_eq!(site.database.values("email || ' ' || (bounced_at IS NOT NULL)", "waitlist"), ["bea@example.cl true"]);
    assert_eq!(site.database.values("outcome_due_at IS NULL", "outbox_letter"), ["true"]);
}
