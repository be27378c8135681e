//! Connections to the database that break on the way, at any moment. Whoever got an error presses the same button again.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use biovity::server;
use biovity::values::database_url::DatabaseUrl;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::TestDatabase;
use crate::support::fault_proxy::{Cut, Fault, FaultProxy, Moment};
use crate::support::page::{FilledForm, Page};
use crate::support::torture::report;
use crate::support::visitor::Visitor;
use crate::support::{PASSWORD, TestSite};

/// Cuts of the long run, at each of two moments of each of three forms.
const MANY: u32 = 25;
/// A password after the change.
const NEW_PASSWORD: &str = "otra-Frase larga 2026";

async fn behind_proxy() -> (TestSite, FaultProxy) {
    let database = TestDatabase::migrated();
    let proxy = FaultProxy::to_socket(TestDatabase::socket()).await;
    let url = format!("postgresql://biovity@{}/{}", proxy.address, database.name());
    let site = TestSite::on(database, &[("DATABASE_URL", &url), ("RATE_LIMITS", "off")]).await;
    (site, proxy)
}

/// Cuts the transaction that holds this mark, at its COMMIT.
fn commit_of(mark: &str, moment: Moment) -> Cut {
    Cut { mark: mark.into(), at: b"COMMIT\0", moment }
}

