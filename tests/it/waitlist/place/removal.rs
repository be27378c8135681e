//! How places end by themselves.

use biovity::waitlist::place::removal::{prune_deleted, prune_unanswered};
use chrono::TimeDelta;

use crate::support::TestSite;

#[tokio::test]
async fn who_never_answers_is_forgotten_after_14_days() {
    let site = TestSite::start().await;
    site.database.execute(
        "INSERT INTO waitlist (email, role, created_at) VALUES ('Old@example.cl', 'professional', '2025-01-01')",
    );
    let ana = site.visitor();
    for email in ["ana@example.cl", "eva@example.cl"] {
        ana.join(email, "employee").await.redirects_to("/waitlist/joined");
    }
    // A stranger who types an address of the old application must not have it erased.
    ana.join("old@example.cl", "employee").await.has_status(409);
    ana.press(&site.mail("eva@example.cl").await.link()).await.has_status(303);
    let now = site.app.clock.now();
    let mut conn = site.database.connect();
    assert_eq!(prune_unanswered(&mut conn, now + TimeDelta::days(14) - TimeDelta::minutes(1)), Ok(0));
    assert_eq!(prune_unanswered(&mut conn, now + TimeDelta::days(14) + TimeDelta::minutes(1)), Ok(1));
    assert_eq!(site.database.values("email", "waitlist ORDER BY id"), ["Old@example.cl", "eva@example.cl"]);
    assert!(site.database.contents().values().all(|rows| !rows.contains("ana@example.cl")));
    ana.join("ana@example.cl", "employee").await.redirects_to("/waitlist/joined");
}

#[tokio::test]
async fn what_an_admin_deleted_goes_after_30_days() {
    let site = TestSite::start().await;
    site.visitor().join("ana@example.cl", "employee").await.redirects_to("/waitlist/joined");
    site.database.execute("UPDATE waitlist SET deleted_at = now()");
    let now = site.app.clock.now();
    let mut conn = site.database.connect();
    assert_eq!(prune_unanswered(&mut conn, now + TimeDelta::days(20)), Ok(0));
    assert_eq!(prune_deleted(&mut conn, now + TimeDelta::days(29)), Ok(0));
    assert_eq!(prune_deleted(&mut conn, now + TimeDelta::days(31)), Ok(1));
    assert!(site.database.values("1", "verification").is_empty());
}
