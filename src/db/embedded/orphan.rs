//! The server that a killed predecessor may have left: no second one may start beside it.

use std::fs::{self, File};
use std::io;
use std::os::unix::net::UnixStream;
use std::time::Duration;

use super::server::Launch;
use super::{Error, PATIENCE, folders, lock};

/// By then the predecessor's watcher has stopped its server, if there was a watcher.
const WATCHED: Duration = Duration::from_secs(1);

/// How long the last process of a server may take to end.
const UNWATCHED: Duration = Duration::from_secs(15);

/// Stops what is left of an earlier server, and returns the lock that all processes of the next one will hold.
pub fn clear(launch: &Launch) -> Result<File, Error> {
    let path = launch.folders.server_lock();
    if let Some(lock) = lock::take(&path, WATCHED)? {
        forget(launch)?;
        return Ok(lock);
    }
    // Only while it listens is the process that its file names certain to be the server.
    if UnixStream::connect(folders::socket(&launch.sockets)).is_ok() {
        stop(launch)?;
    }
    let lock = lock::take(&path, UNWATCHED)?.ok_or_else(|| Error::Failed {
        task: format!("from an earlier start still works in {}", launch.folders.data().display()),
        output: "end its processes, then start Biovity again".to_owned(),
    })?;
    forget(launch)?;
    Ok(lock)
}

/// Removes the notes of a dead server. Another process may have its number by now, above all in a container,
/// and the next server would take that for its predecessor and refuse to start.
fn forget(launch: &Launch) -> Result<(), Error> {
    let socket = folders::socket(&launch.sockets);
    for file in [launch.folders.pid_file(), socket.with_added_extension("lock"), socket] {
        match fs::remove_file(&file) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(Error::io("remove", &file)(e)),
            _ => {}
        }
    }
    Ok(())
}

/// Stops a server that is nobody's child, as its own user and so without power over other users' processes.
fn stop(launch: &Launch) -> Result<(), Error> {
    tracing::warn!("stopping a database server that an earlier process left");
    let program = launch.programs.path("pg_ctl");
    let mut command = launch.user.command(&program);
    command.args(["stop", "--mode=fast", "--timeout", &PATIENCE.as_secs().to_string(), "-D"]);
    command.arg(launch.folders.data()).output().map_err(Error::io("run", &program))?;
    Ok(())
}
