//! What becomes of managing and being managed when the operator makes the account an admin's.

use biovity::accounts::directory::admin::Made;

use super::{LAB, MANAGED_BY, MEMBERS, member, site_and_lab};
use crate::support::PASSWORD;

const NEW: &str = "araucaria en la niebla 9";

#[tokio::test]
async fn a_promoted_member_is_managed_by_nobody() {
    let (site, lab) = site_and_lab().await;
    member(&site, &lab, "ana@example.cl").await;
    lab.get(MEMBERS).await.has_status(200).says("ana@example.cl");
    let id = site.database.values("id", r#""user" WHERE email = 'ana@example.cl'"#).remove(0);
    assert_eq!(site.make_admin("ana@example.cl", NEW), Made::Promoted);
    lab.get(MEMBERS).await.has_status(200).does_not_say("ana@example.cl");
    lab.post(&format!("{MEMBERS}/{id}/deactivate"), &[]).await.has_status(409);
    let ana = site.visitor();
    ana.log_in("ana@example.cl", NEW).await.redirects_to("/admin");
    // Only the account of a person can be invited.
    let page = ana.get(MANAGED_BY).await.says("Only you manage your account").does_not_say("Ñielol");
    page.does_not_say("If an organization invites you");
    lab.get(MANAGED_BY).await.does_not_say("If an organization invites you");
    assert_eq!(site.database.values("count(*)", r#""user" WHERE managed_since IS NOT NULL"#), ["0"]);
}

#[tokio::test]
async fn an_organization_that_manages_others_is_not_promoted() {
    let (site, lab) = site_and_lab().await;
    let ana = member(&site, &lab, "ana@example.cl").await;
    let before = site.database.contents();
    assert_eq!(site.make_admin(LAB, NEW), Made::ManagesOthers);
    assert_eq!(site.database.contents(), before);
    lab.get(MEMBERS).await.has_status(200).says("ana@example.cl");
    let id = site.database.values("id", r#""user" WHERE email = 'ana@example.cl'"#).remove(0);
    lab.post(&format!("{MEMBERS}/{id}/release"), &[]).await.redirects_to(MEMBERS);
    assert_eq!(site.make_admin(LAB, NEW), Made::Promoted);
    site.visitor().log_in(LAB, NEW).await.redirects_to("/admin");
    ana.log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
}

#[tokio::test]
async fn the_invitations_of_a_promoted_organization_are_dead() {
    let (site, lab) = site_and_lab().await;
    let mail = super::invite(&site, &lab, "ana@example.cl").await;
    assert_eq!(site.make_admin(LAB, NEW), Made::Promoted);
    site.visitor().get(&mail.link()).await.has_status(410);
    super::open(&site.visitor(), &mail, "Ana Rojas").await.has_status(410);
}
