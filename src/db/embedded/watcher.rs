//! A shell that waits for the end of this process, however it comes, and then stops the server.

use std::io::Write as _;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use super::Error;
use super::folders::Folders;

const SHELL: &str = "/bin/sh";

/// Reads the server's number, then waits for the end of its input: nobody but us has the other end of that
/// pipe, so the system closes it when we die, by kill -9 too. Until the server's file names the number (within
/// milliseconds, if we die as soon as it was launched) it might be another process's, and is left alone.
const SCRIPT: &str = r#"
trap '' HUP INT TERM
read -r server || exit
read -r _
tries=100
while [ "$tries" -gt 0 ] && kill -0 "$server"; do
    read -r named <"$1" && [ "$named" = "$server" ] && kill -INT "$server" && exit
    tries=$((tries - 1))
    sleep 0.1
done
"#;

/// The shell, ended when dropped, which is harmless only after the server's own end.
#[derive(Debug)]
pub struct Watcher {
    shell: Child,
}

impl Watcher {
    /// Starts the shell, before the server so that not a moment passes without it. It stays our own user: a
    /// process of the server's user could be taken for a server by the next one.
    pub fn begin(folders: &Folders) -> Result<Self, Error> {
        let shell = Command::new(SHELL)
            .args(["-c", SCRIPT, "biovity-watcher"])
            .arg(folders.pid_file())
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .current_dir("/")
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(Error::io("run", Path::new(SHELL)))?;
        Ok(Self { shell })
    }

    /// Tells it the server's number.
    pub fn watch(&mut self, server: u32) -> Result<(), Error> {
        match self.shell.stdin.as_mut() {
            Some(stdin) => writeln!(stdin, "{server}").map_err(Error::io("write to", Path::new(SHELL))),
            None => Ok(()),
        }
    }

    /// Whether somebody has killed it.
    pub fn has_ended(&mut self) -> bool {
        matches!(self.shell.try_wait(), Ok(Some(_)))
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        let _ = self.shell.kill();
        let _ = self.shell.wait();
    }
}
