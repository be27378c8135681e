//! What load balancers ask.

use crate::support::TestSite;
use crate::support::database::TestDatabase;

#[tokio::test]
async fn a_lost_database_makes_a_process_unready_and_not_dead() {
    let site = TestSite::start().await;
    let probe = site.visitor();
    probe.get("/healthz").await.has_status(200);
    probe.get("/readyz").await.has_status(200);
    site.database.go_away();
    for _ in 0..300 {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        probe.get("/healthz").await.has_status(200);
        if probe.get("/readyz").await.status == 503 {
            break;
        }
    }
    let page = probe.get("/readyz").await.has_status(503);
    assert_eq!(page.body, "the database is away\n");
    site.database.come_back();
    site.settle().await;
    probe.get("/readyz").await.has_status(200);
}

#[tokio::test]
async fn a_database_without_migrations_is_named_with_what_to_do() {
    let site = TestSite::on(TestDatabase::empty(), &[]).await;
    let page = site.visitor().get("/readyz").await.has_status(503);
    assert!(page.body.contains("biovity migrate"), "{}", page.body);
    site.visitor().get("/").await.has_status(200);
}
