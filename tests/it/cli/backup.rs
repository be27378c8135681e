//! `biovity backup` and `biovity restore`: a file that brings everything back, here or on another machine.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, Instant};

use super::{Home, Process};
use crate::support::PASSWORD;
use crate::webhook::endpoint_page::add;
use crate::webhook::receiver::{Message, Receiver};

#[tokio::test]
async fn a_backup_made_beside_a_running_server_brings_everything_back_on_another_machine() {
    let home = Home::new();
    let mut server = home.command(&["serve"]);
    server.says("Biovity is at").await;
    let admin = Process::start(&["admin", "create", "root@example.cl"], &home.variables(), &format!("{PASSWORD}\n"));
    admin.ended().await.succeeded();
    home.visitor().join("ana@example.cl", "employee").await.redirects_to("/waitlist/joined");
    let file = home.folder.path().join("one.backup");
    let path = file.to_str().unwrap();
    let made = home.command(&["backup", path]).ended().await.succeeded();
    assert!(made.out.contains("secret_key"), "it says what it lacks: {made:?}");
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600, "it holds everybody's address");
    let again = home.command(&["backup", path]).ended().await.failed();
    assert!(again.err.contains("name another file"), "{again:?}");
    home.visitor().join("late@example.cl", "employee").await.redirects_to("/waitlist/joined");

    let beside = home.command(&["restore", path, "--replace"]).ended().await.failed();
    assert!(beside.err.contains("Another Biovity is running"), "{beside:?}");
    server.stop().await;

    let other = Home::new();
    other.command(&["restore", path]).ended().await.succeeded();
    fs::copy(home.path("secret_key"), other.path("secret_key")).unwrap();
    let mut server = other.command(&["serve"]);
    server.says("Biovity is at").await;
    other.visitor().join("ana@example.cl", "employee").await.has_status(409);
    other.visitor().join("late@example.cl", "employee").await.redirects_to("/waitlist/joined");
    other.visitor().log_in("root@example.cl", PASSWORD).await.redirects_to("/admin");
    other.command(&["check"]).ended().await.succeeded();
    server.stop().await;
}

#[tokio::test]
async fn a_database_is_replaced_only_when_asked_and_kept_aside_and_never_by_half_a_file() {
    let home = Home::new();
    let file = home.folder.path().join("empty.backup");
    let path = file.to_str().unwrap();
    home.command(&["migrate"]).ended().await.succeeded();
    home.command(&["backup", path]).ended().await.succeeded();
    let mut server = home.command(&["serve"]);
    server.says("Biovity is at").await;
    home.visitor().join("ana@example.cl", "employee").await.redirects_to("/waitlist/joined");
    server.stop().await;

    let refused = home.command(&["restore", path]).ended().await.failed();
    assert!(refused.err.contains("--replace"), "what to do: {refused:?}");
    let half = home.folder.path().join("half.backup");
    let whole = fs::read(&file).unwrap();
    fs::write(&half, &whole[..whole.len() / 2]).unwrap();
    let broken = home.command(&["restore", half.to_str().unwrap(), "--replace"]).ended().await.failed();
    assert!(broken.err.contains("could not read the backup"), "{broken:?}");
    let mut server = home.command(&["serve"]);
    server.says("Biovity is at").await;
    home.visitor().join("ana@example.cl", "employee").await.has_status(409);
    server.stop().await;

    let replaced = home.command(&["restore", path, "--replace"]).ended().await.succeeded();
    let aside = replaced.out.lines().last().unwrap().split(" is in ").nth(1).unwrap().split(": ").next().unwrap();
    assert!(fs::metadata(aside).unwrap().is_dir(), "{replaced:?}");
    assert!(!home.path("restoring").exists());
    let mut server = home.command(&["serve"]);
    server.says("Biovity is at").await;
    home.visitor().join("ana@example.cl", "employee").await.redirects_to("/waitlist/joined");
    server.stop().await;
}

#[tokio::test]
async fn a_database_of_ones_own_is_backed_up_by_postgresqls_own_programs() {
    let home = Home::new();
    let mut variables = home.variables();
    variables.push(("DATABASE_URL".to_owned(), "postgresql://nobody@127.0.0.1:1/none".to_owned()));
    for command in [vec!["backup"], vec!["restore", "some.backup"]] {
        let refused = Process::start(&command, &variables, "").ended().await.failed();
        assert!(refused.err.contains("pg_dump") || refused.err.contains("pg_restore"), "{refused:?}");
    }
}

/// A server that may call this machine.
async fn serve(home: &Home) -> Process {
    let mut variables = home.variables();
    variables.push(("WEBHOOK_ALLOWED_HOSTS".to_owned(), "127.0.0.1".to_owned()));
    let mut server = Process::start(&["serve"], &variables, "");
    server.says("Biovity is at").await;
    server
}

/// The message with this number, once it is there.
async fn message(receiver: &Receiver, number: usize) -> Message {
    let since = Instant::now();
    while receiver.messages().len() <= number {
        assert!(since.elapsed() < Duration::from_secs(20), "nothing was told");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    receiver.messages().remove(number)
}

#[tokio::test]
async fn a_restored_copy_calls_no_receiver_and_says_what_was_brought_back() {
    let (home, other, receiver) = (Home::new(), Home::new(), Receiver::start().await);
    let server = serve(&home).await;
    let made = Process::start(&["admin", "create", "root@example.cl"], &home.variables(), &format!("{PASSWORD}\n"));
    made.ended().await.succeeded();
    let admin = home.visitor();
    admin.log_in("root@example.cl", PASSWORD).await.redirects_to("/admin");
    let (page, _) = add(&admin, &receiver, &["waitlist.joined"]).await;
    admin.post("/admin/keys", &[("name", "CRM"), ("access", "read"), ("lifetime", "30")]).await.has_status(303);
    home.visitor().join("ana@example.cl", "employee").await.redirects_to("/waitlist/joined");
    let before = message(&receiver, 1).await.json();
    let file = home.folder.path().join("one.backup");
    let path = file.to_str().unwrap();
    home.command(&["backup", path]).ended().await.succeeded();
    server.stop().await;

    let restored = other.command(&["restore", path]).ended().await.succeeded();
    assert!(restored.out.contains("webhooks that were on and are paused now: 1"), "{restored:?}");
    assert!(restored.out.contains("API keys that work: 1"), "{restored:?}");
    fs::copy(home.path("secret_key"), other.path("secret_key")).unwrap();
    let server = serve(&other).await;
    other.visitor().join("eva@example.cl", "employee").await.redirects_to("/waitlist/joined");
    let admin = other.visitor();
    admin.log_in("root@example.cl", PASSWORD).await.redirects_to("/admin");
    tokio::time::sleep(Duration::from_secs(3)).await;
    admin.get(&page).await.says("Paused");
    assert_eq!(receiver.messages().len(), 2, "the real receiver is not called");
    admin.post(&format!("{page}/on"), &[]).await.redirects_to(&page);
    let after = message(&receiver, 2).await.json();
    let sequence = |message: &serde_json::Value| message["data"]["sequence"].as_i64().unwrap();
    assert!(sequence(&after) > sequence(&before) + 1_000_000, "newer than all that was told since: {after}");
    server.stop().await;
}
