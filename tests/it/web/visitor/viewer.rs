//! The guards: who is let in.

use crate::support::{PASSWORD, TestSite, addresses};

#[tokio::test]
async fn every_admin_page_refuses_guests_and_plain_users() {
    let site = TestSite::start().await;
    let (guest, ana, admin) =
        (site.visitor(), site.employee("ana@example.cl").await, site.admin("admin@example.cl").await);
    let mut paths: Vec<_> = addresses::of_admins().into_iter().map(|address| address.path).collect();
    admin.get("/admin").await.has_status(200);
    paths.extend(["/admin/nothing".to_owned(), "/admin/waitlist/x".to_owned()]);
    for path in paths {
        let next: String = form_urlencoded::byte_serialize(path.as_bytes()).collect();
        guest.get(&path).await.redirects_to(&format!("/login?next={next}"));
        ana.get(&path).await.has_status(404).leads_on().does_not_say("waitlist of").does_not_say("Administration");
        for visitor in [&guest, &ana] {
            let status = visitor.post(&path, &[("x", "y")]).await.status.as_u16();
            assert!([303, 404].contains(&status), "POST {path}: {status}");
        }
    }
}

#[tokio::test]
async fn a_guest_comes_to_the_admin_page_after_logging_in() {
    let site = TestSite::start().await;
    let admin = site.admin("admin@example.cl").await;
    admin.log_out().await.redirects_to("/");
    let log_in = admin.get("/admin/waitlist?role=employee").await.has_status(303).header("location").to_owned();
    assert_eq!(log_in, "/login?next=%2Fadmin%2Fwaitlist%3Frole%3Demployee");
    let next = admin.get(&log_in).await.has_status(200).attribute("main [name=next]", "value").unwrap();
    let fields = [("email", "admin@example.cl"), ("password", PASSWORD), ("next", next.as_str())];
    admin.post("/login", &fields).await.redirects_to("/admin/waitlist?role=employee");
}

#[tokio::test]
async fn an_account_page_sends_a_guest_to_log_in_and_back() {
    let site = TestSite::start().await;
    site.visitor().get("/account").await.redirects_to("/login?next=%2Faccount");
    site.visitor().get("/account?x=%2F%2Fevil").await.redirects_to("/login?next=%2Faccount%3Fx%3D%252F%252Fevil");
}

#[tokio::test]
async fn a_form_sent_without_a_session_leads_back_to_its_page() {
    let site = TestSite::start().await;
    site.visitor().post("/admin/waitlist", &[("x", "y")]).await.was_sent_too_late("/admin/waitlist");
}
