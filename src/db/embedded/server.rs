//! One run of the server, our child, from its launch to its end.

use std::ffi::OsString;
use std::fs;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus};
use std::thread::sleep;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::folders::{self, Folders};
use super::log::Log;
use super::programs::Programs;
use super::system_user::SystemUser;
use super::watcher::Watcher;
use super::{Error, PATIENCE_IN_DROP, orphan};

/// How often a change of the server's state is looked for.
const POLL: Duration = Duration::from_millis(2);

/// Long, since a server that was killed first repeats what its journal holds.
const START: Duration = Duration::from_mins(1);

/// PostgreSQL kills its own processes 5 s after SIGQUIT.
const QUIT: Duration = Duration::from_secs(6);

/// Given on the command line, not written into the cluster, so that they follow this program's version.
const SETTINGS: [&str; 15] = [
    "listen_addresses=",
    "unix_socket_permissions=0700",
    // Nothing that was answered is ever lost, whatever the cluster's own files say.
    "fsync=on",
    "synchronous_commit=on",
    "full_page_writes=on",
    // Small: one application with a pool of ten, beside others on the machine.
    "max_connections=40",
    "shared_buffers=32MB",
    "jit=off",
    "max_logical_replication_workers=0",
    "timezone=UTC",
    "log_timezone=UTC",
    "logging_collector=off",
    "log_checkpoints=off",
    // Statements and details would put people's addresses into the log.
    "log_min_error_statement=panic",
    "log_error_verbosity=terse",
];

/// What every launch of the server needs.
#[derive(Debug)]
pub struct Launch {
    pub programs: Programs,
    pub user: SystemUser,
    pub folders: Folders,
    pub sockets: PathBuf,
}

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
        let deadline = Instant::now() + START;
        while !server.is_ready(&launch.folders.pid_file()) {
            if server.ended().is_some() {
                return Err(server.log.failure("did not start"));
            }
            if Instant::now() > deadline {
                return Err(server.log.failure(&format!("was not ready after {} s", START.as_secs())));
            }
            sleep(POLL);
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

    /// Replaces a watcher that was killed.
    pub fn stay_watched(&mut self, folders: &Folders) -> Result<(), Error> {
        if self.watcher.has_ended() {
            self.watcher = Watcher::begin(folders)?;
            self.watcher.watch(self.child.id())?;
        }
        Ok(())
    }

    /// Ends the server and waits for it: politely for as long as `patience`, then at once.
    pub fn stop(&mut self, patience: Duration) {
        if self.ends_by(Signal::SIGINT, patience) {
            return;
        }
        tracing::warn!("the database server did not stop in {} s; ending it at once", patience.as_secs());
        if !self.ends_by(Signal::SIGQUIT, QUIT) {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }

    fn ends_by(&mut self, signal: Signal, patience: Duration) -> bool {
        let deadline = Instant::now() + patience;
        // The number is the server's as long as we have not been told of its end.
        if self.ended().is_none()
            && let Ok(pid) = i32::try_from(self.child.id())
        {
            let _ = kill(Pid::from_raw(pid), signal);
        }
        while self.ended().is_none() {
            if Instant::now() > deadline {
                return false;
            }
            sleep(POLL);
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
        self.stop(PATIENCE_IN_DROP);
    }
}

impl Launch {
    fn postgres(&self) -> PathBuf {
        self.programs.path("postgres")
    }

    /// In a process group of its own: Ctrl-C must reach only us, who answer open requests before the database
    /// goes.
    fn command(&self) -> Command {
        let mut command = self.user.command(self.postgres());
        command.process_group(0).arg("-D").arg(self.folders.data());
        for setting in SETTINGS {
            command.args(["-c", setting]);
        }
        command.arg("-c").arg(format!("port={}", folders::PORT));
        command.arg("-c").arg(socket_setting(&self.sockets));
        command
    }
}

/// The setting is a list, whose items are quoted lest spaces and the like change them.
fn socket_setting(sockets: &Path) -> OsString {
    let mut setting = b"unix_socket_directories=\"".to_vec();
    for &byte in sockets.as_os_str().as_bytes() {
        if byte == b'"' {
            setting.push(b'"');
        }
        setting.push(byte);
    }
    setting.push(b'"');
    OsString::from_vec(setting)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_socket_folder_is_one_quoted_item() {
        let setting = socket_setting(Path::new("/srv/my, \"own\"/run"));
        assert_eq!(setting, r#"unix_socket_directories="/srv/my, ""own""/run""#);
    }
}
