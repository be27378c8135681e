//! Who manages an account, as its owner sees it, and leaving.

use super::{LAB, LAB_NAME, MANAGED_BY, MEMBERS, act, member, site_and_lab, told};
use crate::support::PASSWORD;

const LEAVE: &str = "/account/organization/leave";

#[tokio::test]
async fn a_member_sees_who_manages_the_account_and_what_that_means() {
    let (site, lab) = site_and_lab().await;
    let ana = member(&site, &lab, "ana@example.cl").await;
    let page = ana.get(MANAGED_BY).await.has_status(200).says(LAB_NAME).says(LAB).says("Since");
    assert!(page.body.contains("@<wbr>"), "a long address breaks there: {}", page.body);
    let page = page.says("see your name").says("deactivate your account").says("never learns your password");
    let page = page.does_not_say("on your account page");
    assert_eq!(page.text().matches(LAB_NAME).count(), 1, "the organization is named once: {}", page.text());
    assert_eq!(page.attribute("details form", "action").as_deref(), Some(LEAVE), "leaving asks for a confirmation");
    ana.post("/language", &[("lang", "es")]).await.has_status(303);
    ana.get(MANAGED_BY).await.says("Quién administra tu cuenta").says("Salir de la organización").says("Desde");
}

#[tokio::test]
async fn an_account_that_nobody_manages_says_so() {
    let (site, lab) = site_and_lab().await;
    let ana = site.employee("ana@example.cl").await;
    let page = ana.get(MANAGED_BY).await.has_status(200).says("Only you manage your account");
    assert!(page.attribute("main form", "action").is_none());
    ana.post(LEAVE, &[]).await.redirects_to(MANAGED_BY);
    assert_eq!(told(&ana, "Left the organization").await, 0);
    let page = lab.get(MANAGED_BY).await.has_status(200);
    assert_eq!(page.attribute("main a.button", "href").as_deref(), Some(MEMBERS));
    ana.post("/language", &[("lang", "es")]).await.has_status(303);
    ana.get(MANAGED_BY).await.says("Solo tú administras tu cuenta");
}

#[tokio::test]
async fn whoever_leaves_belongs_to_nobody_and_both_lists_say_so() {
    let (site, lab) = site_and_lab().await;
    let ana = member(&site, &lab, "ana@example.cl").await;
    ana.post(LEAVE, &[]).await.redirects_to(MANAGED_BY);
    ana.get(MANAGED_BY).await.says("You left the organization.").says("Only you manage your account");
    lab.get(MEMBERS).await.says("Nobody has joined yet");
    for list in [&ana, &lab] {
        assert_eq!(told(list, "Left the organization").await, 1);
    }
    ana.post(LEAVE, &[]).await.redirects_to(MANAGED_BY);
    assert_eq!(told(&ana, "Left the organization").await, 1);
    act(&site, &lab, "ana@example.cl", "deactivate").await.has_status(409);
    ana.log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
}

#[tokio::test]
async fn where_a_member_is_stays_unknown_to_the_organization() {
    let (site, lab) = site_and_lab().await;
    let ana = site.visitor_from("127.0.0.77");
    let mail = super::invite(&site, &lab, "ana@example.cl").await;
    super::open(&ana, &mail, "Ana Rojas").await.redirects_to("/account");
    ana.post(LEAVE, &[]).await.redirects_to(MANAGED_BY);
    lab.get("/account/activity").await.says("Left the organization: ").does_not_say("127.0.0.77");
    let own = ana.get("/account/activity").await.texts("tbody tr:first-child td:not(:nth-child(2))");
    assert_eq!(own, ["Left the organization: Laboratorio Ñielol", "Unknown device, 127.0.0.77"]);
}

#[tokio::test]
async fn guests_log_in_first() {
    let (site, _lab) = site_and_lab().await;
    site.visitor().get(MANAGED_BY).await.redirects_to("/login?next=%2Faccount%2Forganization");
    site.visitor().post(LEAVE, &[]).await.was_sent_too_late(MANAGED_BY);
}

#[tokio::test]
async fn who_was_deactivated_cannot_leave() {
    let (site, lab) = site_and_lab().await;
    let ana = member(&site, &lab, "ana@example.cl").await;
    act(&site, &lab, "ana@example.cl", "deactivate").await.redirects_to(MEMBERS);
    ana.post(LEAVE, &[]).await.was_sent_too_late(MANAGED_BY);
    lab.get(MEMBERS).await.says("1 person");
}
