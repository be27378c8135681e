//! `biovity user`.

use super::{Ended, Home};
use crate::accounts::second_factor::switch_on;
use crate::support::database::TestDatabase;
use crate::support::{PASSWORD, TestSite};

async fn user(database: &TestDatabase, arguments: &[&str]) -> Ended {
    Home::new().command_on(database, &[&["user"], arguments].concat(), &[]).ended().await
}

#[tokio::test]
async fn an_account_is_deactivated_and_activated_on_the_record() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    let done = user(&site.database, &["deactivate", " Ana@Example.CL "]).await.succeeded();
    assert_eq!(done.out, "ana@example.cl is deactivated; its sessions have ended\n");
    ana.get("/account/sessions").await.redirects_to("/login?next=%2Faccount%2Fsessions");
    tokio::time::sleep(std::time::Duration::from_secs(2)).await;
    ana.get("/account").await.redirects_to("/login?next=%2Faccount");
    ana.log_in("ana@example.cl", PASSWORD).await.has_status(403).says("deactivated");
    user(&site.database, &["deactivate", "ana@example.cl"]).await.succeeded();
    let done = user(&site.database, &["activate", "ana@example.cl"]).await.succeeded();
    assert_eq!(done.out, "ana@example.cl can log in again\n");
    ana.log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
    ana.get("/account/activity").await.says("Account deactivated by Biovity").says("Account reactivated by Biovity");
    let boss = site.admin("boss@example.cl").await;
    let list = boss.get("/admin/users?q=ana@").await.has_status(200);
    let page = boss.get(&list.attribute("tbody a", "href").unwrap()).await.has_status(200);
    page.says("Account deactivated by the operator, from the command line")
        .says("Account reactivated by the operator, from the command line");
}

#[tokio::test]
async fn the_sessions_of_an_account_are_ended() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    let done = user(&site.database, &["sessions", "end", "ana@example.cl"]).await.succeeded();
    assert_eq!(done.out, "the sessions of ana@example.cl have ended\n");
    ana.get("/account/sessions").await.redirects_to("/login?next=%2Faccount%2Fsessions");
    ana.log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
    ana.get("/account/activity").await.says("All sessions ended by Biovity");
}

#[tokio::test]
async fn a_second_factor_is_removed_with_notice_and_history() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    let none = user(&site.database, &["second-factor", "remove", "ana@example.cl"]).await.succeeded();
    assert_eq!(none.out, "ana@example.cl has no two-step verification\n");
    switch_on(&site, &ana).await;
    let done = user(&site.database, &["second-factor", "remove", "ana@example.cl"]).await.succeeded();
    assert_eq!(done.out, "two-step verification of ana@example.cl is removed, and its owner is told by email\n");
    for table in ["second_factor", "recovery_code"] {
        assert_eq!(site.database.values("count(*)", table), ["0"], "{table}");
    }
    let ana = site.visitor();
    ana.log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
    ana.get("/account/activity").await.says("Two-step verification removed by Biovity");
    // The command has a key of its own here, so the worker of the site cannot write this letter's link.
    let letter = site.database.values("recipient", "outbox_letter WHERE kind = 'second-factor-removed'");
    assert_eq!(letter, ["ana@example.cl"]);
}

#[tokio::test]
async fn the_last_admin_and_nobody_are_refused() {
    let site = TestSite::start().await;
    let boss = site.admin("boss@example.cl").await;
    let last = user(&site.database, &["deactivate", "boss@example.cl"]).await.failed();
    assert!(last.err.contains("boss@example.cl is the last admin; create another one first"), "{last:?}");
    boss.get("/admin").await.has_status(200);
    site.make_admin("second@example.cl", PASSWORD);
    user(&site.database, &["deactivate", "boss@example.cl"]).await.succeeded();
    user(&site.database, &["deactivate", "second@example.cl"]).await.failed();
    for arguments in [
        &["deactivate", "cleo@example.cl"][..],
        &["activate", "cleo@example.cl"],
        &["sessions", "end", "cleo@example.cl"],
        &["second-factor", "remove", "cleo@example.cl"],
    ] {
        let nobody = user(&site.database, arguments).await.failed();
        assert!(nobody.err.contains("there is no account with the email cleo@example.cl"), "{nobody:?}");
    }
    let strange = user(&site.database, &["activate", "cleo"]).await.failed();
    assert!(strange.err.contains("`cleo` is not an email address"), "{strange:?}");
    for incomplete in [&["sessions"][..], &["deactivate"], &[]] {
        assert_eq!(user(&site.database, incomplete).await.code, Some(2), "{incomplete:?}");
    }
}
