//! File locks that tell whether a process is alive: the system ends a lock with the last process that has the file open,
//! killed or not.

use std::fs::{File, OpenOptions, TryLockError};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::error::Error;

/// Takes the lock of a file, made when missing, or `None` when somebody still has it after `wait`.
///
/// A child that is given the file, as its standard input, has the lock as well.
pub fn take(path: &Path, wait: Duration) -> Result<Option<File>, Error> {
    let file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(path)
        .map_err(Error::io("open", path))?;
    let deadline = Instant::now() + wait;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(Some(file)),
            Err(TryLockError::WouldBlock) if Instant::now() < deadline => sleep(Duration::from_millis(5)),
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(e)) => return Err(Error::io("lock", path)(e)),
        }
    }
}
