//! The container file without an engine: its steps are run by a shell that has other programs of the same names, and what it
//! starts is started as it says.

use std::collections::BTreeMap;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use nix::sys::signal::Signal;
use nix::unistd::geteuid;

use super::{has, succeeds};
use crate::cli::{Home, Process};
use crate::support::database::TestDatabase;
use crate::support::fault_proxy::FaultProxy;

const CONTAINERFILE: &str = include_str!("../../../deploy/container/Containerfile");
/// The library of C and that of the compiler are in every image of Debian.
const OF_THE_IMAGE: [&str; 2] = ["libc6", "libgcc-s1"];

/// The instructions of its two stages, each with what stands behind it; lines that are continued are one.
fn stages() -> [Vec<(String, String)>; 2] {
    let text = CONTAINERFILE.replace("\\\n", " ");
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let instructions = lines.map(|line| line.split_once(' ').unwrap());
    let mut stages = Vec::new();
    for (name, rest) in instructions.map(|(name, rest)| (name.to_owned(), rest.trim().to_owned())) {
        if name == "FROM" {
            stages.push(Vec::new());
        }
        stages.last_mut().unwrap().push((name, rest));
    }
    stages.try_into().unwrap()
}

/// What stands behind each instruction of this name.
fn all<'a>(stage: &'a [(String, String)], name: &str) -> Vec<&'a str> {
    stage.iter().filter(|(known, _)| known == name).map(|(_, rest)| rest.as_str()).collect()
}

/// What stands behind the only one of this name.
fn the<'a>(stage: &'a [(String, String)], name: &str) -> &'a str {
    let found = all(stage, name);
    assert_eq!(found.len(), 1, "{name}: {found:?}");
    found[0]
}

fn list(text: &str) -> Vec<String> {
    serde_json::from_str(text).unwrap()
}

/// Packages that an `apt-get install` of this stage names.
fn packages(stage: &[(String, String)]) -> Vec<&str> {
    let commands = all(stage, "RUN").into_iter().flat_map(|run| run.split("&&"));
    let installed = commands.filter_map(|command| command.trim().strip_prefix("apt-get install "));
    installed.flat_map(str::split_whitespace).filter(|word| !word.starts_with('-')).collect()
}

#[test]
fn it_has_no_instruction_that_an_engine_does_not_know() {
    let known = ["FROM", "RUN", "WORKDIR", "COPY", "USER", "ENV", "EXPOSE", "STOPSIGNAL", "ENTRYPOINT", "CMD"];
    for (name, rest) in stages().concat() {
        assert!(known.contains(&name.as_str()) && !rest.is_empty(), "{name} {rest}");
    }
}

#[test]
fn what_is_started_is_what_was_built() {
    let [build, image] = stages();
    assert!(the(&build, "FROM").ends_with(" AS build"));
    assert_eq!(the(&build, "COPY"), ". .");
    let (source, target) = the(&image, "COPY").strip_prefix("--from=build ").unwrap().split_once(' ').unwrap();
    let program = format!("{}/target/release/{}", the(&build, "WORKDIR"), env!("CARGO_PKG_NAME"));
    assert_eq!(source, program);
    assert_eq!(Path::new(target).parent().unwrap(), Path::new("/usr/local/bin"));
    assert_eq!(list(the(&image, "ENTRYPOINT")), [Path::new(target).file_name().unwrap().to_str().unwrap()]);
}

/// Whether this machine has lists of packages to look into.
fn knows_packages() -> bool {
    let mut lists = fs::read_dir("/var/lib/apt/lists").into_iter().flatten();
    lists.any(|list| list.unwrap().file_name().to_string_lossy().contains("_Packages"))
}

/// A folder of programs that do what the steps may do here: nothing that changes this machine.
fn programs(folder: &Path) {
    let useradd = if geteuid().is_root() { "exec /usr/sbin/useradd --prefix $ROOT \"$@\"" } else { ":" };
    let apt =
        "case $1 in update) ;; install) shift; exec /usr/bin/apt-get --simulate install \"$@\";; *) exit 64;; esac";
    let cargo = "test \"$*\" = 'build --release --locked'";
    for (name, does) in [("apt-get", apt), ("useradd", useradd), ("cargo", cargo), ("rm", "test \"$1\" = -rf")] {
        let path = folder.join(name);
        fs::write(&path, format!("#!/bin/sh\n{does}\n")).unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o755)).unwrap();
    }
}

