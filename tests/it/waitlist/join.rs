//! Joining the waitlist.

use crate::support::TestSite;

#[tokio::test]
async fn joining_twice_is_a_conflict_and_sends_one_mail() {
    let site = TestSite::start().await;
    let ana = site.visitor();
    ana.join("ana@example.cl", "employee").await.redirects_to("/waitlist/joined");
    ana.join("ANA@example.cl", "organization").await.has_status(409).says("Email already on waitlist");
    assert_eq!(site.mails("ana@example.cl").await.len(), 1);
}
