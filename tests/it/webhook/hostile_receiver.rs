//! Receivers that harm whoever calls them, and names and addresses that lead where nobody may call.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use biovity::server;
use biovity::values::clock::Stopwatch;
use biovity::webhook::delivery::answer::{Answer, Problem};
use biovity::webhook::delivery::claim::claim;
use biovity::webhook::delivery::client::{Client, Lookup, Signed};
use biovity::webhook::delivery::record::{Attempt, Lease};
use chrono::TimeDelta;
use tokio::sync::watch;
use tokio::time::sleep;

use super::endpoint_page::add;
use super::receiver::Receiver;
use crate::support::TestSite;
use crate::support::smtp::Script;

const JOINED: [&str; 1] = ["waitlist.joined"];
/// What stands for this machine or a private network, however it is written.
const PRIVATE: [&str; 29] = [
    "127.0.0.1",
    "127.1",
    "2130706433",
    "0x7f000001",
    "0x7f.1",
    "0177.0.0.1",
    "017700000001",
    "0",
    "0.0.0.0",
    "[::1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "[fe80::1]",
    "[fc00::1]",
    "[ff02::1]",
    "[2001::1]",
    "[2001:db8::1]",
    "224.0.0.1",
    "255.255.255.255",
    "１２７.０.０.１",
];

async fn call(client: &Client, url: &str) -> Answer {
    let now = "2026-11-27T08:00:00Z".parse().unwrap();
    client.post(url, &Signed { id: "1", at: now, signature: "v1,x".to_owned(), body: "{}".to_owned() }).await
}

/// Has so many people join.
fn join_many(site: &TestSite, people: usize) {
    site.database.execute(&format!(
        "INSERT INTO waitlist (email, role, created_at) \
         SELECT 'p' || gen_random_uuid() || '@example.cl', 'employee', now() FROM generate_series(1, {people})"
    ));
}

/// A client that may call this machine.
fn allowed() -> Client {
    Client::new(&["127.0.0.1".to_owned()])
}

#[tokio::test]
async fn no_spelling_of_a_private_address_and_no_name_for_one_is_called() {
    let receiver = Receiver::start().await;
    let port = receiver.url.rsplit(':').next().unwrap().trim_end_matches("/hook").to_owned();
    for host in PRIVATE {
        let literal = call(&Client::new(&[]), &format!("https://{host}:{port}/hook")).await;
        assert_eq!((literal.status, literal.problem), (None, Some(Problem::Private)), "{host}");
        let Ok(address) = host.trim_matches(['[', ']']).parse::<IpAddr>() else { continue };
        let mapped = match address {
            IpAddr::V4(address) => IpAddr::from(address.to_ipv6_mapped()),
            IpAddr::V6(_) => address,
        };
        // A name may change its answer between two questions: it is asked once for each call, and what it says is called.
        let asked = Arc::new(AtomicUsize::new(0));
        for (number, stands_for) in [vec![address], vec![mapped], vec![address, mapped]].into_iter().enumerate() {
            let counted = Arc::clone(&asked);
            let lookup: Lookup = Arc::new(move |_| {
                counted.fetch_add(1, Ordering::Relaxed);
                let stands_for = stands_for.clone();
                Box::pin(async move { Ok(stands_for) })
            });
            let named = call(&Client::with_lookup(&[], lookup), &format!("https://hooks.test:{port}/hook")).await;
            assert_eq!((named.status, named.problem), (None, Some(Problem::Private)), "a name for {host}");
            assert_eq!(asked.load(Ordering::Relaxed), number + 1, "a name for {host}");
        }
    }
    for name in ["localhost", "LOCALHOST"] {
        let local = call(&Client::new(&[]), &format!("https://{name}:{port}/hook")).await;
        assert_eq!((local.status, local.problem), (None, Some(Problem::Private)), "{name}");
    }
    // Some resolvers know no such name.
    let rooted = call(&Client::new(&[]), &format!("https://localhost.:{port}/hook")).await;
    assert!(matches!(rooted.problem, Some(Problem::Private | Problem::Name)), "{rooted:?}");
    assert!(receiver.messages().is_empty());
}

#[tokio::test]
async fn an_answer_that_does_not_come_or_does_not_end_is_waited_for_15_seconds_at_most() {
    let (silent, endless, since) = (Receiver::start().await, Receiver::start().await, Instant::now());
    silent.waits(Duration::from_mins(1));
    // More is announced than comes, and the connection stays open.
    endless.sends("HTTP/1.1 500 Down\r\ncontent-length: 9\r\n\r\nhello".to_owned());
    endless.stays_open();
    let (client, other) = (allowed(), allowed());
    let (silent, endless) = tokio::join!(call(&client, &silent.url), call(&other, &endless.url));
    assert_eq!((silent.status, silent.problem), (None, Some(Problem::Timeout)));
    assert_eq!((endless.status, endless.text.as_str()), (Some(500), "hello"));
    let took = since.elapsed().as_secs_f64();
    assert!((14.5..20.0).contains(&took), "{took} s");
}

