//! A database for each test, copied from a migrated template in a private cluster.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use biovity::db::embedded::{self, Cluster, Settings};
use biovity::server;
use biovity::values::database_url::DatabaseUrl;
use diesel::connection::{InstrumentationEvent, SimpleConnection};
use diesel::sql_types::Text;
use diesel::{Connection, PgConnection, QueryableByName, RunQueryDsl};
use nix::sys::statvfs::statvfs;
use tempfile::TempDir;

pub mod auto_failover;
pub mod standby;

/// One cluster a process, in memory where there is such a folder. Its watcher stops it when the process ends; what it
/// leaves is wiped by the next one.
static CLUSTER: LazyLock<TestCluster> = LazyLock::new(TestCluster::start);

/// Each of two replicas in a test has a pool of ten, and as many tests run at once as the machine has threads.
const CONNECTIONS: u16 = 400;

struct TestCluster {
    cluster: Cluster,
    _lock: File,
}

impl TestCluster {
    fn start() -> Self {
        let program = std::env::current_exe().unwrap();
        let name = program.file_stem().unwrap().to_string_lossy().split('-').next().unwrap().to_owned();
        let memory = PathBuf::from("/dev/shm");
        // Containers often give it no more than 64 MiB.
        let room = statvfs(&memory).map_or(0, |disk| disk.blocks_available() * disk.fragment_size());
        let parent = if room > 1 << 30 { memory } else { std::env::temp_dir() };
        let data_dir = parent.join(format!("biovity-{name}-{}", nix::unistd::geteuid()));
        let lock = File::create(data_dir.with_extension("lock")).unwrap();
        lock.lock().unwrap();
        let settings = Settings { data_dir, pg_bin: None, connections: CONNECTIONS };
        let patience = Instant::now() + Duration::from_secs(10);
        while embedded::running(&settings).is_some() && Instant::now() < patience {
            std::thread::sleep(Duration::from_millis(20));
        }
        let _ = fs::remove_dir_all(&settings.data_dir);
        let cluster = Cluster::start(&settings).unwrap();
        administer(&cluster, "CREATE DATABASE template_empty OWNER biovity");
        administer(&cluster, "CREATE DATABASE template_migrated OWNER biovity");
        server::migrate(&url(&cluster, "template_migrated", "biovity")).unwrap();
        Self { cluster, _lock: lock }
    }
}

fn url(cluster: &Cluster, database: &str, role: &str) -> DatabaseUrl {
    let url = cluster.url().replace("///biovity?", &format!("///{database}?"));
    DatabaseUrl::parse(&url.replace("user=biovity", &format!("user={role}"))).unwrap()
}

/// Runs a statement as the superuser.
fn administer(cluster: &Cluster, statement: &str) {
    let mut conn = PgConnection::establish(&url(cluster, "postgres", "postgres").for_libpq()).unwrap();
    conn.batch_execute(statement).unwrap();
}

/// What every table holds, but for the counts of the limits, and for those of the places, which a job moves from one table
/// to another.
pub fn contents(conn: &mut PgConnection) -> BTreeMap<String, String> {
    let tables = "SELECT table_name::text AS text FROM information_schema.tables \
                  WHERE table_schema = 'public' AND table_name NOT IN ('rate_limit', 'gate_total', 'waitlist_change', 'waitlist_total', \
                  'waitlist_source_change', 'waitlist_source_total', 'waitlist_turn_change', 'waitlist_turn_total') \
                  ORDER BY table_name";
    let tables: Vec<Line> = diesel::sql_query(tables).load(conn).unwrap();
    let rows = tables.iter().map(|Line { text: table }| {
        format!("SELECT coalesce(string_agg(t::text, chr(10) ORDER BY t::text), '') AS text FROM {table:?} t")
    });
    // One statement, so that all tables are seen at the same moment.
    let rows = diesel::sql_query(rows.collect::<Vec<_>>().join(" UNION ALL ")).load::<Line>(conn).unwrap();
    tables.into_iter().zip(rows).map(|(table, rows)| (table.text, rows.text)).collect()
}

/// How many rows of a table this transaction has read.
pub fn rows_read(conn: &mut PgConnection, table: &str) -> i64 {
    let read = "SELECT (seq_tup_read + coalesce(idx_tup_fetch, 0))::text AS text FROM pg_stat_xact_user_tables";
    let read = diesel::sql_query(format!("{read} WHERE relname = '{table}'")).get_result::<Line>(conn).unwrap();
    read.text.parse().unwrap()
}

/// How many rows of a table, and entries of its indexes, this session has read and not reported yet. It counts also what an
/// index names and is not fetched, as where two of them are combined.
pub fn entries_read(conn: &mut PgConnection, table: &str) -> i64 {
    let read = "SELECT sum(pg_stat_get_xact_tuples_returned(oid))::text AS text FROM pg_class";
    let of = format!(
        "oid = '{table}'::regclass OR oid IN (SELECT indexrelid FROM pg_index WHERE indrelid = '{table}'::regclass)"
    );
    diesel::sql_query(format!("{read} WHERE {of}")).get_result::<Line>(conn).unwrap().text.parse().unwrap()
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    text: String,
}

/// A database of one test, dropped with it.
pub struct TestDatabase {
    name: String,
    own: Option<Own>,
}

/// A cluster that no other test uses. Its folder is removed last.
struct Own {
    cluster: Cluster,
    _folder: TempDir,
}

