//! A standby from which lists are read, for as long as it is good enough.

use std::sync::Arc;
use std::time::{Duration, Instant};

use biovity::db::StandbyState;
use chrono::TimeDelta;
use diesel::PgConnection;
use diesel::connection::SimpleConnection;
use nix::sys::signal::Signal;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpSocket;
use tokio::time::{sleep, timeout};

use crate::support::database::TestDatabase;
use crate::support::database::standby::StandbyServer;
use crate::support::fault_proxy::{Fault, FaultProxy};
use crate::support::page::Page;
use crate::support::visitor::Visitor;
use crate::support::{PASSWORD, TestSite};

/// How soon a standby is used again after its return.
const BACK: Duration = Duration::from_secs(5);
/// How soon a site that starts knows its standby.
const START: Duration = Duration::from_secs(20);

/// A site with a standby that it reads, an admin, and another one.
async fn followed() -> (TestSite, StandbyServer, [Visitor; 2]) {
    let database = Arc::new(TestDatabase::alone());
    let standby = StandbyServer::of(&database);
    let site = beside(&database, &standby).await;
    let admins = [site.admin("admin@example.cl").await, site.admin("other@example.cl").await];
    is_read(&site, START).await;
    has_all(&site).await;
    (site, standby, admins)
}

async fn beside(database: &Arc<TestDatabase>, standby: &StandbyServer) -> TestSite {
    let variables = [("DATABASE_REPLICA_URL", standby.text()), ("RATE_LIMITS", "off".to_owned())];
    TestSite::on(Arc::clone(database), &variables.each_ref().map(|(name, value)| (*name, value.as_str()))).await
}

/// Waits until the standby is in a state that this accepts.
async fn until(site: &TestSite, patience: Duration, accepts: impl Fn(StandbyState) -> bool) {
    let reached = async {
        while !site.app.standby.state().is_some_and(&accepts) {
            sleep(Duration::from_millis(10)).await;
        }
    };
    let last = || format!("{:?} after {patience:?}", site.app.standby.state());
    timeout(patience, reached).await.unwrap_or_else(|_| panic!("{}", last()));
}

async fn is_read(site: &TestSite, patience: Duration) {
    until(site, patience, |state| matches!(state, StandbyState::Following(_))).await;
}

/// Waits until the standby has replayed what was written so far.
async fn has_all(site: &TestSite) {
    let written = site.app.standby.written().await;
    while site.app.standby.read(written, |_| Ok(())).await.unwrap().1.is_none() {
        sleep(Duration::from_millis(10)).await;
    }
}

/// How many reads of lists the primary and the standby have served.
fn reads(site: &TestSite) -> [u64; 2] {
    site.app.standby.reads().unwrap().map(|(_, count)| count)
}

/// The page of this path, and by how much the reads of both servers grew.
async fn get(site: &TestSite, admin: &Visitor, path: &str) -> (Page, [u64; 2]) {
    let before = reads(site);
    let page = admin.get(path).await.has_status(200);
    let after = reads(site);
    (page, [after[0] - before[0], after[1] - before[1]])
}

/// The same page as soon as the standby serves all of it: on a busy machine it may be too slow now and then.
async fn from_standby(site: &TestSite, admin: &Visitor, path: &str) -> Page {
    let served = async {
        loop {
            let (page, [of_primary, of_standby]) = get(site, admin, path).await;
            if of_primary == 0 && of_standby > 0 {
                return page;
            }
            sleep(Duration::from_millis(100)).await;
        }
    };
    timeout(START, served).await.unwrap_or_else(|_| panic!("the standby never serves {path}"))
}

const LIST: &str = "/admin/waitlist";

#[tokio::test]
async fn lists_come_from_the_standby_and_admins_see_their_own_acts_at_once() {
    let (site, standby, [admin, other]) = followed().await;
    let replica = beside(&site.database, &standby).await;
    is_read(&replica, START).await;
    site.visitor().join("ana@example.cl", "employee").await.redirects_to("/waitlist/joined");
    has_all(&site).await;
    for path in [LIST, "/admin/users", "/admin", "/admin/waitlist.csv"] {
        from_standby(&site, &other, path).await;
    }
    from_standby(&site, &other, "/admin").await.says("Read from the standby of the database, at most ");

    standby.execute("SELECT pg_wal_replay_pause()");
    site.visitor().join("bea@example.cl", "employee").await.redirects_to("/waitlist/joined");
    let id = site.database.values("id", "waitlist WHERE email = 'ana@example.cl'").remove(0);
    from_standby(&site, &admin, LIST).await.says("ana@example.cl").does_not_say("bea@example.cl");
    let bulk = [("act", "delete"), ("expected", "1"), ("id", &id)];
    admin.post("/admin/waitlist/bulk", &bulk).await.has_status(303);
    let (page, from) = get(&site, &admin, LIST).await;
    assert_eq!(from, [1, 0], "the standby lacks what the admin did");
    page.says("bea@example.cl").does_not_say("ana@example.cl");
    let there = admin.at(&replica.base_url);
    assert_eq!(get(&replica, &there, LIST).await.1, [1, 0], "whichever replica answers");
    replica.later(TimeDelta::minutes(1)).await;
    from_standby(&replica, &there, LIST).await.does_not_say("bea@example.cl");
    get(&site, &admin, "/admin/waitlist.csv").await.0.says("bea@example.cl");
    // The other one did nothing but exports, before.
    from_standby(&site, &other, LIST).await.does_not_say("bea@example.cl");

    standby.execute("SELECT pg_wal_replay_resume()");
    has_all(&site).await;
    from_standby(&site, &admin, LIST).await.says("bea@example.cl");
}

