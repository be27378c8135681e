//! Signing up.

use crate::support::TestSite;

#[tokio::test]
async fn a_person_signs_up_verifies_logs_out_and_in_again() {
    let site = TestSite::start().await;
    let ana = site.visitor();
    ana.get("/signup/employee").await.has_status(200);
    ana.sign_up("employee", "Ana@Example.cl").await.redirects_to("/signup/check-email");
    ana.log_in("ana@example.cl", crate::support::PASSWORD).await.has_status(403).says("not verified yet");
    let mail = site.mail("ana@example.cl").await;
    assert_eq!(mail.subject, "Verify your address");
    ana.press(&mail.link()).await.redirects_to("/account");
    ana.get("/account").await.has_status(200).says("Ana Rojas").says("ana@example.cl").says("Biochemist");
    ana.log_out().await.redirects_to("/");
    ana.get("/account").await.redirects_to("/login?next=%2Faccount");
    ana.log_in("ana@example.cl", crate::support::PASSWORD).await.redirects_to("/account");
}