fn socket_of(cluster: &Cluster) -> PathBuf {
    let url = cluster.url();
    let host = url.split("host=").nth(1).unwrap().split('&').next().unwrap();
    let folder = percent_encoding::percent_decode_str(host).decode_utf8().unwrap().into_owned();
    PathBuf::from(folder).join(".s.PGSQL.5432")
}

impl TestDatabase {
    /// With every migration.
    pub fn migrated() -> Self {
        Self::copy("template_migrated")
    }

    /// With nothing in it.
    pub fn empty() -> Self {
        Self::copy("template_empty")
    }

    /// With every migration, in a cluster of its own, which is small.
    pub fn alone() -> Self {
        let folder = tempfile::tempdir().unwrap();
        // As root, the server's user comes through here.
        fs::set_permissions(folder.path(), Permissions::from_mode(0o711)).unwrap();
        let data_dir = folder.path().join("data");
        let cluster = Cluster::start(&Settings { data_dir, pg_bin: None, connections: Settings::CONNECTIONS }).unwrap();
        let database = Self { name: "biovity".to_owned(), own: Some(Own { cluster, _folder: folder }) };
        server::migrate(&database.url()).unwrap();
        database
    }

    fn cluster(&self) -> &Cluster {
        self.own.as_ref().map_or(&CLUSTER.cluster, |own| &own.cluster)
    }

    fn copy(template: &str) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(1);
        let name = format!("test_{}", NEXT.fetch_add(1, Ordering::Relaxed));
        // Copying files needs no log of every page; that exists since PostgreSQL 15, and is how older ones copy anyway.
        let copy = format!("CREATE DATABASE {name} TEMPLATE {template} OWNER biovity");
        let mut conn = PgConnection::establish(&url(&CLUSTER.cluster, "postgres", "postgres").for_libpq()).unwrap();
        conn.batch_execute(&format!("{copy} STRATEGY FILE_COPY")).or_else(|_| conn.batch_execute(&copy)).unwrap();
        Self { name, own: None }
    }

    pub fn url(&self) -> DatabaseUrl {
        url(self.cluster(), &self.name, "biovity")
    }

    /// The URL as an operator would set it.
    pub fn text(&self) -> String {
        self.cluster().url().replace("///biovity?", &format!("///{}?", self.name))
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    /// The socket of the server that tests share.
    pub fn socket() -> PathBuf {
        socket_of(&CLUSTER.cluster)
    }

    /// The socket of the server of this database.
    pub fn own_socket(&self) -> PathBuf {
        socket_of(self.cluster())
    }

    /// Sets what only a superuser may set, for connections from now on.
    pub fn set(&self, setting: &str, value: &str) {
        administer(self.cluster(), &format!("ALTER DATABASE {} SET {setting} = '{value}'", self.name));
    }

    /// Runs a statement in this database as the superuser.
    pub fn execute_as_superuser(&self, statement: &str) {
        let mut conn = PgConnection::establish(&url(self.cluster(), &self.name, "postgres").for_libpq()).unwrap();
        conn.batch_execute(statement).unwrap();
    }

    /// A connection beside the application's, whose statements are not the application's either.
    pub fn connect(&self) -> PgConnection {
        let mut conn = server::connect(&self.url()).unwrap();
        conn.set_instrumentation(|_: InstrumentationEvent<'_>| {});
        conn
    }

    /// What every table holds, but for the counts of the limits.
    pub fn contents(&self) -> BTreeMap<String, String> {
        contents(&mut self.connect())
    }

    /// What is in it now and was not before, and the other way round: table by table, row by row.
    pub fn changed_since(&self, before: &BTreeMap<String, String>) -> Vec<String> {
        let rows = |contents: &BTreeMap<String, String>| -> BTreeSet<String> {
            contents.iter().flat_map(|(table, rows)| rows.lines().map(move |row| format!("{table}: {row}"))).collect()
        };
        rows(before).symmetric_difference(&rows(&self.contents())).cloned().collect()
    }

    /// An expression's value in each of these rows, as text, `NULL` included.
    pub fn values(&self, expression: &str, rows: &str) -> Vec<String> {
        let query = format!("SELECT coalesce(({expression})::text, 'NULL') AS text FROM {rows}");
        let lines: Vec<Line> = diesel::sql_query(query).load(&mut self.connect()).unwrap();
        lines.into_iter().map(|line| line.text).collect()
    }

    /// Makes a state that only the old application, or time, leaves behind.
    pub fn execute(&self, statement: &str) {
        self.connect().batch_execute(statement).unwrap();
    }

    /// Makes this role the owner of the database.
    pub fn give_to(&self, role: &str) {
        administer(self.cluster(), &format!("ALTER DATABASE {} OWNER TO {role}", self.name));
    }

    /// Cuts every connection and refuses new ones, as an outage does.
    pub fn go_away(&self) {
        administer(self.cluster(), &format!("ALTER DATABASE {} ALLOW_CONNECTIONS false", self.name));
        administer(
            self.cluster(),
            &format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{}'", self.name),
        );
    }

    /// Ends the outage.
    pub fn come_back(&self) {
        administer(self.cluster(), &format!("ALTER DATABASE {} ALLOW_CONNECTIONS true", self.name));
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if self.own.is_none() {
            administer(&CLUSTER.cluster, &format!("DROP DATABASE {} WITH (FORCE)", self.name));
        }
    }
}
