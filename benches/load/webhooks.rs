//! Joining while two webhooks are told of it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use diesel::connection::SimpleConnection;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

use super::table::{Bar, Figure};
use super::visitors::Joiners;
use super::{ADMIN, Bench, PASSWORD, driver, median, site};

/// Endpoints that are switched on.
const ENDPOINTS: usize = 2;
/// People who join at once, at the steady rate.
const PEOPLE: usize = 64;
/// A steady rate that leaves room for the deliveries, as a share of how many can join.
const SHARE: f64 = 0.1;
/// How often each is measured, in pairs: the same number of times before the other and after it. What else the machine does
/// changes from one pair to the next, by more than what is measured.
const ROUNDS: usize = 12;
/// Messages of a batch are told within this.
const SETTLES: Duration = Duration::from_secs(2);

/// Takes how many join a second at most.
pub async fn measure(bench: &mut Bench, most: f64) {
    let receiver = Receiver::start();
    add(bench, receiver.port).await;
    let (mut alone, mut told) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let mut both = [("new", &mut alone), ("active", &mut told)];
        // In turn, so that neither always comes after the other.
        both.rotate_left(round % 2);
        for (state, times) in both {
            let switch = format!("UPDATE webhook SET state = '{state}'");
            site::connect(&bench.folder).batch_execute(&switch).unwrap();
            let page = bench.site.whole("/waitlist", "").await;
            let joiners = Joiners::new(&format!("{state}{round}"), &page).many(PEOPLE);
            let load = driver::open(bench.site.port, bench.lasts, most * SHARE, joiners).await.all(303);
            times.push(load.per_mille(500).as_secs_f64() * 1_000.0);
            tokio::time::sleep(SETTLES).await;
        }
    }
    site::connect(&bench.folder).batch_execute("DELETE FROM webhook; DELETE FROM webhook_delivery").unwrap();
    assert!(receiver.messages.load(Ordering::Relaxed) > 100, "the endpoints were told");
    // Each with its neighbour in time: the median of all such shares.
    let share = median(alone.iter().zip(&told).map(|(alone, told)| alone / told).collect());
    let told = median(told);
    let alone = share * told;
    bench.table.value("joins with two webhooks on, half within", told, "ms", Bar::None);
    let name = "joins alone, against those with two webhooks on".into();
    bench.table.add(Figure { name, value: alone, unit: "ms", ceiling: Some(told), bar: Bar::Share(0.95) });
}

/// Adds the endpoints, as an admin does, and has each take its probe.
async fn add(bench: &Bench, port: u16) {
    bench.site.log_in(ADMIN, PASSWORD).await;
    for number in 0..ENDPOINTS {
        let (list, url) = (format!("{}/admin/webhooks", bench.site.url), format!("http://127.0.0.1:{port}/{number}"));
        let form = [("url", url.as_str()), ("event", "waitlist.joined")];
        let added = bench.site.client.post(list).header("sec-fetch-site", "same-origin").form(&form).send().await;
        assert_eq!(added.unwrap().status().as_u16(), 303);
    }
}

/// An endpoint that takes every message at once and counts them.
struct Receiver {
    port: u16,
    messages: Arc<AtomicU64>,
}

impl Receiver {
    /// Listens, on a thread of its own.
    fn start() -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let (port, messages) = (listener.local_addr().unwrap().port(), Arc::new(AtomicU64::new(0)));
        let count = Arc::clone(&messages);
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async move {
                listener.set_nonblocking(true).unwrap();
                let listener = TcpListener::from_std(listener).unwrap();
                while let Ok((stream, _)) = listener.accept().await {
                    tokio::spawn(take(stream, Arc::clone(&count)));
                }
            });
        });
        Self { port, messages }
    }
}

async fn take(stream: TcpStream, messages: Arc<AtomicU64>) -> std::io::Result<()> {
    let (reader, mut writer) = stream.into_split();
    let (mut reader, mut line, mut length) = (BufReader::new(reader), String::new(), 0);
    while reader.read_line(&mut line).await? > 0 {
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        if line == "\r\n" {
            reader.read_exact(&mut vec![0; length]).await?;
            messages.fetch_add(1, Ordering::Relaxed);
            writer.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await?;
        }
        line.clear();
    }
    Ok(())
}
