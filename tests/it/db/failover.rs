//! A database that fails over: three nodes under Patroni, of which the leading one is killed, frozen, cut off or told to
//! hand over, while everybody joins at two replicas.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use biovity::server;
use biovity::values::database_url::DatabaseUrl;
use diesel::connection::SimpleConnection;
use nix::sys::signal::Signal;
use tokio::time::sleep;

use crate::cli::{Home, KEY_BYTE, Process};
use crate::support::joins_ledger::JoinsLedger;
use crate::support::patroni::{Patroni, missing};
use crate::support::torture::report;

/// Clients that join without a pause.
const CLIENTS: u32 = 12;
/// What befalls the leader, and how often.
const FAULTS: [(Fault, u32); 4] =
    [(Fault::Killed, 3), (Fault::Frozen, 2), (Fault::CutOff, 2), (Fault::SwitchedOver, 3)];
/// The joins and the limits of what was tried before.
const FORGET: &str = "TRUNCATE waitlist, waitlist_change, waitlist_total, outbox_letter, rate_limit CASCADE";
/// How soon joins are answered when another node leads.
const BACK: Duration = Duration::from_secs(15);

#[derive(Clone, Copy, Debug)]
enum Fault {
    Killed,
    Frozen,
    CutOff,
    SwitchedOver,
}

async fn serve(home: &Home, url: &str) -> Process {
    let (mut variables, key) = (home.variables(), KEY_BYTE.repeat(64));
    let more = [("DATABASE_URL", url), ("LOG_LEVEL", "error"), ("SECRET_KEY", &key)];
    let proxy = [("TRUSTED_PROXIES", "127.0.0.1"), ("CLIENT_IP_HEADER", "X-Forwarded-For")];
    variables.extend(more.into_iter().chain(proxy).map(|(name, value)| (name.to_owned(), value.to_owned())));
    let mut server = Process::start(&["serve"], &variables, "");
    server.says("Biovity is at").await;
    server
}

/// How long no join was answered.
#[derive(Clone, Copy, Debug, Default)]
struct Gap {
    /// In all, and from when another node led.
    whole: Duration,
    after_election: Duration,
}

/// Waits until another node leads and takes joins again.
async fn gap(cluster: &Patroni, leader: usize, ledger: &JoinsLedger) -> Gap {
    let (start, mut last, mut since) = (Instant::now(), ledger.acknowledged(), Instant::now());
    let (mut gap, mut elected) = (Gap::default(), None);
    while elected.is_none_or(|(_, before)| last < before + 30) {
        assert!(start.elapsed() < Duration::from_secs(90), "nobody joins any more");
        sleep(Duration::from_millis(10)).await;
        let now = ledger.acknowledged();
        gap.whole = gap.whole.max(since.elapsed());
        if let Some((elected, before)) = elected
            && before == last
        {
            gap.after_election = Instant::elapsed(&elected);
        }
        if now > last {
            (last, since) = (now, Instant::now());
        }
        if elected.is_none() && cluster.leader_besides(Some(leader)).await.is_some() {
            elected = Some((Instant::now(), last));
        }
    }
    gap
}

/// Lets it happen to the leader, and the old leader come back afterwards.
async fn fail_over(cluster: &mut Patroni, fault: Fault, ledger: &JoinsLedger) -> Gap {
    cluster.healthy().await;
    ledger.wait_for(30).await;
    let leader = cluster.leader_besides(None).await.unwrap();
    match fault {
        Fault::Killed => cluster.kill(leader),
        Fault::Frozen => cluster.signal(leader, Signal::SIGSTOP),
        Fault::CutOff => cluster.cut_off(leader, true),
        Fault::SwitchedOver => {
            let (gap, ()) = tokio::join!(gap(cluster, leader, ledger), cluster.switch_over(leader));
            return gap;
        }
    }
    let gap = gap(cluster, leader, ledger).await;
    match fault {
        Fault::Killed => cluster.restart(leader),
        // As the watchdog of its machine does. Waking up, Patroni before 3.0.3 takes the lead back from its successor (its pull
        // request 2689).
        Fault::Frozen => {
            cluster.kill(leader);
            cluster.restart(leader);
        }
        _ => cluster.cut_off(leader, false),
    }
    gap
}

#[tokio::test]
#[ignore = "takes minutes: make torture"]
async fn no_join_that_was_answered_is_lost_when_the_database_fails_over() {
    let promise = "what is answered survives a failover, once";
    if !missing().is_empty() {
        return report(promise, "Patroni", format!("skipped: {} is missing", missing().join(", ")), "0, 0");
    }
    let mut cluster = Patroni::start().await;
    let owner = DatabaseUrl::parse(&cluster.url("postgres", "postgres")).unwrap();
    let mut conn = server::connect(&owner).unwrap();
    conn.batch_execute("CREATE ROLE biovity LOGIN PASSWORD 'CHANGE_ME'").unwrap();
    conn.batch_execute("CREATE DATABASE biovity OWNER biovity").unwrap();
    let text = cluster.url("biovity", "biovity");
    let url = DatabaseUrl::parse(&text).unwrap();
    // Until a standby has the new database, asking it is an error, and libpq asks no other.
    while server::connect(&url).is_err() {
        sleep(Duration::from_millis(100)).await;
    }
    server::migrate(&url).unwrap();
    // One goes to the nodes itself, the other to the balancer before them.
    let homes = [Home::new(), Home::new()];
    let replicas = [serve(&homes[0], &text).await, serve(&homes[1], &cluster.balanced_url("biovity", "biovity")).await];
    for (fault, times) in FAULTS {
        server::connect(&url).unwrap().batch_execute(FORGET).unwrap();
        let (ledger, next) = (Arc::<JoinsLedger>::default(), AtomicUsize::new(0));
        let clients = ledger.start(CLIENTS, || homes[next.fetch_add(1, Ordering::Relaxed) % 2].visitor());
        let mut longest = Gap::default();
        for _ in 0..times {
            let gap = fail_over(&mut cluster, fault, &ledger).await;
            longest.whole = longest.whole.max(gap.whole);
            longest.after_election = longest.after_election.max(gap.after_election);
        }
        cluster.healthy().await;
        let figure = ledger.end(clients, &mut server::connect(&url).unwrap()).await;
        let done = format!("Patroni's leader {fault:?}, {times} times");
        report(promise, &done, figure, "0, 0");
        let Gap { whole, after_election } = longest;
        let figure = format!("{after_election:.1?} after another node leads, {whole:.1?} in all");
        report("writes are back after a failover", &done, figure, "15 s");
        assert!(after_election < BACK, "{done}: {longest:?}");
    }
    for replica in replicas {
        replica.stop().await;
    }
}
