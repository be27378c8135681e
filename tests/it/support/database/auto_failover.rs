//! Two nodes of PostgreSQL under `pg_auto_failover`, and the monitor that says which of them leads, on ports of the loopback
//! network.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use biovity::server;
use biovity::values::database_url::DatabaseUrl;
use diesel::connection::SimpleConnection;
use diesel::dsl::sql;
use diesel::sql_types::Bool;
use diesel::{PgConnection, RunQueryDsl};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tempfile::TempDir;
use tokio::time::sleep;

use crate::support::patroni::{Running, family, last_lines, start, url_of, work_folder};
use crate::support::unused_address;

/// How soon one of the nodes leads and the other is its synchronous standby.
const PATIENCE: Duration = Duration::from_secs(90);
const PROGRAM: &str = "/usr/bin/pg_autoctl";
/// When the monitor gives up a node that is silent, and how long it waits then for a leader that may still be there: as an operator
/// may set them, but shorter than anybody should on a network.
const TIMES: [(&str, &str); 6] = [
    ("health_check_period", "500ms"),
    ("health_check_timeout", "1s"),
    ("health_check_retry_delay", "500ms"),
    ("node_considered_unhealthy_timeout", "2s"),
    ("primary_demote_timeout", "1s"),
    ("startup_grace_period", "1s"),
];

/// The packages of Debian that this machine lacks.
pub fn missing() -> Vec<&'static str> {
    let packages = [
        ("pg-auto-failover-cli", Path::new(PROGRAM).exists()),
        ("postgresql-15-auto-failover", server_programs().is_some()),
    ];
    packages.into_iter().filter(|(_, is_there)| !is_there).map(|(package, _)| package).collect()
}

/// The programs of the newest server that has the monitor's extension.
fn server_programs() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").ok()?.map(|version| version.unwrap().path());
    let has_monitor = |version: &PathBuf| version.join("lib/pgautofailover.so").exists();
    versions.filter(has_monitor).max().map(|version| version.join("bin"))
}

/// The monitor and its nodes. All end with it.
pub struct AutoFailover {
    monitor: Member,
    nodes: Vec<Member>,
    /// Removed last.
    _folder: TempDir,
}

/// A server with the program that looks after it.
struct Member {
    listen: SocketAddr,
    data: PathBuf,
    program: Option<Running>,
}

impl AutoFailover {
    pub async fn start() -> Self {
        let (folder, work) = work_folder();
        let mut monitor = Member::new(&work.join("monitor"));
        monitor.create(&["monitor"]);
        let mut cluster = Self { monitor, nodes: Vec::new(), _folder: folder };
        let is_ready = "EXISTS (SELECT FROM pg_extension WHERE extname = 'pgautofailover')";
        cluster.until(is_ready).await;
        let mut conn = cluster.ask_monitor().unwrap();
        for (name, value) in TIMES {
            conn.batch_execute(&format!("ALTER SYSTEM SET pgautofailover.{name} = '{value}'")).unwrap();
        }
        conn.batch_execute("SELECT pg_reload_conf()").unwrap();
        let to_monitor = format!("postgres://autoctl_node@{}/pg_auto_failover?sslmode=require", cluster.monitor.listen);
        for name in ["node1", "node2"] {
            let mut node = Member::new(&work.join(name));
            node.create(&["postgres", "--listen", "127.0.0.1", "--name", name, "--monitor", &to_monitor]);
            cluster.nodes.push(node);
        }
        cluster.healthy().await;
        cluster
    }

    /// Both nodes, of which one takes writes.
    pub fn url(&self, user: &str, database: &str) -> String {
        url_of(self.nodes.iter().map(|node| node.listen), user, database)
    }

    /// The number of the node that takes writes, if one does. One that does not answer is not asked.
    pub fn leader_besides(&self, silent: Option<usize>) -> Option<usize> {
        for (number, node) in self.nodes.iter().enumerate().filter(|(number, _)| Some(*number) != silent) {
            // It answers at once, or nobody listens there.
            if connect(&format!("{}&target_session_attrs=read-write", node.url("postgres"))).is_some() {
                return Some(number);
            }
        }
        None
    }

    /// Waits until one node leads and the other is its synchronous standby.
    pub async fn healthy(&self) {
        let both = |state: &str| {
            format!(
                "(SELECT count(*) = 1 FROM pgautofailover.node WHERE goalstate = '{state}' AND reportedstate = '{state}')"
            )
        };
        self.until(&[both("primary"), both("secondary")].join(" AND ")).await;
    }

    /// Waits until this is so at the monitor.
    async fn until(&self, condition: &str) {
        let patience = Instant::now() + PATIENCE;
        let is_so = |mut conn: PgConnection| {
            diesel::select(sql::<Bool>(condition)).get_result::<bool>(&mut conn).unwrap_or_default()
        };
        while !self.ask_monitor().is_some_and(is_so) {
            assert!(Instant::now() < patience, "{condition}:\n{}", self.logs());
            sleep(Duration::from_millis(200)).await;
        }
    }

    fn ask_monitor(&self) -> Option<PgConnection> {
        connect(&self.monitor.url("pg_auto_failover"))
    }

    /// The last that each member wrote.
    fn logs(&self) -> String {
        [&self.monitor].into_iter().chain(&self.nodes).map(|member| last_lines(&member.log())).collect()
    }

    /// Kills a node with all its processes.
    pub fn kill(&mut self, number: usize) {
        self.nodes[number].kill();
    }

    /// Starts a node that was killed.
    pub fn restart(&mut self, number: usize) {
        self.nodes[number].run(&["run"]);
    }
}

fn connect(url: &str) -> Option<PgConnection> {
    server::connect(&DatabaseUrl::parse(url).unwrap()).ok()
}

impl Member {
    fn new(data: &Path) -> Self {
        Self { listen: unused_address(), data: data.to_owned(), program: None }
    }

    fn url(&self, database: &str) -> String {
        format!("postgresql://postgres@{}/{database}?sslmode=require", self.listen)
    }

    fn log(&self) -> PathBuf {
        self.data.with_extension("log")
    }

    /// Makes its server, and looks after it from then on.
    fn create(&mut self, what: &[&str]) {
        let (programs, port) = (server_programs().unwrap().join("pg_ctl"), self.listen.port().to_string());
        let ours = ["--pgport", &port, "--hostname", "127.0.0.1", "--auth", "trust", "--ssl-self-signed", "--run"];
        let ours = ours.into_iter().chain(["--pgctl", programs.to_str().unwrap()]);
        self.run(&["create"].into_iter().chain(what.iter().copied()).chain(ours).collect::<Vec<_>>());
    }

    /// Runs the program, which keeps what it knows of all members in one folder.
    fn run(&mut self, arguments: &[&str]) {
        let own = ["XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR"];
        let own = own.map(|name| format!("{name}={}", self.data.parent().unwrap().display()));
        let whole = own.iter().map(String::as_str).chain(["PATH=/usr/bin:/bin", PROGRAM]);
        let whole = whole.chain(arguments.iter().copied()).chain(["--pgdata", self.data.to_str().unwrap()]);
        self.program = Some(start("env", &whole.collect::<Vec<_>>(), self.log()));
    }

    fn kill(&mut self) {
        let Some(program) = self.program.take() else { return };
        for process in family(Pid::from_raw(program.0.id().try_into().unwrap())) {
            kill(process, Signal::SIGKILL).unwrap_or_default();
        }
    }
}

impl Drop for Member {
    fn drop(&mut self) {
        self.kill();
    }
}