#[test]
fn its_steps_run() {
    if !has("apt-get") || !knows_packages() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let (shell, root) = (folder.path().join("bin"), folder.path().join("root"));
    fs::create_dir(&shell).unwrap();
    fs::create_dir_all(root.join("etc")).unwrap();
    for file in ["passwd", "group", "shadow", "gshadow"] {
        fs::write(root.join("etc").join(file), "").unwrap();
    }
    programs(&shell);
    let stages = stages();
    for step in stages.iter().flat_map(|stage| all(stage, "RUN")) {
        // Of the programs by these names, there are no others.
        succeeds(Command::new("/bin/sh").args(["-ec", step]).env_clear().env("PATH", &shell).env("ROOT", &root));
    }
    if geteuid().is_root() {
        let users = fs::read_to_string(root.join("etc/passwd")).unwrap();
        let user = the(&stages[1], "USER");
        assert!(users.lines().any(|line| line.split(':').nth(2) == Some(user)), "{user} is not in {users}");
    }
}

#[test]
fn the_image_has_every_library_that_the_program_needs() {
    if !has("dpkg") || !has("readelf") {
        return;
    }
    let [_, image] = stages();
    let named = [packages(&image), OF_THE_IMAGE.to_vec()].concat();
    let needed = succeeds(Command::new("readelf").args(["-d", env!("CARGO_BIN_EXE_biovity")]));
    let needed = String::from_utf8(needed.stdout).unwrap();
    let needed = needed.lines().filter(|line| line.contains("(NEEDED)"));
    let needed: Vec<_> = needed.filter_map(|line| line.split(['[', ']']).nth(1)).collect();
    assert!(needed.iter().any(|library| library.starts_with("libpq")), "{needed:?}");
    for library in needed {
        let owners = succeeds(Command::new("dpkg").args(["-S", &format!("*/{library}")])).stdout;
        let owners = String::from_utf8(owners).unwrap();
        let is_there = |owner: &str| named.contains(&owner.split(':').next().unwrap_or_default());
        assert!(owners.lines().any(is_there), "{library} comes with {owners}");
    }
}

#[tokio::test]
async fn what_it_starts_serves_and_ends_when_it_is_told() {
    let [_, image] = stages();
    let (database, home, folder) = (TestDatabase::migrated(), Home::new(), tempfile::tempdir().unwrap());
    fs::set_permissions(folder.path(), Permissions::from_mode(0o777)).unwrap();
    let proxy = FaultProxy::to_socket(TestDatabase::socket()).await;
    let set = all(&image, "ENV").into_iter().flat_map(str::split_whitespace).map(|pair| pair.split_once('=').unwrap());
    let mut variables: BTreeMap<_, _> = set.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    // The port that is exposed, at whatever address of the container.
    assert_eq!(variables["LISTEN"], format!("0.0.0.0:{}", the(&image, "EXPOSE")));
    assert!(variables["DATA_DIR"].starts_with("/tmp/"), "its user may write there: {}", variables["DATA_DIR"]);
    variables.insert("LISTEN".to_owned(), home.address());
    variables.insert("DATA_DIR".to_owned(), folder.path().join("data").to_str().unwrap().to_owned());
    let url = format!("postgresql://biovity@{}/{}", proxy.address, database.name());
    variables.insert("DATABASE_URL".to_owned(), url);

    let program = folder.path().join(&list(the(&image, "ENTRYPOINT"))[0]);
    let built = env!("CARGO_BIN_EXE_biovity");
    fs::hard_link(built, &program).or_else(|_| fs::copy(built, &program).map(drop)).unwrap();
    let mut command = Command::new(&program);
    command.args(list(the(&image, "CMD")));
    if geteuid().is_root() {
        let user = the(&image, "USER").parse().unwrap();
        command.uid(user).gid(user);
    }
    let mut server = Process::spawn(command, &variables.into_iter().collect::<Vec<_>>());
    server.says("Biovity is at").await;
    let patience = Instant::now() + Duration::from_secs(10);
    while home.visitor().get("/readyz").await.status != 200 {
        assert!(Instant::now() < patience, "{}", server.err.lock().unwrap());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    home.visitor().join("ana@example.cl", "employee").await.redirects_to("/waitlist/joined");
    server.signal(the(&image, "STOPSIGNAL").parse::<Signal>().unwrap());
    assert_eq!(server.end_within(10).await.code(), Some(0));
    let log = server.err.lock().unwrap().clone();
    assert!(log.lines().all(|line| serde_json::from_str::<serde_json::Value>(line).is_ok()), "{log}");
}
