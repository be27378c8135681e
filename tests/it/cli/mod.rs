//! The command line, as operators meet it: the real binary, with an environment and a data folder of its own.

use std::fs::{self, Permissions};
use std::io::{BufRead, BufReader, Read, Write};
use std::os::fd::OwnedFd;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use biovity::config::VARIABLES;
use nix::errno::Errno;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tempfile::TempDir;

use crate::support::database::TestDatabase;
use crate::support::unused_address;
use crate::support::visitor::Visitor;

mod admin;
mod backup;
mod check;
mod configuration;
mod demo;
mod embedded;
mod interrupted_import;
mod lifecycle;
mod mail;
mod migrate;
mod secrets;
mod serve;
mod user;
mod waitlist;
mod webhook;
mod work;

/// 64 bytes, as every test site has them.
pub const KEY_BYTE: &str = "5e";

/// A data folder and a port.
pub struct Home {
    folder: TempDir,
    port: u16,
}

impl Home {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        // As root, the server's user comes through here.
        fs::set_permissions(folder.path(), Permissions::from_mode(0o711)).unwrap();
        Self { folder, port: unused_address().port() }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join("data").join(name)
    }

    pub fn variables(&self) -> Vec<(String, String)> {
        let data_dir = self.folder.path().join("data").to_str().unwrap().to_owned();
        vec![("DATA_DIR".to_owned(), data_dir), ("LISTEN".to_owned(), format!("127.0.0.1:{}", self.port))]
    }

    /// A command with the embedded database.
    pub fn command(&self, arguments: &[&str]) -> Process {
        Process::start(arguments, &self.variables(), "")
    }

    /// A command with this database instead, and what else it is told.
    pub fn command_on(&self, database: &TestDatabase, arguments: &[&str], more: &[(&str, &str)]) -> Process {
        let mut variables = self.variables();
        variables.push(("DATABASE_URL".to_owned(), database.text()));
        variables.extend(more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        Process::start(arguments, &variables, "")
    }

    /// Where its server listens.
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    pub fn visitor(&self) -> Visitor {
        Visitor::new(&format!("http://{}", self.address()), "en", "127.0.0.1")
    }

    /// The process of the embedded server.
    pub fn server(&self) -> Pid {
        let file = fs::read_to_string(self.path("postgres/data/postmaster.pid")).unwrap();
        Pid::from_raw(file.lines().next().unwrap().trim().parse().unwrap())
    }

    /// The processes of the embedded server: the first is their parent.
    pub fn database_processes(&self) -> Vec<Pid> {
        let parent = self.server();
        let children = fs::read_to_string(format!("/proc/{parent}/task/{parent}/children")).unwrap_or_default();
        let children = children.split_whitespace().map(|pid| Pid::from_raw(pid.parse().unwrap()));
        [parent].into_iter().chain(children).collect()
    }
}

/// A running `biovity`; only its own number is ever sent a signal.
pub struct Process {
    child: Child,
    out: Arc<Mutex<String>>,
    pub err: Arc<Mutex<String>>,
}

/// What a command left.
#[derive(Debug)]
pub struct Ended {
    code: Option<i32>,
    out: String,
    err: String,
}

impl Process {
    pub fn start(arguments: &[&str], variables: &[(String, String)], input: &str) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_biovity"));
        command.args(arguments).stdin(Stdio::piped());
        let mut process = Self::spawn(command, variables);
        // One that has ended already reads nothing.
        let _ = process.child.stdin.take().unwrap().write_all(input.as_bytes());
        process
    }

    /// A server that gets this socket as a service manager hands it over.
    fn serve_on(socket: impl Into<OwnedFd>, variables: &[(String, String)]) -> Self {
        let mut command = Command::new("sh");
        let script = "exec 3<&0 </dev/null; LISTEN_FDS=1 LISTEN_PID=$$ exec \"$0\" serve";
        command.args(["-c", script, env!("CARGO_BIN_EXE_biovity")]).stdin(socket.into());
        Self::spawn(command, variables)
    }

    pub fn spawn(mut command: Command, variables: &[(String, String)]) -> Self {
        for variable in VARIABLES {
            command.env_remove(variable.name);
        }
        command.envs(variables.iter().cloned()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let (out, err) = (collect(child.stdout.take().unwrap()), collect(child.stderr.take().unwrap()));
        Self { child, out, err }
    }

    /// Waits until it has printed this.
    pub async fn says(&mut self, words: &str) {
        let patience = Instant::now() + Duration::from_secs(30);
        while !self.out.lock().unwrap().contains(words) {
            let status = self.child.try_wait().unwrap();
            assert!(status.is_none(), "ended with {status:?}: {}", self.err.lock().unwrap());
            assert!(Instant::now() < patience, "{words:?} is not in {:?}", self.out.lock().unwrap());
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    pub fn signal(&self, signal: Signal) {
        kill(Pid::from_raw(i32::try_from(self.child.id()).unwrap()), signal).unwrap();
    }

    /// Waits for its end.
    pub async fn end_within(&mut self, seconds: u64) -> ExitStatus {
        let patience = Instant::now() + Duration::from_secs(seconds);
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(Instant::now() < patience, "still runs after {seconds} s: {}", self.err.lock().unwrap());
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Waits for its end and takes what it wrote.
    async fn ended(mut self) -> Ended {
        let code = self.end_within(30).await.code();
        // The threads that read let go of their ends when everything is read.
        while Arc::strong_count(&self.out) + Arc::strong_count(&self.err) > 2 {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        let (out, err) = (self.out.lock().unwrap().clone(), self.err.lock().unwrap().clone());
        Ended { code, out, err }
    }

    /// Asks it to stop, as a service manager does. An embedded database writes all it has before it ends.
    pub async fn stop(mut self) {
        self.signal(Signal::SIGTERM);
        assert_eq!(self.end_within(30).await.code(), Some(0));
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Ended {
    #[track_caller]
    fn succeeded(self) -> Self {
        assert_eq!(self.code, Some(0), "{self:?}");
        self
    }

    /// Failed with an error of its own, not by a panic.
    #[track_caller]
    fn failed(self) -> Self {
        assert_eq!(self.code, Some(1), "{self:?}");
        assert!(!self.err.contains("panicked"), "{self:?}");
        self
    }
}

fn collect(pipe: impl Read + Send + 'static) -> Arc<Mutex<String>> {
    let text = Arc::new(Mutex::new(String::new()));
    let shared = Arc::clone(&text);
    thread::spawn(move || {
        for line in BufReader::new(pipe).lines().map_while(Result::ok) {
            shared.lock().unwrap().extend([line.as_str(), "\n"]);
        }
    });
    text
}

/// Whether a process is there; one that has ended and that nobody asked about is not.
pub fn is_alive(pid: Pid) -> bool {
    let ended = fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|state| state.contains(") Z "));
    !ended && kill(pid, None) != Err(Errno::ESRCH)
}
