//! The database of a command: the operator's, or the embedded cluster for as long as the command runs.

use crate::app;
use crate::config::Config;
use crate::db::embedded::{self, Cluster};
use crate::values::database_url::DatabaseUrl;

/// Where the data is, and the cluster that we started for it.
pub(super) struct Database {
    pub(super) url: DatabaseUrl,
    cluster: Option<Cluster>,
}

impl Database {
    /// The operator's database; else the embedded cluster, which may already run under another process of ours. Ours
    /// alone is brought up to date unasked.
    pub(super) fn open(config: &Config) -> anyhow::Result<Self> {
        if let Some(url) = &config.database {
            return Ok(Self { url: url.clone(), cluster: None });
        }
        let settings = embedded::Settings { data_dir: config.data_dir.clone(), pg_bin: config.pg_bin.clone() };
        if let Some(url) = embedded::running(&settings) {
            return Ok(Self { url: known(&url)?, cluster: None });
        }
        let cluster = Cluster::start(&settings)?;
        let url = known(cluster.url())?;
        app::migrate(&url)?;
        Ok(Self { url, cluster: Some(cluster) })
    }

    /// Whether it is the embedded one.
    pub(super) fn is_embedded(&self) -> bool {
        self.cluster.is_some()
    }

    /// Stops what was started.
    pub(super) fn close(self) {
        if let Some(cluster) = self.cluster {
            cluster.stop();
        }
    }
}

fn known(url: &str) -> anyhow::Result<DatabaseUrl> {
    DatabaseUrl::parse(url).ok_or_else(|| anyhow::anyhow!("the embedded database has an address that cannot be read"))
}
