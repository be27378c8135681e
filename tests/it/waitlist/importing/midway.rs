//! What happens to an import between its upload and its report: staging, checking, failing, giving up.

use biovity::values::id::ImportId;
use biovity::waitlist::importing::import_batch;
use chrono::TimeDelta;
use diesel::connection::SimpleConnection;
use diesel::{Connection, QueryResult};

use super::import_page::{import, is_done};
use crate::support::TestSite;
use crate::support::database::rows_read;

/// Lines of a batch, and of each of the statements that read them.
const BATCH: i64 = 2_000;

#[tokio::test]
async fn a_batch_reads_its_own_lines_though_the_planner_knows_nothing_of_the_import() {
    let site = TestSite::start().await;
    let lines = "INSERT INTO waitlist_import_line (import_id, line, typed_email, typed_role, email, role)";
    site.database.execute(&format!(
        "INSERT INTO waitlist_import (id, state, made_at, locale, retry_at) \
         SELECT 'old' || n, 'added', now(), 'es', NULL FROM generate_series(1, 400) n; \
         {lines} SELECT 'old' || n % 400 + 1, n, 'x', 'y', 'o' || n || '@x.cl', 'employee' FROM generate_series(1, 1200) n; \
         ANALYZE waitlist_import, waitlist_import_line; \
         INSERT INTO waitlist_import (id, state, made_at, locale, lines, retry_at) \
         VALUES ('new', 'checking', now(), 'es', 20000, now() + interval '1 day'); \
         {lines} SELECT 'new', n, 'x', 'y', 'p' || n || '@x.cl', 'employee' FROM generate_series(1, 20000) n"
    ));
    let (mut conn, id, now) = (site.database.connect(), ImportId::from("new".to_owned()), site.app.clock.now());
    for state in ["checking", "adding"] {
        site.database.execute(&format!("UPDATE waitlist_import SET state = '{state}', reached = 0 WHERE id = 'new'"));
        let read = conn.transaction(|conn| {
            import_batch::run(conn, now, &site.app.keys, &id)?;
            QueryResult::Ok(rows_read(conn, "waitlist_import_line"))
        });
        let read = read.unwrap();
        assert!((BATCH..=7 * BATCH).contains(&read), "{state}: {read} lines were read");
    }
    assert_eq!(site.database.values("count(*)", "waitlist"), [BATCH.to_string()]);
}

#[tokio::test]
async fn a_list_is_answered_before_its_lines_come_in_and_can_be_given_up_meanwhile() {
    let site = TestSite::start().await;
    let boss = site.admin("boss@x.cl").await;
    let mut holder = site.database.connect();
    holder.batch_execute("BEGIN; LOCK TABLE waitlist_import_line IN SHARE MODE").unwrap();
    let path = import(&boss, "ask", "ana@x.cl,persona\n").await;
    let page = boss.get(&path).await.has_status(200).says("Being read");
    boss.send(&page.form(&format!("{path}/cancel"))).await.redirects_to(&path);
    boss.get(&path).await.says("Cancelled");
    holder.batch_execute("COMMIT").unwrap();
    assert_eq!(site.database.values("file IS NULL", "waitlist_import"), ["true"], "the file is gone");
}

#[tokio::test]
async fn a_step_that_fails_again_and_again_is_told_of_and_can_be_given_up() {
    let site = TestSite::start().await;
    let boss = site.admin("boss@x.cl").await;
    site.database.execute(
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM 1 / 0; END $$; \
         CREATE TRIGGER refuse BEFORE UPDATE ON waitlist_import_line FOR EACH ROW EXECUTE FUNCTION refuse()",
    );
    let path = import(&boss, "ask", "ana@x.cl,persona\n").await;
    let has_failed = async |times: &str| {
        while site.database.values("failures", "waitlist_import") != [times] {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    };
    has_failed("1").await;
    boss.get(&path).await.says("Being checked").does_not_say("has failed");
    site.app.clock.advance(TimeDelta::seconds(11));
    has_failed("2").await;
    let page = boss.get(&path).await.says("This step has failed 2 times in a row");
    boss.send(&page.form(&format!("{path}/cancel"))).await.redirects_to(&path);
    boss.get(&path).await.says("Cancelled").does_not_say("has failed");
    site.app.clock.advance(TimeDelta::seconds(11));
    site.database.execute("DROP TRIGGER refuse ON waitlist_import_line");
    let other = import(&boss, "ask", "bea@x.cl,persona\n").await;
    is_done(&boss, &other).await.says("Checked, waiting for you");
    boss.get(&path).await.says("Cancelled");
}

#[tokio::test]
async fn whoever_resumes_an_import_is_told_that_it_is_read_only_when_it_is() {
    let site = TestSite::start().await;
    let boss = site.admin("boss@x.cl").await;
    let was_interrupted = |file: &str| {
        site.database.execute(&format!(
            "DELETE FROM waitlist_import_line; DELETE FROM waitlist_import; \
             INSERT INTO waitlist_import (id, state, made_at, locale, alive_at, file) \
             VALUES ('cut', 'reading', now(), 'es', now() - interval '1 hour', convert_to('{file}', 'UTF8'))"
        ));
    };
    was_interrupted("no list");
    let path = "/admin/waitlist/imports/cut";
    let page = boss.get(path).await.has_status(200).says("Interrupted while it was read");
    let resume = page.form(&format!("{path}/resume"));
    for _ in 0..2 {
        boss.send(&resume).await.has_status(409).says("That is no longer possible").leads_on();
        boss.get(path).await.says("Interrupted while it was read").does_not_say("The list is being read.");
    }
    // The form that is still open takes it up as often as it is interrupted.
    for _ in 0..2 {
        was_interrupted("ana@x.cl,persona");
        boss.send(&resume).await.redirects_to(path);
        boss.get(path).await.says("The list is being read.");
        is_done(&boss, path).await.says("Checked, waiting for you");
    }
}
