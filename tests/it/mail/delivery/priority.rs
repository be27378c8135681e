//! Which letters go first.

use diesel::sql_types::Text;
use diesel::{QueryableByName, RunQueryDsl};

use crate::mail::{arrived, join};
use crate::support::TestSite;

const DUE: &str = include_str!("../../../../src/mail/delivery/claim.sql");

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text, column_name = "QUERY PLAN")]
    line: String,
}

#[tokio::test]
async fn a_reset_does_not_wait_behind_those_who_join() {
    let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
    site.employee("ana@example.cl").await;
    for number in 0..40 {
        join(&site, &format!("bea{number}@example.cl")).await;
    }
    site.visitor().post("/password/forgot", &[("email", "ana@example.cl")]).await.has_status(303);
    let before = arrived(&site, "ana@example.cl");
    site.deliver_once().await;
    assert_eq!(arrived(&site, "ana@example.cl"), before + 1);
}

#[tokio::test]
async fn the_next_letters_are_found_by_an_index_whatever_the_parameters() {
    let site = TestSite::start().await;
    site.database.execute(
        "INSERT INTO outbox_letter (id, kind, recipient, subject, text_body, html_body, status, priority, next_attempt_at) \
         SELECT 'l' || n, 'test', n || '@example.cl', 'S', '', '', (ARRAY['queued', 'sent'])[1 + n % 2], n % 3, now() \
         FROM generate_series(1, 20000) AS n; ANALYZE outbox_letter",
    );
    let mut conn = site.database.connect();
    let mut run = |statement: String| diesel::sql_query(statement).execute(&mut conn).unwrap();
    run(format!("PREPARE due (interval, bigint) AS {DUE}"));
    run("SET plan_cache_mode = force_generic_plan".to_owned());
    let plan: Vec<Line> = diesel::sql_query("EXPLAIN EXECUTE due ('0 s', 4)").load(&mut conn).unwrap();
    let plan = plan.into_iter().map(|line| line.line).collect::<Vec<_>>().join("\n");
    assert!(plan.contains("outbox_letter_priority_next_attempt_at_idx"), "{plan}");
    assert!(!plan.contains("Seq Scan on outbox_letter") && !plan.contains("Sort"), "{plan}");
}
