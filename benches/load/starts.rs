//! Starting, and what an idle process holds.

use std::path::Path;
use std::time::Duration;

use super::median;
use super::site::Site;
use super::table::{Bar, Table};

/// Starts of which the median is told.
const STARTS: usize = 5;

/// Returns the site that runs on.
pub async fn measure(table: &mut Table, folder: &Path, variables: &[(&str, &str)]) -> Site {
    let first = Site::start(folder, variables).await;
    table.time("first start, with a new database", first.started_in, Bar::None);
    drop(first);
    let mut starts = Vec::new();
    for _ in 0..STARTS {
        let site = Site::start(folder, variables).await;
        starts.push(site.started_in);
        drop(site);
    }
    table.time("start on an existing database", median(starts), Bar::Most(150.0));
    let site = Site::start(folder, variables).await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    table.value("memory when idle", site.own_memory(), "MiB", Bar::Most(20.0));
    site
}
