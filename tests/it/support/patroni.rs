//! Three nodes of PostgreSQL under Patroni with a synchronous standby, by `deploy/cluster/patroni.yml` itself, on ports of the
//! loopback network. What other nodes send to a node, and what it asks of etcd, goes through a proxy each.

use std::fs::{self, Permissions};
use std::net::SocketAddr;
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::{Pid, User, geteuid};
use reqwest::RequestBuilder;
use serde_json::Value;
use tempfile::TempDir;
use tokio::sync::oneshot;
use tokio::time::sleep;

use super::fault_proxy::{Fault, FaultProxy};
use super::unused_address;
use super::visitor::Visitor;

const PATRONI: &str = include_str!("../../../deploy/cluster/patroni.yml");
const HAPROXY: &str = include_str!("../../../deploy/cluster/haproxy-postgresql.cfg");
/// Programs without which there is no such cluster, and the folder of those that run a server.
const PROGRAMS: [&str; 4] = ["patroni", "etcd", "haproxy", "postgresql"];
/// How soon a cluster has a leader and a synchronous standby again.
const PATIENCE: Duration = Duration::from_secs(90);

/// The programs that this machine lacks.
pub fn missing() -> Vec<&'static str> {
    let folders = ["/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/lib"];
    PROGRAMS.into_iter().filter(|name| !folders.iter().any(|folder| Path::new(folder).join(name).exists())).collect()
}

/// The cluster, its etcd, and an `HAProxy` that leads to its leader. All end with it.
pub struct Patroni {
    nodes: Vec<Node>,
    balancer: SocketAddr,
    /// Ends the proxies when it is dropped.
    _proxies: oneshot::Sender<()>,
    /// Ended after the nodes, and the folder removed last.
    _others: Vec<Running>,
    _folder: TempDir,
}

struct Node {
    name: String,
    /// Where the program reaches its server, and where the other nodes do.
    listen: SocketAddr,
    server: FaultProxy,
    etcd: FaultProxy,
    rest: SocketAddr,
    operator: Visitor,
    data: PathBuf,
    settings: PathBuf,
    patroni: Option<Running>,
}

/// A program that is killed when nobody needs it any more.
pub struct Running(pub Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Who runs the server, which refuses to run as root.
pub fn server_user() -> Option<User> {
    geteuid().is_root().then(|| User::from_name("postgres").unwrap().unwrap())
}

pub fn start(program: &str, arguments: &[&str], log: PathBuf) -> Running {
    let log = fs::File::create(log).unwrap();
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log);
    if let Some(user) = server_user() {
        // libpq looks for certificates at home, and fails where it may not.
        command.uid(user.uid.as_raw()).gid(user.gid.as_raw()).env("HOME", user.dir);
    }
    Running(command.spawn().unwrap())
}

/// A folder that is removed with the first of these, and one in it that belongs to whoever runs the server.
pub fn work_folder() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), Permissions::from_mode(0o711)).unwrap();
    let work = folder.path().join("cluster");
    fs::create_dir(&work).unwrap();
    if let Some(user) = server_user() {
        chown(&work, Some(user.uid.as_raw()), Some(user.gid.as_raw())).unwrap();
    }
    (folder, work)
}

pub fn start_etcd(folder: &Path) -> (SocketAddr, Running) {
    let (client, peer) = (unused_address(), unused_address());
    let (clients, peers) = (format!("http://{client}"), format!("http://{peer}"));
    let data = folder.join("etcd");
    let cluster = format!("default={peers}");
    let arguments = [
        ("--data-dir", data.to_str().unwrap()),
        ("--listen-client-urls", &clients),
        ("--advertise-client-urls", &clients),
        ("--listen-peer-urls", &peers),
        ("--initial-advertise-peer-urls", &peers),
        ("--initial-cluster", &cluster),
    ];
    let arguments: Vec<_> = arguments.iter().flat_map(|(name, value)| [*name, *value]).collect();
    (client, start("etcd", &arguments, folder.join("etcd.log")))
}

