//! A real Postfix of one test: an instance of its own, in a folder of its own, on a port of the loopback network. It takes
//! letters over STARTTLS alone, from who logs in by Cyrus SASL, and puts them into a maildir.

use std::fs::{self, Permissions};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::{Pid, User, geteuid};
use tempfile::TempDir;

use super::Mail;
use crate::support::unused_address;

/// The user who may send, with the password.
const USER: &str = "biovity";
pub const PASSWORD: &str = "arrayán & canelo 4";
/// How soon it listens, and takes what it is told.
const PATIENCE: Duration = Duration::from_secs(30);
/// The size of its queue's disk, where that is to be full once, and of the letters that it takes: it wants room for more than one.
const DISK: &str = "8m";
const LARGEST_LETTER: &str = "262144";
/// Starts it as a child of ours, with the queue on a small disk where one is asked for.
const START: &str = "test -z \"$2\" || mount -t tmpfs -o size=\"$2\",mode=755 tmpfs \"$1/queue\" || exit; \
                     exec postfix -c \"$1/etc\" start-fg";

const SETTINGS: &str = "\
compatibility_level = 3.6
myhostname = relay.test
mydestination =
inet_protocols = ipv4
queue_directory = FOLDER/queue
data_directory = FOLDER/data
maillog_file = FOLDER/log
maillog_file_prefixes = FOLDER
alias_maps =
notify_classes =
virtual_mailbox_domains = example.cl
virtual_mailbox_base = FOLDER/mails
virtual_mailbox_maps = static:arrived/
virtual_uid_maps = static:UID
virtual_gid_maps = static:GID
smtpd_tls_security_level = encrypt
smtpd_tls_cert_file = FOLDER/certificate.pem
smtpd_tls_key_file = FOLDER/key.pem
smtpd_tls_received_header = yes
smtpd_sasl_auth_enable = yes
smtpd_sasl_local_domain = relay.test
smtpd_sasl_authenticated_header = yes
cyrus_sasl_config_path = FOLDER/etc/sasl
smtpd_relay_restrictions = permit_sasl_authenticated, reject
";
/// What it consists of, as Debian has it but for what nobody needs here and without a chroot.
const SERVICES: &str = "\
ADDRESS inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
local unix - n n - - local
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
";
const SASL: &str =
    "pwcheck_method: auxprop\nauxprop_plugin: sasldb\nmech_list: PLAIN LOGIN\nsasldb_path: FOLDER/sasldb2\n";
/// A certificate of nobody but itself, which no authority is.
const CERTIFICATE: &str = "[req]\nprompt = no\ndistinguished_name = name\nx509_extensions = more\n[name]\nCN = localhost\n\
                           [more]\nbasicConstraints = critical, CA:FALSE\nsubjectAltName = IP:127.0.0.1\n";

/// The programs that this machine lacks, or the administrator who may start one.
pub fn missing() -> Vec<&'static str> {
    let folders = ["/usr/bin", "/usr/sbin", "/usr/local/bin"];
    let programs = ["postfix", "saslpasswd2", "openssl"];
    let lacks = |name: &&str| !folders.iter().any(|folder| Path::new(folder).join(name).exists());
    let root = (!geteuid().is_root()).then_some("root");
    programs.into_iter().filter(lacks).chain(root).collect()
}

/// A running Postfix. It ends with its test.
pub struct Postfix {
    address: SocketAddr,
    running: Child,
    folder: TempDir,
}

impl Postfix {
    pub fn start() -> Self {
        Self::with_disk("")
    }

    /// One whose queue has a small disk for itself.
    pub fn with_small_disk() -> Self {
        Self::with_disk(DISK)
    }

    fn with_disk(size: &str) -> Self {
        let (folder, address) = (tempfile::tempdir().unwrap(), unused_address());
        fs::set_permissions(folder.path(), Permissions::from_mode(0o711)).unwrap();
        write_files(folder.path(), address);
        let running = run(folder.path(), size);
        let relay = Self { address, running, folder };
        relay.until_it_greets();
        relay
    }

    /// Where it is, with this password.
    pub fn url(&self, password: &str) -> String {
        let password = percent_encoding::utf8_percent_encode(password, percent_encoding::NON_ALPHANUMERIC);
        format!("smtp://{USER}:{password}@{}?tls=required", self.address)
    }

    /// The file of its certificate.
    pub fn certificate(&self) -> String {
        self.path("certificate.pem").to_str().unwrap().to_owned()
    }

    /// From now on, this setting has this value. Started anew: after a reload, who served before may serve once more.
    pub fn set(&mut self, name: &str, value: &str) {
        let setting = format!("{name}={value}");
        succeeds(Command::new("postconf").arg("-c").arg(self.path("etc")).args(["-e", &setting]));
        self.end();
        self.running = run(self.folder.path(), "");
        self.until_it_greets();
    }

    /// Takes all the room that its small disk has left.
    pub fn fill_disk(&self) {
        let full = fs::write(self.queue().join("filler"), vec![0; 16 << 20]);
        assert!(full.is_err(), "the disk is larger than that");
    }

    pub fn make_room(&self) {
        fs::remove_file(self.queue().join("filler")).unwrap();
    }

