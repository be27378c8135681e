//! How fast the real program is under load, beside what this machine does at most in the same run: pages, joins, log-ins,
//! mail, growth. Everything on loopback, bounded in count and time. It fails when a figure passes its bar.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a measurement that cannot go on stops")]
#![allow(clippy::string_slice, clippy::naive_bytecount, reason = "of ASCII, and a few bytes at a time")]
#![allow(clippy::disallowed_methods, reason = "the bare server is what the site is measured against, not a part of it")]
#![allow(clippy::too_many_arguments, reason = "a figure and a request are written in one line")]

mod admin_pages;
mod bare;
mod driver;
mod growth;
mod joins;
mod known_addresses;
mod log_ins;
mod mails;
mod pages;
mod relay;
mod site;
mod starts;
mod table;
mod visitors;
mod webhooks;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use diesel::connection::SimpleConnection;
use tempfile::TempDir;

use bare::Bare;
use relay::Relay;
use site::Site;
use table::Table;

/// Connections of a load, as many as there are visitors at once.
const CONNECTIONS: usize = 64;
const PASSWORD: &str = "quillay sobre el volcán 7";
const ADMIN: &str = "bench@example.cl";

/// What every measurement needs.
struct Bench {
    table: Table,
    site: Site,
    bare: Bare,
    relay: Relay,
    folder: PathBuf,
    /// The site's environment.
    variables: Vec<(&'static str, String)>,
    /// How long one load lasts.
    lasts: Duration,
    /// How often each is repeated, in turn with its ceiling; the median counts.
    rounds: usize,
    /// Whether only what takes three minutes is measured, instead of fifteen.
    is_quick: bool,
}

fn main() -> ExitCode {
    if let Ok(port) = std::env::var(bare::PORT) {
        bare::serve(&port);
        return ExitCode::SUCCESS;
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let folder: TempDir = tempfile::tempdir().unwrap();
    // As root, the database server runs as another user, who must be able to enter.
    let open = std::os::unix::fs::PermissionsExt::from_mode(0o711);
    std::fs::set_permissions(folder.path(), open).unwrap();
    let holds = runtime.block_on(tokio::task::LocalSet::new().run_until(measure(folder.path())));
    if holds { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

async fn measure(folder: &Path) -> bool {
    let is_quick = std::env::var("QUICK").is_ok_and(|quick| quick == "1");
    let (mut table, relay) = (Table::new(), Relay::start());
    let smtp = format!("smtp://127.0.0.1:{}", relay.port);
    // Visitors are told apart as behind a proxy, so that the limits are on and refuse nobody.
    let proxy = [("TRUSTED_PROXIES", "127.0.0.1/32"), ("CLIENT_IP_HEADER", "X-Forwarded-For")];
    let more = [("SMTP_URL", smtp.as_str()), ("WEBHOOK_ALLOWED_HOSTS", "127.0.0.1")];
    let variables = [&proxy[..], &more].concat();
    let site = starts::measure(&mut table, folder, &variables).await;
    site::command(folder, &["admin", "create", ADMIN], PASSWORD);
    let bare = start_bare(&site, folder).await;
    let lasts = Duration::from_secs(if is_quick { 1 } else { 3 });
    let folder = folder.to_owned();
    let variables = variables.into_iter().map(|(name, value)| (name, value.to_owned())).collect();
    let mut bench = Bench { table, site, bare, relay, folder, variables, lasts, rounds: 3, is_quick };
    pages::measure(&mut bench).await;
    // Before the loads that leave rows for the database to clean up, which would take its share of the processor.
    log_ins::measure(&mut bench).await;
    bench.pause_mail();
    let on_empty = joins::measure(&mut bench).await;
    mails::measure(&mut bench).await;
    bench.pause_mail();
    webhooks::measure(&mut bench, on_empty).await;
    let most = table::Bar::Most(60.0);
    bench.table.value("memory after these loads", bench.site.own_memory(), "MiB", most);
    growth::measure(&mut bench, on_empty).await;
    let Bench { mut table, site, folder, .. } = bench;
    drop(site);
    known_addresses::measure(&mut table, &folder, if is_quick { 30 } else { 100 }).await;
    table.finish()
}

/// A schema of its own in the same database has the bare table.
async fn start_bare(site: &Site, folder: &Path) -> Bare {
    let schema = format!("CREATE SCHEMA bare; SET search_path = bare; {}", bare::TABLE);
    site::connect(folder).batch_execute(&schema).unwrap();
    Bare::start(&site.whole("/waitlist", "").await, &bare_database(folder))
}

/// The address of the database with the bare table.
fn bare_database(folder: &Path) -> String {
    format!("{}&options=-csearch_path%3Dbare", site::database(folder))
}

impl Bench {
    /// Ends the site with its database, and starts both again.
    async fn restart(&mut self) {
        self.site.stop();
        let variables: Vec<_> = self.variables.iter().map(|(name, value)| (*name, value.as_str())).collect();
        self.site = Site::start(&self.folder, &variables).await;
    }

    /// Takes the worker out of what is measured next.
    fn pause_mail(&self) {
        let pause = "INSERT INTO outbox_pause (is_paused, paused_at) VALUES (true, now()) ON CONFLICT DO NOTHING";
        site::connect(&self.folder).batch_execute(pause).unwrap();
    }
}

/// The middle one.
fn median<T: Copy + PartialOrd>(mut values: Vec<T>) -> T {
    values.sort_by(|a, b| a.partial_cmp(b).unwrap());
    values[values.len() / 2]
}
