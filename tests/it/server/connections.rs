//! The bounds of connections and requests, found out by clients that speak by hand.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, mpsc};
use std::time::{Duration, Instant};

use biovity::server::http_server::CONNECTIONS_OF_NETWORK;
use biovity::web::protection::middleware::{HASHES_OF_NETWORK, REQUESTS_OF_NETWORK};
use reqwest::RequestBuilder;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::support::visitor::{Visitor, send};
use crate::support::wire::Wire;
use crate::support::{PASSWORD, TestSite};

fn address(site: &TestSite) -> SocketAddr {
    site.base_url.trim_start_matches("http://").parse().unwrap()
}

/// A connection from this address of the loopback network.
async fn connect_from(site: &TestSite, from: &str) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(format!("{from}:0").parse().unwrap()).unwrap();
    socket.connect(address(site)).await.unwrap()
}

fn overloads(site: &TestSite, reason: &str) -> u64 {
    let all = site.app.metrics.overloads().all();
    all.into_iter().find(|(name, _)| *name == reason).map_or(0, |(_, count)| count)
}

#[tokio::test]
async fn the_head_of_a_later_request_may_not_come_byte_by_byte_for_ever() {
    let site = TestSite::start().await;
    let mut wire = Wire::to(&site.base_url).await;
    wire.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").await;
    assert_eq!(wire.answer().await.unwrap().status, 200);
    let since = Instant::now();
    let mut stream = wire.into_stream();
    let trickle = async {
        for byte in "GET /healthz HTTP/1.1\r\nX-Slow: ".bytes().chain(std::iter::repeat(b'x')) {
            if stream.write_all(&[byte]).await.is_err() {
                return;
            }
            if let Ok(Ok(0) | Err(_)) = timeout(Duration::from_millis(500), stream.read(&mut [0; 64])).await {
                return;
            }
        }
    };
    timeout(Duration::from_secs(25), trickle).await.expect("cut after 20 s");
    assert!(since.elapsed() > Duration::from_secs(15), "an idle connection is kept as long: {:?}", since.elapsed());
    assert_eq!(overloads(&site, "slow_head"), 1);
}

