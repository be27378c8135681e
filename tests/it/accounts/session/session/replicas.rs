//! Several replicas on one database, and one that was started again with other keys.

use std::sync::Arc;
use std::time::Duration;

use super::REFUSED;
use crate::support::database::TestDatabase;
use crate::support::{PASSWORD, TestSite};

/// The keys of before and after.
fn keys() -> (String, String) {
    ("5e".repeat(64), "7a".repeat(64))
}

async fn replicas() -> [TestSite; 2] {
    let database = Arc::new(TestDatabase::migrated());
    [TestSite::on(Arc::clone(&database), &[]).await, TestSite::on(database, &[]).await]
}

#[tokio::test]
async fn a_session_is_known_to_every_replica() {
    let [here, there] = replicas().await;
    let ana = here.employee("ana@example.cl").await;
    ana.at(&there.base_url).get("/account").await.has_status(200).says("Ana Rojas");
    ana.at(&there.base_url).log_out().await.redirects_to("/");
}

#[tokio::test]
async fn a_session_that_ended_on_one_replica_is_refused_by_the_other_within_two_seconds() {
    let [here, there] = replicas().await;
    let ana = here.employee("ana@example.cl").await;
    let stolen = ana.log_in("ana@example.cl", PASSWORD).await.cookie().unwrap();
    let thief = there.visitor();
    tokio::time::sleep(Duration::from_millis(2_500)).await;
    thief.get_with("/account", &stolen).await.has_status(200);
    ana.log_out().await.redirects_to("/");
    tokio::time::sleep(Duration::from_secs(2)).await;
    thief.get_with("/account", &stolen).await.redirects_to(REFUSED);
}

#[tokio::test]
async fn a_second_session_that_ends_soon_after_is_refused_as_fast() {
    let [here, there] = replicas().await;
    let (ana, phone) = (here.employee("ana@example.cl").await, here.visitor());
    phone.log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
    ana.log_out().await.redirects_to("/");
    tokio::time::sleep(Duration::from_millis(3_500)).await;
    let elsewhere = phone.at(&there.base_url);
    elsewhere.get("/account").await.has_status(200);
    let stolen = elsewhere.get("/login").await.cookie().or(elsewhere.get("/account").await.cookie());
    assert!(stolen.is_none(), "read from the cookie by now");
    phone.log_out().await.redirects_to("/");
    tokio::time::sleep(Duration::from_secs(2)).await;
    elsewhere.get("/account").await.redirects_to(REFUSED);
}

#[tokio::test]
async fn a_replica_that_hears_no_news_does_not_trust_the_cookie() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    ana.get("/account").await.has_status(200);
    site.database.go_away();
    tokio::time::sleep(Duration::from_secs(2)).await;
    let page = ana.get("/account").await.has_status(503);
    assert!(!page.header("retry-after").is_empty());
    site.database.come_back();
    site.settle().await;
    for _ in 0..100 {
        if ana.get("/account").await.status.as_u16() == 200 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the session did not outlive the outage");
}

#[tokio::test]
async fn sessions_outlive_a_restart_and_a_new_key() {
    let (database, (old, new)) = (Arc::new(TestDatabase::migrated()), keys());
    let before = TestSite::on(Arc::clone(&database), &[("SECRET_KEY", &old)]).await;
    let (ana, idle) = (before.employee("ana@example.cl").await, before.visitor());
    idle.log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
    before.stop().await;
    let both = format!("{new},{old}");
    let rotated = TestSite::on(Arc::clone(&database), &[("SECRET_KEY", &both)]).await;
    ana.at(&rotated.base_url).get("/account").await.has_status(200).says("Ana Rojas");
    ana.at(&rotated.base_url).get("/account").await.has_status(200);
    rotated.stop().await;
    let after = TestSite::on(database, &[("SECRET_KEY", &new)]).await;
    ana.at(&after.base_url).get("/account").await.has_status(200).says("Ana Rojas");
    idle.at(&after.base_url).get("/account").await.redirects_to(REFUSED);
}

#[tokio::test]
async fn links_that_were_sent_before_a_new_key_still_work() {
    let (database, (old, new)) = (Arc::new(TestDatabase::migrated()), keys());
    let before = TestSite::on(Arc::clone(&database), &[("SECRET_KEY", &old)]).await;
    let ana = before.visitor();
    ana.sign_up("employee", "ana@example.cl").await.redirects_to("/signup/check-email");
    let mail = before.mail("ana@example.cl").await;
    before.visitor().sign_up("employee", "luz@example.cl").await.redirects_to("/signup/check-email");
    before.stop().await;
    let after = TestSite::on(database, &[("SECRET_KEY", &format!("{new},{old}"))]).await;
    ana.at(&after.base_url).press(&mail.link()).await.redirects_to("/account");
    let queued_before = after.mail("luz@example.cl").await;
    after.visitor().verify(&queued_before.link(), PASSWORD).await.redirects_to("/login");
}
