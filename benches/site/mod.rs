//! The program as a process of its own, on a database of its own.
#![allow(dead_code, reason = "each measurement uses a part")]

use std::io::Write;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use reqwest::Client;
use reqwest::redirect::Policy;
use tempfile::TempDir;

/// Requests one after the other, for the time of one.
const IN_TURN: u32 = 5_000;
/// How long many are sent at once.
const FLOOD: Duration = Duration::from_secs(3);

/// Runs a measurement with a folder for its data.
pub fn run(measure: impl AsyncFnOnce(&Path)) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let folder: TempDir = tempfile::tempdir().unwrap();
    // As root, the database server runs as another user, who must be able to enter.
    let open = std::os::unix::fs::PermissionsExt::from_mode(0o711);
    std::fs::set_permissions(folder.path(), open).unwrap();
    runtime.block_on(tokio::task::LocalSet::new().run_until(measure(folder.path())));
}

/// The program, serving.
pub struct Site {
    process: Child,
    pub url: String,
    /// Somebody with a browser, who follows no redirect unasked.
    pub client: Client,
    pub started_in: Duration,
}

impl Site {
    pub async fn start(data_dir: &Path) -> Self {
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
        let (url, client) = (format!("http://127.0.0.1:{port}"), client());
        let ready = format!("{url}/readyz");
        while !client.get(&ready).send().await.is_ok_and(|answer| answer.status().is_success()) {
            assert!(started.elapsed() < Duration::from_secs(30), "the site is not ready");
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        Self { process, url, client, started_in: started.elapsed() }
    }

    /// The median and the 99th percentile of a request, as its client sees it.
    pub async fn in_turn(&self, path: &str) -> (Duration, Duration) {
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
    pub async fn at_once(&self, path: &str, clients: u32) -> f64 {
        let started = Instant::now();
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..clients {
            let (client, url) = (self.client.clone(), format!("{}{path}", self.url));
            tasks.spawn(async move {
                let mut answers = 0_u32;
                while started.elapsed() < FLOOD {
                    client.get(&url).send().await.unwrap().bytes().await.unwrap();
                    answers += 1;
                }
                answers
            });
        }
        let answers: u32 = tasks.join_all().await.iter().sum();
        f64::from(answers) / started.elapsed().as_secs_f64()
    }

    pub async fn fetch(&self, path: &str) {
        let answer = self.client.get(format!("{}{path}", self.url)).send().await.unwrap();
        assert!(answer.status().is_success());
        answer.bytes().await.unwrap();
    }

    /// The process's own resident memory; that of the database server is not in it.
    pub fn resident_mib(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse::<f64>().unwrap() / 1024.0
    }

    pub fn stop(mut self) {
        kill(Pid::from_raw(i32::try_from(self.process.id()).unwrap()), Signal::SIGINT).unwrap();
        self.process.wait().unwrap();
    }
}

/// Runs one of the program's commands on the data of a folder, with this on its standard input.
pub fn command(data_dir: &Path, arguments: &[&str], input: &str) {
    let program = Command::new(env!("CARGO_BIN_EXE_biovity"))
        .args(arguments)
        .env("DATA_DIR", data_dir)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    let mut program = program.unwrap();
    program.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    assert!(program.wait().unwrap().success(), "{arguments:?}");
}

fn client() -> Client {
    // The site closes idle connections after 15 s.
    let client = Client::builder().cookie_store(true).redirect(Policy::none());
    client.pool_idle_timeout(Duration::from_secs(5)).build().unwrap()
}
