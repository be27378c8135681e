//! Invitations to addresses that have an account: its owner agrees, declines, or learns why neither is possible.

use super::{
    INVITATION, LAB, LAB_NAME, MANAGED_BY, MEMBERS, accept, act, deactivate, decline, id_of, invite, member, open,
    organization, site_and_lab, told,
};
use crate::support::{PASSWORD, TestSite};

/// The organization of an account.
fn managed(site: &TestSite, email: &str) -> bool {
    site.database.values("\"organizationId\" IS NOT NULL", &format!("\"user\" WHERE email = '{email}'")) == ["true"]
}

#[tokio::test]
async fn the_owner_logs_in_comes_back_and_agrees() {
    let (site, lab) = site_and_lab().await;
    site.employee("ana@example.cl").await;
    let mail = invite(&site, &lab, "ana@example.cl").await;
    let ana = site.visitor();
    let page = ana.get(&mail.link()).await.has_status(200).says(LAB_NAME).says("Log in, and you will come back here");
    let log_in = page.attribute("main a.button", "href").unwrap();
    assert!(log_in.starts_with("/login?next=%2Forganization%2Finvitation%3Ftoken%3D"), "{log_in}");
    let next = ana.get(&log_in).await.has_status(200).value("next");
    let fields = [("email", "ana@example.cl"), ("password", PASSWORD), ("next", next.as_str())];
    ana.post("/login", &fields).await.redirects_to(&mail.link());
    let page =
        ana.get(&mail.link()).await.says(LAB_NAME).says("deactivate your account").says("You can leave whenever");
    assert!(page.attribute("main input[type=password], main [name=name]", "name").is_none());
    assert!(!managed(&site, "ana@example.cl"), "looking is not agreeing");
    ana.press(&mail.link()).await.redirects_to(MANAGED_BY);
    ana.get(MANAGED_BY).await.says("You joined the organization.").says(LAB_NAME);
    for list in [&ana, &lab] {
        assert_eq!(told(list, "Joined the organization").await, 1);
    }
    assert_eq!(ana.get("/account").await.says("Ana Rojas").value("profession"), "Biochemist");
    ana.log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
    accept(&ana, &mail).await.has_status(410);
}

#[tokio::test]
async fn nobody_but_the_owner_agrees() {
    let (site, lab) = site_and_lab().await;
    let ana = site.employee("ana@example.cl").await;
    let eve = site.employee("eve@example.cl").await;
    let mail = invite(&site, &lab, "ana@example.cl").await;
    let before = site.database.contents();
    let to_log_in = accept(&site.visitor(), &mail).await.has_status(303);
    assert!(to_log_in.header("location").starts_with("/login?next=%2Forganization%2Finvitation"));
    // The fields of a newcomer are no way to a new password for somebody's account.
    open(&site.visitor(), &mail, "Eve").await.has_status(303);
    let pages = [eve.get(&mail.link()).await, accept(&eve, &mail).await, open(&eve, &mail, "Eve").await];
    for page in pages {
        let page = page.has_status(403).leads_on().says("for someone else").says("eve@example.cl");
        assert_eq!(page.attribute("main form", "action").as_deref(), Some("/logout"));
    }
    lab.get(&mail.link()).await.has_status(403);
    assert!(site.database.contents() == before);
    let fresh = invite(&site, &lab, "new@example.cl").await;
    for page in [eve.get(&fresh.link()).await, open(&eve, &fresh, "Eve").await] {
        page.has_status(403).says("for someone else");
    }
    eve.post("/language", &[("lang", "es")]).await.has_status(303);
    eve.get(&mail.link()).await.has_status(403).says("Esta invitación es para otra persona").says("Ingresaste como");
    accept(&ana, &mail).await.redirects_to(MANAGED_BY);
}

