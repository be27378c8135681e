//! A running cluster: starting it with all it needs, its URL, and stopping it.

use std::fs::File;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::time::Duration;

use percent_encoding::{NON_ALPHANUMERIC, percent_encode};

use super::error::Error;
use super::file_lock;
use super::folders::{self, Folders};
use super::initdb::{self, NAME};
use super::launch::{DROP_TIMEOUT, Launch, STOP_TIMEOUT};
use super::programs::Programs;
use super::server::Server;
use super::supervisor::Supervisor;
use super::system_user::SystemUser;

/// How long to wait for the data folder: the process before this one may still be stopping.
const FOLDER_TIMEOUT: Duration = Duration::from_secs(10);

/// Where the cluster lives and which programs run it.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The application's data folder, made when missing.
    pub data_dir: PathBuf,
    /// The folder of `initdb` and `postgres`, instead of the usual places.
    pub pg_bin: Option<PathBuf>,
    /// How many connections the server takes at most; each costs it some kilobytes.
    pub connections: u16,
}

impl Settings {
    /// Enough for one application, with a pool of ten, and for commands beside it.
    pub const CONNECTIONS: u16 = 40;
}

/// A running cluster, stopped when dropped.
#[derive(Debug)]
pub struct Cluster {
    // Dropped in this order: the lock is released after the server has stopped.
    supervisor: Supervisor,
    _lock: File,
    url: String,
}

impl Cluster {
    /// Starts the cluster of the data folder, made first when there is none, and returns when it accepts
    /// connections. Blocks: about 40 ms for an existing cluster, a second or two for a new one.
    ///
    /// # Errors
    /// When there are no programs to run it, another process has it, or the server does not start; each
    /// [`Error`] says what to do.
    pub fn start(settings: &Settings) -> Result<Self, Error> {
        let folders = Folders::open(&settings.data_dir)?;
        let lock =
            file_lock::take(&folders.app_lock(), FOLDER_TIMEOUT)?.ok_or_else(|| Error::Locked(folders.data_dir()))?;
        let account = SystemUser::of_cluster(&folders.data())?;
        folders.check_reach(account)?;

        let version = folders.cluster_version()?;
        let programs = Programs::find(settings.pg_bin.as_deref(), version)?;
        if version.is_none() {
            initdb::create(&programs, account, &folders, &lock)?;
        }

        let sockets = folders.open_sockets(account)?;
        let url = url(&sockets);
        let connections = settings.connections;
        let launch = Launch { programs, user: account, folders, sockets, connections };
        let server = Server::start(&launch)?;
        let supervisor = Supervisor::start(server, launch)?;
        Ok(Self { supervisor, _lock: lock, url })
    }

    /// The libpq URL of the application's database.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Stops the server and waits for it: about 50 ms, at most a little more than ten seconds.
    pub fn stop(mut self) {
        self.supervisor.stop(STOP_TIMEOUT);
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.supervisor.stop(DROP_TIMEOUT);
    }
}

/// The URL of the cluster while another process runs it: for commands beside a running application, which
/// need its database and must not wait for its lock. Starts and makes nothing.
#[must_use]
pub fn running(settings: &Settings) -> Option<String> {
    let folders = Folders::find(&settings.data_dir)?;
    let sockets = folders.sockets();
    if !SystemUser::of_cluster(&folders.data()).ok()?.owns_folder(&sockets) {
        return None;
    }
    UnixStream::connect(folders::socket(&sockets)).ok()?;
    Some(url(&sockets))
}

/// Whether the data folder holds a cluster, running or not. Makes nothing.
#[must_use]
pub fn exists(settings: &Settings) -> bool {
    // One that cannot be looked at is there too: whoever starts it is told why.
    Folders::find(&settings.data_dir).is_some_and(|folders| !matches!(folders.cluster_version(), Ok(None)))
}

/// Names the port: without it `PGPORT` would choose another.
fn url(sockets: &Path) -> String {
    let host = percent_encode(sockets.as_os_str().as_bytes(), NON_ALPHANUMERIC);
    format!("postgresql:///{NAME}?host={host}&port={}&user={NAME}", folders::PORT)
}
