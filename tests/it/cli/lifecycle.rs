//! Starting and stopping under a service manager and behind a balancer.

use std::io::ErrorKind;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::{UnixDatagram, UnixListener};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant};

use nix::sys::signal::Signal;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;

use super::{Home, KEY_BYTE, Process};
use crate::db::outage::Frozen;
use crate::support::TestSite;
use crate::support::database::TestDatabase;
use crate::support::smtp::Script;
use crate::support::torture::report;
use crate::support::wire::Wire;

/// Clients that ask and join without a pause.
const CLIENTS: u32 = 8;

fn on(home: &Home, database: &TestDatabase, more: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut variables = home.variables();
    variables.push(("DATABASE_URL".to_owned(), database.text()));
    variables.push(("RATE_LIMITS".to_owned(), "off".to_owned()));
    variables.extend(more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    variables
}

/// Joins one address after the other over one connection, until the server closes it, and then over the next. Nothing is
/// ever sent twice.
async fn join_on(base_url: String, client: u32, is_over: Arc<AtomicBool>, joined: Arc<AtomicU32>) {
    let mut wire = Wire::to(&base_url).await;
    for number in 0.. {
        if is_over.load(Ordering::Relaxed) {
            return;
        }
        let body = format!("email=c{client}n{number}%40example.cl&role=employee");
        let length = body.len();
        wire.send(format!(
            "POST /waitlist HTTP/1.1\r\nHost: x\r\nSec-Fetch-Site: same-origin\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n{body}"
        ))
        .await;
        let answer = wire.answer().await.unwrap_or_else(|| panic!("join {number} of client {client} was lost"));
        let answer = answer.redirects_to("/waitlist/joined");
        joined.fetch_add(1, Ordering::Relaxed);
        if answer.headers.get("connection").is_some_and(|value| value == "close") {
            wire = Wire::to(&base_url).await;
        }
    }
}

#[tokio::test]
async fn restarts_by_a_socket_that_was_handed_over_lose_no_request_under_load() {
    let (home, database) = (Home::new(), TestDatabase::migrated());
    let socket = TcpListener::bind(("127.0.0.1", home.port)).unwrap();
    // It goes by the socket, whatever LISTEN says.
    let variables = on(&home, &database, &[("LISTEN", "127.0.0.1:1")]);
    let mut server = Process::serve_on(socket.try_clone().unwrap(), &variables);
    server.says("Biovity is at").await;
    let (is_over, joined) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU32::new(0)));
    let clients: Vec<_> = (0..CLIENTS)
        .map(|client| {
            let base_url = format!("http://127.0.0.1:{}", home.port);
            tokio::spawn(join_on(base_url, client, Arc::clone(&is_over), Arc::clone(&joined)))
        })
        .collect();
    for _ in 0..3 {
        tokio::time::sleep(Duration::from_millis(400)).await;
        server.signal(Signal::SIGTERM);
        assert_eq!(server.end_within(10).await.code(), Some(0));
        server = Process::serve_on(socket.try_clone().unwrap(), &variables);
        server.says("Biovity is at").await;
    }
    tokio::time::sleep(Duration::from_millis(400)).await;
    is_over.store(true, Ordering::Relaxed);
    for client in clients {
        client.await.unwrap();
    }
    let joined = joined.load(Ordering::Relaxed);
    assert!(joined > 4 * CLIENTS, "{joined}");
    assert_eq!(database.values("count(*)", "waitlist"), [joined.to_string()]);
    report("restarts lose no request", "3 by a socket that is handed over, under joins", format!("0 of {joined}"), "0");
    server.stop().await;
}

/// The status and the body of a page read over a Unix socket.
async fn get(path: &Path, page: &str) -> String {
    let mut stream = UnixStream::connect(path).await.unwrap();
    let request = format!("GET {page} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test]
async fn a_unix_socket_serves_its_group_and_that_of_a_killed_server_is_replaced() {
    let (home, database) = (Home::new(), TestDatabase::migrated());
    let path = home.folder.path().join("http.sock");
    drop(UnixListener::bind(&path).unwrap());
    let variables = on(&home, &database, &[("LISTEN", path.to_str().unwrap())]);
    let mut server = Process::start(&["serve"], &variables, "");
    server.says("Biovity is at http://localhost:8080").await;
    assert!(get(&path, "/").await.starts_with("HTTP/1.1 200"));
    assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o660);
    let refused = Process::start(&["serve"], &variables, "").ended().await.failed();
    assert!(refused.err.contains("cannot listen on /"), "one that answers is not taken: {refused:?}");
    assert!(get(&path, "/healthz").await.starts_with("HTTP/1.1 200"));
    server.stop().await;
    assert!(!path.exists());
    std::fs::write(&path, "mine").unwrap();
    Process::start(&["serve"], &variables, "").ended().await.failed();
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "mine", "a file that is no socket stays");
}

