//! The address that a form was given.

use crate::support::TestSite;

#[tokio::test]
async fn the_page_after_a_form_repeats_the_address_for_some_minutes_and_leads_back() {
    let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
    let ana = site.visitor();
    ana.join(" Ana@EXAMPLE.cl ", "employee").await.redirects_to("/waitlist/joined");
    let back = |page: &crate::support::page::Page| page.attribute(".address + a", "href");
    for page in [ana.get("/waitlist/joined").await, ana.get("/waitlist/joined").await] {
        assert_eq!(back(&page).as_deref(), Some("/waitlist"), "again after a reload");
        page.says("ana@example.cl").says("Wrong address?");
    }
    site.visitor().get("/waitlist/joined").await.has_status(200).does_not_say("Wrong address?");
    ana.sign_up("organization", "lab@example.cl").await.redirects_to("/signup/check-email");
    let page = ana.get("/signup/check-email").await.says("lab@example.cl");
    assert_eq!(back(&page).as_deref(), Some("/signup/organization"));
    ana.post("/verify-email/resend", &[("email", "eva@example.cl")]).await.redirects_to("/signup/check-email");
    let page = ana.get("/signup/check-email").await.says("eva@example.cl").does_not_say("lab@example.cl");
    assert_eq!(back(&page).as_deref(), Some("/verify-email/resend"));
    ana.post("/password/forgot?lang=es", &[("email", "iris@example.cl")])
        .await
        .redirects_to("/password/forgot/sent?lang=es");
    let page = ana.get("/password/forgot/sent?lang=es").await.says("iris@example.cl");
    assert_eq!(back(&page).as_deref(), Some("/password/forgot?lang=es"));
    site.later(chrono::TimeDelta::minutes(11)).await;
    ana.get("/password/forgot/sent").await.has_status(200).does_not_say("iris@example.cl");
}

#[tokio::test]
async fn a_repeated_address_goes_with_the_session() {
    let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
    let ana = site.employee("ana@example.cl").await;
    ana.post("/password/forgot", &[("email", "ana@example.cl")]).await.has_status(303);
    ana.log_out().await;
    ana.get("/password/forgot/sent").await.has_status(200).does_not_say("ana@example.cl");
}