/// Cuts the transaction of a form, and presses until the answer is no 503.
async fn press_through(proxy: &FaultProxy, cut: Cut, visitor: &Visitor, form: &FilledForm) -> Page {
    let cuts = proxy.cuts();
    proxy.play(Fault::CutOnce(cut));
    for _ in 0..100 {
        let page = visitor.send(form).await;
        if page.status != 503 {
            assert_eq!(proxy.cuts(), cuts + 1, "the cut was not reached");
            return page;
        }
        assert!(page.headers.contains_key("retry-after"), "{}", page.text());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("it is a 503 for five seconds after one cut");
}

fn count(site: &TestSite, rows: &str) -> String {
    site.database.values("count(*)", rows).concat()
}

async fn join(site: &TestSite, proxy: &FaultProxy, moment: Moment, name: &str) {
    let (guest, email) = (site.visitor(), format!("{name}@example.cl"));
    let form = guest.get("/waitlist").await.form("/waitlist").with("email", &email).with("role", "employee");
    press_through(proxy, commit_of(&email, moment), &guest, &form).await.redirects_to("/waitlist/joined");
    assert_eq!(count(site, &format!("waitlist WHERE email = '{email}'")), "1", "{moment:?}");
    assert_eq!(count(site, &format!("outbox_letter WHERE recipient = '{email}'")), "1", "{moment:?}");
}

/// Signs up, verifies the address in the same browser, and changes the password.
async fn sign_up_and_change_password(site: &TestSite, proxy: &FaultProxy, moment: Moment, name: &str) {
    let (ana, email) = (site.visitor(), format!("{name}@example.cl"));
    let form = ana.get("/signup/employee").await.form("/signup/employee").with("name", "Ana").with("email", &email);
    let form = form.with("profession", "Biochemist").with("password", PASSWORD);
    press_through(proxy, commit_of(&email, moment), &ana, &form).await.redirects_to("/signup/check-email");
    assert_eq!(count(site, &format!("\"user\" WHERE email = '{email}'")), "1", "{moment:?}");
    assert_eq!(count(site, &format!("outbox_letter WHERE recipient = '{email}'")), "1", "{moment:?}");
    ana.press(&site.mail(&email).await.link()).await.redirects_to("/account");

    let form = ana.get("/account/password").await.form("/account/password");
    let form = form.with("current_password", PASSWORD).with("password", NEW_PASSWORD);
    press_through(proxy, commit_of("$argon2id$", moment), &ana, &form).await.redirects_to("/account");
    ana.get("/account/password").await.has_status(200);
    let changed = format!("outbox_letter WHERE recipient = '{email}' AND kind = 'password-changed'");
    assert_eq!(count(site, &changed), "1", "{moment:?}");
    site.visitor().log_in(&email, PASSWORD).await.has_status(401);
    site.visitor().log_in(&email, NEW_PASSWORD).await.redirects_to("/account");
}

async fn cut_at_commit(times: u32) {
    let (site, proxy) = behind_proxy().await;
    for number in 0..times {
        for moment in [Moment::Before, Moment::After] {
            join(&site, &proxy, moment, &format!("join{number}{moment:?}").to_lowercase()).await;
            sign_up_and_change_password(&site, &proxy, moment, &format!("ana{number}{moment:?}").to_lowercase()).await;
        }
    }
    let done = format!("cut before and after COMMIT of join, sign-up and change of password, {times} times each");
    report("what is answered is stored, once", &done, format!("0 lost, 0 double of {}", proxy.cuts()), "0, 0");
}

#[tokio::test]
async fn a_form_whose_commit_was_cut_off_has_one_effect_when_it_is_pressed_again() {
    cut_at_commit(1).await;
}

#[tokio::test]
#[ignore = "takes minutes: make torture"]
async fn forms_whose_commit_was_cut_off_have_one_effect_each_whenever_it_happens() {
    cut_at_commit(MANY).await;
}

/// Joins while the connections suffer this, then once they are well. Nobody waits past the deadline, and nothing is lost.
async fn recover_from(fault: Fault, lasts: Duration) {
    let (site, proxy) = behind_proxy().await;
    site.visitor().join("before@example.cl", "employee").await.redirects_to("/waitlist/joined");
    let (done, mut pressed) = (format!("{fault:?} for {lasts:?}"), Vec::new());
    proxy.play(fault);
    let until = Instant::now() + lasts;
    while Instant::now() < until {
        let (visitor, email) = (site.visitor(), format!("ana{}@example.cl", pressed.len()));
        pressed.push(tokio::spawn(async move {
            let since = Instant::now();
            visitor.get("/").await.has_status(200);
            assert!(since.elapsed() < Duration::from_secs(1), "a page that needs no database: {:?}", since.elapsed());
            (visitor.join(&email, "employee").await, email, since.elapsed())
        }));
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    proxy.play(Fault::None);
    let back = Instant::now();
    while site.visitor().join("after@example.cl", "employee").await.status != 303 {
        assert!(back.elapsed() < Duration::from_secs(5), "{done}: no write 5 s later");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let (back, mut longest, mut joined) = (back.elapsed(), Duration::ZERO, 0);
    for answer in pressed {
        let (page, email, took) = answer.await.unwrap();
        assert!(
            page.status == 303 || page.status == 503 && page.headers.contains_key("retry-after"),
            "{}",
            page.text()
        );
        let stored = count(&site, &format!("waitlist WHERE email = '{email}'"));
        assert!(page.status == 503 && stored == "0" || stored == "1", "{email}: {} and {stored} stored", page.status);
        (longest, joined) = (longest.max(took), joined + u32::from(page.status == 303));
    }
    assert!(longest < Duration::from_secs(11), "{done}: {longest:?}");
    assert!(back < Duration::from_secs(5), "{done}: {back:?}");
    let figure = format!("{back:.1?}; longest wait {longest:.1?}; {joined} joined meanwhile");
    report("writes are back soon", &done, figure, "5 s; 11 s");
}

#[tokio::test]
async fn writes_are_back_after_connections_were_reset() {
    recover_from(Fault::Reset, Duration::from_secs(1)).await;
}

#[tokio::test]
async fn writes_are_back_after_nothing_came_through() {
    recover_from(Fault::BlackHole, Duration::from_secs(2)).await;
}

#[tokio::test]
#[ignore = "takes minutes: make torture"]
async fn writes_are_back_after_every_fault_of_the_network() {
    for seconds in [1, 4, 15] {
        let lasts = Duration::from_secs(seconds);
        let delay = Fault::Delay(Duration::from_millis(100));
        for fault in [Fault::Reset, Fault::BlackHole, delay, Fault::CutAfter(300), Fault::CutAfter(1_500)] {
            recover_from(fault, lasts).await;
        }
    }
}

/// Its kernel acknowledges what is sent, and nothing is answered, as when its machine or its disk hangs.
#[tokio::test]
async fn when_the_first_of_two_hosts_hangs_the_second_serves() {
    let database = TestDatabase::migrated();
    let hosts =
        [FaultProxy::to_socket(TestDatabase::socket()).await, FaultProxy::to_socket(TestDatabase::socket()).await];
    let url = format!("postgresql://biovity@{},{}/{}", hosts[0].address, hosts[1].address, database.name());
    let site = TestSite::on(database, &[("DATABASE_URL", &url), ("RATE_LIMITS", "off")]).await;
    site.visitor().join("before@example.cl", "employee").await.redirects_to("/waitlist/joined");
    hosts[0].play(Fault::BlackHole);
    let (since, mut number) = (Instant::now(), 0);
    while site.visitor().join(&format!("after{number}@example.cl"), "employee").await.status != 303 {
        assert!(since.elapsed() < Duration::from_secs(15), "nothing is stored any more");
        tokio::time::sleep(Duration::from_millis(100)).await;
        number += 1;
    }
    let figure = format!("{:.1?}", since.elapsed());
    report("writes are back after a failover", "the first of two hosts hangs, the second serves", figure, "15 s");
}

#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "a command connects beside the site")]
async fn when_the_first_of_two_hosts_refuses_the_connection_the_second_serves() {
    let (database, other) = (TestDatabase::migrated(), TestDatabase::alone());
    // Which lacks the database.
    let refusing = FaultProxy::to_socket(other.own_socket()).await;
    let serving = FaultProxy::to_socket(TestDatabase::socket()).await;
    let url = |hosts: String| format!("postgresql://biovity@{hosts}/{}", database.name());
    let (one, both) = (url(refusing.address.to_string()), url(format!("{},{}", refusing.address, serving.address)));
    let connect = async |url: &str| {
        let url = DatabaseUrl::parse(url).unwrap();
        tokio::task::spawn_blocking(move || server::connect(&url).map(|_| ())).await.unwrap()
    };
    let refused = connect(&one).await.unwrap_err();
    assert!(refused.to_string().contains("FATAL"), "{refused}");
    connect(&both).await.unwrap();
    let site = TestSite::on(database, &[("DATABASE_URL", &both), ("RATE_LIMITS", "off")]).await;
    site.visitor().join("ana@example.cl", "employee").await.redirects_to("/waitlist/joined");
}

/// A server that refuses every connection with this state, in words of its own language.
async fn refusing(severity: &'static str, state: &'static str) -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (address, asked) = (listener.local_addr().unwrap(), Arc::new(AtomicUsize::new(0)));
    let counted = Arc::clone(&asked);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            counted.fetch_add(1, Ordering::SeqCst);
            let mut length = [0; 4];
            stream.read_exact(&mut length).await.unwrap();
            let mut startup = vec![0; usize::try_from(u32::from_be_bytes(length)).unwrap() - length.len()];
            stream.read_exact(&mut startup).await.unwrap();
            let fields = format!("S{severity}\0C{state}\0Mнет\0\0");
            let length = u32::try_from(fields.len() + 4).unwrap().to_be_bytes();
            stream.write_all(&[b"E", &length[..], fields.as_bytes()].concat()).await.unwrap();
        }
    });
    (address, asked)
}

#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "a command connects beside the site")]
async fn whatever_the_language_in_which_a_host_refuses_the_next_one_is_asked_once() {
    let database = TestDatabase::migrated();
    let serving = FaultProxy::to_socket(TestDatabase::socket()).await;
    for (severity, state) in [("ВАЖНО", "3D000"), ("FATAL", "57P03"), ("致命错误", "53300")] {
        let (first, asked) = refusing(severity, state).await;
        let ports = format!("{},{}", first.port(), serving.address.port());
        let name = database.name();
        let url = format!("postgresql://biovity@127.0.0.1,127.0.0.1/{name}?port={ports}&sslmode=disable");
        let url = DatabaseUrl::parse(&url).unwrap();
        tokio::task::spawn_blocking(move || server::connect(&url).map(|_| ())).await.unwrap().unwrap();
        assert_eq!(asked.load(Ordering::SeqCst), 1, "{severity}");
    }
}
