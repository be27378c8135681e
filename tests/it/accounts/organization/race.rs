//! What happens at the same moment: one of two wins, and nothing is left in between.

use super::{
    INVITATION, LAB, MEMBERS, accept, act, deactivate, id_of, invite, member, open, organization, path, site_and_lab,
};
use crate::support::TestSite;
use crate::support::smtp::Mail;
use crate::support::visitor::Visitor;

const ROUNDS: usize = 6;

/// The statuses of these answers at once, sorted.
async fn crowd(visitors: Vec<Visitor>, mail: &Mail, name: &'static str) -> Vec<u16> {
    let presses = visitors.into_iter().map(|visitor| {
        let mail = mail.clone();
        tokio::spawn(async move {
            let page = if name.is_empty() { accept(&visitor, &mail).await } else { open(&visitor, &mail, name).await };
            page.status.as_u16()
        })
    });
    let mut statuses = Vec::new();
    for press in presses.collect::<Vec<_>>() {
        statuses.push(press.await.unwrap());
    }
    statuses.sort_unstable();
    statuses
}

fn count(site: &TestSite, rows: &str) -> String {
    site.database.values("count(*)", rows).pop().unwrap()
}

#[tokio::test]
async fn of_fifty_who_open_an_account_at_once_one_does() {
    let (site, lab) = site_and_lab().await;
    let mail = invite(&site, &lab, "ana@example.cl").await;
    let statuses = crowd((0..50).map(|_| site.visitor()).collect(), &mail, "Ana Rojas").await;
    assert_eq!(statuses.iter().filter(|status| **status == 303).count(), 1, "{statuses:?}");
    // Hashes wait in a queue of bounded length; who looked before it was used and came after finds a member.
    assert!(statuses[1..].iter().all(|status| [409, 410, 503].contains(status)), "{statuses:?}");
    assert_eq!(count(&site, "\"user\" WHERE type = 'employee'"), "1");
    assert_eq!(count(&site, "session"), "2");
    assert_eq!(count(&site, "audit_event WHERE action = 'joined_organization'"), "1");
}

#[tokio::test]
async fn of_fifty_who_take_over_an_unverified_account_at_once_one_does() {
    let (site, lab) = site_and_lab().await;
    site.visitor().sign_up("employee", "ana@example.cl").await.has_status(303);
    let mail = invite(&site, &lab, "ana@example.cl").await;
    let statuses = crowd((0..50).map(|_| site.visitor()).collect(), &mail, "Ana Soto").await;
    assert_eq!(statuses.iter().filter(|status| **status == 303).count(), 1, "{statuses:?}");
    assert!(statuses[1..].iter().all(|status| [409, 410, 503].contains(status)), "{statuses:?}");
    assert_eq!(count(&site, "\"user\" WHERE name = 'Ana Soto'"), "1");
}

#[tokio::test]
async fn of_fifty_times_that_the_owner_agrees_one_counts() {
    let (site, lab) = site_and_lab().await;
    let ana = site.employee("ana@example.cl").await;
    let mail = invite(&site, &lab, "ana@example.cl").await;
    let statuses = crowd((0..50).map(|_| ana.clone()).collect(), &mail, "").await;
    assert_eq!(statuses[0], 303, "{statuses:?}");
    assert!(statuses[1..].iter().all(|status| [409, 410].contains(status)), "{statuses:?}");
    assert_eq!(count(&site, "audit_event WHERE action = 'joined_organization'"), "1");
}

#[tokio::test]
async fn an_invitation_is_accepted_or_taken_back() {
    let (site, lab) = site_and_lab().await;
    for round in 0..ROUNDS {
        let email = format!("a{round}@example.cl");
        let (ana, mail) = (site.employee(&email).await, invite(&site, &lab, &email).await);
        let revoke = lab.get(MEMBERS).await.attribute("#pending form", "action").unwrap();
        let (accepted, revoked) = tokio::join!(accept(&ana, &mail), lab.post(&revoke, &[]));
        let joined = count(&site, &format!("\"user\" WHERE email = '{email}' AND \"organizationId\" IS NOT NULL"));
        match (accepted.status.as_u16(), revoked.status.as_u16()) {
            (303, 409) => assert_eq!(joined, "1"),
            (410, 303) => assert_eq!(joined, "0"),
            both => panic!("{both:?}"),
        }
    }
}

#[tokio::test]
async fn of_two_organizations_one_gets_the_account() {
    let (site, lab) = site_and_lab().await;
    let other = organization(&site, "other@example.cl").await;
    for round in 0..ROUNDS {
        let email = format!("a{round}@example.cl");
        let [first, second] = [invite(&site, &lab, &email).await, invite(&site, &other, &email).await];
        let (here, there) = (site.visitor(), site.visitor());
        let both = tokio::join!(open(&here, &first, "Ana Rojas"), open(&there, &second, "Ana Rojas"));
        let mut statuses = [both.0.status.as_u16(), both.1.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 409]);
        let events =
            format!("audit_event WHERE action = 'joined_organization' AND actor_id = '{}'", id_of(&site, &email));
        assert_eq!(count(&site, &events), "1");
    }
}

#[tokio::test]
async fn whoever_leaves_while_being_deactivated_is_not_left_locked_out() {
    let (site, lab) = site_and_lab().await;
    for round in 0..ROUNDS {
        let email = format!("a{round}@example.cl");
        let ana = member(&site, &lab, &email).await;
        let order = path(&site, &email, "deactivate");
        let (left, deactivated) = tokio::join!(ana.post("/account/organization/leave", &[]), lab.post(&order, &[]));
        let row = "concat(\"isActive\", ' ', \"organizationId\" IS NOT NULL)";
        let [state] = site.database.values(row, &format!("\"user\" WHERE email = '{email}'")).try_into().unwrap();
        assert_eq!(left.status.as_u16(), 303);
        match deactivated.status.as_u16() {
            303 => assert_eq!(state, "f t"),
            409 => assert_eq!(state, "t f"),
            status => panic!("{status}"),
        }
    }
}

#[tokio::test]
async fn nobody_joins_an_organization_that_is_being_deactivated() {
    for _ in 0..3 {
        let (site, lab) = site_and_lab().await;
        let ana = site.employee("ana@example.cl").await;
        let mail = invite(&site, &lab, "ana@example.cl").await;
        let (accepted, ()) = tokio::join!(accept(&ana, &mail), async { deactivate(&site, LAB) });
        let after = accept(&ana, &mail).await;
        assert!([303, 410].contains(&accepted.status.as_u16()), "{}", accepted.status);
        after.has_status(410);
    }
}

#[tokio::test]
async fn two_orders_at_once_leave_one_state() {
    let (site, lab) = site_and_lab().await;
    for round in 0..ROUNDS {
        let email = format!("a{round}@example.cl");
        member(&site, &lab, &email).await;
        act(&site, &lab, &email, "deactivate").await.redirects_to(MEMBERS);
        let [free, open] = ["release", "reactivate"].map(|order| path(&site, &email, order));
        let (released, reactivated) = tokio::join!(lab.post(&free, &[]), lab.post(&open, &[]));
        assert_eq!(released.status.as_u16(), 303);
        assert!([303, 409].contains(&reactivated.status.as_u16()));
        let row = "concat(\"isActive\", ' ', \"organizationId\" IS NULL)";
        assert_eq!(site.database.values(row, &format!("\"user\" WHERE email = '{email}'")), ["t t"]);
    }
    site.visitor().get(INVITATION).await.has_status(410);
}
