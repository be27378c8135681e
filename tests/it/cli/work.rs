//! `biovity work`: the mail alone.

use std::time::{Duration, Instant};

use chrono::TimeDelta;

use super::{Home, KEY_BYTE};
use crate::support::TestSite;
use crate::support::database::TestDatabase;
use crate::support::smtp::Script;

#[tokio::test]
async fn it_sends_the_mail_of_servers_elsewhere_and_stops_when_asked() {
    let site = TestSite::start().await;
    let ana = site.visitor();
    ana.sign_up("employee", "ana@example.cl").await.redirects_to("/signup/check-email");
    let (smtp_url, key) = (site.smtp.url(), KEY_BYTE.repeat(64));
    let more = [("SMTP_URL", smtp_url.as_str()), ("SECRET_KEY", &key), ("BASE_URL", &site.base_url)];
    let worker = Home::new().command_on(&site.database, &["work"], &more);
    let patience = Instant::now() + Duration::from_secs(5);
    while site.smtp.mails().is_empty() {
        assert!(Instant::now() < patience, "no mail after 5 s: {}", worker.err.lock().unwrap());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    ana.press(&site.smtp.mails()[0].link()).await.redirects_to("/account");
    let log = worker.err.lock().unwrap().clone();
    assert!(log.contains("letter sent") && !log.contains("ana@example.cl"), "no address in a log: {log}");
    worker.stop().await;
}

#[tokio::test]
async fn it_shows_its_metrics() {
    let (home, database) = (Home::new(), TestDatabase::migrated());
    let listen = format!("127.0.0.1:{}", home.port);
    let settings = [("METRICS_LISTEN", listen.as_str()), ("DATABASE_REPLICA_URL", &database.text())];
    let worker = home.command_on(&database, &["work"], &settings);
    let patience = Instant::now() + Duration::from_secs(10);
    loop {
        let page = match reqwest::get(format!("http://{listen}/metrics")).await {
            Ok(answer) => answer.text().await.unwrap(),
            Err(_) => String::new(),
        };
        let told = |line: &str| page.lines().any(|found| found.starts_with(line));
        if told("biovity_database_ready 1") && told("biovity_job_last_success_timestamp_seconds{job=\"steps\"}") {
            assert!(!told("biovity_replica_"), "it reads no lists, and no alert may miss that it does");
            break;
        }
        assert!(Instant::now() < patience, "{}", worker.err.lock().unwrap());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    worker.stop().await;
}

#[tokio::test]
async fn a_worker_that_stops_hands_back_the_mails_that_it_has_not_begun_to_send() {
    let site = TestSite::start().await;
    for number in 0..20 {
        site.visitor().join(&format!("ana{number}@example.cl"), "employee").await.redirects_to("/waitlist/joined");
    }
    site.smtp.play(Script { pause_after_data: Duration::from_secs(2), ..Script::default() });
    let (smtp_url, key) = (site.smtp.url(), KEY_BYTE.repeat(64));
    let more = [("SMTP_URL", smtp_url.as_str()), ("SECRET_KEY", &key), ("BASE_URL", &site.base_url)];
    let worker = Home::new().command_on(&site.database, &["work"], &more);
    let patience = Instant::now() + Duration::from_secs(8);
    while site.smtp.mails().len() < 8 {
        assert!(Instant::now() < patience, "{}", worker.err.lock().unwrap());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    worker.stop().await;
    let mut states = site.database.values("status", "outbox_letter");
    states.sort();
    assert_eq!(states, [vec!["queued"; 12], vec!["sent"; 8]].concat());
    assert_eq!(site.smtp.mails().len(), 8, "each once");
}

#[tokio::test]
async fn a_mail_that_cannot_be_built_after_the_key_changed_waits_and_says_so() {
    let site = TestSite::start().await;
    site.visitor().sign_up("employee", "ana@example.cl").await.redirects_to("/signup/check-email");
    let (smtp_url, key) = (site.smtp.url(), "ab".repeat(64));
    let worker =
        Home::new().command_on(&site.database, &["work"], &[("SMTP_URL", smtp_url.as_str()), ("SECRET_KEY", &key)]);
    let patience = Instant::now() + Duration::from_secs(5);
    while site.database.values("attempts", "outbox_letter") != ["1"] {
        assert!(Instant::now() < patience, "{:?}", site.database.values("status", "outbox_letter"));
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(site.smtp.mails().is_empty());
    assert!(site.database.values("last_reply", "outbox_letter")[0].contains("SECRET_KEY"));
    assert!(worker.err.lock().unwrap().contains("letter cannot be built"));
    worker.stop().await;
    // With the right key it goes out.
    site.app.clock.advance(TimeDelta::minutes(1));
    assert_eq!(site.mails("ana@example.cl").await.len(), 1);
}
