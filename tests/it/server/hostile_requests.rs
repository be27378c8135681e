//! Requests that nobody's browser makes, over every route, from a seeded generator: none of them is a fault of ours.

mod generator;

use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::cli::{Home, KEY_BYTE, Process};
use crate::support::torture::{memory, report};
use crate::support::unused_address;
use crate::support::wire::exchange;
use crate::support::{PASSWORD, TestSite};
use generator::Generator;

/// Requests of the short run, and of the long one.
const FEW: usize = 5_000;
const MANY: usize = 100_000;
/// Requests of a round. Each begins with new sessions, since some requests end them.
const ROUND: usize = 1_000;
/// Connections at once.
const CLIENTS: usize = 8;
/// The same requests each time; a failure tells the client and the number of the request.
const SEED: u64 = 20_261_127;
/// The longest wait for an answer: longer than the server waits for the rest of a body.
const PATIENCE: Duration = Duration::from_secs(8);
/// What the process may grow by once it is warm, in MiB.
const GROWTH: u64 = 48;

/// What became of a request: a status, or nothing that is one.
async fn outcome(address: &str, request: &[u8]) -> Option<u16> {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let mut answer = Vec::new();
    let asked = async {
        // A server that has refused the head reads no body.
        let _ = stream.write_all(request).await;
        let _ = stream.shutdown().await;
        while answer.len() < 12 && stream.read_buf(&mut answer).await.is_ok_and(|count| count > 0) {}
    };
    timeout(PATIENCE, asked).await.unwrap_or_else(|_| panic!("no end: {}", request.escape_ascii()));
    let status = answer.strip_prefix(b"HTTP/1.")?.get(2..5)?;
    std::str::from_utf8(status).ok()?.parse().ok()
}

async fn ask(address: String, mut generator: Generator, requests: usize) -> usize {
    let mut answered = 0;
    for number in 0..requests {
        let request = generator.request();
        let status = outcome(&address, &request).await;
        answered += usize::from(status.is_some());
        let is_fault = status.is_some_and(|status| status >= 500 && status != 503);
        assert!(!is_fault, "{status:?} to request {number} of {:#x}: {}", generator.seed, request.escape_ascii());
    }
    answered
}

/// All clients together; how many requests were answered.
async fn ask_all(home: &Home, cookies: &[String], round: usize) -> usize {
    let mut clients = JoinSet::new();
    for client in 0..CLIENTS {
        let seed = SEED + (round * CLIENTS + client) as u64;
        clients.spawn(ask(home.address(), Generator::new(seed, cookies.to_vec()), ROUND / CLIENTS));
    }
    clients.join_all().await.into_iter().sum()
}

/// What one of each kind sends as a cookie.
async fn log_in(site: &TestSite) -> Vec<String> {
    let mut cookies = Vec::new();
    for name in ["ana", "lab", "boss"] {
        cookies.push(site.visitor().log_in(&format!("{name}@example.cl"), PASSWORD).await.cookie().unwrap());
    }
    cookies
}

/// What the metrics page counts under a name.
async fn counted(metrics: &str, is_counted: impl Fn(&str) -> bool) -> u64 {
    let page = exchange(metrics, "GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await.unwrap();
    let samples = page.body.lines().filter(|line| is_counted(line)).filter_map(|line| line.rsplit(' ').next());
    samples.map(|value| value.parse::<u64>().unwrap()).sum()
}

async fn start(site: &TestSite, home: &Home, metrics: &str) -> Process {
    let key = KEY_BYTE.repeat(64);
    let more = [("RATE_LIMITS", "off"), ("SECRET_KEY", &*key), ("METRICS_LISTEN", metrics), ("LOG_LEVEL", "error")];
    let mut server = home.command_on(&site.database, &["serve"], &more);
    server.says("Biovity is at").await;
    server
}

async fn attack(requests: usize) {
    let (site, home) = (TestSite::with(&[("RATE_LIMITS", "off")]).await, Home::new());
    let metrics = unused_address().to_string();
    let server = start(&site, &home, &metrics).await;
    site.employee("ana@example.cl").await;
    site.organization("lab@example.cl").await;
    site.make_admin("boss@example.cl", PASSWORD);
    let (since, mut answered, mut before) = (Instant::now(), 0, 0);
    for round in 0..requests / ROUND {
        if round == requests / ROUND / 5 {
            before = memory(server.id());
        }
        answered += ask_all(&home, &log_in(&site).await, round).await;
    }
    let (after, took) = (memory(server.id()), since.elapsed());
    let faults = |line: &str| line.starts_with("biovity_http_requests_total") && line.contains("status=\"500\"");
    let shed = |line: &str| line.starts_with("biovity_http_requests_total") && line.contains("status=\"503\"");
    let url = format!("http://{metrics}");
    let (faults, shed) = (counted(&url, faults).await, counted(&url, shed).await);
    let panics = counted(&url, |line| line.starts_with("biovity_panics_total")).await;
    home.visitor().join("after@example.cl", "employee").await.redirects_to("/waitlist/joined");
    let done = format!("{requests} hostile requests in {took:.0?}, {answered} answered");
    report("no request is a fault", &done, format!("{faults} × 500, {panics} panics, {shed} × 503"), "0, 0");
    report("memory is flat", &done, format!("{after} MiB after {before} MiB"), "+48 MiB");
    assert_eq!((faults, panics), (0, 0), "{}", server.err.lock().unwrap());
    assert!(answered > requests / 2, "{answered} of {requests} were answered at all");
    assert!(shed < requests as u64 / 100, "{shed} were shed");
    assert!(after < before + GROWTH, "{before} MiB became {after} MiB");
    server.stop().await;
}

#[tokio::test]
async fn no_hostile_request_is_a_fault_or_a_panic() {
    attack(FEW).await;
}

#[tokio::test]
#[ignore = "takes minutes: make torture"]
async fn none_of_a_hundred_thousand_hostile_requests_is_a_fault_or_a_panic() {
    attack(MANY).await;
}