#[tokio::test]
async fn the_service_manager_is_told_that_a_server_is_ready_and_that_it_stops() {
    let (home, database) = (Home::new(), TestDatabase::migrated());
    let path = home.folder.path().join("notify.sock");
    let manager = UnixDatagram::bind(&path).unwrap();
    manager.set_nonblocking(true).unwrap();
    let told = || {
        let mut buffer = [0; 100];
        manager.recv(&mut buffer).map(|length| String::from_utf8_lossy(&buffer[..length]).trim().to_owned())
    };
    for command in ["serve", "work"] {
        let variables = on(&home, &database, &[("NOTIFY_SOCKET", path.to_str().unwrap())]);
        let mut process = Process::start(&[command], &variables, "");
        let patience = Instant::now() + Duration::from_secs(10);
        let said = loop {
            match told() {
                Err(error) if error.kind() == ErrorKind::WouldBlock && Instant::now() < patience => {
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
                said => break said.unwrap(),
            }
        };
        assert_eq!(said, "READY=1", "{command}");
        process.signal(Signal::SIGTERM);
        assert_eq!(process.end_within(10).await.code(), Some(0));
        assert_eq!(told().unwrap(), "STOPPING=1");
    }
}

#[tokio::test]
async fn a_balancer_learns_that_a_server_is_not_ready_before_it_takes_no_more_requests() {
    let (home, database) = (Home::new(), TestDatabase::migrated());
    let mut server = home.command_on(&database, &["serve"], &[]);
    server.says("Biovity is at").await;
    let visitor = home.visitor();
    while visitor.get("/readyz").await.status != 200 {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    server.signal(Signal::SIGTERM);
    let since = Instant::now();
    // Three checks, as many as a balancer makes before it believes them.
    for _ in 0..3 {
        tokio::time::sleep(Duration::from_millis(1500)).await;
        let page = visitor.get("/readyz").await.has_status(503);
        assert_eq!((page.body.as_str(), &page.headers["connection"]), ("stopping\n", &"close".parse().unwrap()));
        visitor.get("/").await.has_status(200);
        visitor.get("/healthz").await.has_status(200);
    }
    assert_eq!(server.end_within(10).await.code(), Some(0));
    assert!(since.elapsed() < Duration::from_secs(9), "{:?}", since.elapsed());
}

#[tokio::test]
async fn pages_are_answered_while_a_server_that_stops_waits_for_what_the_relay_says_of_a_mail() {
    let (home, site) = (Home::new(), TestSite::start().await);
    site.smtp.play(Script { pause_after_data: Duration::from_secs(5), ..Script::default() });
    site.visitor().join("ana@example.cl", "employee").await.redirects_to("/waitlist/joined");
    let (smtp_url, key) = (site.smtp.url(), KEY_BYTE.repeat(64));
    let more = [("SMTP_URL", smtp_url.as_str()), ("SECRET_KEY", &key)];
    let mut server = home.command_on(&site.database, &["serve"], &more);
    let patience = Instant::now() + Duration::from_secs(20);
    while site.smtp.mails().is_empty() {
        assert!(Instant::now() < patience, "{}", server.err.lock().unwrap());
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    server.signal(Signal::SIGTERM);
    // Longer than connections in use are told to close.
    tokio::time::sleep(Duration::from_secs(2)).await;
    home.visitor().get("/").await.has_status(200);
    assert_eq!(server.end_within(10).await.code(), Some(0));
    assert_eq!(site.database.values("status", "outbox_letter"), ["sent"]);
    assert_eq!(site.smtp.mails().len(), 1);
}

#[tokio::test]
async fn a_server_whose_database_hangs_ends_all_the_same() {
    let (home, database) = (Home::new(), TestDatabase::migrated());
    let mut server = home.command_on(&database, &["serve"], &[]);
    server.says("Biovity is at").await;
    let frozen = Frozen::all(&database);
    // Until the probe and the jobs wait for it.
    tokio::time::sleep(Duration::from_secs(3)).await;
    server.signal(Signal::SIGTERM);
    server.end_within(40).await;
    drop(frozen);
}
