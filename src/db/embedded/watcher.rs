//! A shell that waits for the end of this process, however it comes, and then stops the server.

use std::io::Write as _;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use super::error::Error;
use super::folders::Folders;

const SHELL: &str = "/bin/sh";

/// Reads the server's number, then waits for the end of its input. Only this process has the other end of that pipe, and
/// the system closes it when this process dies, by kill -9 too. The number could be another process's until the pid file
/// names it (which takes milliseconds after a launch): until then the script stops nothing.
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

/// The shell, ended when dropped. Drop it only after the server's end.
#[derive(Debug)]
pub struct Watcher {
    shell: Child,
}

impl Watcher {
    /// Starts the shell, before the server, so that the server never runs without a watcher. It runs as the user of this
    /// process: the next server could take a process of the server's user for a running server.
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

    /// Sends it the server's process id.
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
