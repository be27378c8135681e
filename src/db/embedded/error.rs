//! Why the embedded cluster does not run, each in a sentence that says what to do.

use std::io;
use std::path::{Path, PathBuf};

use super::version::OLDEST;

/// Why the embedded cluster does not run.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No server programs anywhere.
    #[error(
        "No PostgreSQL server programs were found: install them (Debian, Ubuntu: `apt-get install postgresql`; \
         Fedora: `dnf install postgresql-server`; macOS: `brew install postgresql`) or set DATABASE_URL"
    )]
    NoPrograms,

    /// The folder given for the programs has none.
    #[error(
        "{} holds no PostgreSQL server programs (initdb and postgres): correct BIOVITY_PG_BIN or unset it",
        .0.display()
    )]
    NotPrograms(PathBuf),

    /// A server of a version that is no longer supported.
    #[error("PostgreSQL {0} is too old: install PostgreSQL {OLDEST} or later, or set DATABASE_URL")]
    TooOld(u32),

    /// The cluster was made by a version that is not installed.
    #[error(
        "The embedded database was made by PostgreSQL {0}, whose server programs were not found: install \
         PostgreSQL {0}, or name the folder of its programs in BIOVITY_PG_BIN"
    )]
    VersionMissing(u32),

    /// Started by root, on a machine with neither `postgres` nor `nobody`.
    #[error(
        "PostgreSQL does not run as root and there is no user postgres: add one with `useradd --system postgres`, \
         start Biovity as an ordinary user, or set DATABASE_URL"
    )]
    NoAccount,

    /// A folder above the cluster is closed to the server's user.
    #[error(
        "The database server runs as user {user}, who may not enter {}: allow it with `chmod o+x {}`, or set \
         DATA_DIR to a folder that every user may enter, such as /var/lib/biovity", .folder.display(), .folder.display()
    )]
    Unreachable {
        /// The folder that is closed.
        folder: PathBuf,
        /// The name of the server's user.
        user: String,
    },

    /// A folder of the cluster belongs to somebody else.
    #[error(
        "{} does not belong to user {user}: start Biovity as its owner, give it to {user} with chown, or set \
         DATA_DIR to another folder", .folder.display()
    )]
    Foreign {
        /// The folder with another owner.
        folder: PathBuf,
        /// The name of the user it should belong to.
        user: String,
    },

    /// Somebody made the folder of the socket before us.
    #[error(
        "{} belongs to another user, who could read what goes through the database's socket there: remove it, or \
         set DATA_DIR to a folder with a shorter path", .0.display()
    )]
    Planted(PathBuf),

    /// Another process has the data folder.
    #[error(
        "Another Biovity is running on {}: stop it, or set DATA_DIR to another folder", .0.display()
    )]
    Locked(PathBuf),

    /// A backup would replace a cluster.
    #[error(
        "{} holds a database already: add --replace to put it aside, or set DATA_DIR to another folder", .0.display()
    )]
    HasDatabase(PathBuf),

    /// A program of PostgreSQL's failed.
    #[error("PostgreSQL {task}: {output}")]
    Failed {
        /// What it could not do, and where to read more.
        task: String,
        /// The last lines it wrote.
        output: String,
    },

    /// The operating system refused something.
    #[error("Cannot {act} {} ({source}): check its owner, its permissions and the disk", .path.display())]
    Io {
        /// What was tried, as a verb.
        act: &'static str,
        /// On which file or program.
        path: PathBuf,
        /// What the system answered.
        source: io::Error,
    },
}

impl Error {
    /// For `map_err`: what was tried on which path.
    pub(super) fn io(act: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io { act, path: path.to_owned(), source }
    }
}
