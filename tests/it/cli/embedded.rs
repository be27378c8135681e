//! `biovity` with nothing set up: the cluster comes and goes with it, the data stay.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, Instant};

use nix::sys::signal::Signal;
use nix::unistd::geteuid;

use super::{Home, Process, is_alive};
use crate::support::PASSWORD;

mod acknowledged_joins;
mod full_disk;

/// What follows `name: ` on its one line.
fn printed(process: &Process, name: &str) -> Vec<String> {
    let out = process.out.lock().unwrap();
    out.lines().filter_map(|line| line.strip_prefix(&format!("{name}: "))).map(str::to_owned).collect()
}

#[tokio::test]
async fn the_first_start_prints_an_admin_once_and_the_next_one_finds_the_data_again() {
    let home = Home::new();
    let mut first = home.command(&[]);
    first.says("Biovity is at http://localhost:").await;
    let (address, password) = (printed(&first, "address"), printed(&first, "password"));
    assert_eq!((address.len(), password.len()), (1, 1), "{}", first.out.lock().unwrap());
    home.visitor().log_in(&address[0], &password[0]).await.redirects_to("/admin");
    home.visitor().join("ana@example.cl", "employee").await.redirects_to("/waitlist/joined");
    let mode = |name: &str| fs::metadata(home.path(name)).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode("secret_key"), 0o600);
    assert!(!first.err.lock().unwrap().contains(&password[0]), "the password is in no log");
    let server = home.server();
    assert!(is_alive(server));
    first.signal(Signal::SIGINT);
    assert_eq!(first.end_within(10).await.code(), Some(0));
    assert!(!is_alive(server), "the database server is stopped when the process has ended");
    assert!(!home.path("postgres/data/postmaster.pid").exists());

    // A command alone starts the cluster for as long as it runs.
    let admin = Process::start(&["admin", "create", "root@example.cl"], &home.variables(), &format!("{PASSWORD}\n"));
    admin.ended().await.succeeded();
    assert!(!home.path("postgres/data/postmaster.pid").exists());

    let mut second = home.command(&["serve"]);
    second.says("Biovity is at").await;
    assert!(printed(&second, "address").is_empty() && printed(&second, "password").is_empty());
    home.visitor().join("ana@example.cl", "employee").await.has_status(409);
    home.visitor().log_in(&address[0], &password[0]).await.redirects_to("/admin");
    home.visitor().log_in("root@example.cl", PASSWORD).await.redirects_to("/admin");
    let server = home.server();
    second.stop().await;
    assert!(!is_alive(server));
}

#[tokio::test]
async fn a_killed_process_leaves_no_database_server_and_loses_nothing() {
    let home = Home::new();
    let mut killed = home.command(&["serve"]);
    killed.says("Biovity is at").await;
    home.visitor().join("ana@example.cl", "employee").await.redirects_to("/waitlist/joined");
    let server = home.server();
    killed.signal(Signal::SIGKILL);
    let patience = Instant::now() + Duration::from_secs(5);
    while is_alive(server) {
        assert!(Instant::now() < patience, "the database server still runs 5 s later");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    for number in 0..2 {
        let mut next = home.command(&["serve"]);
        next.says("Biovity is at").await;
        home.visitor().join("ana@example.cl", "employee").await.has_status(409);
        home.visitor().join(&format!("bea{number}@example.cl"), "employee").await.redirects_to("/waitlist/joined");
        // The next start comes while the server may still be stopping.
        next.signal(Signal::SIGKILL);
        next.end_within(5).await;
    }
    let mut last = home.command(&["serve"]);
    last.says("Biovity is at").await;
    home.visitor().join("bea1@example.cl", "employee").await.has_status(409);
    last.stop().await;
}

#[tokio::test]
async fn commands_work_beside_a_running_server_and_a_second_server_does_not() {
    let home = Home::new();
    let mut server = home.command(&["serve"]);
    server.says("Biovity is at").await;
    // The later one counts: the same folder, another port.
    let elsewhere = [home.variables(), Home::new().variables().split_off(1)].concat();
    let second = Process::start(&["serve"], &elsewhere, "");
    let twice = home.command(&["serve"]).ended().await.failed();
    let folder = home.path("").to_str().unwrap().trim_end_matches('/').to_owned();
    assert!(twice.err.contains("cannot listen on") && twice.err.contains("another Biovity is running on"), "{twice:?}");
    assert!(twice.err.contains(&folder), "{twice:?}");

    let create = ["admin", "create", "root@example.cl"];
    let weak = Process::start(&create, &home.variables(), "password1\n").ended().await.failed();
    assert!(weak.err.contains("choose another password"), "{weak:?}");
    let made = Process::start(&create, &home.variables(), &format!("{PASSWORD}\n")).ended().await.succeeded();
    assert!(made.out.contains("root@example.cl is an admin"), "{made:?}");
    home.visitor().log_in("root@example.cl", PASSWORD).await.redirects_to("/admin");
    home.command(&["migrate", "--check"]).ended().await.succeeded();
    let checked = home.command(&["check"]).ended().await.succeeded();
    assert_eq!(checked.out.matches("ok  ").count(), 4, "{checked:?}");

    assert!(second.err.lock().unwrap().contains("waiting for it to stop"), "it does not wait in silence");
    let refused = second.ended().await.failed();
    assert!(refused.err.contains("Another Biovity is running on"), "{refused:?}");
    home.visitor().get("/readyz").await.has_status(200);
    server.stop().await;
}

#[tokio::test]
async fn as_root_a_folder_that_the_database_server_may_not_enter_is_named() {
    if !geteuid().is_root() {
        return;
    }
    let home = Home::new();
    fs::set_permissions(home.folder.path(), fs::Permissions::from_mode(0o700)).unwrap();
    let refused = home.command(&["serve"]).ended().await.failed();
    let folder = home.folder.path().to_str().unwrap();
    assert!(refused.err.contains("who may not enter") && refused.err.contains(folder), "{refused:?}");
    assert!(refused.err.contains("DATA_DIR"), "what to do: {refused:?}");
}

#[tokio::test]
async fn without_the_programs_of_postgresql_a_sentence_says_how_to_get_them() {
    let home = Home::new();
    let mut variables = home.variables();
    variables.push(("BIOVITY_PG_BIN".to_owned(), home.folder.path().to_str().unwrap().to_owned()));
    let refused = Process::start(&["serve"], &variables, "").ended().await.failed();
    assert!(refused.err.contains("BIOVITY_PG_BIN"), "{refused:?}");
    assert_eq!(refused.err.lines().count(), 1, "one sentence: {refused:?}");
}