#[tokio::test]
async fn a_read_that_the_standby_does_not_let_end_comes_from_the_primary() {
    let (site, _standby, _) = followed().await;
    // In the way of the replay, cancelled, lacking a table that the primary has, slow.
    for fault in ["RAISE serialization_failure", "RAISE query_canceled", "RAISE undefined_table", "PERFORM pg_sleep(4)"]
    {
        is_read(&site, BACK).await;
        let statement = format!("DO $$ BEGIN IF pg_is_in_recovery() THEN {fault}; END IF; END $$");
        let read = move |conn: &mut PgConnection| conn.batch_execute(&statement);
        let start = Instant::now();
        let ((), lag) = site.app.standby.read(None, read).await.unwrap();
        assert!(lag.is_none() && start.elapsed() < Duration::from_secs(3), "{fault}: {lag:?} {:?}", start.elapsed());
        sleep(Duration::from_secs(3)).await;
    }
}

#[tokio::test]
async fn a_standby_that_is_too_far_behind_is_not_read_and_admins_are_told() {
    let (site, standby, [admin, _]) = followed().await;
    standby.execute("SELECT pg_wal_replay_pause()");
    site.visitor().join("ana@example.cl", "employee").await.redirects_to("/waitlist/joined");
    from_standby(&site, &admin, LIST).await.does_not_say("ana@example.cl");
    let is_late = |state| matches!(state, StandbyState::Late(lag) if lag >= Duration::from_secs(10));
    until(&site, Duration::from_secs(13), is_late).await;
    let (page, from) = get(&site, &admin, LIST).await;
    assert_eq!(from, [1, 0]);
    page.says("ana@example.cl");
    let (page, _) = get(&site, &admin, "/admin").await;
    page.says("The standby of the database is 1").says("biovity check").does_not_say("Read from the standby");
    let spanish = Visitor::new(&site.base_url, "es", "127.0.0.1");
    spanish.log_in("admin@example.cl", PASSWORD).await.redirects_to("/admin");
    get(&site, &spanish, "/admin").await.0.says("La réplica de la base de datos lleva 1");
    standby.execute("SELECT pg_wal_replay_resume()");
    is_read(&site, BACK).await;
    has_all(&site).await;
    from_standby(&site, &spanish, "/admin").await.says("Leído de la réplica de la base de datos, con ");
    from_standby(&site, &admin, LIST).await.says("ana@example.cl");
}

#[tokio::test]
async fn a_standby_that_stops_or_freezes_costs_nobody_a_page_and_is_read_again_after_its_return() {
    let (site, mut standby, [admin, _]) = followed().await;
    let is_away = |state| state == StandbyState::Away;
    standby.stop();
    for _ in 0..3 {
        let start = Instant::now();
        assert_eq!(get(&site, &admin, LIST).await.1, [1, 0]);
        assert!(start.elapsed() < Duration::from_secs(3), "{:?}", start.elapsed());
    }
    until(&site, BACK, is_away).await;
    get(&site, &admin, "/admin").await.0.says("The standby of the database does not answer.");
    standby.run();
    is_read(&site, BACK).await;
    has_all(&site).await;
    from_standby(&site, &admin, LIST).await;

    standby.signal(Signal::SIGSTOP);
    let start = Instant::now();
    for _ in 0..10 {
        assert_eq!(get(&site, &admin, LIST).await.1, [1, 0]);
    }
    assert!(start.elapsed() < Duration::from_secs(6), "it is asked once: {:?}", start.elapsed());
    until(&site, BACK, is_away).await;
    standby.signal(Signal::SIGCONT);
    is_read(&site, BACK).await;
}

/// Its kernel acknowledges what is sent, and nothing is answered, as when its machine or its disk hangs.
#[tokio::test]
async fn when_the_first_of_two_standbys_hangs_the_second_is_read() {
    let database = Arc::new(TestDatabase::alone());
    let standby = StandbyServer::of(&database);
    let hosts = [FaultProxy::to_socket(standby.socket()).await, FaultProxy::to_socket(standby.socket()).await];
    let url = format!("postgresql://biovity@{},{}/biovity", hosts[0].address, hosts[1].address);
    let site = TestSite::on(Arc::clone(&database), &[("DATABASE_REPLICA_URL", &url)]).await;
    let admin = site.admin("admin@example.cl").await;
    is_read(&site, START).await;
    hosts[0].play(Fault::BlackHole);
    until(&site, BACK, |state| state == StandbyState::Away).await;
    is_read(&site, Duration::from_secs(30)).await;
    from_standby(&site, &admin, LIST).await;
}

