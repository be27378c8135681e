//! The folders of the cluster, and who may enter them.

use std::fs::{self, Permissions};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use super::error::Error;
use super::system_user::{self, SystemUser};
use super::version;

/// Only part of the socket's name, since nothing listens on the network.
pub const PORT: u16 = 5432;

/// The longest path of a Unix socket, in bytes: 107 on Linux, 103 on macOS and the BSDs.
const LONGEST_SOCKET: usize = 103;

/// The folders of the cluster.
#[derive(Debug)]
pub struct Folders {
    data_dir: PathBuf,
    /// Belongs to the user of this process, like everything in it but `data` and `run`. As root we must not follow a
    /// link that the server's user could have planted.
    postgres: PathBuf,
}

impl Folders {
    /// Opens the folders of a data folder, made when missing.
    pub fn open(data_dir: &Path) -> Result<Self, Error> {
        open_all(data_dir)?;
        let folders = Self::find(data_dir)
            .ok_or_else(|| Error::io("enter the folder", data_dir)(io::ErrorKind::PermissionDenied.into()))?;
        open_folder(&folders.postgres, system_user::entry_mode())?;
        let ourselves = SystemUser::ourselves();
        if ourselves.owns_folder(&folders.postgres) { Ok(folders) } else { Err(ourselves.foreign(&folders.postgres)) }
    }

    /// The folders of an existing data folder, untouched.
    pub fn find(data_dir: &Path) -> Option<Self> {
        let data_dir = data_dir.canonicalize().ok()?;
        Some(Self { postgres: data_dir.join("postgres"), data_dir })
    }

    /// The data folder, for messages.
    pub fn data_dir(&self) -> PathBuf {
        self.data_dir.clone()
    }

    /// The file whose lock means that a Biovity uses the data folder.
    pub fn app_lock(&self) -> PathBuf {
        self.data_dir.join("lock")
    }

    /// The file whose lock means that a process of a server is alive.
    pub fn server_lock(&self) -> PathBuf {
        self.postgres.join("server.lock")
    }

    /// The cluster.
    pub fn data(&self) -> PathBuf {
        self.postgres.join("data")
    }

    /// The cluster while it is being made.
    pub fn unfinished(&self) -> PathBuf {
        self.postgres.join("data.new")
    }

    /// The server's log.
    pub fn log(&self) -> PathBuf {
        self.postgres.join("server.log")
    }

    /// The pid file of a running server, with its state.
    pub fn pid_file(&self) -> PathBuf {
        self.data().join("postmaster.pid")
    }

    /// Renames a finished cluster to its lasting name, and waits until that is on the disk.
    pub fn keep_finished(&self) -> Result<(), Error> {
        fs::rename(self.unfinished(), self.data())
            .and_then(|()| fs::File::open(&self.postgres)?.sync_all())
            .map_err(Error::io("keep the new cluster in", &self.postgres))
    }

    /// The major version that made the cluster; `None` when there is no cluster.
    pub fn cluster_version(&self) -> Result<Option<u32>, Error> {
        let file = self.data().join("PG_VERSION");
        match fs::read_to_string(&file) {
            Ok(text) => match version::major(&text) {
                Some(version) => Ok(Some(version)),
                None => Err(Error::io("understand", &file)(io::ErrorKind::InvalidData.into())),
            },
            Err(e) if e.kind() == io::ErrorKind::NotFound && !self.data().exists() => Ok(None),
            Err(e) => Err(Error::io("read", &file)(e)),
        }
    }

    /// Fails when the server's user may not come as far as the cluster.
    pub fn check_reach(&self, user: SystemUser) -> Result<(), Error> {
        for folder in self.postgres.ancestors() {
            let found = fs::metadata(folder).map_err(Error::io("read", folder))?;
            if !user.may_enter(&found) {
                return Err(Error::Unreachable { folder: folder.to_owned(), user: user.name() });
            }
        }
        Ok(())
    }

    /// The folder of the socket: `run`, or one in `/tmp` named after it where its path is too long, or has a
    /// comma, which separates hosts in a URL for libpq.
    pub fn sockets(&self) -> PathBuf {
        let run = self.postgres.join("run");
        let path = run.as_os_str().as_bytes();
        if socket(&run).as_os_str().len() <= LONGEST_SOCKET && !path.contains(&b',') {
            return run;
        }
        let mut hasher = DefaultHasher::new();
        path.hash(&mut hasher);
        PathBuf::from(format!("/tmp/biovity-{:016x}", hasher.finish()))
    }

    /// Opens the folder of the socket, made when missing. Anybody may make a folder in `/tmp` first, and would
    /// then receive our connections: one that is neither ours nor the server's is refused.
    pub fn open_sockets(&self, user: SystemUser) -> Result<PathBuf, Error> {
        let folder = self.sockets();
        open_folder(&folder, 0o700)?;
        if SystemUser::ourselves().owns_folder(&folder) {
            user.chown(&folder)?;
        }
        if user.owns_folder(&folder) { Ok(folder) } else { Err(Error::Planted(folder)) }
    }
}

/// The socket in its folder.
pub fn socket(sockets: &Path) -> PathBuf {
    sockets.join(format!(".s.PGSQL.{PORT}"))
}

/// Makes the folder and those above it that are missing, such that the server's user may enter whatever umask
/// root has.
fn open_all(folder: &Path) -> Result<(), Error> {
    if folder.is_dir() {
        return Ok(());
    }
    if let Some(parent) = folder.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        open_all(parent)?;
    }
    open_folder(folder, system_user::entry_mode())
}

/// Makes a folder of exactly this mode; an existing one is left as it is.
pub fn open_folder(folder: &Path, mode: u32) -> Result<(), Error> {
    match fs::create_dir(folder) {
        Ok(()) => set_mode(folder, mode),
        Err(e) if e.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(e) => Err(Error::io("create the folder", folder)(e)),
    }
}

fn set_mode(folder: &Path, mode: u32) -> Result<(), Error> {
    fs::set_permissions(folder, Permissions::from_mode(mode)).map_err(Error::io("set the permissions of", folder))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folders(data_dir: &str) -> Folders {
        Folders { data_dir: data_dir.into(), postgres: Path::new(data_dir).join("postgres") }
    }

    #[test]
    fn the_socket_is_kept_beside_the_cluster() {
        assert_eq!(folders("/srv/biovity").sockets(), Path::new("/srv/biovity/postgres/run"));
    }

    #[test]
    fn the_socket_of_a_path_with_a_comma_is_elsewhere() {
        assert!(folders("/srv/a,b").sockets().starts_with("/tmp"));
    }

    #[test]
    fn the_socket_of_a_long_path_is_short_and_its_own() {
        let one = folders(&format!("/srv/{}/one", "a".repeat(90))).sockets();
        let other = folders(&format!("/srv/{}/other", "a".repeat(90))).sockets();
        assert!(socket(&one).as_os_str().len() <= LONGEST_SOCKET);
        assert_ne!(one, other);
    }
}