/// Waits until etcd knows which version its cluster speaks, which Patroni asks once.
pub async fn has_decided(etcd: SocketAddr) {
    let (operator, patience) = (Visitor::new(&format!("http://{etcd}"), "en", "127.0.0.1"), Instant::now() + PATIENCE);
    loop {
        let version = match operator.request("GET", "/version").send().await {
            Ok(answer) => answer.text().await.unwrap_or_default(),
            Err(_) => String::new(),
        };
        if version.contains("etcdcluster") && !version.contains("not_decided") {
            return;
        }
        assert!(Instant::now() < patience, "etcd says {version:?}");
        sleep(Duration::from_millis(100)).await;
    }
}

/// A proxy before each of these, by a thread of their own: a test that waits for the database would stop them.
fn proxies(targets: Vec<SocketAddr>) -> (Vec<FaultProxy>, oneshot::Sender<()>) {
    let (started, all) = mpsc::channel();
    let (stop, stopped) = oneshot::channel();
    thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            for target in targets {
                started.send(FaultProxy::to_address(target).await).unwrap();
            }
            drop(started);
            let _ = stopped.await;
        });
    });
    (all.iter().collect(), stop)
}

impl Patroni {
    pub async fn start() -> Self {
        let (folder, work) = work_folder();
        let (etcd, running) = start_etcd(&work);
        has_decided(etcd).await;
        let listen = [(); 3].map(|()| unused_address());
        let (mut proxies, stop) = proxies(listen.into_iter().chain([etcd; 3]).collect());
        let others = proxies.split_off(3);
        let nodes = (1..).zip(listen).zip(proxies.into_iter().zip(others));
        let nodes = nodes.map(|((number, listen), (server, etcd))| Node::start(number, listen, [server, etcd], &work));
        let nodes: Vec<_> = nodes.collect();
        let balancer = unused_address();
        let settings = work.join("haproxy.cfg");
        fs::write(&settings, haproxy(balancer, &nodes)).unwrap();
        let proxy = start("haproxy", &["-f", settings.to_str().unwrap()], work.join("haproxy.log"));
        let cluster = Self { nodes, balancer, _proxies: stop, _others: vec![running, proxy], _folder: folder };
        cluster.healthy().await;
        cluster
    }

    /// All nodes, of which one takes writes.
    pub fn url(&self, user: &str, database: &str) -> String {
        url_of(self.nodes.iter().map(|node| node.listen), user, database)
    }

    /// One address that leads to the node that takes writes.
    pub fn balanced_url(&self, user: &str, database: &str) -> String {
        format!("postgresql://{user}:CHANGE_ME@{}/{database}?sslmode=require", self.balancer)
    }

    /// The number of the node that leads, if one says so. One that does not answer is not asked.
    pub async fn leader_besides(&self, silent: Option<usize>) -> Option<usize> {
        for (number, node) in self.nodes.iter().enumerate().filter(|(number, _)| Some(*number) != silent) {
            let answer = node.request("GET", "/primary").send().await;
            if answer.is_ok_and(|answer| answer.status() == 200) {
                return Some(number);
            }
        }
        None
    }

    /// Waits until a node leads, another is its synchronous standby, and the third follows.
    pub async fn healthy(&self) {
        let patience = Instant::now() + PATIENCE;
        loop {
            let members = self.members().await;
            let is = |roles: &[&str]| {
                members.iter().filter(|member| roles.contains(&member["role"].as_str().unwrap_or(""))).count()
            };
            let up = members.iter().filter(|member| member["state"] == "running" || member["state"] == "streaming");
            if up.count() == 3
                && is(&["leader"]) == 1
                && is(&["sync_standby"]) == 1
                && self.leader_besides(None).await.is_some()
            {
                return;
            }
            assert!(Instant::now() < patience, "{members:?}\n{}", self.logs());
            sleep(Duration::from_millis(200)).await;
        }
    }

    async fn members(&self) -> Vec<Value> {
        for node in &self.nodes {
            let Ok(answer) = node.request("GET", "/cluster").send().await else { continue };
            let Ok(cluster) = answer.json::<Value>().await else { continue };
            return cluster["members"].as_array().cloned().unwrap_or_default();
        }
        Vec::new()
    }

