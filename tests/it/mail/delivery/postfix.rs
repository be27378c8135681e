//! A real Postfix as the relay, over STARTTLS and with a password, asked by a worker that is a process of its own.

use std::time::{Duration, Instant};

use tokio::time::sleep;

use crate::cli::{Home, KEY_BYTE, Process};
use crate::mail::{arrived, join, row};
use crate::support::TestSite;
use crate::support::smtp::Mail;
use crate::support::smtp::postfix::{self, PASSWORD, Postfix};
use crate::support::torture::report;

const BAR: &str = "0 lost, 0 double";
/// What it takes for ordinary, and what it says of everybody while it is to be asked later.
const OPEN: &str = "permit_sasl_authenticated, reject";
const GREYLISTED: &str = "check_recipient_access static:{450 4.7.1 Greylisted, come back later}, ";
/// A pause of a worker that left the relay alone, and a machine that does other work.
const PATIENCE: Duration = Duration::from_mins(1);

/// Whether there is a Postfix here. Where there is none, that is said.
fn is_here(done: &str) -> bool {
    let missing = postfix::missing();
    if !missing.is_empty() {
        tell(done, &format!("skipped: {} is missing", missing.join(", ")));
    }
    missing.is_empty()
}

fn tell(done: &str, figure: &str) {
    report("a real Postfix gets each mail, once", done, figure, BAR);
}

/// A worker that knows this password and takes the certificate of the relay for one that it trusts.
fn work(site: &TestSite, relay: &Postfix, password: &str) -> Process {
    let (url, key, certificate) = (relay.url(password), KEY_BYTE.repeat(64), relay.certificate());
    let more = [
        ("SMTP_URL", url.as_str()),
        ("SSL_CERT_FILE", &certificate),
        ("MAIL_FROM", "Biovity <no-reply@biovity.test>"),
        ("SECRET_KEY", &key),
        ("BASE_URL", &site.base_url),
    ];
    Home::new().command_on(&site.database, &["work"], &more)
}

async fn until(worker: &Process, what: &str, is_so: impl Fn() -> bool) {
    let patience = Instant::now() + PATIENCE;
    while !is_so() {
        assert!(Instant::now() < patience, "never {what}: {}", worker.err.lock().unwrap());
        sleep(Duration::from_millis(20)).await;
    }
}

/// Why the worker leaves the relay alone, if it does.
fn paused(site: &TestSite) -> Option<String> {
    site.database.values("reply", "outbox_breaker").pop()
}

fn bounced(site: &TestSite) -> Vec<String> {
    site.database.values("email", "waitlist WHERE bounced_at IS NOT NULL")
}

/// The mails that arrived, once as many as were sent have, and it has no other.
async fn mails(worker: &Process, relay: &Postfix, sent: usize) -> Vec<Mail> {
    until(worker, "delivered", || relay.mails().len() >= sent && relay.is_done()).await;
    relay.mails()
}

#[tokio::test]
async fn a_real_postfix_takes_a_mail_over_starttls_from_who_has_the_password() {
    let done = "STARTTLS and a password";
    if !is_here(done) {
        return;
    }
    let (site, relay) = (TestSite::start().await, Postfix::start());
    join(&site, "ana@example.cl").await;
    let worker = work(&site, &relay, PASSWORD);
    until(&worker, "sent", || row(&site, "ana@example.cl").status == "sent").await;
    let [mail] = &mails(&worker, &relay, 1).await[..] else { panic!("{}", relay.log()) };
    let letter = row(&site, "ana@example.cl");
    assert_eq!((mail.to.as_str(), letter.attempts), ("ana@example.cl", 1));
    assert_eq!(mail.message_id, format!("{}@127.0.0.1", letter.id));
    for said in ["using TLSv1.3", "(Authenticated sender: biovity", "with ESMTPSA"] {
        assert!(mail.raw.contains(said), "{said:?} is not in\n{}", mail.raw);
    }
    site.visitor().press(&mail.link()).await.has_status(303);
    assert_eq!(arrived(&site, "ana@example.cl"), 0, "it went another way");
    worker.stop().await;
    tell(done, "1 mail once, as it was written");
}

