//! The program as a process of its own, on a database of its own.

use std::io::Write;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use biovity::db::embedded::{self, Settings};
use biovity::server;
use biovity::values::database_url::DatabaseUrl;
use diesel::pg::PgConnection;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use reqwest::redirect::Policy;
use reqwest::{Client, Response};

/// The program, serving.
pub struct Site {
    process: Child,
    pub port: u16,
    pub url: String,
    /// Somebody with a browser, who follows no redirect unasked.
    pub client: Client,
    pub started_in: Duration,
}

impl Site {
    /// Starts it with this data and these variables.
    pub async fn start(data_dir: &Path, variables: &[(&str, &str)]) -> Self {
        let port = free_port();
        let started = Instant::now();
        let process = program(data_dir)
            .env("LISTEN", format!("127.0.0.1:{port}"))
            .envs(variables.iter().copied())
            .spawn()
            .unwrap();
        let (url, client) = (format!("http://127.0.0.1:{port}"), client());
        let ready = format!("{url}/readyz");
        while !client.get(&ready).send().await.is_ok_and(|answer| answer.status().is_success()) {
            assert!(started.elapsed() < Duration::from_secs(30), "the site is not ready");
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        Self { process, port, url, client, started_in: started.elapsed() }
    }

    /// The whole answer to a GET with these cookies, as it comes over the line.
    pub async fn whole(&self, path: &str, cookies: &str) -> String {
        let answer = self.client.get(format!("{}{path}", self.url)).header("cookie", cookies).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), 200, "{path}");
        let lines = answer.headers().iter().map(|(name, value)| format!("\r\n{name}: {}", value.to_str().unwrap()));
        let head = lines.collect::<String>();
        format!("HTTP/1.1 200 OK{head}\r\n\r\n{}", answer.text().await.unwrap())
    }

    /// Logs in with the client's cookies, or those of a browser of its own; returns the cookies.
    pub async fn log_in(&self, email: &str, password: &str) -> String {
        let form = [("email", email), ("password", password)];
        let answer = self.client.post(format!("{}/login", self.url)).form(&form).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), 303);
        cookies_of(&answer)
    }

    /// The cookies that a browser with these has after it read the page, where the page sets all of them anew.
    pub async fn cookies_after(&self, path: &str, cookies: &str) -> String {
        let answer = self.client.get(format!("{}{path}", self.url)).header("cookie", cookies).send().await.unwrap();
        cookies_of(&answer)
    }

    /// The process's resident memory that no file backs, in MiB; that of the database server is not in it.
    pub fn own_memory(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with("RssAnon:")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse::<f64>().unwrap() / 1024.0
    }
}

impl Site {
    /// Ends it as an operator does, and so its database as well.
    pub fn stop(&mut self) {
        if self.process.try_wait().unwrap().is_none() {
            kill(Pid::from_raw(i32::try_from(self.process.id()).unwrap()), Signal::SIGTERM).unwrap();
            self.process.wait().unwrap();
        }
    }
}

impl Drop for Site {
    /// Also when a measurement stops the run.
    fn drop(&mut self) {
        self.stop();
    }
}

/// The address of the database of a site that runs on this data.
pub fn database(data_dir: &Path) -> String {
    embedded::running(&Settings { data_dir: data_dir.to_owned(), pg_bin: None, connections: Settings::CONNECTIONS })
        .unwrap()
}

/// A connection to it.
pub fn connect(data_dir: &Path) -> PgConnection {
    server::connect(&DatabaseUrl::parse(&database(data_dir)).unwrap()).unwrap()
}

/// Runs one of the program's commands on this data, with this on its standard input.
pub fn command(data_dir: &Path, arguments: &[&str], input: &str) {
    let mut program = program(data_dir).args(arguments).stdin(Stdio::piped()).spawn().unwrap();
    program.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    assert!(program.wait().unwrap().success(), "{arguments:?}");
}

fn cookies_of(answer: &Response) -> String {
    let set = answer.headers().get_all("set-cookie").iter().map(|value| value.to_str().unwrap());
    set.filter_map(|cookie| cookie.split(';').next()).collect::<Vec<_>>().join("; ")
}

/// A port that nobody listens on.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn program(data_dir: &Path) -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_biovity"));
    program.env("DATA_DIR", data_dir).stdout(Stdio::null()).stderr(Stdio::null());
    program
}

fn client() -> Client {
    // The site closes idle connections after 15 s.
    // The client has TLS for the site's own use, and wants to know whose.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = Client::builder().cookie_store(true).redirect(Policy::none());
    client.pool_idle_timeout(Duration::from_secs(5)).build().unwrap()
}
