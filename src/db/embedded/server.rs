//! One run of the server as a child process, from its launch to its end.

use std::fs;
use std::path::Path;
use std::process::{Child, ExitStatus};
use std::thread::sleep;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::error::Error;
use super::folders::Folders;
use super::launch::{DROP_TIMEOUT, Launch};
use super::orphan;
use super::server_log::Log;
use super::watcher::Watcher;

/// How often a change of the server's state is looked for.
const POLL_INTERVAL: Duration = Duration::from_millis(2);

/// How long a start may take: a server that was killed replays its write-ahead log first.
const START_TIMEOUT: Duration = Duration::from_mins(1);

/// How long a server may take to quit: PostgreSQL kills its own processes 5 s after SIGQUIT.
const QUIT_TIMEOUT: Duration = Duration::from_secs(6);

/// A server, stopped when dropped.
#[derive(Debug)]
pub struct Server {
    child: Child,
    watcher: Watcher,
    log: Log,
}

impl Server {
    /// Launches the server and waits until it accepts connections.
    pub fn start(launch: &Launch) -> Result<Self, Error> {
        let mut server = Self::launch(launch)?;
        let deadline = Instant::now() + START_TIMEOUT;
        while !server.is_ready(&launch.folders.pid_file()) {
            if server.ended().is_some() {
                return Err(server.log.failure("did not start"));
            }
            if Instant::now() > deadline {
                return Err(server.log.failure(&format!("was not ready after {} s", START_TIMEOUT.as_secs())));
            }
            sleep(POLL_INTERVAL);
        }
        Ok(server)
    }

    /// Launches the server and does not wait.
    pub fn launch(launch: &Launch) -> Result<Self, Error> {
        let lock = orphan::clear(launch)?;
        let log = Log::open(launch.folders.log())?;
        let watcher = Watcher::begin(&launch.folders)?;
        let mut command = launch.command();
        command.stdin(lock).stdout(log.writer()?).stderr(log.writer()?);
        let child = command.spawn().map_err(Error::io("run", &launch.postgres()))?;
        let mut server = Self { child, watcher, log };
        server.watcher.watch(server.child.id())?;
        Ok(server)
    }

    /// How the server ended, if it did.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }

    /// Starts another watcher when somebody killed the last one.
    pub fn ensure_watcher(&mut self, folders: &Folders) -> Result<(), Error> {
        if self.watcher.has_ended() {
            self.watcher = Watcher::begin(folders)?;
            self.watcher.watch(self.child.id())?;
        }
        Ok(())
    }

    /// Ends the server and waits for it: an orderly stop (SIGINT) for up to `patience`, then at once (SIGQUIT, SIGKILL).
    pub fn stop(&mut self, patience: Duration) {
        if self.ends_by(Signal::SIGINT, patience) {
            return;
        }
        tracing::warn!("the database server did not stop in {} s; ending it at once", patience.as_secs());
        if !self.ends_by(Signal::SIGQUIT, QUIT_TIMEOUT) {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }

    fn ends_by(&mut self, signal: Signal, patience: Duration) -> bool {
        let deadline = Instant::now() + patience;
        // As long as this process has not collected the exit status, no other process can get the number.
        if self.ended().is_none()
            && let Ok(pid) = i32::try_from(self.child.id())
        {
            let _ = kill(Pid::from_raw(pid), signal);
        }
        while self.ended().is_none() {
            if Instant::now() > deadline {
                return false;
            }
            sleep(POLL_INTERVAL);
        }
        true
    }

    /// The server writes its number into the first line of its file and its state into the eighth.
    fn is_ready(&self, pid_file: &Path) -> bool {
        let text = fs::read_to_string(pid_file).unwrap_or_default();
        let lines: Vec<_> = text.lines().map(str::trim).collect();
        lines.first().is_some_and(|pid| *pid == self.child.id().to_string()) && lines.get(7) == Some(&"ready")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop(DROP_TIMEOUT);
    }
}
