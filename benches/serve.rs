//! How fast the real program is: start, memory, the start page. Everything on loopback, bounded in count and time.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a measurement that cannot go on stops")]

use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use reqwest::Client;

/// Requests one after the other, for the time of one.
const IN_TURN: u32 = 5_000;
/// Requests at once, for how many a second.
const AT_ONCE: u32 = 32;
/// How long many are sent at once.
const FLOOD: Duration = Duration::from_secs(3);
/// Requests with a known and as many with an unknown address, in turn.
const IN_PAIRS: usize = 200;
/// Starts of which the median is told.
const STARTS: usize = 5;

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let folder = tempfile::tempdir().unwrap();
    // As root, the database server runs as another user, who must be able to enter.
    let open = std::os::unix::fs::PermissionsExt::from_mode(0o711);
    std::fs::set_permissions(folder.path(), open).unwrap();
    runtime.block_on(tokio::task::LocalSet::new().run_until(measure(folder.path())));
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
    println!("GET /, {AT_ONCE} at once                     {:>7.0} a second", site.at_once("/").await);
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

/// The program, serving.
struct Site {
    process: Child,
    url: String,
    client: Client,
    started_in: Duration,
}

impl Site {
    async fn start(data_dir: &Path) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let started = Instant::now();
        let process = Command::new(env!("CARGO_BIN_EXE_biovity"))
            .env("DATA_DIR", data_dir)
            .env("RATE_LIMITS", "off")
            .env("LISTEN", format!("127.0.0.1:{port}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let (url, client) = (format!("http://127.0.0.1:{port}"), Client::new());
        let ready = format!("{url}/readyz");
        while !client.get(&ready).send().await.is_ok_and(|answer| answer.status().is_success()) {
            assert!(started.elapsed() < Duration::from_secs(30), "the site is not ready");
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        Self { process, url, client, started_in: started.elapsed() }
    }

    /// The median and the 99th percentile of a request, as its client sees it.
    async fn in_turn(&self, path: &str) -> (Duration, Duration) {
        let mut times = Vec::new();
        for _ in 0..IN_TURN {
            let sent = Instant::now();
            self.fetch(path).await;
            times.push(sent.elapsed());
        }
        times.sort();
        (times[times.len() / 2], times[times.len() * 99 / 100])
    }

    /// Requests a second. Client and site share the cores.
    async fn at_once(&self, path: &str) -> f64 {
        let started = Instant::now();
        let mut clients = tokio::task::JoinSet::new();
        for _ in 0..AT_ONCE {
            let (client, url) = (self.client.clone(), format!("{}{path}", self.url));
            clients.spawn(async move {
                let mut answers = 0_u32;
                while started.elapsed() < FLOOD {
                    client.get(&url).send().await.unwrap().bytes().await.unwrap();
                    answers += 1;
                }
                answers
            });
        }
        let answers: u32 = clients.join_all().await.iter().sum();
        f64::from(answers) / started.elapsed().as_secs_f64()
    }

    async fn fetch(&self, path: &str) {
        let answer = self.client.get(format!("{}{path}", self.url)).send().await.unwrap();
        assert!(answer.status().is_success());
        answer.bytes().await.unwrap();
    }

    /// The process's own resident memory; that of the database server is not in it.
    fn resident_mib(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse::<f64>().unwrap() / 1024.0
    }

    fn stop(mut self) {
        kill(Pid::from_raw(i32::try_from(self.process.id()).unwrap()), Signal::SIGINT).unwrap();
        self.process.wait().unwrap();
    }
}
