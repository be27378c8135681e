//! How fast the real program is: start, memory, the start page. Everything on loopback, bounded in count and time.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a measurement that cannot go on stops")]

mod site;

use std::path::Path;
use std::time::{Duration, Instant};

use reqwest::Client;
use site::Site;

/// Requests at once, for how many a second.
const AT_ONCE: u32 = 32;
/// Requests with a known and as many with an unknown address, in turn.
const IN_PAIRS: usize = 200;
/// Starts of which the median is told.
const STARTS: usize = 5;

fn main() {
    site::run(measure);
}

async fn measure(data_dir: &Path) {
    let first = Site::start(data_dir).await;
    println!("first start, with a new database      {:>9.1?}", first.started_in);
    first.stop();
    let mut starts = Vec::new();
    for _ in 0..STARTS {
        let site = Site::start(data_dir).await;
        starts.push(site.started_in);
        site.stop();
    }
    starts.sort();
    println!("start on an existing database         {:>9.1?}  (bar: 150 ms)", starts[STARTS / 2]);
    let site = Site::start(data_dir).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    println!("memory when idle                      {:>7.1} MiB  (bar: 40 MiB)", site.resident_mib());
    for path in ["/healthz", "/", "/waitlist", "/login"] {
        let (median, slow) = site.in_turn(path).await;
        println!("GET {path:<10} one at a time          {median:>9.1?}  (p99 {slow:.1?})");
    }
    println!("GET /, {AT_ONCE} at once                     {:>7.0} a second", site.at_once("/", AT_ONCE).await);
    println!("memory afterwards                     {:>7.1} MiB", site.resident_mib());
    let forms = ["/login", "/signup/employee", "/password/forgot", "/verify-email/resend"];
    let pairs = futures(forms.map(|path| in_pairs(site.url.clone(), path))).await;
    for (path, (known, unknown)) in forms.into_iter().zip(pairs) {
        let apart = 100.0 * (known.as_secs_f64() / unknown.as_secs_f64() - 1.0);
        println!("POST {path:<21} known {known:>9.1?}, unknown {unknown:>9.1?}  {apart:+.1} % (bar: 10 %)");
    }
    site.stop();
}

/// Runs them beside each other: they mostly wait.
async fn futures<T: 'static>(all: [impl Future<Output = T> + 'static; 4]) -> Vec<T> {
    let tasks: Vec<_> = all.into_iter().map(tokio::task::spawn_local).collect();
    let mut results = Vec::new();
    for task in tasks {
        results.push(task.await.unwrap());
    }
    results
}

/// The medians of a form with an address that has an account and with others. That of the last form waits to be
/// verified, as only such an account gets a mail there.
async fn in_pairs(url: String, path: &'static str) -> (Duration, Duration) {
    let client = Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let waits = "waits@example.cl";
    let send = async |path: &str, email: &str| {
        let person = [("name", "Ana"), ("profession", "Biochemist"), ("password", "quillay sobre el volcán 7")];
        let sent = Instant::now();
        let form = client.post(format!("{url}{path}")).form(&[&person[..], &[("email", email)]].concat());
        let status = form.send().await.unwrap().status().as_u16();
        assert!([303, 401].contains(&status), "{path}: {status}");
        sent.elapsed()
    };
    send("/signup/employee", waits).await;
    let known = if path == "/verify-email/resend" { waits } else { "admin@biovity.localhost" };
    let (mut of_known, mut of_unknown) = (Vec::new(), Vec::new());
    for round in 0..IN_PAIRS {
        of_known.push(send(path, known).await);
        of_unknown.push(send(path, &format!("unknown-{round}@example.cl")).await);
    }
    of_known.sort();
    of_unknown.sort();
    (of_known[IN_PAIRS / 2], of_unknown[IN_PAIRS / 2])
}