#[tokio::test]
async fn of_a_huge_answer_64_kib_are_kept_and_the_rest_is_not_read() {
    let receiver = Receiver::start().await;
    receiver.sends(format!("HTTP/1.1 200 OK\r\n\r\n{}", "x".repeat(64 << 20)));
    let since = Instant::now();
    let answer = call(&allowed(), &receiver.url).await;
    assert!(answer.is_success() && answer.text == "x".repeat(64 << 10));
    assert!(since.elapsed() < Duration::from_secs(5), "{:?}", since.elapsed());
}

#[tokio::test]
async fn a_redirect_is_a_failure_and_its_target_is_not_called() {
    let (receiver, target) = (Receiver::start().await, Receiver::start().await);
    for status in ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"] {
        receiver.answers(status, &format!("location: {}\r\n", target.url));
        assert!(!call(&allowed(), &receiver.url).await.is_success(), "{status}");
    }
    receiver.sends(String::new());
    assert_eq!(call(&allowed(), &receiver.url).await.problem, Some(Problem::Connection));
    assert!(target.messages().is_empty());
}

#[tokio::test]
async fn an_endpoint_that_drops_connections_which_it_kept_is_told_all_the_same_and_has_not_failed() {
    let (site, receiver) = (TestSite::start().await, Receiver::start().await);
    let admin = site.admin("admin@example.cl").await;
    add(&admin, &receiver, &JOINED).await;
    receiver.sends("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello".to_owned());
    receiver.stays(Duration::from_millis(150));
    join_many(&site, 16);
    site.deliver_webhooks().await;
    let told = "webhook_delivery WHERE event = 'waitlist.joined' AND state = 'delivered' AND attempts = 1";
    assert_eq!(site.database.values("count(*)", told), ["16"]);
    assert_eq!(site.database.values("failures || coalesce(rests_until::text, '')", "webhook"), ["0"]);
}

#[tokio::test]
async fn many_calls_that_fail_at_once_are_one_failure_of_the_endpoint() {
    let (site, receiver) = (TestSite::start().await, Receiver::start().await);
    let admin = site.admin("admin@example.cl").await;
    add(&admin, &receiver, &JOINED).await;
    receiver.answers("500 Down", "");
    join_many(&site, 16);
    site.deliver_webhooks().await;
    receiver.answers("200 OK", "");
    site.app.clock.advance(TimeDelta::seconds(6));
    site.deliver_webhooks().await;
    let told = "webhook_delivery WHERE event = 'waitlist.joined' AND state = 'delivered'";
    assert_eq!(site.database.values("count(*)", told), ["16"], "five seconds later, not five minutes");
    // The longer it fails, the longer it rests: as long again, and five minutes at most.
    receiver.answers("500 Down", "");
    join_many(&site, 1);
    for (after, rest) in [(0, 5), (60, 60), (1_800, 300)] {
        site.app.clock.advance(TimeDelta::seconds(after));
        site.database.execute("UPDATE webhook_delivery SET next_attempt_at = now() WHERE state = 'waiting'");
        site.deliver_webhooks().await;
        let rests = site.database.values("round(extract(epoch FROM rests_until - now()))::bigint", "webhook").concat();
        let rests = rests.parse::<i64>().unwrap() - site.app.clock.ahead().num_seconds();
        assert!((rest - 3..=rest + 3).contains(&rests), "{rests} s after {after} s more");
    }
}

#[tokio::test]
async fn an_endpoint_that_asks_for_a_pause_is_left_alone_for_as_long() {
    let (site, receiver) = (TestSite::start().await, Receiver::start().await);
    let admin = site.admin("admin@example.cl").await;
    add(&admin, &receiver, &JOINED).await;
    for status in ["429 Slow down", "503 Busy"] {
        receiver.answers(status, "retry-after: 1200\r\n");
        site.visitor().join(&format!("{}@example.cl", status.split_at(3).0), "employee").await;
        site.deliver_webhooks().await;
        let calls = receiver.messages().len();
        site.visitor().join(&format!("p{}@example.cl", status.split_at(3).0), "employee").await;
        site.app.clock.advance(TimeDelta::minutes(19));
        site.deliver_webhooks().await;
        assert_eq!(receiver.messages().len(), calls, "neither the same nor another is sent meanwhile");
        receiver.answers("200 OK", "");
        site.app.clock.advance(TimeDelta::minutes(2));
        site.deliver_webhooks().await;
        site.app.clock.advance(TimeDelta::minutes(2));
        site.deliver_webhooks().await;
        assert_eq!(receiver.messages().len(), calls + 2);
    }
    assert_eq!(site.database.values("count(*)", "webhook_delivery WHERE state <> 'delivered'"), ["0"]);
}

