//! Marking the places of those who have an account.

use biovity::server;
use chrono::TimeDelta;

use crate::support::{PASSWORD, TestSite};

/// A confirmed place.
async fn place(site: &TestSite, email: &str) {
    site.visitor().join(email, "employee").await.redirects_to("/waitlist/joined");
    site.visitor().press(&site.mail(email).await.link()).await.has_status(303);
}

fn is_marked(site: &TestSite, email: &str) -> bool {
    site.database.values("signed_up_at IS NOT NULL", &format!("waitlist WHERE email = '{email}'")) == ["true"]
}

#[tokio::test]
async fn a_place_is_marked_when_its_address_is_verified_and_not_before() {
    let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
    place(&site, "ana@example.cl").await;
    let visitor = site.visitor();
    visitor.sign_up("employee", "ana@example.cl").await.has_status(303);
    assert!(!is_marked(&site, "ana@example.cl"), "anybody can type an address");
    visitor.press(&site.mail("ana@example.cl").await.link()).await.redirects_to("/account");
    assert!(is_marked(&site, "ana@example.cl"));
    assert!(!is_marked(&site, "eva@example.cl"));
}

#[tokio::test]
async fn a_place_of_the_old_application_in_mixed_case_is_marked() {
    let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
    place(&site, "ana@example.cl").await;
    site.database.execute("UPDATE waitlist SET email = 'Ana@Example.CL'");
    site.employee("ana@example.cl").await;
    assert!(is_marked(&site, "Ana@Example.CL"));
}

#[tokio::test]
async fn a_new_address_a_new_password_and_an_organizations_invitation_mark_too() {
    let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
    for email in ["new@example.cl", "reset@example.cl", "member@example.cl"] {
        place(&site, email).await;
    }
    let ana = site.employee("ana@example.cl").await;
    ana.post("/account/email", &[("email", "new@example.cl"), ("current_password", PASSWORD)]).await.has_status(303);
    assert!(!is_marked(&site, "new@example.cl"));
    ana.press(&site.mail("new@example.cl").await.link()).await.has_status(303);
    assert!(is_marked(&site, "new@example.cl"));

    site.visitor().sign_up("employee", "reset@example.cl").await.has_status(303);
    site.visitor().post("/password/forgot", &[("email", "reset@example.cl")]).await.has_status(303);
    let token = site.mail("reset@example.cl").await.token();
    assert!(!is_marked(&site, "reset@example.cl"));
    site.visitor().post("/password/reset", &[("token", &token), ("password", PASSWORD)]).await.has_status(303);
    assert!(is_marked(&site, "reset@example.cl"));

    let lab = site.organization("lab@example.cl").await;
    lab.post("/organization/members", &[("email", "member@example.cl")]).await.has_status(303);
    let token = site.mail("member@example.cl").await.token();
    assert!(!is_marked(&site, "member@example.cl"));
    let fields = [("token", token.as_str()), ("name", "Eva"), ("profession", "Chemist"), ("password", PASSWORD)];
    site.visitor().post("/organization/invitation", &fields).await.redirects_to("/account");
    assert!(is_marked(&site, "member@example.cl"));
}

#[tokio::test]
async fn who_was_invited_again_and_signs_up_counts_once() {
    let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
    place(&site, "ana@example.cl").await;
    for name in ["first", "second"] {
        let admin = site.admin(&format!("{name}@example.cl")).await;
        admin.post("/admin/waitlist/entries/1/invite", &[]).await.has_status(303);
        site.app.clock.advance(TimeDelta::seconds(5));
        server::jobs::run_steps_once(&site.app).await.unwrap();
        site.deliver_mail().await;
        site.later(TimeDelta::days(31)).await;
    }
    site.employee("ana@example.cl").await;
    let counted = site.database.values("signed_up", "waitlist_wave_count ORDER BY wave_id");
    assert_eq!(counted, ["0", "1"]);
}

#[tokio::test]
async fn whoever_left_stays_so() {
    let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
    place(&site, "ana@example.cl").await;
    site.database.execute("UPDATE waitlist SET left_at = now()");
    site.employee("ana@example.cl").await;
    assert_eq!(site.database.values("left_at IS NOT NULL", "waitlist"), ["true"]);
}
