//! The server that a killed process may have left running: no second one may start beside it.

use std::fs::{self, File};
use std::io;
use std::os::unix::net::UnixStream;
use std::time::Duration;

use super::error::Error;
use super::launch::{Launch, STOP_TIMEOUT};
use super::{file_lock, folders};

/// How long a watcher may take to stop the server of a killed process.
const WATCHER_TIMEOUT: Duration = Duration::from_secs(1);

/// How long the last process of a server without a watcher may take to end.
const ORPHAN_TIMEOUT: Duration = Duration::from_secs(15);

/// Stops what is left of an earlier server, and returns the lock that all processes of the next one will hold.
pub fn clear(launch: &Launch) -> Result<File, Error> {
    let path = launch.folders.server_lock();
    if let Some(lock) = file_lock::take(&path, WATCHER_TIMEOUT)? {
        remove_files(launch)?;
        return Ok(lock);
    }
    // While the socket answers, the process that the pid file names is certain to be the server.
    if UnixStream::connect(folders::socket(&launch.sockets)).is_ok() {
        stop(launch)?;
    }
    let lock = file_lock::take(&path, ORPHAN_TIMEOUT)?.ok_or_else(|| Error::Failed {
        task: format!("from an earlier start still works in {}", launch.folders.data().display()),
        output: "end its processes, then start Biovity again".to_owned(),
    })?;
    remove_files(launch)?;
    Ok(lock)
}

/// Removes the pid file and the socket of a dead server. Another process may have its number by now, above all in a
/// container; the next server would take that process for a running server and refuse to start.
fn remove_files(launch: &Launch) -> Result<(), Error> {
    let socket = folders::socket(&launch.sockets);
    for file in [launch.folders.pid_file(), socket.with_added_extension("lock"), socket] {
        match fs::remove_file(&file) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(Error::io("remove", &file)(e)),
            _ => {}
        }
    }
    Ok(())
}

/// Stops a server that is no child of this process. `pg_ctl` runs as the server's user, and so can stop no process of
/// another user.
fn stop(launch: &Launch) -> Result<(), Error> {
    tracing::warn!("stopping a database server that an earlier process left");
    let program = launch.programs.path("pg_ctl");
    let mut command = launch.user.command(&program);
    command.args(["stop", "--mode=fast", "--timeout", &STOP_TIMEOUT.as_secs().to_string(), "-D"]);
    command.arg(launch.folders.data()).output().map_err(Error::io("run", &program))?;
    Ok(())
}