#[tokio::test]
async fn a_client_that_takes_nothing_of_its_answers_is_cut() {
    let site = TestSite::start().await;
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    let mut stream = socket.connect(address(&site)).await.unwrap();
    let requests = "GET / HTTP/1.1\r\nHost: x\r\n\r\n".repeat(2_000);
    let _ = timeout(Duration::from_secs(2), stream.write_all(requests.as_bytes())).await;
    let since = Instant::now();
    while overloads(&site, "slow_reader") == 0 {
        assert!(since.elapsed() < Duration::from_secs(50), "still kept");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    site.visitor().get("/").await.has_status(200);
}

#[tokio::test]
async fn one_network_gets_its_share_of_connections_and_leaves_that_of_others() {
    let site = TestSite::start().await;
    let mut kept = Vec::new();
    for _ in 0..CONNECTIONS_OF_NETWORK {
        kept.push(connect_from(&site, "127.0.0.9").await);
    }
    let mut refused = connect_from(&site, "127.0.0.9").await;
    let said = timeout(Duration::from_secs(2), refused.read(&mut [0; 64])).await.expect("refused at once");
    assert!(matches!(said, Ok(0) | Err(_)), "{said:?}");
    assert_eq!(overloads(&site, "connections_of_network"), 1);
    site.visitor_from("127.0.0.8").get("/").await.has_status(200);
    kept.truncate(CONNECTIONS_OF_NETWORK / 2);
    let patience = Instant::now() + Duration::from_secs(5);
    while site.visitor_from("127.0.0.9").request("GET", "/").send().await.is_err() {
        assert!(Instant::now() < patience, "the share never came back");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn a_proxy_has_as_many_connections_as_it_likes() {
    let proxied = [("TRUSTED_PROXIES", "127.0.0.9"), ("CLIENT_IP_HEADER", "x-forwarded-for")];
    let site = TestSite::with(&proxied).await;
    let mut kept = Vec::new();
    for _ in 0..CONNECTIONS_OF_NETWORK + 50 {
        kept.push(connect_from(&site, "127.0.0.9").await);
    }
    site.visitor_from("127.0.0.9").get("/").await.has_status(200);
    assert_eq!(overloads(&site, "connections_of_network"), 0);
}

#[tokio::test]
async fn one_network_cannot_take_all_places_that_wait_for_the_database() {
    let site = TestSite::start().await;
    let mut held = Vec::new();
    for _ in 0..REQUESTS_OF_NETWORK {
        let mut stream = connect_from(&site, "127.0.0.9").await;
        let request = "POST /waitlist HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n\
                    Content-Length: 40\r\n\r\nemail=";
        stream.write_all(request.as_bytes()).await.unwrap();
        held.push(stream);
    }
    let (greedy, other) = (site.visitor_from("127.0.0.9"), site.visitor_from("127.0.0.8"));
    let patience = Instant::now() + Duration::from_secs(3);
    while greedy.get("/").await.status != 503 {
        assert!(Instant::now() < patience, "never refused");
    }
    let since = Instant::now();
    let refused = greedy.post("/waitlist", &[("email", "ana@example.cl"), ("role", "employee")]).await;
    assert!(since.elapsed() < Duration::from_millis(500), "{:?}", since.elapsed());
    assert!(refused.has_status(503).headers.contains_key("retry-after"));
    greedy.get("/healthz").await.has_status(200);
    other.join("bea@example.cl", "employee").await.redirects_to("/waitlist/joined");
    assert!(overloads(&site, "requests_of_network") >= 2);
    // The bodies that never come end after five seconds.
    tokio::time::sleep(Duration::from_secs(6)).await;
    greedy.join("ana@example.cl", "employee").await.redirects_to("/waitlist/joined");
}

/// A log-in with this address that comes by a proxy from this network.
fn log_in_from(network: &str, visitor: &Visitor, email: &str) -> RequestBuilder {
    let request = visitor.request("POST", "/login").header("sec-fetch-site", "same-origin");
    request.header("x-forwarded-for", network).form(&[("email", email), ("password", PASSWORD)])
}

/// Keeps all threads that hash passwords until this goes.
async fn hold_password_hasher(site: &TestSite) -> mpsc::Sender<()> {
    let (hold, end) = mpsc::channel::<()>();
    let end = Arc::new(Mutex::new(end));
    let places = 2 * std::thread::available_parallelism().unwrap().get();
    for _ in 0..places {
        let (hasher, end) = (site.app.hasher.clone(), Arc::clone(&end));
        tokio::spawn(async move { hasher.run(move |_| end.lock().unwrap().recv().is_err()).await });
    }
    while site.app.hasher.usage().running < places {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    hold
}

/// People on devices of their own, on which each has logged in before: no limit of their network counts them.
async fn known_devices(site: &TestSite, count: usize) -> Vec<(Visitor, String)> {
    let mut known = Vec::new();
    for number in 0..count {
        let (visitor, email) = (site.visitor(), format!("flood{number}@example.cl"));
        site.make_admin(&email, PASSWORD);
        send(log_in_from(&format!("198.51.100.{number}"), &visitor, &email)).await.has_status(303);
        known.push((visitor, email));
    }
    known
}

#[tokio::test]
async fn a_flood_of_log_ins_from_one_network_is_refused_at_once_and_another_network_logs_in() {
    let proxied = [("TRUSTED_PROXIES", "127.0.0.1"), ("CLIENT_IP_HEADER", "x-forwarded-for")];
    let site = TestSite::with(&proxied).await;
    site.make_admin("ana@example.cl", PASSWORD);
    let mut devices = known_devices(&site, 16).await;
    let (late, late_email) = devices.pop().unwrap();
    let hold = hold_password_hasher(&site).await;
    // More than all waiting places, and fewer than the requests that a network may have in hand.
    let mut flood = JoinSet::new();
    for (visitor, email) in devices.iter().flat_map(|device| std::iter::repeat_n(device, 5)) {
        flood.spawn(send(log_in_from("203.0.113.7", visitor, email)));
    }
    for _ in 0..flood.len() - HASHES_OF_NETWORK {
        let refused = timeout(Duration::from_secs(2), flood.join_next()).await.expect("refused at once");
        assert!(refused.unwrap().unwrap().has_status(503).headers.contains_key("retry-after"));
    }
    assert_eq!(site.app.hasher.usage().waiting, HASHES_OF_NETWORK);
    let mut fastest = Duration::MAX;
    for _ in 0..5 {
        let since = Instant::now();
        send(log_in_from("203.0.113.7", &late, &late_email)).await.has_status(503);
        fastest = fastest.min(since.elapsed());
    }
    assert!(fastest < Duration::from_millis(100), "{fastest:?}");
    let ana = site.visitor();
    let other = tokio::spawn(send(log_in_from("203.0.113.8", &ana, "ana@example.cl")));
    while site.app.hasher.usage().waiting <= HASHES_OF_NETWORK && !other.is_finished() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    drop(hold);
    other.await.unwrap().redirects_to("/admin");
    assert!(overloads(&site, "hashes_of_network") >= 43);
    drop(flood.join_all().await);
    send(log_in_from("203.0.113.7", &devices[0].0, "ana@example.cl")).await.redirects_to("/admin");
}