    /// The last that each node wrote.
    fn logs(&self) -> String {
        self.nodes.iter().map(|node| last_lines(&node.settings.with_extension("log"))).collect()
    }

    /// Kills a node with all its processes.
    pub fn kill(&mut self, number: usize) {
        self.signal(number, Signal::SIGKILL);
        self.nodes[number].patroni = None;
    }

    /// Starts a node that was killed.
    pub fn restart(&mut self, number: usize) {
        self.nodes[number].run();
    }

    pub fn signal(&self, number: usize, signal: Signal) {
        for process in self.nodes[number].processes() {
            kill(process, signal).unwrap_or_default();
        }
    }

    /// Cuts a node off from etcd and the other nodes, or lets it back. The program reaches it all the while.
    pub fn cut_off(&self, number: usize, is_cut: bool) {
        for proxy in [&self.nodes[number].server, &self.nodes[number].etcd] {
            proxy.play(if is_cut { Fault::BlackHole } else { Fault::None });
        }
    }

    /// Asks the leader to hand over, as an operator does.
    pub async fn switch_over(&self, number: usize) {
        let node = &self.nodes[number];
        let request = node.request("POST", "/switchover").timeout(Duration::from_secs(20));
        let answer = request.json(&serde_json::json!({ "leader": node.name })).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{:?}", answer.text().await);
    }
}

impl Drop for Patroni {
    fn drop(&mut self) {
        for number in 0..self.nodes.len() {
            self.kill(number);
        }
    }
}

impl Node {
    fn start(number: usize, listen: SocketAddr, [server, etcd]: [FaultProxy; 2], folder: &Path) -> Self {
        let name = format!("node{number}");
        let rest = unused_address();
        let (data, settings) = (folder.join(&name), folder.join(format!("{name}.yml")));
        fs::write(&settings, self::settings(&name, [listen, server.address, rest, etcd.address], folder)).unwrap();
        let operator = Visitor::new(&format!("http://{rest}"), "en", "127.0.0.1");
        let mut node = Self { name, listen, server, etcd, rest, operator, data, settings, patroni: None };
        node.run();
        node
    }

    /// To its Patroni.
    fn request(&self, method: &str, path: &str) -> RequestBuilder {
        self.operator.request(method, path).timeout(Duration::from_secs(2))
    }

    fn run(&mut self) {
        let log = self.settings.with_extension("log");
        self.patroni = Some(start("patroni", &[self.settings.to_str().unwrap()], log));
    }

    /// Patroni, the server, and the server's children.
    fn processes(&self) -> Vec<Pid> {
        let patroni = self.patroni.as_ref().map(|running| running.0.id().to_string());
        let file = fs::read_to_string(self.data.join("postmaster.pid")).unwrap_or_default();
        let server = file.lines().next().map(|line| line.trim().to_owned());
        let children = server.as_ref().map(|pid| fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")));
        let children = children.and_then(Result::ok).unwrap_or_default();
        let children = children.split_whitespace().map(str::to_owned);
        let all = patroni.into_iter().chain(server).chain(children);
        all.map(|pid| Pid::from_raw(pid.parse().unwrap())).collect()
    }
}

/// Whichever of these nodes takes writes.
pub fn url_of(nodes: impl Iterator<Item = SocketAddr>, user: &str, database: &str) -> String {
    let hosts = nodes.map(|node| node.to_string()).collect::<Vec<_>>().join(",");
    format!("postgresql://{user}:CHANGE_ME@{hosts}/{database}?target_session_attrs=read-write&sslmode=require")
}

/// What was written to a log last, under its name.
pub fn last_lines(log: &Path) -> String {
    let text = fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<_> = text.lines().rev().take(12).collect();
    format!("{}:\n{}\n", log.display(), lines.into_iter().rev().collect::<Vec<_>>().join("\n"))
}

/// A process, its children, and theirs.
pub fn family(parent: Pid) -> Vec<Pid> {
    let children = fs::read_to_string(format!("/proc/{parent}/task/{parent}/children")).unwrap_or_default();
    let children = children.split_whitespace().map(|pid| Pid::from_raw(pid.parse().unwrap()));
    [parent].into_iter().chain(children.flat_map(family)).collect()
}

/// A file of `deploy/` with what belongs to the machines named there replaced, wherever it stands. What is not in the file fails.
pub fn adapted(file: &str, changes: &[(&str, &str)]) -> String {
    changes.iter().fold(file.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from:?} is not in\n{text}");
        text.replace(from, to)
    })
}

