//! The user of the operating system who runs the server: PostgreSQL refuses root.

use std::ffi::OsStr;
use std::fs::{self, Metadata};
use std::os::unix::fs::{MetadataExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::Command;

use nix::unistd::{Gid, Uid, User, getegid, geteuid};

use super::error::Error;

/// Preferred first; both are without privileges.
const UNPRIVILEGED: [&str; 2] = ["postgres", "nobody"];

/// Who runs the server.
#[derive(Clone, Copy, Debug)]
pub struct SystemUser {
    uid: Uid,
    gid: Gid,
}

impl SystemUser {
    /// Ourselves, or when we are root: the owner of the cluster at `data`, else an unprivileged user.
    pub fn of_cluster(data: &Path) -> Result<Self, Error> {
        let owner = fs::metadata(data).ok();
        let account = match &owner {
            _ if !geteuid().is_root() => Self::ourselves(),
            Some(owner) if owner.uid() != 0 => {
                Self { uid: Uid::from_raw(owner.uid()), gid: Gid::from_raw(owner.gid()) }
            }
            _ => Self::unprivileged().ok_or(Error::NoAccount)?,
        };
        match owner {
            Some(owner) if !account.owns(&owner) => Err(account.foreign(data)),
            _ => Ok(account),
        }
    }

    /// The user of this process.
    pub fn ourselves() -> Self {
        Self { uid: geteuid(), gid: getegid() }
    }

    fn unprivileged() -> Option<Self> {
        UNPRIVILEGED
            .iter()
            .find_map(|name| User::from_name(name).ok().flatten())
            .filter(|user| !user.uid.is_root())
            .map(|user| Self { uid: user.uid, gid: user.gid })
    }

    /// A command that runs as this user, in `/` and with nothing of our environment: what a person has set for
    /// their own use (`PGDATA`, `TZ`, `LC_ALL`) must not change how the database works.
    pub fn command(self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.env_clear().current_dir("/");
        // macOS refuses to start a server without a valid LC_ALL.
        command.envs([("PATH", "/usr/bin:/bin"), ("LANG", "C.UTF-8"), ("LC_ALL", "C"), ("TZ", "UTC")]);
        if geteuid().is_root() {
            command.uid(self.uid.as_raw()).gid(self.gid.as_raw());
        }
        command
    }

    /// Gives the user a folder that root has just made.
    pub fn chown(self, folder: &Path) -> Result<(), Error> {
        if !geteuid().is_root() {
            return Ok(());
        }
        chown(folder, Some(self.uid.as_raw()), Some(self.gid.as_raw()))
            .map_err(Error::io("change the owner of", folder))
    }

    /// Whether there is such a folder, itself and not a link to one, and the user owns it.
    pub fn owns_folder(self, path: &Path) -> bool {
        fs::symlink_metadata(path).is_ok_and(|found| found.is_dir() && self.owns(&found))
    }

    /// Whether the user owns it.
    pub fn owns(self, file: &Metadata) -> bool {
        file.uid() == self.uid.as_raw()
    }

    /// Whether the user may pass through the folder, by its permission bits.
    pub fn may_enter(self, folder: &Metadata) -> bool {
        let bit = match folder {
            _ if self.owns(folder) => 0o100,
            _ if folder.gid() == self.gid.as_raw() => 0o010,
            _ => 0o001,
        };
        folder.mode() & bit != 0
    }

    /// The error of a folder that should belong to this user.
    pub fn foreign(self, folder: &Path) -> Error {
        Error::Foreign { folder: folder.to_owned(), user: self.name() }
    }

    /// The user's name, or the number of a user without one.
    pub fn name(self) -> String {
        let user = User::from_uid(self.uid).ok().flatten();
        user.map_or_else(|| self.uid.to_string(), |user| user.name)
    }
}

/// The mode of a folder that only we, or as root also the server's user, may enter.
pub fn entry_mode() -> u32 {
    if geteuid().is_root() { 0o711 } else { 0o700 }
}
