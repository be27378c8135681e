//! Where the operator requires a second factor of admins.

use super::{PATH, half_way, send_code, switch_on};
use crate::support::{PASSWORD, TestSite};

#[tokio::test]
async fn an_admin_without_one_sees_no_admin_page_before_setting_it_up() {
    let site = TestSite::with(&[("ADMIN_SECOND_FACTOR", "required")]).await;
    let admin = site.admin("admin@example.cl").await;
    for path in ["/admin", "/admin/waitlist", "/admin/users", "/admin/audit", "/admin/waitlist.csv"] {
        admin.get(path).await.redirects_to(PATH);
    }
    admin.post("/admin/mail/pause", &[]).await.redirects_to(PATH);
    admin.get(PATH).await.has_status(200).says("Admins of this site need two-step verification");
    let (phone, codes) = switch_on(&site, &admin).await;
    assert_eq!(codes.attribute("main a.button", "href").as_deref(), Some("/admin"));
    admin.get("/admin").await.has_status(200);
    let again = half_way(&site, "admin@example.cl").await;
    again.get("/admin").await.redirects_to("/login?next=%2Fadmin");
    send_code(&again, &phone.code_in(1)).await.redirects_to("/admin");
    again.get("/admin").await.has_status(200);
}

#[tokio::test]
async fn others_need_none() {
    let site = TestSite::with(&[("ADMIN_SECOND_FACTOR", "required")]).await;
    let ana = site.employee("ana@example.cl").await;
    ana.get("/account").await.has_status(200);
    ana.get("/admin").await.has_status(404);
    ana.get(PATH).await.does_not_say("Admins of this site");
    ana.log_out().await.redirects_to("/");
    ana.log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
}

#[tokio::test]
async fn switching_it_off_says_that_the_admin_pages_ask_for_it_again() {
    for (required, lead, done) in [
        ("required", "The admin pages require it", "Before you open the admin pages, you will set it up again."),
        ("optional", "your password is enough to log in, on every device", "Your password is enough to log in."),
    ] {
        let site = TestSite::with(&[("ADMIN_SECOND_FACTOR", required)]).await;
        let admin = site.admin("admin@example.cl").await;
        let (phone, _) = switch_on(&site, &admin).await;
        let off = format!("{PATH}/off");
        let form = admin.get(&off).await.says(lead).form(&off).with("current_password", PASSWORD);
        admin.send(&form.with("code", &phone.next_code(&site).await)).await.redirects_to("/account");
        admin.get("/account").await.says(done);
    }
}