#[tokio::test]
async fn a_promoted_standby_is_not_read() {
    let (site, standby, [admin, _]) = followed().await;
    standby.execute("SELECT pg_promote()");
    assert_eq!(get(&site, &admin, LIST).await.1, [1, 0]);
    until(&site, BACK, |state| state == StandbyState::Promoted).await;
    get(&site, &admin, "/admin").await.0.says("it takes writes itself");
}

#[tokio::test]
async fn a_standby_that_a_failover_left_behind_is_not_read_and_one_that_follows_it_is() {
    let database = Arc::new(TestDatabase::alone());
    TestSite::on(Arc::clone(&database), &[]).await.admin("admin@example.cl").await;
    let [leader, left_behind, follower] = [(); 3].map(|()| StandbyServer::of(&database));
    leader.follow(None);
    follower.follow(None);
    // What the next leader never gets makes the log of the one that follows the former one longer.
    database.execute("SELECT pg_logical_emit_message(true, 'test', repeat('x', 1000000))");
    let end = database.values("pg_current_wal_lsn()", "(VALUES (1)) AS one").concat();
    left_behind.until(&format!("pg_last_wal_replay_lsn() >= '{end}'"));
    leader.execute("SELECT pg_promote()");
    let beside = async |standby: &StandbyServer| {
        let urls = [("DATABASE_URL", leader.text()), ("DATABASE_REPLICA_URL", standby.text())];
        TestSite::on(Arc::clone(&database), &urls.each_ref().map(|(name, value)| (*name, value.as_str()))).await
    };
    let site = beside(&left_behind).await;
    until(&site, START, |state| state == StandbyState::LeftBehind).await;
    let admin = site.visitor();
    admin.log_in("admin@example.cl", PASSWORD).await.redirects_to("/admin");
    for _ in 0..10 {
        assert_eq!(get(&site, &admin, LIST).await.1, [1, 0]);
        sleep(Duration::from_millis(300)).await;
    }
    assert_eq!(site.app.standby.state(), Some(StandbyState::LeftBehind));
    get(&site, &admin, "/admin").await.0.says("does not follow the new main database yet");

    follower.follow(Some(&leader));
    leader.execute("CHECKPOINT");
    follower.until("pg_last_wal_replay_lsn() >= pg_last_wal_receive_lsn()");
    let site = beside(&follower).await;
    let is_read = async {
        while !site.app.standby.state().is_some_and(|state| matches!(state, StandbyState::Following(_))) {
            follower.execute("CHECKPOINT");
            sleep(Duration::from_millis(200)).await;
        }
    };
    timeout(START, is_read).await.unwrap_or_else(|_| panic!("{:?}", site.app.standby.state()));
}

#[tokio::test]
async fn an_export_is_whole_when_the_standby_goes_in_the_middle_of_it() {
    const LINES: usize = 20_000;
    let (site, mut standby, _) = followed().await;
    site.database.execute(&format!(
        "INSERT INTO waitlist (email, role, created_at)
         SELECT 'p' || n || '@example.cl', 'employee', '2026-01-01' FROM generate_series(1, {LINES}) n"
    ));
    let cookie = site.visitor().log_in("admin@example.cl", PASSWORD).await.cookie().unwrap();
    has_all(&site).await;
    let socket = TcpSocket::new_v4().unwrap();
    // Little room, so that the site waits for the reader.
    socket.set_recv_buffer_size(4_096).unwrap();
    let mut wire = socket.connect(site.base_url.trim_start_matches("http://").parse().unwrap()).await.unwrap();
    let request = format!("GET /admin/waitlist.csv HTTP/1.0\r\nHost: x\r\nCookie: {cookie}\r\n\r\n");
    wire.write_all(request.as_bytes()).await.unwrap();
    let (mut file, before) = (vec![0; 1_000], reads(&site));
    wire.read_exact(&mut file).await.unwrap();
    standby.stop();
    wire.read_to_end(&mut file).await.unwrap();
    let [primary, from_standby] = [0, 1].map(|server| reads(&site)[server] - before[server]);
    assert!(primary > 0 && from_standby < 20, "both served: {primary}, {from_standby}");
    let file = String::from_utf8(file).unwrap();
    let mut lines: Vec<_> = file.lines().filter(|line| line.starts_with('p') && line.contains("@example.cl")).collect();
    lines.sort_unstable();
    lines.dedup();
    assert_eq!((lines.len(), file.matches("@example.cl").count()), (LINES, LINES), "each once");
}
