//! Many letters at once: few statements for each, and none that harms the others.

use std::time::Duration;

use biovity::mail::outbox::{self, Addressed};
use biovity::server;
use biovity::values::email_address::EmailAddress;
use chrono::TimeDelta;
use diesel::{Connection, RunQueryDsl};
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use crate::mail::join;
use crate::mail::letter_text::Notice;
use crate::support::TestSite;
use crate::support::smtp::Script;

/// Letters to these many addresses.
pub(super) fn write(site: &TestSite, count: usize) {
    let addresses = (0..count).map(|number| EmailAddress::parse(&format!("ana{number}@example.cl")).unwrap());
    let addresses: Vec<_> = addresses.collect();
    let letters: Vec<_> = addresses.iter().map(|to| Addressed { to, letter: Notice("many") }).collect();
    outbox::enqueue_all(&mut site.database.connect(), site.app.clock.now(), &letters).unwrap();
}

/// Lets a worker run until so many letters were sent.
async fn send(site: &TestSite, count: usize) {
    let (stop, stopped) = watch::channel(false);
    let worker = tokio::spawn(server::worker(&site.app).unwrap().run(stopped));
    let sent = async {
        while site.database.values("count(*)", "outbox_letter WHERE outcome_due_at IS NULL AND status = 'sent'")
            != [count.to_string()]
        {
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(Duration::from_secs(30), sent).await.expect("not all were sent");
    stop.send_replace(true);
    // One that still tries to record a verdict is left to itself.
    if let Ok(ended) = timeout(Duration::from_secs(5), worker).await {
        ended.unwrap();
    }
}

#[tokio::test]
async fn many_letters_are_sent_once_each_with_few_statements() {
    let site = TestSite::start().await;
    write(&site, 300);
    let before = site.app.db.statements();
    send(&site, 300).await;
    let statements = site.app.db.statements() - before;
    assert!(statements < 600, "{statements} statements for 300 letters");
    let mut reached: Vec<_> = site.smtp.mails().into_iter().map(|mail| mail.to).collect();
    assert_eq!(reached.len(), 300);
    reached.sort();
    reached.dedup();
    assert_eq!(reached.len(), 300, "each once");
    assert_eq!(site.database.values("count(*)", "outbox_letter WHERE claims = 1 AND attempts = 1"), ["300"]);
}

#[tokio::test]
async fn a_locked_row_delays_no_letter() {
    let site = TestSite::start().await;
    for number in 0..12 {
        join(&site, &format!("ana{number}@example.cl")).await;
    }
    site.smtp.play(Script { recipient: "550 5.1.1 no such user".into(), ..Script::default() });
    let mut conn = site.database.connect();
    conn.begin_test_transaction().unwrap();
    diesel::sql_query("LOCK TABLE waitlist IN SHARE MODE").execute(&mut conn).unwrap();
    let (stop, stopped) = watch::channel(false);
    let worker = tokio::spawn(server::worker(&site.app).unwrap().run(stopped));
    let refused = async {
        while site.database.values("count(*)", "outbox_letter WHERE status = 'dead'") != ["12"] {
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(Duration::from_secs(9), refused).await.expect("letters wait for what follows from others");
    drop(conn);
    stop.send_replace(true);
    worker.await.unwrap();
    site.app.clock.advance(TimeDelta::minutes(2));
    site.deliver_mail().await;
    assert_eq!(site.database.values("count(*)", "waitlist WHERE bounced_at IS NOT NULL"), ["12"]);
}

#[tokio::test]
async fn a_verdict_that_cannot_be_recorded_harms_no_other() {
    let site = TestSite::start().await;
    site.database.execute(
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no'; END $$; \
         CREATE TRIGGER refuse BEFORE UPDATE ON outbox_letter FOR EACH ROW \
           WHEN (NEW.status = 'sent' AND NEW.recipient = 'ana2@example.cl') EXECUTE FUNCTION refuse()",
    );
    write(&site, 40);
    send(&site, 39).await;
    assert_eq!(site.database.values("status", "outbox_letter WHERE recipient = 'ana2@example.cl'"), ["sending"]);
    assert_eq!(site.smtp.mails().len(), 40);
}