#[tokio::test]
async fn accounts_of_organizations_and_admins_are_never_managed() {
    let (site, lab) = site_and_lab().await;
    let other = organization(&site, "other@example.cl").await;
    let admin = site.admin("admin@example.cl").await;
    for (owner, email) in [(&other, "other@example.cl"), (&admin, "admin@example.cl")] {
        let mail = invite(&site, &lab, email).await;
        for visitor in [owner, &site.visitor()] {
            visitor.get(&mail.link()).await.has_status(409).leads_on().says("Only people’s accounts can be managed");
            accept(visitor, &mail).await.has_status(409);
            open(visitor, &mail, "Eve").await.has_status(409);
        }
        assert!(!managed(&site, email));
        decline(&site.visitor(), &mail).await.redirects_to("/");
    }
    let page = site.spanish_visitor().get(&invite(&site, &lab, "other@example.cl").await.link()).await;
    page.has_status(409).says("Esta invitación no se puede aceptar");
}

#[tokio::test]
async fn who_is_managed_leaves_before_joining_another() {
    let (site, lab) = site_and_lab().await;
    let other = organization(&site, "other@example.cl").await;
    let ana = member(&site, &lab, "ana@example.cl").await;
    let mail = invite(&site, &other, "ana@example.cl").await;
    for page in [ana.get(&mail.link()).await, accept(&ana, &mail).await] {
        let page = page.has_status(409).says("Another organization manages the account");
        assert_eq!(page.attribute("main a.button", "href").as_deref(), Some(MANAGED_BY));
    }
    ana.post("/account/organization/leave", &[]).await.redirects_to(MANAGED_BY);
    accept(&ana, &mail).await.redirects_to(MANAGED_BY);
    lab.get(MEMBERS).await;
    lab.get(MEMBERS).await.does_not_say("ana@example.cl");
    other.get(MEMBERS).await.says("ana@example.cl");
}

#[tokio::test]
async fn choosing_a_language_accepts_no_invitation_that_was_refused() {
    let (site, lab) = site_and_lab().await;
    let other = organization(&site, "other@example.cl").await;
    let ana = site.employee("ana@example.cl").await;
    let [first, second] = [invite(&site, &lab, "ana@example.cl").await, invite(&site, &other, "ana@example.cl").await];
    let open = ana.get(&second.link()).await.has_status(200).form(INVITATION);
    accept(&ana, &first).await.redirects_to(MANAGED_BY);
    let refused = ana.send(&open).await.has_status(409).says("Another organization manages the account");
    ana.post("/account/organization/leave", &[]).await.redirects_to(MANAGED_BY);
    ana.send(&refused.language("es")).await.redirects_to(&second.link());
    ana.get(&second.link()).await.has_status(200).says("Una invitación para ti");
    assert!(!managed(&site, "ana@example.cl"));
}

#[tokio::test]
async fn who_agrees_after_the_session_ended_is_told_that_nothing_was_saved() {
    let (site, lab) = site_and_lab().await;
    let ana = site.employee("ana@example.cl").await;
    let mail = invite(&site, &lab, "ana@example.cl").await;
    let open = ana.get(&mail.link()).await.has_status(200).form(INVITATION);
    let admin = site.admin("admin@example.cl").await;
    let path = format!("/admin/users/{}/end-sessions", id_of(&site, "ana@example.cl"));
    admin.post(&path, &[]).await.has_status(303);
    ana.send(&open).await.was_sent_too_late(&mail.link());
    assert!(!managed(&site, "ana@example.cl"));
}

#[tokio::test]
async fn a_member_finds_nothing_left_to_do() {
    let (site, lab) = site_and_lab().await;
    let ana = site.employee("ana@example.cl").await;
    let mail = invite(&site, &lab, "ana@example.cl").await;
    let again = invite(&site, &organization(&site, "other@example.cl").await, "ana@example.cl").await;
    accept(&ana, &mail).await.redirects_to(MANAGED_BY);
    ana.get(&again.link()).await.has_status(409);
    site.database.execute(
        "UPDATE \"user\" SET \"organizationId\" = (SELECT id FROM \"user\" WHERE email = 'other@example.cl') \
         WHERE email = 'ana@example.cl'",
    );
    ana.get(&again.link()).await.has_status(409).says("already manages your account");
}

