//! What a failure means, in whatever language the server tells of it: the words below are German, as no code reads them.

use std::panic::{AssertUnwindSafe, catch_unwind};

use diesel::RunQueryDsl;
use diesel::connection::SimpleConnection;

use crate::support::TestSite;
use crate::support::page::Page;

/// Joining runs these statements too.
fn on_joining(site: &TestSite, statements: &str) {
    site.database.execute(&format!(
        "CREATE SEQUENCE joined; CREATE TABLE kept (id integer); INSERT INTO kept VALUES (1); \
         CREATE FUNCTION on_joining() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {statements} RETURN NEW; END $$; \
         CREATE TRIGGER on_joining BEFORE INSERT ON waitlist FOR EACH ROW EXECUTE FUNCTION on_joining();"
    ));
}

async fn join(site: &TestSite) -> Page {
    site.visitor().join("ana@example.cl", "employee").await
}

#[tokio::test]
async fn a_lock_or_a_statement_that_takes_too_long_is_unavailable_in_any_language() {
    let waits = "PERFORM FROM kept FOR UPDATE; EXCEPTION WHEN lock_not_available THEN \
                 RAISE 'Zeit abgelaufen' USING ERRCODE = 'lock_not_available';";
    let sleeps = "PERFORM pg_sleep(30); EXCEPTION WHEN query_canceled THEN \
                  RAISE 'Zeit abgelaufen' USING ERRCODE = 'query_canceled';";
    for statements in [waits, sleeps] {
        let site = TestSite::start().await;
        on_joining(&site, statements);
        let mut holder = site.database.connect();
        holder.batch_execute("BEGIN; SELECT FROM kept FOR UPDATE").unwrap();
        let page = join(&site).await.has_status(503);
        assert!(page.header("retry-after").parse::<u32>().is_ok_and(|seconds| seconds > 0));
        site.visitor().get("/readyz").await.has_status(200);
    }
}

#[tokio::test]
async fn a_lock_that_is_not_free_in_time_is_called_so_and_no_absence() {
    let site = TestSite::start().await;
    let mut holder = site.database.connect();
    holder.batch_execute("BEGIN; LOCK TABLE waitlist").unwrap();
    let failed = site.app.db.write(|conn| diesel::sql_query("DELETE FROM waitlist").execute(conn)).await;
    assert_eq!(failed.unwrap_err().to_string(), "a lock was not free in time (SQLSTATE 55P03)");
}

#[tokio::test]
async fn a_deadlock_or_a_cancelled_statement_costs_a_visitor_nothing_in_any_language() {
    for code in ["deadlock_detected", "query_canceled"] {
        let site = TestSite::start().await;
        on_joining(
            &site,
            &format!("IF nextval('joined') < 3 THEN RAISE 'Pech gehabt' USING ERRCODE = '{code}'; END IF;"),
        );
        join(&site).await.redirects_to("/waitlist/joined");
        assert_eq!(site.database.values("count(*)", "waitlist"), ["1"]);
    }
}

#[tokio::test]
async fn a_server_without_room_is_unavailable_in_any_language() {
    let site = TestSite::start().await;
    // What needs a file finds no room; the statement of the visitor tells so in German.
    site.database.set("temp_file_limit", "0");
    on_joining(&site, "RAISE 'kein Platz' USING ERRCODE = 'disk_full';");
    site.database.go_away();
    site.database.come_back();
    join(&site).await.has_status(503);
    assert_eq!(site.app.metrics.overloads().all(), [("database_fails", 1)], "the operator hears that it is not away");
}

#[tokio::test]
async fn a_fault_of_ours_is_still_one() {
    let site = TestSite::start().await;
    on_joining(&site, "PERFORM nextval('joined'); PERFORM 1 / 0;");
    join(&site).await.has_status(500);
    assert_eq!(site.database.values("last_value", "joined"), ["3"], "tried thrice");
    join(&site).await.has_status(500);
}

#[tokio::test]
async fn on_a_server_that_speaks_spanish_nothing_is_different() {
    let site = TestSite::start().await;
    // Where the machine has no such language, the tests above say as much.
    let is_spanish = catch_unwind(AssertUnwindSafe(|| site.database.set("lc_messages", "es_CL.UTF-8"))).is_ok();
    if !is_spanish {
        return;
    }
    site.database.go_away();
    site.database.come_back();
    on_joining(&site, "PERFORM FROM kept FOR UPDATE;");
    let mut holder = site.database.connect();
    holder.batch_execute("BEGIN; SELECT FROM kept FOR UPDATE").unwrap();
    join(&site).await.has_status(503);
    let cancel = "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock'";
    let canceller = async {
        tokio::time::sleep(std::time::Duration::from_millis(700)).await;
        holder.batch_execute(cancel).unwrap();
        holder.batch_execute("COMMIT").unwrap();
    };
    let (page, ()) = tokio::join!(join(&site), canceller);
    page.redirects_to("/waitlist/joined");
}

#[tokio::test]
async fn a_database_that_took_no_writes_for_a_moment_is_written_to_as_soon_as_it_takes_them() {
    let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
    let set = |change: &str| {
        let alter = format!("EXECUTE format('ALTER DATABASE %I {change}', current_database());");
        format!("SET default_transaction_read_only = off; DO $$ BEGIN {alter} END $$")
    };
    let mut operator = site.database.connect();
    operator.batch_execute(&set("SET default_transaction_read_only = on")).unwrap();
    let others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                  WHERE datname = current_database() AND pid <> pg_backend_pid()";
    operator.batch_execute(others).unwrap();
    let mut written = 0;
    while join(&site).await.status != 503 {
        written += 1;
        assert!(written < 10, "the database takes no writes");
    }
    operator.batch_execute(&set("RESET default_transaction_read_only")).unwrap();
    // Each connection that was opened meanwhile is found out by its first write.
    let mut refused = 0;
    while join(&site).await.status == 503 {
        refused += 1;
        assert!(refused < 10, "the database takes writes again");
    }
}