#[tokio::test]
async fn a_pause_that_one_answer_asks_for_stays_when_another_is_a_success_or_a_plain_failure() {
    let (site, receiver) = (TestSite::start().await, Receiver::start().await);
    let admin = site.admin("admin@example.cl").await;
    add(&admin, &receiver, &JOINED).await;
    let answer = |status, minutes| Answer {
        status: Some(status),
        retry_after: TimeDelta::minutes(minutes),
        ..Answer::default()
    };
    // By the transactions in which they are recorded.
    let orders: [&[&[Answer]]; 3] = [
        &[&[answer(429, 20), answer(200, 0)]],
        &[&[answer(429, 20)], &[answer(200, 0)]],
        &[&[answer(429, 20)], &[answer(500, 0)]],
    ];
    let mut conn = site.database.connect();
    for recorded in orders {
        site.database.execute(
            "INSERT INTO waitlist (email, role, created_at) \
             SELECT 'p' || gen_random_uuid() || '@example.cl', 'employee', now() FROM generate_series(1, 3)",
        );
        site.make_join_deliveries();
        let batch = claim(&mut conn, site.app.clock.ahead(), &[]).unwrap().remove(0);
        let lease = Lease { endpoint: batch.endpoint.id, token: batch.token, since: Stopwatch::start() };
        let mut due = batch.deliveries.iter();
        for answers in recorded {
            let attempt = |answer: &Answer| {
                let due = due.next().unwrap();
                Attempt { delivery: due.id, attempts: due.attempts, had_address: false, answer: answer.clone() }
            };
            let attempts: Vec<_> = answers.iter().map(attempt).collect();
            lease.record(&mut conn, site.app.clock.ahead(), &attempts).unwrap();
        }
        lease.release(&mut conn).unwrap();
        let calls = receiver.messages().len();
        site.app.clock.advance(TimeDelta::minutes(19));
        site.deliver_webhooks().await;
        assert_eq!(receiver.messages().len(), calls, "{recorded:?}");
        site.app.clock.advance(TimeDelta::minutes(20));
        site.deliver_webhooks().await;
        assert!(receiver.messages().len() > calls);
    }
}

/// Lets both workers run until this has happened.
async fn both_work(site: &TestSite, has_happened: impl Fn() -> bool) {
    let (stop, stopped) = watch::channel(false);
    tokio::spawn(server::worker(&site.app).unwrap().run(stopped.clone()));
    tokio::spawn(server::webhook_worker(&site.app).run(stopped));
    let since = Instant::now();
    while !has_happened() {
        assert!(since.elapsed() < Duration::from_secs(8), "it waits for the other");
        sleep(Duration::from_millis(20)).await;
    }
    stop.send_replace(true);
}

#[tokio::test]
async fn endpoints_that_do_not_answer_hold_up_neither_mail_nor_another_endpoint() {
    let (site, admin_mail) = (TestSite::with(&[("RATE_LIMITS", "off")]).await, "admin@example.cl");
    let admin = site.admin(admin_mail).await;
    let (silent, quick) = (Receiver::start().await, Receiver::start().await);
    for receiver in [&silent, &quick] {
        add(&admin, receiver, &JOINED).await;
    }
    silent.waits(Duration::from_mins(1));
    for number in 0..40 {
        site.visitor().join(&format!("p{number}@example.cl"), "employee").await;
    }
    let is_for = |mail: &crate::support::smtp::Mail| mail.to != admin_mail;
    both_work(&site, || {
        site.smtp.mails().iter().filter(|mail| is_for(mail)).count() == 40 && quick.messages().len() == 41
    })
    .await;
}

#[tokio::test]
async fn a_relay_that_is_slow_holds_up_no_webhook() {
    let (site, receiver) = (TestSite::with(&[("RATE_LIMITS", "off")]).await, Receiver::start().await);
    let admin = site.admin("admin@example.cl").await;
    add(&admin, &receiver, &JOINED).await;
    site.smtp.play(Script { pause_after_data: Duration::from_secs(20), ..Script::default() });
    for number in 0..100 {
        site.visitor().join(&format!("p{number}@example.cl"), "employee").await;
    }
    both_work(&site, || receiver.messages().len() == 101).await;
}
