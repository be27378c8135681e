//! The database of a command: the operator's, or the embedded cluster for as long as the command runs.

use crate::config::Config;
use crate::db::embedded::{self, Cluster};
use crate::db::migrations;
use crate::server;
use crate::values::database_url::DatabaseUrl;

/// Where the data is, and the cluster if this command started it.
pub(super) struct Database {
    pub(super) url: DatabaseUrl,
    cluster: Option<Cluster>,
}

impl Database {
    /// The operator's database; else the embedded cluster, which another Biovity may be running already.
    pub(super) fn open(config: &Config) -> anyhow::Result<Self> {
        match embedded::running(&settings(config)) {
            Some(url) if config.database.is_none() => Ok(Self { url: known(&url)?, cluster: None }),
            _ => Self::own(config),
        }
    }

    /// The same, up to date: the cluster is migrated if this command started it. The operator's database is not, and any
    /// statement might fail on what it lacks, so that is said instead.
    pub(super) fn open_migrated(config: &Config) -> anyhow::Result<Self> {
        let database = Self::open(config)?;
        if !database.migrate_own()? {
            let pending = migrations::pending(&mut server::connect(&database.url)?)?;
            let help = "run `biovity migrate` first";
            anyhow::ensure!(pending.is_empty(), "migrations that are missing: {}; {help}", pending.len());
        }
        Ok(database)
    }

    /// As `open`, for commands that only look: where there is no cluster, none is made. Somebody may have forgotten the
    /// settings, and would be told of a database that nobody uses.
    pub(super) fn open_existing(config: &Config) -> anyhow::Result<Self> {
        let data_dir = config.data_dir.display();
        anyhow::ensure!(Self::exists(config), "DATABASE_URL is not set, and there is no database in {data_dir}");
        Self::open(config)
    }

    /// Whether there is one to open: the operator's is taken to be there.
    pub(super) fn exists(config: &Config) -> bool {
        config.database.is_some() || embedded::exists(&settings(config))
    }

    /// Whether another process runs the embedded cluster of the data folder.
    pub(super) fn is_running(config: &Config) -> bool {
        config.database.is_none() && embedded::running(&settings(config)).is_some()
    }

    /// The operator's database; else a cluster that this process starts. A server needs that: a cluster of another process
    /// ends with the other process.
    pub(super) fn own(config: &Config) -> anyhow::Result<Self> {
        if let Some(url) = &config.database {
            return Ok(Self { url: url.clone(), cluster: None });
        }
        if Self::is_running(config) {
            tracing::warn!("another Biovity is running on {}; waiting for it to stop", config.data_dir.display());
        }
        let cluster = Cluster::start(&settings(config))?;
        Ok(Self { url: known(cluster.url())?, cluster: Some(cluster) })
    }

    /// Migrates the cluster if this command started it; returns whether it did.
    pub(super) fn migrate_own(&self) -> anyhow::Result<bool> {
        if self.cluster.is_some() {
            server::migrate(&self.url)?;
        }
        Ok(self.cluster.is_some())
    }

    /// Stops the cluster if this command started it.
    pub(super) fn close(self) {
        if let Some(cluster) = self.cluster {
            cluster.stop();
        }
    }
}

/// Fails when the operator's own database is used, whose administrator has PostgreSQL's own programs for this.
pub(super) fn only_embedded(config: &Config, instead: &str) -> anyhow::Result<()> {
    anyhow::ensure!(
        config.database.is_none(),
        "this is for the embedded database; DATABASE_URL is set: use `{instead}`"
    );
    Ok(())
}

/// Where the embedded cluster lives.
pub(super) fn settings(config: &Config) -> embedded::Settings {
    embedded::Settings {
        data_dir: config.data_dir.clone(),
        pg_bin: config.pg_bin.clone(),
        connections: embedded::Settings::CONNECTIONS,
    }
}

/// The URL of the embedded cluster, for everything that takes the URL of a database.
pub(super) fn known(url: &str) -> anyhow::Result<DatabaseUrl> {
    DatabaseUrl::parse(url).ok_or_else(|| anyhow::anyhow!("the embedded database has an address that cannot be read"))
}
