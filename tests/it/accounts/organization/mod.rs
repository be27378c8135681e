//! Organizations and the employees whose accounts they manage.

use biovity::accounts::session::activation;
use biovity::audit::event::Actor;
use biovity::values::id::UserId;

use crate::support::page::Page;
use crate::support::smtp::Mail;
use crate::support::visitor::Visitor;
use crate::support::{PASSWORD, TestSite};

mod acceptance;
mod answer;
mod invitation;
mod leave;
mod manage_members;
mod member_change;
mod promotion;
mod race;

const MEMBERS: &str = "/organization/members";
const INVITATION: &str = "/organization/invitation";
const MANAGED_BY: &str = "/account/organization";
const LAB: &str = "lab@example.cl";
const LAB_NAME: &str = "Laboratorio Ñielol";

/// An organization that is signed in.
async fn organization(site: &TestSite, email: &str) -> Visitor {
    let visitor = site.visitor();
    let fields = [("name", LAB_NAME), ("email", email), ("profession", ""), ("password", PASSWORD)];
    visitor.post("/signup/organization", &fields).await.redirects_to("/signup/check-email");
    visitor.press(&site.mail(email).await.link()).await.redirects_to("/account");
    visitor
}

/// A site with an organization.
async fn site_and_lab() -> (TestSite, Visitor) {
    let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
    let lab = organization(&site, LAB).await;
    (site, lab)
}

/// Invites somebody; the mail that came.
async fn invite(site: &TestSite, lab: &Visitor, email: &str) -> Mail {
    lab.post(MEMBERS, &[("email", email)]).await.redirects_to(MEMBERS);
    site.mail(&email.trim().to_lowercase()).await
}

/// Opens an account by the link of an invitation.
async fn open(visitor: &Visitor, mail: &Mail, name: &str) -> Page {
    let token = mail.token();
    let fields = [("token", token.as_str()), ("name", name), ("profession", "Biochemist"), ("password", PASSWORD)];
    visitor.post(INVITATION, &fields).await
}

/// Somebody who opened an account by an invitation, and is signed in.
async fn member(site: &TestSite, lab: &Visitor, email: &str) -> Visitor {
    let visitor = site.visitor();
    let mail = invite(site, lab, email).await;
    open(&visitor, &mail, "Ana Rojas").await.redirects_to("/account");
    visitor
}

/// Answers as whoever presses the button does.
async fn accept(visitor: &Visitor, mail: &Mail) -> Page {
    visitor.post(INVITATION, &[("token", &mail.token())]).await
}

async fn decline(visitor: &Visitor, mail: &Mail) -> Page {
    visitor.post(INVITATION, &[("token", &mail.token()), ("answer", "decline")]).await
}

fn id_of(site: &TestSite, email: &str) -> String {
    site.database.values("id", &format!("\"user\" WHERE email = '{email}'")).pop().unwrap()
}

/// What the organization sends to act on a member.
fn path(site: &TestSite, email: &str, act: &str) -> String {
    format!("{MEMBERS}/{}/{act}", id_of(site, email))
}

async fn act(site: &TestSite, lab: &Visitor, email: &str, act: &str) -> Page {
    lab.post(&path(site, email, act), &[]).await
}

/// Deactivates an account as the operator's command does.
fn deactivate(site: &TestSite, email: &str) {
    let (mut conn, id) = (site.database.connect(), UserId::from(id_of(site, email)));
    activation::deactivate(&mut conn, site.app.clock.now(), &Actor::operator(), &id).unwrap();
    site.app.viewer_cache.invalidate(&id);
}

fn reactivate(site: &TestSite, email: &str) {
    let (mut conn, id) = (site.database.connect(), UserId::from(id_of(site, email)));
    activation::reactivate(&mut conn, site.app.clock.now(), &Actor::operator(), &id).unwrap();
}

/// How many of the organization's or a member's listed events say this.
async fn told(visitor: &Visitor, words: &str) -> usize {
    let page = visitor.get("/account/activity").await.has_status(200);
    page.texts("tbody td:first-child").iter().filter(|event| event.contains(words)).count()
}

#[tokio::test]
async fn guests_log_in_first_and_nobody_but_organizations_finds_the_pages() {
    let (site, lab) = site_and_lab().await;
    member(&site, &lab, "ana@example.cl").await;
    let (employee, admin) = (site.employee("eva@example.cl").await, site.admin("admin@example.cl").await);
    let acts = ["deactivate", "reactivate", "release"].map(|act| path(&site, "ana@example.cl", act));
    invite(&site, &lab, "new@example.cl").await;
    let revoke = lab.get(MEMBERS).await.attribute("#pending form", "action").unwrap();
    let before = site.database.contents();
    site.visitor().get(MEMBERS).await.redirects_to("/login?next=%2Forganization%2Fmembers");
    for visitor in [&employee, &admin] {
        visitor.get(MEMBERS).await.has_status(404).leads_on();
    }
    for path in acts.iter().map(String::as_str).chain([MEMBERS, &revoke]) {
        let fields = [("email", "x@example.cl"), ("type", "organization"), ("organizationId", "x")];
        site.visitor().post(path, &fields).await.was_sent_too_late(MEMBERS);
        for visitor in [&employee, &admin] {
            visitor.post(path, &fields).await.has_status(404).leads_on();
        }
    }
    assert!(site.database.contents() == before, "a refused act changed something");
}
