//! The server's log: its size is bounded, and an error quotes its last lines.

use std::fs::{self, File, OpenOptions};
use std::io::{Read as _, Seek as _, SeekFrom};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::PathBuf;

use super::error::Error;

/// A longer log, in bytes, is renamed at the next start, in place of the one renamed before.
const LONGEST: u64 = 10 << 20;

/// Lines that an error quotes.
const LINES: usize = 6;

/// The log since the server was last launched.
#[derive(Debug)]
pub struct Log {
    path: PathBuf,
    file: File,
    start: u64,
}

impl Log {
    /// Opens the log where it ends.
    pub fn open(path: PathBuf) -> Result<Self, Error> {
        if fs::metadata(&path).is_ok_and(|log| log.len() > LONGEST) {
            fs::rename(&path, path.with_extension("log.old")).map_err(Error::io("rename", &path))?;
        }
        let file = OpenOptions::new()
            .read(true)
            .append(true)
            .create(true)
            .mode(0o600)
            .open(&path)
            .map_err(Error::io("open", &path))?;
        let start = file.metadata().map_err(Error::io("read", &path))?.len();
        Ok(Self { path, file, start })
    }

    /// For a process to write to.
    pub fn writer(&self) -> Result<File, Error> {
        self.file.try_clone().map_err(Error::io("open", &self.path))
    }

    /// The error of a task that failed, with the last lines written since the log was opened.
    pub fn failure(&mut self, task: &str) -> Error {
        let mut written = Vec::new();
        let read = self.file.seek(SeekFrom::Start(self.start)).and_then(|_| self.file.read_to_end(&mut written));
        let output = read.map_or_else(|e| e.to_string(), |_| last_lines(&written));
        Error::Failed { task: format!("{task} (more in {})", self.path.display()), output }
    }
}

/// The last lines of an output, as one.
pub fn last_lines(output: &[u8]) -> String {
    let text = String::from_utf8_lossy(output);
    let lines: Vec<_> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    match lines.get(lines.len().saturating_sub(LINES)..) {
        Some(last) if !last.is_empty() => last.join(" | "),
        _ => "it wrote nothing".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_has_the_last_lines() {
        assert_eq!(last_lines(b"1\n2\n\n3\n4\n5\n6\n  7\n"), "2 | 3 | 4 | 5 | 6 | 7");
        assert_eq!(last_lines(b"one\n"), "one");
        assert_eq!(last_lines(b"\n"), "it wrote nothing");
    }
}