#[tokio::test]
async fn a_real_postfix_that_is_given_a_wrong_password_is_left_alone_and_everybody_is_told_why() {
    let done = "a wrong password, then the right one";
    if !is_here(done) {
        return;
    }
    let (site, relay) = (TestSite::start().await, Postfix::start());
    let admin = site.admin("boss@example.cl").await;
    site.deliver_mail().await;
    join(&site, "ana@example.cl").await;
    let worker = work(&site, &relay, "wrong");
    until(&worker, "paused", || paused(&site).is_some()).await;
    let told = paused(&site).unwrap();
    assert!(told.starts_with("535 5.7.8 "), "{told}");
    admin
        .get("/admin/mail")
        .await
        .has_status(200)
        .says("The mail server has been refusing our email since")
        .says("535 5.7.8");
    let log = worker.err.lock().unwrap().clone();
    assert!(log.contains("the mail relay takes no letters") && log.contains("535 5.7.8"), "{log}");
    worker.stop().await;
    let letter = row(&site, "ana@example.cl");
    assert_eq!((letter.status.as_str(), letter.attempts, letter.claims), ("queued", 0, 0));
    let worker = work(&site, &relay, PASSWORD);
    until(&worker, "sent", || row(&site, "ana@example.cl").status == "sent").await;
    assert_eq!((mails(&worker, &relay, 1).await.len(), paused(&site)), (1, None));
    worker.stop().await;
    tell(done, "1 mail once, after the pause");
}

#[tokio::test]
async fn a_real_postfix_that_greylists_gets_the_mail_later_and_once() {
    let done = "greylisting (450 4.7.1)";
    if !is_here(done) {
        return;
    }
    let (site, mut relay) = (TestSite::start().await, Postfix::start());
    relay.set("smtpd_relay_restrictions", &format!("{GREYLISTED}{OPEN}"));
    join(&site, "ana@example.cl").await;
    let worker = work(&site, &relay, PASSWORD);
    until(&worker, "put off", || row(&site, "ana@example.cl").attempts > 0).await;
    let letter = row(&site, "ana@example.cl");
    let told = letter.last_reply.unwrap();
    assert!(told.starts_with("450 4.7.1 ") && told.contains("Greylisted") && !told.contains("ana@"), "{told}");
    assert_eq!((letter.status.as_str(), paused(&site), bounced(&site)), ("queued", None, Vec::new()));
    relay.set("smtpd_relay_restrictions", OPEN);
    // Half a minute later at most.
    site.database.execute("UPDATE outbox_letter SET next_attempt_at = now() WHERE status = 'queued'");
    until(&worker, "sent", || row(&site, "ana@example.cl").status == "sent").await;
    assert_eq!(mails(&worker, &relay, 1).await.len(), 1);
    worker.stop().await;
    tell(done, "1 mail once, later");
}

#[tokio::test]
async fn a_real_postfix_whose_disk_is_full_gets_every_mail_once_when_there_is_room() {
    let done = "its disk full (452 4.3.1), 12 mails wait";
    if !is_here(done) {
        return;
    }
    let (site, relay) = (TestSite::start().await, Postfix::with_small_disk());
    relay.fill_disk();
    for number in 0..12 {
        join(&site, &format!("ana{number}@example.cl")).await;
    }
    let worker = work(&site, &relay, PASSWORD);
    until(&worker, "paused", || paused(&site).is_some()).await;
    let told = paused(&site).unwrap();
    assert!(told.starts_with("452 4.3.1 "), "{told}");
    let waiting = "outbox_letter WHERE status IN ('queued', 'sending')";
    assert_eq!((site.database.values("count(*)", waiting), bounced(&site)), (vec!["12".to_owned()], Vec::new()));
    relay.make_room();
    let room = Instant::now();
    let sent = "outbox_letter WHERE status = 'sent'";
    until(&worker, "sent", || site.database.values("count(*)", sent) == ["12"]).await;
    let took = room.elapsed();
    let mut reached: Vec<_> = mails(&worker, &relay, 12).await.into_iter().map(|mail| mail.to).collect();
    assert_eq!(reached.len(), 12, "each once");
    reached.sort();
    reached.dedup();
    assert_eq!((reached.len(), paused(&site)), (12, None), "and every one");
    worker.stop().await;
    tell(done, &format!("12 once, all of them {took:.1?} after there is room"));
}