    /// The mails that arrived in its maildir.
    pub fn mails(&self) -> Vec<Mail> {
        let files = fs::read_dir(self.path("mails/arrived/new")).into_iter().flatten().flatten();
        files.map(|file| parse(&fs::read(file.path()).unwrap())).collect()
    }

    /// Whether whatever it took has been delivered.
    pub fn is_done(&self) -> bool {
        let log = self.log();
        log.matches("(queue active)").count() == log.matches(": removed").count()
    }

    /// What it has written.
    pub fn log(&self) -> String {
        fs::read_to_string(self.path("log")).unwrap_or_default()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Its queue as it sees it.
    fn queue(&self) -> PathBuf {
        PathBuf::from(format!("/proc/{}/root{}", self.running.id(), self.path("queue").display()))
    }

    /// The process that starts all others.
    fn master(&self) -> Option<Pid> {
        let pid = fs::read_to_string(self.queue().join("pid/master.pid")).ok()?;
        pid.trim().parse().ok().map(Pid::from_raw)
    }

    fn until_it_greets(&self) {
        let patience = Instant::now() + PATIENCE;
        while greeting(self.address).is_none_or(|line| !line.starts_with("220 relay.test")) {
            let output = fs::read_to_string(self.path("output"));
            assert!(Instant::now() < patience, "Postfix never greets: {output:?} {}", self.log());
            sleep(Duration::from_millis(20));
        }
    }

    /// Who started it ends when it has.
    fn end(&mut self) {
        let ended = self.master().map(|master| kill(master, Signal::SIGTERM));
        if ended != Some(Ok(())) {
            let _ = self.running.kill();
        }
        let _ = self.running.wait();
    }
}

impl Drop for Postfix {
    fn drop(&mut self) {
        self.end();
    }
}

/// Starts the one of this folder.
fn run(folder: &Path, size: &str) -> Child {
    let output = fs::File::create(folder.join("output")).unwrap();
    let shell = if size.is_empty() { &["sh"][..] } else { &["unshare", "-m", "sh"] };
    let mut command = Command::new(shell[0]);
    command.args(&shell[1..]).args(["-c", START, "sh"]).arg(folder).arg(size);
    command.stdin(Stdio::null()).stdout(output.try_clone().unwrap()).stderr(output).spawn().unwrap()
}

fn write_files(folder: &Path, address: SocketAddr) {
    let (owner, nobody) = (User::from_name("postfix").unwrap().unwrap(), User::from_name("nobody").unwrap().unwrap());
    // Debian's looks for `smtpd.conf` beside its own settings alone.
    for name in ["queue", "etc/sasl", "mails"] {
        fs::create_dir_all(folder.join(name)).unwrap();
    }
    chown(folder.join("mails"), Some(nobody.uid.as_raw()), Some(nobody.gid.as_raw())).unwrap();
    let changes = [
        ("ADDRESS", address.to_string()),
        ("UID", nobody.uid.to_string()),
        ("GID", nobody.gid.to_string()),
        ("FOLDER", folder.display().to_string()),
    ];
    let write = |name: &str, text: &str| {
        let text = changes.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to));
        fs::write(folder.join(name), text).unwrap();
    };
    write("etc/main.cf", &format!("{SETTINGS}message_size_limit = {LARGEST_LETTER}\n"));
    write("etc/master.cf", SERVICES);
    write("etc/sasl/smtpd.conf", SASL);
    write("certificate.cnf", CERTIFICATE);
    make_certificate(folder);
    keep_password(folder);
    chown(folder.join("sasldb2"), Some(owner.uid.as_raw()), Some(owner.gid.as_raw())).unwrap();
}

fn make_certificate(folder: &Path) {
    let mut command = Command::new("openssl");
    command.current_dir(folder).args(["req", "-x509", "-nodes", "-days", "2", "-config", "certificate.cnf"]);
    command.args(["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-keyout", "key.pem"]);
    succeeds(command.args(["-out", "certificate.pem"]));
}

fn keep_password(folder: &Path) {
    let mut command = Command::new("saslpasswd2");
    command.args(["-p", "-c", "-u", "relay.test", "-f"]).arg(folder.join("sasldb2")).arg(USER);
    let mut keeping = command.stdin(Stdio::piped()).spawn().unwrap();
    keeping.stdin.take().unwrap().write_all(PASSWORD.as_bytes()).unwrap();
    assert!(keeping.wait().unwrap().success());
}

#[track_caller]
fn succeeds(command: &mut Command) {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {output:?}");
}

/// What it says to who connects.
fn greeting(address: SocketAddr) -> Option<String> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(5))).ok()?;
    let mut said = [0; 200];
    let length = stream.read(&mut said).ok()?;
    Some(String::from_utf8_lossy(&said[..length]).into_owned())
}

/// A mail with the address that Postfix delivered it to.
fn parse(raw: &[u8]) -> Mail {
    let text = String::from_utf8_lossy(raw);
    let to = text.lines().find_map(|line| line.strip_prefix("Delivered-To: ")).unwrap();
    Mail::parse(to.to_owned(), raw)
}
