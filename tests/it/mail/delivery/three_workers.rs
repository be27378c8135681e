//! `biovity work` three times on one outbox, each a process of its own, of which one may be killed.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use nix::sys::signal::Signal;
use tokio::time::sleep;

use super::recorder::write;
use crate::cli::{Home, KEY_BYTE, Process};
use crate::support::TestSite;
use crate::support::smtp::Script;
use crate::support::torture::report;

/// Mails of the short run, and of the long one.
const FEW: usize = 300;
const MANY: usize = 10_000;
/// Mails that one worker has in hand at most.
const IN_HAND: usize = 64;

fn start(site: &TestSite) -> [Process; 3] {
    let (smtp_url, key) = (site.smtp.url(), KEY_BYTE.repeat(64));
    let more =
        [("SMTP_URL", smtp_url.as_str()), ("SECRET_KEY", &key), ("BASE_URL", &site.base_url), ("LOG_LEVEL", "warn")];
    [(); 3].map(|()| Home::new().command_on(&site.database, &["work"], &more))
}

fn count(site: &TestSite, condition: &str) -> usize {
    site.database.values("count(*)", &format!("outbox_letter WHERE {condition}")).concat().parse().unwrap()
}

/// Waits until no letter is left that a worker might take.
async fn drained(site: &TestSite, mails: usize) {
    let (mut last, mut since) = (0, Instant::now());
    loop {
        let settled = count(site, "status = 'sent'");
        if settled == mails {
            return;
        }
        if settled > last {
            (last, since) = (settled, Instant::now());
        }
        if since.elapsed() > Duration::from_secs(3) && count(site, "status = 'queued'") == 0 {
            return;
        }
        assert!(since.elapsed() < Duration::from_secs(30), "{settled} of {mails} were sent, and no more");
        sleep(Duration::from_millis(100)).await;
    }
}

/// The Message-IDs of the mails that each address got.
fn ids(site: &TestSite) -> BTreeMap<String, Vec<String>> {
    let mut ids = BTreeMap::<_, Vec<_>>::new();
    for mail in site.smtp.mails() {
        ids.entry(mail.to).or_default().push(mail.message_id);
    }
    ids
}

async fn send_once(mails: usize) {
    let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
    write(&site, mails);
    let since = Instant::now();
    let workers = start(&site);
    drained(&site, mails).await;
    let took = since.elapsed();
    for worker in workers {
        worker.stop().await;
    }
    let ids = ids(&site);
    assert_eq!((ids.len(), site.smtp.mails().len()), (mails, mails), "each once, and every one");
    assert_eq!(count(&site, "status = 'sent' AND claims = 1 AND attempts = 1"), mails);
    report(
        "each mail once",
        &format!("three workers on {mails} mails"),
        format!("{mails} once, in {took:.0?}"),
        "0 double",
    );
}

async fn send_through_kill(mails: usize) {
    let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
    write(&site, mails);
    site.smtp.play(Script { pause_after_data: Duration::from_millis(50), ..Script::default() });
    let [mut killed, second, third] = start(&site);
    while site.smtp.mails().len() < mails / 3 {
        sleep(Duration::from_millis(5)).await;
    }
    killed.signal(Signal::SIGKILL);
    killed.end_within(5).await;
    drained(&site, mails).await;
    for worker in [second, third] {
        worker.stop().await;
    }
    let in_hand = site.database.values("recipient", "outbox_letter WHERE status = 'sending'");
    assert!(in_hand.len() <= IN_HAND, "{} letters were in hand", in_hand.len());
    // The lease of who was killed runs out.
    for pause in [TimeDelta::minutes(4), TimeDelta::seconds(21), TimeDelta::seconds(21)] {
        site.app.clock.advance(pause);
        site.deliver_mail().await;
    }
    assert_eq!(count(&site, "status = 'sent'"), mails);
    let ids = ids(&site);
    assert_eq!(ids.len(), mails, "every one");
    let double: Vec<_> = ids.iter().filter(|(_, ids)| ids.len() > 1).collect();
    for (address, ids) in &double {
        assert!(in_hand.contains(address), "{address} got two, and nobody was killed over it");
        assert!(ids.len() == 2 && ids[0] == ids[1], "{address}: {ids:?}");
    }
    let figure = format!("0 lost; {} in hand, {} of them double, same Message-ID", in_hand.len(), double.len());
    report(
        "doubles only after a crash",
        &format!("one of three workers killed on {mails} mails"),
        figure,
        "those in hand",
    );
}

#[tokio::test]
async fn three_workers_on_one_outbox_send_each_mail_once() {
    send_once(FEW).await;
}

#[tokio::test]
async fn a_killed_worker_doubles_only_mails_that_it_had_in_hand() {
    send_through_kill(FEW).await;
}

#[tokio::test]
#[ignore = "takes minutes: make torture"]
async fn three_workers_send_ten_thousand_mails_once_each_and_lose_none_to_a_kill() {
    send_once(MANY).await;
    send_through_kill(MANY).await;
}
