//! Restoring a backup: a new cluster is filled beside the present one, which it replaces when it is whole.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::backup_file;
use super::cluster::{Cluster, Settings};
use super::error::Error;
use super::file_lock;
use super::folders::Folders;
use super::programs::Programs;

/// How long another process may still be stopping.
const STOP_TIMEOUT: Duration = Duration::from_secs(10);

/// Where the new cluster is filled, in the data folder.
const STAGING: &str = "restoring";

/// A new cluster with all that the backup holds. Nothing uses the data folder until it is kept or dropped.
#[derive(Debug)]
pub struct Restoration {
    cluster: Cluster,
    staging: PathBuf,
    folders: Folders,
    _locks: [File; 2],
}

impl Restoration {
    /// Fills a new cluster from the backup, by the highest version of PostgreSQL on this machine: this is also the way from
    /// one major version to the next.
    ///
    /// # Errors
    /// When another process uses the data folder, a cluster is there and must not be replaced, or the backup cannot be read.
    pub fn begin(settings: &Settings, file: &Path, replace: bool) -> Result<Self, Error> {
        let folders = Folders::open(&settings.data_dir)?;
        let locks = [lock(&folders, &folders.app_lock())?, lock(&folders, &folders.server_lock())?];
        if !replace && folders.data().exists() {
            return Err(Error::HasDatabase(folders.data_dir()));
        }
        let staging = folders.data_dir().join(STAGING);
        remove(&staging)?;
        let own = Settings { data_dir: staging.clone(), ..settings.clone() };
        let cluster = Cluster::start(&own)?;
        let programs = Programs::find(own.pg_bin.as_deref(), Folders::open(&staging)?.cluster_version()?)?;
        backup_file::read(&programs, cluster.url(), file)?;
        Ok(Self { cluster, staging, folders, _locks: locks })
    }

    /// The libpq URL of the new cluster's database.
    #[must_use]
    pub fn url(&self) -> &str {
        self.cluster.url()
    }

    /// Puts the new cluster in the place of the present one, if there is one, and returns where that is now.
    ///
    /// # Errors
    /// When the folders cannot be renamed.
    pub fn keep(self) -> Result<Option<PathBuf>, Error> {
        self.cluster.stop();
        let (data, restored) = (self.folders.data(), Folders::open(&self.staging)?.data());
        let aside = data.with_added_extension(format!("before-{}", uuid::Uuid::now_v7().simple()));
        let former = data.exists().then_some(aside);
        if let Some(aside) = &former {
            fs::rename(&data, aside).map_err(Error::io("put aside", &data))?;
        }
        fs::rename(&restored, &data).map_err(|error| {
            // Without a cluster here, the next start would make an empty one.
            if let Some(aside) = &former {
                let _ = fs::rename(aside, &data);
            }
            Error::io("keep the restored cluster in", &data)(error)
        })?;
        let parent = data.parent().unwrap_or(&data);
        File::open(parent).and_then(|folder| folder.sync_all()).map_err(Error::io("write", parent))?;
        remove(&self.staging)?;
        Ok(former)
    }
}

fn lock(folders: &Folders, path: &Path) -> Result<File, Error> {
    file_lock::take(path, STOP_TIMEOUT)?.ok_or_else(|| Error::Locked(folders.data_dir()))
}

/// Removes what an interrupted restoration has left.
fn remove(folder: &Path) -> Result<(), Error> {
    match fs::remove_dir_all(folder) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => Err(Error::io("remove", folder)(e)),
        _ => Ok(()),
    }
}
