//! How the server is launched: its programs, user, folders, settings and command line.

use std::ffi::OsString;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use super::folders::{self, Folders};
use super::programs::Programs;
use super::system_user::SystemUser;

/// How long the server may take to stop when asked to, before it is ended at once.
pub const STOP_TIMEOUT: Duration = Duration::from_secs(10);

/// The same when a cluster is only dropped, where nobody expects to wait.
pub const DROP_TIMEOUT: Duration = Duration::from_secs(3);

/// Given on the command line, not written into the cluster, so that they follow this program's version.
const SETTINGS: [&str; 14] = [
    "listen_addresses=",
    "unix_socket_permissions=0700",
    // Nothing that was answered is ever lost, whatever the cluster's own files say.
    "fsync=on",
    "synchronous_commit=on",
    "full_page_writes=on",
    // Small: one application, beside others on the machine.
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
    /// The programs of its version.
    pub programs: Programs,
    /// The user who runs it.
    pub user: SystemUser,
    /// The folders of the cluster.
    pub folders: Folders,
    /// The folder of its socket.
    pub sockets: PathBuf,
    /// How many connections it takes.
    pub connections: u16,
}

impl Launch {
    /// The server program.
    pub fn postgres(&self) -> PathBuf {
        self.programs.path("postgres")
    }

    /// The command that starts it, in a process group of its own: Ctrl-C must reach this process alone, which answers
    /// open requests before it stops the database.
    pub fn command(&self) -> Command {
        let mut command = self.user.command(self.postgres());
        command.process_group(0).arg("-D").arg(self.folders.data());
        for setting in SETTINGS {
            command.args(["-c", setting]);
        }
        command.arg("-c").arg(format!("max_connections={}", self.connections));
        command.arg("-c").arg(format!("port={}", folders::PORT));
        command.arg("-c").arg(socket_setting(&self.sockets));
        command
    }
}

/// The setting is a list; quotes keep spaces and commas of a path inside its item.
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
