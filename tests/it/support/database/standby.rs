//! A streaming standby of a test database that is alone in its cluster.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

use biovity::values::database_url::DatabaseUrl;
use diesel::connection::SimpleConnection;
use diesel::dsl::sql;
use diesel::sql_types::Bool;
use diesel::{Connection, PgConnection, RunQueryDsl};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tempfile::TempDir;

use super::TestDatabase;
use crate::support::patroni::{Running, server_user, start};

/// How soon it takes connections.
const PATIENCE: Duration = Duration::from_secs(30);

/// A server that replays what another one writes. It is killed, and its folder removed, with it.
pub struct StandbyServer {
    server: Option<Running>,
    folder: TempDir,
}

impl StandbyServer {
    /// Copies the cluster of the primary, and follows it.
    pub fn of(primary: &TestDatabase) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::set_permissions(folder.path(), Permissions::from_mode(0o711)).unwrap();
        let work = folder.path().join("standby");
        fs::create_dir(&work).unwrap();
        if let Some(user) = server_user() {
            chown(&work, Some(user.uid.as_raw()), Some(user.gid.as_raw())).unwrap();
        }
        let mut standby = Self { server: None, folder };
        let (primary, data) = (primary.text().replace("user=biovity", "user=postgres"), standby.data());
        let arguments = ["-d", &primary, "-D", data.to_str().unwrap(), "-R", "-c", "fast", "-X", "stream"];
        let log = standby.log();
        let mut copying = start(&program("pg_basebackup"), &arguments, log.clone());
        assert!(copying.0.wait().unwrap().success(), "{:?}", fs::read_to_string(log));
        standby.run();
        standby
    }

    fn work(&self) -> PathBuf {
        self.folder.path().join("standby")
    }

    fn data(&self) -> PathBuf {
        self.work().join("data")
    }

    fn log(&self) -> PathBuf {
        self.work().join("log")
    }

    fn url_as(&self, role: &str) -> String {
        let host = self.work().display().to_string().replace('/', "%2F");
        format!("postgresql:///biovity?host={host}&port=5432&user={role}")
    }

    /// The URL as an operator would set it.
    pub fn text(&self) -> String {
        self.url_as("biovity")
    }

    /// Where it listens.
    pub fn socket(&self) -> PathBuf {
        self.work().join(".s.PGSQL.5432")
    }

    /// Starts it again, and waits until it takes connections.
    pub fn run(&mut self) {
        let (data, sockets) = (self.data(), format!("unix_socket_directories={}", self.work().display()));
        let (data, settings) =
            (data.to_str().unwrap(), ["listen_addresses=", "max_connections=40", "shared_buffers=32MB"]);
        let settings = settings.into_iter().chain([sockets.as_str()]).flat_map(|setting| ["-c", setting]);
        let arguments: Vec<_> = ["-D", data].into_iter().chain(settings).collect();
        self.server = Some(start(&program("postgres"), &arguments, self.log()));
        let patience = Instant::now() + PATIENCE;
        while self.connect().is_none() {
            assert!(Instant::now() < patience, "{:?}", fs::read_to_string(self.log()));
            sleep(Duration::from_millis(20));
        }
    }

    fn connect(&self) -> Option<PgConnection> {
        PgConnection::establish(&DatabaseUrl::parse(&self.url_as("postgres")).unwrap().for_libpq()).ok()
    }

    /// Runs a statement as the superuser.
    pub fn execute(&self, statement: &str) {
        self.connect().unwrap().batch_execute(statement).unwrap();
    }

    /// Whether this is so.
    pub fn tells(&self, condition: &str) -> bool {
        diesel::select(sql::<Bool>(condition)).get_result(&mut self.connect().unwrap()).unwrap()
    }

    /// Waits until this is so.
    pub fn until(&self, condition: &str) {
        let patience = Instant::now() + PATIENCE;
        while !self.tells(condition) {
            assert!(Instant::now() < patience, "{condition}: {:?}", fs::read_to_string(self.log()));
            sleep(Duration::from_millis(20));
        }
    }

    /// Follows another server from now on, or none.
    pub fn follow(&self, other: Option<&Self>) {
        let other = other.map(|other| format!("host={} port=5432 user=postgres", other.work().display()));
        self.execute(&format!("ALTER SYSTEM SET primary_conninfo = '{}'", other.as_deref().unwrap_or_default()));
        self.execute("SELECT pg_reload_conf()");
        let is_cut_off = "current_setting('primary_conninfo') = '' AND NOT EXISTS (SELECT FROM pg_stat_wal_receiver)";
        self.until(if other.is_some() { "EXISTS (SELECT FROM pg_stat_wal_receiver)" } else { is_cut_off });
    }

    /// Ends it at once, with all its connections.
    pub fn stop(&mut self) {
        self.signal(Signal::SIGQUIT);
        if let Some(mut server) = self.server.take() {
            server.0.wait().unwrap();
        }
    }

    /// Sends a signal to the server and to its children.
    pub fn signal(&self, signal: Signal) {
        let server = self.server.as_ref().unwrap().0.id();
        let children = fs::read_to_string(format!("/proc/{server}/task/{server}/children")).unwrap_or_default();
        let children = children.split_whitespace().map(|pid| pid.parse().unwrap());
        // One may have ended by itself.
        for pid in children.chain([i32::try_from(server).unwrap()]) {
            kill(Pid::from_raw(pid), signal).unwrap_or_default();
        }
    }
}

/// The newest program of this name.
fn program(name: &str) -> String {
    let versions = fs::read_dir("/usr/lib/postgresql").unwrap().map(|version| version.unwrap().path());
    let newest = versions.max().unwrap_or_else(|| Path::new("/usr").to_owned());
    newest.join("bin").join(name).to_str().unwrap().to_owned()
}
