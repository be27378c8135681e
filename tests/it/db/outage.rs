//! The database may go and come as it likes.

use std::time::{Duration, Instant};

use biovity::server;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tokio::time::{sleep, timeout};

use crate::support::PASSWORD;
use crate::support::TestSite;
use crate::support::database::TestDatabase;
use crate::support::page::Page;
use crate::support::visitor::{Visitor, send};

/// The answer of `/readyz` as soon as it has this status.
async fn readiness(visitor: &Visitor, status: u16) -> Page {
    let asked = async {
        loop {
            let page = visitor.get("/readyz").await;
            if page.status == status {
                return page;
            }
            sleep(Duration::from_millis(50)).await;
        }
    };
    timeout(Duration::from_secs(8), asked).await.unwrap_or_else(|_| panic!("/readyz is not {status} within 8 s"))
}

async fn need_no_database(visitor: &Visitor) {
    let home = visitor.get("/").await.has_status(200);
    let style = home.attribute("link[rel=stylesheet]", "href").unwrap();
    for path in ["/privacy", "/healthz", "/robots.txt", "/waitlist", "/signup", "/login", &style] {
        let start = Instant::now();
        visitor.get(path).await.has_status(200);
        assert!(start.elapsed() < Duration::from_secs(1), "{path} took {:?}", start.elapsed());
    }
}

/// A page that says when to come back, soon enough to be read.
#[track_caller]
fn is_unavailable(page: Page, since: Instant) {
    assert!(since.elapsed() < Duration::from_secs(6), "{:?}", since.elapsed());
    assert!(page.header("retry-after").parse::<u32>().is_ok_and(|seconds| seconds > 0));
    assert!(!page.text().contains("pg_") && !page.body.contains("connection"), "{}", page.body);
    assert!(page.attribute("main a", "href").is_some(), "a next step");
    page.has_status(503);
}

#[tokio::test]
async fn while_the_database_is_away_pages_say_so_and_all_is_well_when_it_is_back() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    ana.join("ana@example.cl", "employee").await.redirects_to("/waitlist/joined");
    let guest = site.visitor();
    site.database.go_away();
    let start = Instant::now();
    let json = serde_json::json!({ "email": "bea@example.cl", "role": "employee" });
    let (answer, joined, logged_in, signed_up, sessions) = tokio::join!(
        send(guest.request("POST", "/api/waitlist").json(&json)),
        guest.join("bea@example.cl", "employee"),
        guest.log_in("ana@example.cl", PASSWORD),
        guest.sign_up("employee", "bea@example.cl"),
        ana.get("/admin"),
    );
    assert!(!answer.header("retry-after").is_empty());
    let error: serde_json::Value = serde_json::from_str(&answer.has_status(503).body).unwrap();
    assert!(error["error"].is_string(), "{error}");
    for page in [joined, logged_in, signed_up, sessions] {
        is_unavailable(page, start);
    }
    need_no_database(&guest).await;
    readiness(&guest, 503).await.says("the database is away");

    site.database.come_back();
    let back = Instant::now();
    readiness(&guest, 200).await;
    assert!(back.elapsed() < Duration::from_secs(5), "{:?}", back.elapsed());
    guest.join("bea@example.cl", "employee").await.redirects_to("/waitlist/joined");
    guest.join("ana@example.cl", "employee").await.has_status(409);
    ana.get("/account").await.has_status(200).says("ana@example.cl");
    assert_eq!(site.mails("ana@example.cl").await.len(), 2, "what was queued before is sent after");
}

#[tokio::test]
async fn connections_that_broke_between_two_requests_cost_no_visitor_anything() {
    let site = TestSite::start().await;
    site.visitor().join("ana@example.cl", "employee").await.redirects_to("/waitlist/joined");
    for number in 0..3 {
        site.database.go_away();
        site.database.come_back();
        let address = format!("bea{number}@example.cl");
        site.visitor().join(&address, "employee").await.redirects_to("/waitlist/joined");
    }
}

#[tokio::test]
async fn a_site_that_starts_before_its_database_comes_up_with_it() {
    let database = TestDatabase::migrated();
    database.go_away();
    let site = TestSite::on(database, &[]).await;
    let guest = site.visitor();
    guest.get("/readyz").await.has_status(503);
    need_no_database(&guest).await;
    site.database.come_back();
    let back = Instant::now();
    readiness(&guest, 200).await;
    assert!(back.elapsed() < Duration::from_secs(5), "{:?}", back.elapsed());
    guest.join("ana@example.cl", "employee").await.redirects_to("/waitlist/joined");
}

#[tokio::test]
async fn a_site_whose_database_lacks_migrations_says_which_command_is_missing_and_waits_for_it() {
    let site = TestSite::on(TestDatabase::empty(), &[]).await;
    let guest = site.visitor();
    readiness(&guest, 503).await.says("biovity migrate");
    let start = Instant::now();
    is_unavailable(guest.join("ana@example.cl", "employee").await, start);
    assert!(start.elapsed() < Duration::from_secs(1), "refused at once");
    need_no_database(&guest).await;
    server::migrate(&site.database.url()).unwrap();
    readiness(&guest, 200).await;
    guest.join("ana@example.cl", "employee").await.redirects_to("/waitlist/joined");
}

/// Backends of the site that answer nothing until this goes.
pub struct Frozen(Vec<Pid>);

impl Frozen {
    pub fn all(database: &TestDatabase) -> Self {
        let others = "pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
        let pids = Self(database.values("pid", others).iter().map(|pid| Pid::from_raw(pid.parse().unwrap())).collect());
        pids.send(Signal::SIGSTOP);
        pids
    }

    /// One may have ended by itself.
    fn send(&self, signal: Signal) {
        self.0.iter().for_each(|pid| kill(*pid, signal).unwrap_or_default());
    }
}

impl Drop for Frozen {
    fn drop(&mut self) {
        self.send(Signal::SIGCONT);
    }
}

#[tokio::test]
async fn a_database_that_hangs_keeps_nobody_waiting_for_more_than_ten_seconds() {
    let site = TestSite::start().await;
    let guest = site.visitor();
    guest.join("ana@example.cl", "employee").await.redirects_to("/waitlist/joined");
    let frozen = Frozen::all(&site.database);
    assert!(!frozen.0.is_empty());
    let start = Instant::now();
    let (page, ()) = tokio::join!(guest.join("bea@example.cl", "employee"), need_no_database(&guest));
    assert!(page.status == 303 || page.status == 503 && !page.header("retry-after").is_empty(), "{}", page.text());
    assert!(start.elapsed() < Duration::from_secs(11), "{:?}", start.elapsed());
    drop(frozen);
    let back = Instant::now();
    readiness(&guest, 200).await;
    guest.join("cleo@example.cl", "employee").await.redirects_to("/waitlist/joined");
    guest.join("ana@example.cl", "employee").await.has_status(409);
    assert!(back.elapsed() < Duration::from_secs(5), "{:?}", back.elapsed());
}
