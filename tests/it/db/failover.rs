//! A database that fails over while everybody joins: three nodes under Patroni, of which the leading one is killed, frozen, cut off
//! or told to hand over, and two under `pg_auto_failover`, of which the leading one is killed.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use biovity::server;
use biovity::values::database_url::DatabaseUrl;
use diesel::connection::SimpleConnection;
use diesel::pg::PgConnection;
use nix::sys::signal::Signal;
use tokio::time::sleep;

use crate::cli::{Home, KEY_BYTE, Process};
use crate::support::database::auto_failover::{self, AutoFailover};
use crate::support::joins_ledger::JoinsLedger;
use crate::support::patroni::{self, Patroni};
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
/// How long nodes may take to be as they were.
const PATIENCE: Duration = Duration::from_secs(90);
const PROMISE: &str = "what is answered survives a failover, once";
/// How often the leader of two nodes is killed, unless that takes longer than this.
const TAKE_OVERS: u32 = 10;
const LONG_ENOUGH: Duration = Duration::from_secs(65);

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

impl Gap {
    fn or_longer(self, other: Self) -> Self {
        let after_election = self.after_election.max(other.after_election);
        Self { whole: self.whole.max(other.whole), after_election }
    }
}

/// Waits until another node leads and takes joins again.
async fn gap(ledger: &JoinsLedger, another_leads: impl AsyncFn() -> bool) -> Gap {
    let (start, mut last, mut since) = (Instant::now(), ledger.acknowledged(), Instant::now());
    let (mut gap, mut elected) = (Gap::default(), None);
    while elected.is_none_or(|(_, before)| last < before + 30) {
        assert!(start.elapsed() < PATIENCE, "nobody joins any more");
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
        if elected.is_none() && another_leads().await {
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
            let another_leads = async || cluster.leader_besides(Some(leader)).await.is_some();
            let (gap, ()) = tokio::join!(gap(ledger, another_leads), cluster.switch_over(leader));
            return gap;
        }
    }
    let gap = gap(ledger, async || cluster.leader_besides(Some(leader)).await.is_some()).await;
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

/// Makes the site's role, its database and the tables, by the URL of a superuser and by its own.
async fn prepare(owner: &str, text: &str) -> DatabaseUrl {
    let mut conn = server::connect(&DatabaseUrl::parse(owner).unwrap()).unwrap();
    conn.batch_execute("CREATE ROLE biovity LOGIN PASSWORD 'CHANGE_ME'").unwrap();
    conn.batch_execute("CREATE DATABASE biovity OWNER biovity").unwrap();
    let url = DatabaseUrl::parse(text).unwrap();
    connected(&url).await;
    server::migrate(&url).unwrap();
    url
}

/// A connection to the node that takes writes. A standby that lacks the database yet, or whose data is made anew, answers with an
/// error, after which libpq asks no other.
async fn connected(url: &DatabaseUrl) -> PgConnection {
    let patience = Instant::now() + PATIENCE;
    loop {
        match server::connect(url) {
            Ok(conn) => return conn,
            Err(error) => assert!(Instant::now() < patience, "{error:#}"),
        }
        sleep(Duration::from_millis(100)).await;
    }
}

/// Two lines of the table: what became of the joins, and how long there were none.
fn tell(done: &str, figure: &str, longest: Gap) {
    report(PROMISE, done, figure, "0, 0");
    let Gap { whole, after_election } = longest;
    let figure = format!("{after_election:.1?} after another node leads, {whole:.1?} in all");
    report("writes are back after a failover", done, figure, "15 s");
    assert!(after_election < BACK, "{done}: {longest:?}");
}

#[tokio::test]
#[ignore = "takes minutes: make torture"]
async fn no_join_that_was_answered_is_lost_when_the_database_fails_over() {
    let missing = patroni::missing();
    if !missing.is_empty() {
        return report(PROMISE, "Patroni", format!("skipped: {} is missing", missing.join(", ")), "0, 0");
    }
    let mut cluster = Patroni::start().await;
    let text = cluster.url("biovity", "biovity");
    let url = prepare(&cluster.url("postgres", "postgres"), &text).await;
    // One goes to the nodes itself, the other to the balancer before them.
    let homes = [Home::new(), Home::new()];
    let replicas = [serve(&homes[0], &text).await, serve(&homes[1], &cluster.balanced_url("biovity", "biovity")).await];
    for (fault, times) in FAULTS {
        connected(&url).await.batch_execute(FORGET).unwrap();
        let (ledger, next) = (Arc::<JoinsLedger>::default(), AtomicUsize::new(0));
        let clients = ledger.start(CLIENTS, || homes[next.fetch_add(1, Ordering::Relaxed) % 2].visitor());
        let mut longest = Gap::default();
        for _ in 0..times {
            longest = longest.or_longer(fail_over(&mut cluster, fault, &ledger).await);
        }
        cluster.healthy().await;
        let figure = ledger.end(clients, &mut connected(&url).await).await;
        tell(&format!("Patroni's leader {fault:?}, {times} times"), &figure, longest);
    }
    for replica in replicas {
        replica.stop().await;
    }
}

/// Kills the leader of the two, which comes back when the other has taken over.
async fn take_over(cluster: &mut AutoFailover, ledger: &JoinsLedger) -> Gap {
    cluster.healthy().await;
    ledger.wait_for(30).await;
    let leader = cluster.leader_besides(None).unwrap();
    cluster.kill(leader);
    let gap = gap(ledger, async || cluster.leader_besides(Some(leader)).is_some()).await;
    cluster.restart(leader);
    gap
}

#[tokio::test]
#[ignore = "takes a minute: make torture"]
async fn no_join_that_was_answered_is_lost_under_pg_auto_failover() {
    let missing = auto_failover::missing().join(" ");
    if !missing.is_empty() {
        let figure = format!("skipped: what is missing comes by apt-get install {missing}");
        return report(PROMISE, "pg_auto_failover", figure, "0, 0");
    }
    let begun = Instant::now();
    let mut cluster = AutoFailover::start().await;
    let text = cluster.url("biovity", "biovity");
    let url = prepare(&cluster.url("postgres", "postgres"), &text).await;
    let home = Home::new();
    let replica = serve(&home, &text).await;
    let ledger = Arc::<JoinsLedger>::default();
    let clients = ledger.start(CLIENTS, || home.visitor());
    let (mut times, mut longest) = (0, Gap::default());
    while times < TAKE_OVERS && begun.elapsed() < LONG_ENOUGH {
        longest = longest.or_longer(take_over(&mut cluster, &ledger).await);
        times += 1;
    }
    cluster.healthy().await;
    let figure = ledger.end(clients, &mut connected(&url).await).await;
    tell(&format!("pg_auto_failover's leader killed, {times} times"), &figure, longest);
    replica.stop().await;
}
