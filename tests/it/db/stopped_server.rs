//! A database server that is stopped, killed or frozen while everybody joins, and one that starts after the program.

use std::sync::Arc;
use std::time::{Duration, Instant};

use biovity::db::embedded::{Cluster, Settings};
use biovity::server;
use biovity::values::database_url::DatabaseUrl;
use nix::sys::signal::{Signal, kill};
use tokio::task::spawn_blocking;
use tokio::time::sleep;

use crate::cli::{Home, Process, is_alive};
use crate::support::joins_ledger::JoinsLedger;
use crate::support::torture::{median, report};

/// Clients that join without a pause.
const CLIENTS: u32 = 12;
/// How often the long run stops it in each way.
const MANY: u32 = 5;
/// How long a frozen server says nothing: as long as the program waits for an answer.
const FROZEN: Duration = Duration::from_secs(10);
/// How long a server must have run to be started again at once.
const SETTLES: Duration = Duration::from_millis(2_500);
/// PostgreSQL's fast and immediate shutdown, a kill of all its processes, and their freezing.
const STOPS: [Signal; 4] = [Signal::SIGINT, Signal::SIGQUIT, Signal::SIGKILL, Signal::SIGSTOP];

/// A server of its own, which is started again when it ends by itself, as a service manager does.
fn start(home: &Home) -> Cluster {
    let settings = Settings { data_dir: home.path(""), pg_bin: None, connections: Settings::CONNECTIONS };
    Cluster::start(&settings).unwrap()
}

async fn serve(home: &Home, url: &str) -> Process {
    let mut variables = home.variables();
    let more = [("DATABASE_URL", url), ("LOG_LEVEL", "error")];
    let proxy = [("TRUSTED_PROXIES", "127.0.0.1"), ("CLIENT_IP_HEADER", "X-Forwarded-For")];
    variables.extend(more.into_iter().chain(proxy).map(|(name, value)| (name.to_owned(), value.to_owned())));
    let mut server = Process::start(&["serve"], &variables, "");
    server.says("Biovity is at").await;
    server
}

/// Waits until the database takes connections.
#[expect(clippy::disallowed_methods, reason = "the permits are those of the program, which runs elsewhere")]
async fn accepts(url: &DatabaseUrl) {
    let patience = Instant::now() + Duration::from_secs(30);
    loop {
        let url = url.clone();
        if spawn_blocking(move || server::connect(&url).is_ok()).await.unwrap() {
            return;
        }
        assert!(Instant::now() < patience, "the database is not back");
        sleep(Duration::from_millis(10)).await;
    }
}

/// Stops the server in this way until it is back; returns how long after its return the next join was answered.
async fn stop(signal: Signal, home: &Home, url: &DatabaseUrl, ledger: &JoinsLedger) -> Duration {
    ledger.wait_for(30).await;
    sleep(SETTLES).await;
    let processes = home.database_processes();
    // The server ends its children itself when it is asked to stop.
    let told = if [Signal::SIGINT, Signal::SIGQUIT].contains(&signal) { &processes[..1] } else { &processes[..] };
    for pid in told {
        kill(*pid, signal).unwrap_or_default();
    }
    if signal == Signal::SIGSTOP {
        sleep(FROZEN).await;
        for pid in &processes {
            kill(*pid, Signal::SIGCONT).unwrap_or_default();
        }
    } else {
        while is_alive(processes[0]) {
            sleep(Duration::from_millis(5)).await;
        }
    }
    accepts(url).await;
    let (back, before) = (Instant::now(), ledger.acknowledged());
    while ledger.acknowledged() == before {
        assert!(back.elapsed() < Duration::from_secs(30), "nobody joins any more after {signal}");
        sleep(Duration::from_millis(5)).await;
    }
    back.elapsed()
}

async fn survive(stops: &[Signal], times: u32) {
    let (database, home) = (Home::new(), Home::new());
    let cluster = start(&database);
    let url = DatabaseUrl::parse(cluster.url()).unwrap();
    server::migrate(&url).unwrap();
    let server = serve(&home, cluster.url()).await;
    for signal in stops {
        let ledger = Arc::<JoinsLedger>::default();
        server::connect(&url).and_then(|mut conn| clear(&mut conn)).unwrap();
        let clients = ledger.start(CLIENTS, || home.visitor());
        let mut backs = Vec::new();
        for _ in 0..times {
            backs.push(stop(*signal, &database, &url, &ledger).await);
        }
        ledger.wait_for(30).await;
        let figure = ledger.end(clients, &mut server::connect(&url).unwrap()).await;
        let (back, longest) = (backs.into_iter().max().unwrap(), ledger.longest());
        let refusals = Some(ledger.refusals()).filter(|refusals| !refusals.is_empty());
        let refused = refusals.map_or_else(String::new, |all| format!("503 after {:.1?} (median), ", median(all)));
        let done = format!("PostgreSQL gets {signal} under load, {times} times");
        report("what is answered is stored, once", &done, figure, "0, 0");
        report("writes are back soon", &done, format!("{back:.1?} after it accepts"), "5 s");
        let waits = format!("{refused}longest wait {longest:.1?}");
        report("nobody hangs meanwhile", &done, waits, "11 s");
        assert!(back < Duration::from_secs(5), "{done}: {back:?}");
        assert!(longest < Duration::from_secs(11), "{done}: {longest:?}");
    }
    server.stop().await;
}

/// Forgets the joins and the limits of what was tried before.
fn clear(conn: &mut diesel::PgConnection) -> anyhow::Result<()> {
    use diesel::connection::SimpleConnection;
    Ok(conn.batch_execute("TRUNCATE waitlist, waitlist_change, waitlist_total, outbox_letter, rate_limit CASCADE")?)
}

#[tokio::test]
async fn no_join_that_was_answered_is_lost_when_the_database_is_stopped_at_once() {
    survive(&[Signal::SIGQUIT], 1).await;
}

#[tokio::test]
#[ignore = "takes minutes: make torture"]
async fn no_join_that_was_answered_is_lost_however_the_database_is_stopped() {
    survive(&STOPS, MANY).await;
}

#[tokio::test]
async fn a_program_that_starts_before_its_database_server_comes_up_with_it() {
    let (database, home) = (Home::new(), Home::new());
    let cluster = start(&database);
    let text = cluster.url().to_owned();
    server::migrate(&DatabaseUrl::parse(&text).unwrap()).unwrap();
    cluster.stop();
    let server = serve(&home, &text).await;
    let (guest, since) = (home.visitor(), Instant::now());
    guest.get("/").await.has_status(200);
    guest.get("/readyz").await.has_status(503);
    guest.join("ana@example.cl", "employee").await.has_status(503);
    assert!(since.elapsed() < Duration::from_secs(6), "{:?}", since.elapsed());
    let _cluster = start(&database);
    let back = Instant::now();
    while guest.join("ana@example.cl", "employee").await.status != 303 {
        assert!(back.elapsed() < Duration::from_secs(5), "no write 5 s later");
        sleep(Duration::from_millis(20)).await;
    }
    report("dependencies come in any order", "the database starts last", format!("{:.1?}", back.elapsed()), "5 s");
    server.stop().await;
}