#[tokio::test]
async fn a_deactivated_account_opens_by_no_invitation() {
    let site = TestSite::with(&[("RATE_LIMITS", "off"), ("CONTACT_EMAIL", "hola@biovity.cl")]).await;
    let lab = organization(&site, LAB).await;
    site.employee("ana@example.cl").await;
    site.visitor().sign_up("employee", "waiting@example.cl").await.has_status(303);
    for email in ["ana@example.cl", "waiting@example.cl"] {
        deactivate(&site, email);
    }
    let mail = invite(&site, &lab, "waiting@example.cl").await;
    let refused = site.visitor().get(&mail.link()).await.has_status(409).says("is deactivated");
    assert_eq!(refused.attribute("main a[href^='mailto:']", "href").as_deref(), Some("mailto:hola@biovity.cl"));
    open(&site.visitor(), &mail, "Eve").await.has_status(409);
    let mail = invite(&site, &lab, "ana@example.cl").await;
    open(&site.visitor(), &mail, "Eve").await.has_status(303);
    site.visitor().log_in("ana@example.cl", PASSWORD).await.has_status(403);
    assert_eq!(site.database.values("count(*)", "\"user\" WHERE \"organizationId\" IS NOT NULL"), ["0"]);
}

#[tokio::test]
async fn an_account_that_its_owner_deletes_does_not_join() {
    let (site, lab) = site_and_lab().await;
    let ana = site.employee("ana@example.cl").await;
    let mail = invite(&site, &lab, "ana@example.cl").await;
    site.database.execute("UPDATE \"user\" SET purge_at = now() + interval '7 days' WHERE type = 'employee'");
    accept(&ana, &mail).await.has_status(303);
    assert!(!managed(&site, "ana@example.cl"));
}

#[tokio::test]
async fn declining_ends_the_invitation_and_tells_no_more() {
    let (site, lab) = site_and_lab().await;
    let ana = site.employee("ana@example.cl").await;
    let [known, unknown] = [invite(&site, &lab, "ana@example.cl").await, invite(&site, &lab, "eva@example.cl").await];
    decline(&ana, &known).await.redirects_to("/account");
    ana.get("/account").await.says("You declined the invitation.");
    let guest = site.spanish_visitor();
    decline(&guest, &unknown).await.redirects_to("/");
    guest.get("/").await.says("Rechazaste la invitación.");
    for mail in [&known, &unknown] {
        ana.get(&mail.link()).await.has_status(410);
        decline(&ana, mail).await.has_status(410);
        accept(&ana, mail).await.has_status(410);
    }
    lab.get(MEMBERS).await.says("No invitation is waiting for an answer.");
    let page = lab.get("/account/activity").await;
    let events: Vec<_> =
        page.texts("tbody td:first-child").into_iter().filter(|event| event.contains("declined")).collect();
    assert_eq!(events, ["Invitation declined: eva@example.cl", "Invitation declined: ana@example.cl"]);
    assert_eq!(told(&ana, "Invitation declined").await, 1);
    let boss = site.admin("boss@example.cl").await;
    let history = boss.get("/admin/audit?action=invitation_declined").await.has_status(200);
    history.says("Someone with the link in an email").does_not_say("Command line");
    assert!(!managed(&site, "ana@example.cl"));
}

#[tokio::test]
async fn who_was_released_may_be_invited_again() {
    let (site, lab) = site_and_lab().await;
    let ana = member(&site, &lab, "ana@example.cl").await;
    act(&site, &lab, "ana@example.cl", "release").await.redirects_to(MEMBERS);
    let mail = invite(&site, &lab, "ana@example.cl").await;
    assert_eq!(ana.get(&mail.link()).await.has_status(200).value("token"), mail.token());
    accept(&ana, &mail).await.redirects_to(MANAGED_BY);
    lab.get(MEMBERS).await.says("1 person");
    ana.get(&format!("{INVITATION}?token=")).await.has_status(410);
}
