//! A disk that is full under the embedded database while everybody joins: pages stay polite, what was answered stays
//! stored, and it goes on by itself when there is room again. The disk is a small one in memory, which only root mounts.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use biovity::server;
use biovity::values::database_url::DatabaseUrl;
use nix::unistd::geteuid;
use tokio::time::sleep;

use crate::cli::{Home, Process};
use crate::support::joins_ledger::JoinsLedger;
use crate::support::torture::report;

/// Clients that join without a pause.
const CLIENTS: u32 = 12;
/// Joins that are refused before there is room again.
const REFUSED: usize = 100;
/// A new cluster takes half of it.
const MOUNT: &str =
    "mkdir -p \"$DATA_DIR\" && mount -t tmpfs -o size=160m,mode=711 tmpfs \"$DATA_DIR\" && exec \"$0\" serve";

async fn serve(home: &Home) -> Process {
    let mut variables = home.variables();
    let proxy = [("TRUSTED_PROXIES", "127.0.0.1"), ("CLIENT_IP_HEADER", "X-Forwarded-For"), ("LOG_LEVEL", "off")];
    variables.extend(proxy.map(|(name, value)| (name.to_owned(), value.to_owned())));
    let mut command = Command::new("unshare");
    command.args(["-m", "sh", "-c", MOUNT, env!("CARGO_BIN_EXE_biovity")]);
    let mut server = Process::spawn(command, &variables);
    server.says("Biovity is at").await;
    server
}

/// The data folder as the server sees it.
fn data_dir(home: &Home, server: &Process) -> PathBuf {
    PathBuf::from(format!("/proc/{}/root{}", server.id(), home.path("").display()))
}

/// Takes all the room that is left.
fn fill(file: &Path) {
    let mut file = File::create(file).unwrap();
    let mut size = 1 << 20;
    while size >= 512 {
        if file.write_all(&vec![0; size]).is_err() {
            size /= 2;
        }
    }
}

/// Leaves no room until so many joins are refused. Again and again: the server gives back what it had in reserve.
async fn keep_full(data_dir: &Path, ledger: &JoinsLedger) {
    let patience = Instant::now() + Duration::from_secs(30);
    for number in 0_u32.. {
        if ledger.refusals().len() >= REFUSED {
            return;
        }
        fill(&data_dir.join(format!("filler.{number}")));
        assert!(Instant::now() < patience, "it takes {} joins with no room", ledger.acknowledged());
        sleep(Duration::from_millis(50)).await;
    }
}

fn make_room(data_dir: &Path) {
    for file in fs::read_dir(data_dir).unwrap().map(|file| file.unwrap().path()) {
        if file.file_stem().is_some_and(|stem| stem == "filler") {
            fs::remove_file(file).unwrap();
        }
    }
}

#[tokio::test]
async fn a_full_disk_under_the_database_loses_no_join_that_was_answered_and_passes() {
    let promise = "a full disk passes";
    if !geteuid().is_root() {
        return report(
            promise,
            "the embedded database's disk is full",
            "skipped: only root mounts a small disk",
            "5 s",
        );
    }
    let home = Home::new();
    let server = serve(&home).await;
    let (data_dir, ledger) = (data_dir(&home, &server), Arc::<JoinsLedger>::default());
    let clients = ledger.start(CLIENTS, || home.visitor());
    ledger.wait_for(50).await;
    keep_full(&data_dir, &ledger).await;
    home.visitor().get("/").await.has_status(200);
    home.visitor().get("/healthz").await.has_status(200);
    make_room(&data_dir);
    let (room, before) = (Instant::now(), ledger.acknowledged());
    while ledger.acknowledged() < before + 10 {
        assert!(room.elapsed() < Duration::from_secs(30), "nobody joins though there is room");
        sleep(Duration::from_millis(5)).await;
    }
    let back = room.elapsed();
    ledger.wait_for(50).await;
    let url = format!("postgresql:///biovity?host={}&user=biovity", data_dir.join("postgres/run").display());
    let url = DatabaseUrl::parse(&url).unwrap();
    let figure = ledger.end(clients, &mut server::connect(&url).unwrap()).await;
    let done = "the embedded database's disk is full under joins";
    report("what is answered is stored, once", done, figure, "0, 0");
    report(promise, done, format!("joins are back {back:.1?} after there is room"), "5 s");
    assert!(back < Duration::from_secs(5), "{back:?}");
    server.stop().await;
}
