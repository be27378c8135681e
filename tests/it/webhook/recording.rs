//! What is recorded for endpoints by the database itself, in the statement of what happened.

use super::endpoint_page::add;
use super::receiver::Receiver;
use crate::support::TestSite;

#[tokio::test]
async fn many_that_change_at_once_are_recorded_as_quickly_as_one_after_the_other() {
    let (site, receiver) = (TestSite::start().await, Receiver::start().await);
    let admin = site.admin("admin@example.cl").await;
    add(&admin, &receiver, &["waitlist.confirmed"]).await;
    // The trigger's plan is made when one row changes, and kept. Each compared with each would take a minute.
    site.database.execute(
        "INSERT INTO waitlist (email, role, created_at) VALUES ('one@example.cl', 'employee', now()); \
         UPDATE waitlist SET confirmed_at = now(); \
         INSERT INTO waitlist (email, role, created_at) \
         SELECT 'p' || n || '@example.cl', 'employee', now() FROM generate_series(1, 20000) AS n; \
         SET statement_timeout = '10s'; \
         UPDATE waitlist SET confirmed_at = now() WHERE confirmed_at IS NULL",
    );
    assert_eq!(site.database.values("count(*)::text", "webhook_delivery WHERE subject LIKE 'entry:%'"), ["20001"]);
}