/// A certificate that nobody trusts and its key, as files of these names.
pub fn write_certificate(certificate: &Path, key: &Path) {
    fs::write(certificate, include_str!("untrusted_certificate.pem")).unwrap();
    fs::write(key, include_str!("untrusted_key.pem")).unwrap();
    fs::set_permissions(key, Permissions::from_mode(0o600)).unwrap();
    if let Some(user) = server_user() {
        chown(key, Some(user.uid.as_raw()), Some(user.gid.as_raw())).unwrap();
    }
}

/// Leads to the node whose Patroni says that it leads.
fn haproxy(listen: SocketAddr, nodes: &[Node]) -> String {
    // As many files as any machine lets it open.
    let mut changes = vec![("maxconn 1000".to_owned(), "maxconn 400".to_owned())];
    changes.push(("bind :5432".to_owned(), format!("bind {listen}")));
    for (number, node) in (1..).zip(nodes) {
        let there = format!("10.0.0.2{number}:5432 check port 8008");
        changes.push((there, format!("{} check port {}", node.listen, node.rest.port())));
    }
    let changes: Vec<_> = changes.iter().map(|(from, to)| (from.as_str(), to.as_str())).collect();
    adapted(HAPROXY, &changes)
}

/// The programs of the newest server.
fn server_programs() -> PathBuf {
    let versions = fs::read_dir("/usr/lib/postgresql").unwrap().map(|version| version.unwrap().path().join("bin"));
    versions.max().unwrap()
}

/// The settings of a node: where its server listens and is reached by the others, and where its Patroni and etcd are.
pub fn settings(name: &str, [listen, reached, rest, etcd]: [SocketAddr; 4], folder: &Path) -> String {
    let (certificate, key) = (folder.join("certificate.pem"), folder.join(format!("{name}.key")));
    write_certificate(&certificate, &key);
    let (folder, data) = (folder.display(), folder.join(name).display().to_string());
    let to = |address: SocketAddr| format!("connect_address: {address}");
    adapted(
        PATRONI,
        &[
            ("name: node1", &format!("name: {name}")),
            ("listen: 10.0.0.21:8008", &format!("listen: {rest}")),
            ("connect_address: 10.0.0.21:8008", &to(rest)),
            ("hosts: 10.0.0.21:2379,10.0.0.22:2379,10.0.0.23:2379", &format!("hosts: {etcd}\n  use_proxies: true")),
            // Elections that tests can wait for, and servers that fit beside each other.
            ("ttl: 20", "ttl: 8"),
            ("loop_wait: 5", "loop_wait: 2"),
            ("retry_timeout: 5", "retry_timeout: 3"),
            ("max_connections: 200", "max_connections: 100\n        shared_buffers: 32MB"),
            ("listen: 10.0.0.21:5432", &format!("listen: {listen}")),
            ("connect_address: 10.0.0.21:5432", &to(reached)),
            ("data_dir: /var/lib/postgresql/15/biovity", &format!("data_dir: {data}\n  pgpass: {data}.pgpass")),
            ("/usr/lib/postgresql/15/bin", server_programs().to_str().unwrap()),
            ("    ssl: \"on\"", &format!("    unix_socket_directories: {folder}\n    ssl: \"on\"")),
            ("/etc/ssl/biovity/postgresql.pem", certificate.to_str().unwrap()),
            ("/etc/ssl/biovity/postgresql.key", key.to_str().unwrap()),
            ("10.0.0.0/24", "127.0.0.1/32"),
        ],
    )
}
