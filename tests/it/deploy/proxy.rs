//! The proxies before replicas and before the database. Behind `HAProxy`, two replicas are replaced one after the other while
//! everybody joins.

use std::fs;
use std::net::{SocketAddr, TcpStream};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant};

use nix::sys::signal::Signal;
use reqwest::Client;
use tokio::time::sleep;

use super::{file, has, succeeds};
use crate::cli::{Home, KEY_BYTE, Process};
use crate::support::database::TestDatabase;
use crate::support::patroni::{Running, adapted, start, work_folder};
use crate::support::torture::report;
use crate::support::unused_address;

const NGINX: &str = include_str!("../../../deploy/proxy/nginx.conf");
const HAPROXY: &str = include_str!("../../../deploy/proxy/haproxy.cfg");
const CERTIFICATE: &str = include_str!("../support/untrusted_certificate.pem");
const KEY: &str = include_str!("../support/untrusted_key.pem");

/// Clients that join without a pause.
const CLIENTS: u32 = 8;
/// How often each replica is replaced.
const ROUNDS: u32 = 2;

/// `HAProxy` before the two, and where it speaks TLS.
async fn balance(homes: &[Home; 2]) -> (SocketAddr, Running, tempfile::TempDir) {
    let (outer, folder) = work_folder();
    let (plain, listen) = (unused_address(), unused_address());
    let (certificate, settings) = (folder.join("biovity.pem"), folder.join("haproxy.cfg"));
    fs::write(&certificate, [CERTIFICATE, KEY].concat()).unwrap();
    let changes = [
        // As many files as any machine lets it open.
        ("maxconn 8192", "maxconn 400".to_owned()),
        ("bind :::80 v4v6\n", format!("bind {plain}\n")),
        ("bind :::443 v4v6", format!("bind {listen}")),
        ("/etc/ssl/biovity/biovity.pem", certificate.display().to_string()),
        ("10.0.0.11:8080", homes[0].address()),
        ("10.0.0.12:8080", homes[1].address()),
    ];
    let changes: Vec<_> = changes.iter().map(|(from, to)| (*from, to.as_str())).collect();
    fs::write(&settings, adapted(HAPROXY, &changes)).unwrap();
    let running = start("haproxy", &["-f", settings.to_str().unwrap()], folder.join("log"));
    let patience = Instant::now() + Duration::from_secs(10);
    while TcpStream::connect(listen).is_err() {
        assert!(Instant::now() < patience, "{:?}", fs::read_to_string(folder.join("log")));
        sleep(Duration::from_millis(50)).await;
    }
    (listen, running, outer)
}

async fn serve(home: &Home, database: &TestDatabase) -> Process {
    let key = KEY_BYTE.repeat(64);
    let more = [("RATE_LIMITS", "off"), ("LOG_LEVEL", "error"), ("SECRET_KEY", key.as_str())];
    let mut server = home.command_on(database, &["serve"], &more);
    server.says("Biovity is at").await;
    while home.visitor().get("/readyz").await.status != 200 {
        sleep(Duration::from_millis(50)).await;
    }
    server
}

/// Joins one address after the other. Nothing is sent twice, and each must be answered.
async fn join_on(site: SocketAddr, client: u32, is_over: Arc<AtomicBool>, joined: Arc<AtomicU32>) {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let browser = Client::builder().tls_danger_accept_invalid_certs(true).build().unwrap();
    for number in 0.. {
        if is_over.load(Ordering::Relaxed) {
            return;
        }
        let entry = serde_json::json!({ "email": format!("c{client}n{number}@example.cl"), "role": "employee" });
        let answer = browser.post(format!("https://{site}/api/waitlist")).json(&entry).send().await;
        let status = answer.map(|answer| answer.status().as_u16());
        assert_eq!(status.as_ref().ok(), Some(&201), "join {number} of client {client}: {status:?}");
        joined.fetch_add(1, Ordering::Relaxed);
    }
}

#[tokio::test]
async fn replicas_behind_haproxy_are_replaced_one_after_the_other_and_no_request_is_lost() {
    if !has("haproxy") {
        return;
    }
    let (database, homes) = (TestDatabase::migrated(), [Home::new(), Home::new()]);
    let mut replicas = [serve(&homes[0], &database).await, serve(&homes[1], &database).await];
    let (site, _balancer, _folder) = balance(&homes).await;
    // Until both were asked twice whether they are ready.
    sleep(Duration::from_secs(3)).await;
    let (is_over, joined) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU32::new(0)));
    let clients: Vec<_> = (0..CLIENTS)
        .map(|client| tokio::spawn(join_on(site, client, Arc::clone(&is_over), Arc::clone(&joined))))
        .collect();
    for number in (0..ROUNDS).flat_map(|_| 0..2) {
        sleep(Duration::from_secs(1)).await;
        let before = joined.load(Ordering::Relaxed);
        replicas[number].signal(Signal::SIGTERM);
        assert_eq!(replicas[number].end_within(15).await.code(), Some(0));
        assert!(joined.load(Ordering::Relaxed) > before, "the other one serves meanwhile");
        replicas[number] = serve(&homes[number], &database).await;
        // Until the balancer has seen it ready.
        sleep(Duration::from_secs(3)).await;
    }
    is_over.store(true, Ordering::Relaxed);
    for client in clients {
        client.await.unwrap();
    }
    let joined = joined.load(Ordering::Relaxed);
    assert_eq!(database.values("count(*)", "waitlist"), [joined.to_string()], "each once");
    let done = format!("two replicas behind HAProxy, each replaced {ROUNDS} times under joins");
    report("restarts lose no request", &done, format!("0 of {joined} requests"), "0");
    for replica in replicas {
        replica.stop().await;
    }
}

#[test]
fn haproxy_takes_the_file_that_leads_to_the_leader() {
    if has("haproxy") {
        succeeds(Command::new("haproxy").args(["-c", "-q", "-f"]).arg(file("deploy/cluster/haproxy-postgresql.cfg")));
    }
}

#[test]
fn nginx_takes_its_file() {
    if !has("nginx") {
        return;
    }
    let (_outer, folder) = work_folder();
    let (certificate, key) = (folder.join("fullchain.pem"), folder.join("key.pem"));
    fs::write(&certificate, CERTIFICATE).unwrap();
    fs::write(&key, KEY).unwrap();
    let [plain, listen] = [unused_address(), unused_address()].map(|address| format!("listen {address}"));
    let there = folder.display().to_string();
    let changes = [("listen 80", plain.as_str()), ("listen 443", &listen), ("/etc/ssl/biovity", &there)];
    let (site, settings) = (adapted(NGINX, &changes), folder.join("nginx.conf"));
    let folders = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
    let folders = folders.map(|name| format!("{name}_temp_path {there}/{name};")).concat();
    fs::write(&settings, format!("pid {there}/pid; events {{}} http {{ access_log off; {folders}\n{site}\n}}"))
        .unwrap();
    let tried = succeeds(Command::new("nginx").args(["-t", "-q", "-e", "stderr", "-c"]).arg(settings));
    assert!(tried.stderr.is_empty(), "{}", String::from_utf8_lossy(&tried.stderr));
}
