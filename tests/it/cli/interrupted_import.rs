//! An import whose process is killed while it reads the list.

use std::sync::Arc;
use std::time::{Duration, Instant};

use nix::sys::signal::Signal;

use super::{Home, KEY_BYTE};
use crate::support::database::TestDatabase;
use crate::support::page::Page;
use crate::support::visitor::Visitor;
use crate::support::{PASSWORD, TestSite};

const LINES: usize = 30_000;

fn list() -> String {
    (0..LINES).fold("email,role\n".to_owned(), |list, number| list + &format!("p{number}@x.cl,persona\n"))
}

/// Kills a server after it has read some lines of a list.
async fn kill_while_reading(database: &TestDatabase) {
    let home = Home::new();
    let mut server = home.command_on(database, &["serve"], &[("SECRET_KEY", &KEY_BYTE.repeat(64))]);
    server.says("Biovity is at").await;
    let boss = home.visitor();
    boss.log_in("boss@example.cl", PASSWORD).await.redirects_to("/admin");
    let upload = boss.request("POST", "/admin/waitlist/imports").header("sec-fetch-site", "same-origin");
    let part = reqwest::multipart::Part::text(list()).file_name("list.csv");
    let form = reqwest::multipart::Form::new().text("language", "es").text("confirmation", "confirmed");
    // It is answered before its lines come in.
    upload.multipart(form.part("list", part)).send().await.unwrap();
    while database.values("count(*)", "waitlist_import_line") == ["0"] {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    server.signal(Signal::SIGKILL);
    server.end_within(10).await;
    let staged: usize = database.values("count(*)", "waitlist_import_line")[0].parse().unwrap();
    assert!((1..LINES).contains(&staged), "{staged}");
}

/// The page of the newest import, once it has something to say.
async fn import_of(boss: &Visitor, says: &str) -> (String, Page) {
    let path = boss.get("/admin/waitlist/imports").await.attribute("tbody a", "href").unwrap();
    let patience = Instant::now() + Duration::from_secs(15);
    loop {
        let page = boss.get(&path).await.has_status(200);
        if page.text().contains(says) || Instant::now() > patience {
            return (path, page.says(says));
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test]
async fn an_import_whose_process_was_killed_says_so_within_seconds_and_goes_on() {
    let database = Arc::new(TestDatabase::migrated());
    let site = TestSite::on(Arc::clone(&database), &[]).await;
    let boss = site.admin("boss@example.cl").await;
    kill_while_reading(&database).await;
    let (path, page) = import_of(&boss, "Interrupted while it was read").await;
    assert!(page.attribute("meta[http-equiv=refresh]", "content").is_none(), "there is nothing to wait for");
    boss.get("/admin/waitlist/imports").await.says("Interrupted while it was read");
    boss.post(&format!("{path}/start"), &[]).await.has_status(409).says("Interrupted while it was read").leads_on();
    boss.post(&format!("{path}/resume"), &[]).await.redirects_to(&path);
    boss.get(&path).await.says("The list is being read.");
    boss.post(&format!("{path}/resume"), &[]).await.has_status(409).says("someone else was faster");
    let (_, page) = import_of(&boss, "Checked, waiting for you").await;
    page.says("Lines 30,000").says("New 30,000").says("Twice in the file 0").says("Add 30,000 people");
    assert_eq!(database.values("count(*)", "waitlist_import_line"), [LINES.to_string()]);
    assert_eq!(database.values("file IS NULL", "waitlist_import"), ["true"], "the file is not kept any longer");
    let checked = "audit_event WHERE action = 'import_checked'";
    assert_eq!(database.values("count(*)", checked), ["1"]);
}

#[tokio::test]
async fn an_import_whose_process_was_killed_can_be_given_up() {
    let database = Arc::new(TestDatabase::migrated());
    let site = TestSite::on(Arc::clone(&database), &[]).await;
    let boss = site.admin("boss@example.cl").await;
    kill_while_reading(&database).await;
    let (path, page) = import_of(&boss, "Interrupted while it was read").await;
    boss.send(&page.form(&format!("{path}/cancel"))).await.redirects_to(&path);
    boss.get(&path).await.says("Cancelled").does_not_say("Continue reading");
    boss.post(&format!("{path}/resume"), &[]).await.has_status(409).says("Cancelled");
    boss.get(&path).await.says("Cancelled");
    assert_eq!(database.values("file IS NULL", "waitlist_import"), ["true"], "the file is gone");
}
