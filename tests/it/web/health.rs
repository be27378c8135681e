//! What load balancers ask.

use diesel::RunQueryDsl;
use diesel::connection::SimpleConnection;

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

#[tokio::test]
async fn a_database_that_takes_no_writes_makes_a_process_unready_and_pages_are_read() {
    let site = TestSite::start().await;
    let set = |change: &str| {
        let alter = format!("EXECUTE format('ALTER DATABASE %I {change}', current_database());");
        format!("SET default_transaction_read_only = off; DO $$ BEGIN {alter} END $$")
    };
    // A statement of its own: who connects again before the change is committed would not see it.
    let end_others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                      WHERE datname = current_database() AND pid <> pg_backend_pid()";
    let probe = site.visitor();
    let becomes = async |status: u16| {
        for _ in 0..300 {
            if probe.get("/readyz").await.status == status {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        probe.get("/readyz").await.has_status(status)
    };
    let mut operator = site.database.connect();
    operator.batch_execute(&set("SET default_transaction_read_only = on")).unwrap();
    operator.batch_execute(end_others).unwrap();
    assert_eq!(becomes(503).await.body, "the database takes no writes\n");
    let failed = site.app.db.write(|conn| diesel::sql_query("DELETE FROM waitlist").execute(conn));
    assert_eq!(failed.await.unwrap_err().to_string(), "the database takes no writes (SQLSTATE 25006)");
    probe.get("/waitlist").await.has_status(200);
    operator.batch_execute(&set("RESET default_transaction_read_only")).unwrap();
    operator.batch_execute(end_others).unwrap();
    becomes(200).await;
}
