//! A node of the cluster that fails over: its settings, and the units of a single machine.

use std::fs;
use std::net::SocketAddr;
use std::process::Command;

use super::{file, has, succeeds};
use crate::support::patroni::{has_decided, settings, start_etcd, work_folder};
use crate::support::unused_address;

/// Patroni demands it below `bootstrap` in older versions, and takes it from `postgresql` all the same.
const ASKED_ELSEWHERE: &str = "bootstrap.pg_hba ";

#[tokio::test]
async fn patroni_takes_its_settings() {
    if !has("patroni") || !has("etcd") {
        return;
    }
    let (_outer, folder) = work_folder();
    let (etcd, _running) = start_etcd(&folder);
    has_decided(etcd).await;
    // It takes no address of the loopback network but for some that it does not know.
    let elsewhere = || SocketAddr::new([127, 0, 0, 21].into(), unused_address().port());
    let (path, listen) = (folder.join("node1.yml"), elsewhere());
    fs::write(&path, settings("node1", [listen, listen, elsewhere(), etcd], &folder)).unwrap();
    let checked = Command::new("patroni").arg("--validate-config").arg(&path).output().unwrap();
    let said = [checked.stdout, checked.stderr].concat();
    let said = String::from_utf8(said).unwrap();
    let wrong: Vec<_> =
        said.lines().filter(|line| !line.trim().is_empty() && !line.starts_with(ASKED_ELSEWHERE)).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn systemd_takes_its_units() {
    if !has("systemd-analyze") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let unit = fs::read_to_string(file("deploy/systemd/biovity.service")).unwrap();
    // Neither the program nor its manual is installed here.
    let unit = unit.replace("/usr/local/bin/biovity", "/bin/true").replace("Documentation=man:biovity(1)\n", "");
    fs::write(folder.path().join("biovity.service"), unit).unwrap();
    fs::copy(file("deploy/systemd/biovity.socket"), folder.path().join("biovity.socket")).unwrap();
    let units = ["biovity.service", "biovity.socket"].map(|unit| folder.path().join(unit));
    let checked = succeeds(Command::new("systemd-analyze").arg("verify").args(units));
    // A line of which it does not know the name is a warning.
    let said = String::from_utf8(checked.stderr).unwrap();
    assert!(!said.contains("biovity."), "{said}");
}
