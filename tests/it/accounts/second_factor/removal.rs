//! Removing it for somebody who lost the phone.

use super::switch_on;
use crate::support::{PASSWORD, TestSite};

#[tokio::test]
async fn an_admin_removes_it_with_notice_and_history() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    let admin = site.admin("admin@example.cl").await;
    let id = site.database.values("id", r#""user" WHERE email = 'ana@example.cl'"#).remove(0);
    let (path, act) = (format!("/admin/users/{id}"), format!("/admin/users/{id}/remove-second-factor"));
    admin.get(&path).await.does_not_say("Remove two-step verification");
    switch_on(&site, &ana).await;
    let form =
        admin.get(&path).await.says("Two-step verification since").says("Make sure that it is the owner").form(&act);
    admin.send(&form).await.redirects_to(&path);
    admin.get(&path).await.says("Two-step verification is removed").says("Two-step verification removed");
    admin.get("/admin/audit?action=second_factor_removed").await.says("Ana Rojas");
    let mail = site.mail("ana@example.cl").await;
    assert_eq!(mail.subject, "We removed two-step verification from your account");
    site.visitor().log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
    ana.get("/account/activity").await.says("Two-step verification removed by");
    assert_eq!(site.database.values("count(*)", "recovery_code"), ["0"]);
}

#[tokio::test]
async fn an_admin_does_not_remove_the_own_one() {
    let site = TestSite::start().await;
    let admin = site.admin("admin@example.cl").await;
    switch_on(&site, &admin).await;
    let id = site.database.values("id", r#""user""#).remove(0);
    admin.get(&format!("/admin/users/{id}")).await.does_not_say("Remove two-step verification");
    admin.post(&format!("/admin/users/{id}/remove-second-factor"), &[]).await.has_status(409);
    assert_eq!(site.database.values("count(*)", "second_factor"), ["1"]);
}

#[tokio::test]
async fn the_export_says_what_is_held_of_it() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    switch_on(&site, &ana).await;
    let held = ana.get("/account/export").await.has_status(200).json();
    assert!(held["profile"]["second_factor_since"].is_string());
    assert_eq!(held["recovery_codes_left"], 10);
    assert!(!held.to_string().contains("sealed"));
}
