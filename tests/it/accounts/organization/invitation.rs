//! Inviting people: the same answer whoever they are, few mails, and none that carries a stranger's words.

use chrono::TimeDelta;

use super::{
    INVITATION, LAB, LAB_NAME, MEMBERS, accept, deactivate, id_of, invite, member, open, organization, reactivate,
    site_and_lab, told,
};
use crate::support::visitor::Visitor;
use crate::support::{PASSWORD, TestSite};

/// The addresses of those whom the page shows as invited.
async fn waiting(lab: &Visitor) -> Vec<String> {
    lab.get(MEMBERS).await.has_status(200).texts("#pending .address")
}

#[tokio::test]
async fn an_invitation_is_mailed_and_waits_for_its_answer() {
    let (site, lab) = site_and_lab().await;
    let page = lab.get(MEMBERS).await.says("No invitation is waiting for an answer.").says("Nobody has joined yet");
    assert_eq!(page.attribute("main form", "action").as_deref(), Some("/organization/members"));
    let mail = invite(&site, &lab, "ana@example.cl").await;
    lab.get(MEMBERS).await.says("The invitation to ana@example.cl is on its way.").says("Works until");
    assert_eq!(waiting(&lab).await, ["ana@example.cl"]);
    assert!(mail.link().starts_with(&format!("{INVITATION}?token=")), "{}", mail.text);
    assert_eq!(told(&lab, "Invitation sent: ana@example.cl").await, 1);
}

#[tokio::test]
async fn the_letter_names_the_organization_by_its_verified_address_alone() {
    let (site, lab) = site_and_lab().await;
    let mail = invite(&site, &lab, "ana@example.cl").await;
    assert_eq!(mail.subject, "An organization invites you to Biovity");
    for part in [&mail.text, &mail.html] {
        assert!(part.contains(LAB) && part.contains("ignore this email"), "{part}");
    }
    lab.post("/language", &[("lang", "es")]).await.has_status(303);
    let spanish = invite(&site, &lab, "eva@example.cl").await;
    assert_eq!(spanish.subject, "Una organización te invita a Biovity");
    assert!(spanish.text.contains(LAB) && spanish.text.contains("ignora este correo"), "{}", spanish.text);
    for part in [&mail.raw, &mail.text, &mail.html, &spanish.text, &spanish.html] {
        assert!(!part.contains("Laboratorio") && !part.contains("Ñielol"), "the name is anybody's words: {part}");
    }
    site.visitor().get(&mail.link()).await.has_status(200).says(LAB_NAME).says(LAB);
}

#[tokio::test]
async fn the_answer_is_the_same_whoever_has_the_address() {
    let (site, lab) = site_and_lab().await;
    site.employee("verified@example.cl").await;
    site.visitor().sign_up("employee", "waiting@example.cl").await.has_status(303);
    organization(&site, "other@example.cl").await;
    let other = organization(&site, "third@example.cl").await;
    member(&site, &other, "managed@example.cl").await;
    site.make_admin("admin@example.cl", PASSWORD);
    let mut seen = Vec::new();
    for address in ["unknown", "verified", "waiting", "other", "managed", "admin"] {
        let email = format!("{address}@example.cl");
        let answer = lab.post(MEMBERS, &[("email", &email)]).await.redirects_to(MEMBERS);
        let names: Vec<_> = answer.headers.keys().map(ToString::to_string).collect();
        let page = lab.get(MEMBERS).await.has_status(200);
        // Minutes may pass between two answers.
        let without_times = |text: &str| text.replace(|c: char| c.is_ascii_digit(), "");
        let first = without_times(&page.texts("#pending li")[0].replace(address, ""));
        let mail = site.mail(&email).await;
        let text = without_times(&mail.text.replace(&mail.token(), ""));
        seen.push((names, answer.body, page.texts(".flash")[0].replace(address, ""), first, mail.subject, text));
    }
    assert!(seen.iter().all(|one| *one == seen[0]), "{seen:#?}");
}

#[tokio::test]
async fn a_second_invitation_ends_the_first() {
    let (site, lab) = site_and_lab().await;
    let first = invite(&site, &lab, "ana@example.cl").await;
    let second = invite(&site, &lab, "ANA@example.cl").await;
    assert_eq!(waiting(&lab).await, ["ana@example.cl"]);
    site.visitor().get(&first.link()).await.has_status(410);
    accept(&site.visitor(), &first).await.has_status(410);
    open(&site.visitor(), &second, "Ana Rojas").await.redirects_to("/account");
    assert!(waiting(&lab).await.is_empty());
}

#[tokio::test]
async fn of_invitations_at_once_one_link_works() {
    let (site, lab) = site_and_lab().await;
    let crowd = (0..8).map(|_| {
        let lab = lab.clone();
        tokio::spawn(async move { lab.post(MEMBERS, &[("email", "ana@example.cl")]).await.redirects_to(MEMBERS) })
    });
    for one in crowd.collect::<Vec<_>>() {
        one.await.unwrap();
    }
    assert_eq!(waiting(&lab).await, ["ana@example.cl"]);
    let links = site.database.values("count(*)", "verification WHERE identifier LIKE 'organization-invitation:%'");
    assert_eq!(links, ["1"]);
}

#[tokio::test]
async fn nobody_is_flooded_by_invitations() {
    let site = TestSite::start().await;
    let (lab, other) = (organization(&site, LAB).await, organization(&site, "other@example.cl").await);
    let wait = |seconds: u32| {
        let earlier = format!("SELECT hit - interval '{seconds} s' FROM unnest(hits) AS hit");
        site.database.execute(&format!("UPDATE rate_limit SET hits = ARRAY({earlier})"));
    };
    let ask = async |by: &Visitor| by.post(MEMBERS, &[("email", "ana@example.cl")]).await;
    ask(&lab).await.redirects_to(MEMBERS);
    for _ in 1..6 {
        // Before the next one ends its link.
        site.deliver_mail().await;
        wait(61);
        ask(&other).await.redirects_to(MEMBERS);
    }
    wait(61);
    ask(&lab).await.has_status(429).leads_on();
    ask(&other).await.has_status(429);
    assert_eq!(site.mails("ana@example.cl").await.len(), 6);
    let once = [("email", "eva@example.cl")];
    lab.post(MEMBERS, &once).await.redirects_to(MEMBERS);
    other.post(MEMBERS, &once).await.has_status(429);
}

#[tokio::test]
async fn an_organization_invites_20_people_an_hour() {
    let site = TestSite::start().await;
    let (lab, other) = (organization(&site, LAB).await, organization(&site, "other@example.cl").await);
    let ask = async |by: &Visitor, number: u32| {
        by.post(MEMBERS, &[("email", &format!("a{number}@example.cl"))]).await.status.as_u16()
    };
    for number in 0..20 {
        assert_eq!(ask(&lab, number).await, 303);
    }
    assert_eq!(ask(&lab, 20).await, 429);
    assert_eq!(ask(&other, 20).await, 303);
}

#[tokio::test]
async fn at_most_100_invitations_wait() {
    let (site, lab) = site_and_lab().await;
    for number in 0..100 {
        lab.post(MEMBERS, &[("email", &format!("a{number}@example.cl"))]).await.redirects_to(MEMBERS);
    }
    let page = lab.post(MEMBERS, &[("email", "one-more@example.cl")]).await.has_status(422);
    page.says("100 invitations are waiting for an answer");
    lab.post(MEMBERS, &[("email", "a7@example.cl")]).await.redirects_to(MEMBERS);
    site.app.clock.advance(TimeDelta::days(6));
    lab.get("/account").await.has_status(200);
    site.app.clock.advance(TimeDelta::days(1));
    lab.post(MEMBERS, &[("email", "one-more@example.cl")]).await.redirects_to(MEMBERS);
    assert_eq!(waiting(&lab).await, ["one-more@example.cl"]);
}

#[tokio::test]
async fn what_cannot_be_invited_comes_back_to_be_corrected() {
    let (site, lab) = site_and_lab().await;
    member(&site, &lab, "ana@example.cl").await;
    let mails = site.database.values("count(*)", "outbox_letter");
    for (typed, words) in [
        ("", "Enter your email address"),
        ("ana@", "Enter an email address like name@example.com"),
        (" LAB@example.cl", "This is your organization’s own email"),
        ("Ana@example.cl", "is already a member"),
    ] {
        let page = lab.post(MEMBERS, &[("email", typed)]).await.has_status(422).says(words);
        assert_eq!(page.value("email"), typed);
        assert_eq!(page.texts("#problem li").len(), 1);
    }
    lab.post("/language", &[("lang", "es")]).await.has_status(303);
    lab.post(MEMBERS, &[("email", LAB)]).await.has_status(422).says("Este es el correo de tu propia organización");
    lab.post(MEMBERS, &[("email", "ana@example.cl")]).await.has_status(422).says("ya es integrante");
    assert_eq!(site.database.values("count(*)", "outbox_letter"), mails);
}

#[tokio::test]
async fn an_invitation_that_was_taken_back_is_gone() {
    let (site, lab) = site_and_lab().await;
    let other = organization(&site, "other@example.cl").await;
    let mail = invite(&site, &lab, "ana@example.cl").await;
    lab.post(MEMBERS, &[("email", "eva@example.cl")]).await.redirects_to(MEMBERS);
    let actions = lab.get(MEMBERS).await;
    let revoke = actions.attribute("#pending form", "action").unwrap();
    let of_ana = site.database.values("id", "verification WHERE pending->>'email' = 'ana@example.cl'").pop().unwrap();
    let of_ana = format!("/organization/invitations/{of_ana}/revoke");
    other.post(&of_ana, &[]).await.has_status(409);
    for unknown in ["x", "%00", "..%2f.."] {
        let page = lab.post(&format!("/organization/invitations/{unknown}/revoke"), &[]).await.leads_on();
        assert!([404, 409].contains(&page.status.as_u16()), "{unknown}: {}", page.status);
    }
    site.visitor().get(&mail.link()).await.has_status(200);
    lab.post(&of_ana, &[]).await.redirects_to(MEMBERS);
    lab.get(MEMBERS).await.says("The invitation no longer works.");
    site.visitor().get(&mail.link()).await.has_status(410);
    open(&site.visitor(), &mail, "Ana Rojas").await.has_status(410);
    let again =
        lab.post(&of_ana, &[]).await.has_status(409).says("That invitation was answered or revoked, or has expired");
    again.says("eva@example.cl").says("Nothing was changed.");
    lab.post(&revoke, &[]).await.redirects_to(MEMBERS);
    assert!(site.mails("eva@example.cl").await.is_empty(), "what ended before it was sent is not sent");
    assert_eq!(told(&lab, "Invitation revoked: ana@example.cl").await, 1);
}

#[tokio::test]
async fn a_link_of_another_purpose_is_no_invitation_to_take_back() {
    let (site, lab) = site_and_lab().await;
    lab.post("/signup/employee", &[("name", "x")]).await.has_status(422);
    site.visitor().sign_up("employee", "ana@example.cl").await.has_status(303);
    let verification = site.database.values("id", "verification").pop().unwrap();
    lab.post(&format!("/organization/invitations/{verification}/revoke"), &[]).await.has_status(409);
    site.visitor().verify(&site.mail("ana@example.cl").await.link(), PASSWORD).await.redirects_to("/login");
}

#[tokio::test]
async fn the_invitations_of_an_organization_that_was_deactivated_are_dead_for_ever() {
    let (site, lab) = site_and_lab().await;
    let mail = invite(&site, &lab, "ana@example.cl").await;
    deactivate(&site, LAB);
    lab.post(MEMBERS, &[("email", "eva@example.cl")]).await.was_sent_too_late(MEMBERS);
    site.visitor().get(&mail.link()).await.has_status(410);
    open(&site.visitor(), &mail, "Ana Rojas").await.has_status(410);
    reactivate(&site, LAB);
    open(&site.visitor(), &mail, "Ana Rojas").await.has_status(410);
    assert_eq!(site.database.values("count(*)", "\"user\""), ["1"]);
}

#[tokio::test]
async fn an_organization_that_is_gone_or_going_invites_nobody() {
    let (site, lab) = site_and_lab().await;
    let mail = invite(&site, &lab, "ana@example.cl").await;
    let id = id_of(&site, LAB);
    for state in ["\"isActive\" = false", "purge_at = now() + interval '7 days'", "type = 'employee'"] {
        site.database.execute(&format!("UPDATE \"user\" SET {state}"));
        site.visitor().get(&mail.link()).await.has_status(410).says("This link no longer works");
        open(&site.visitor(), &mail, "Ana Rojas").await.has_status(410);
        site.database.execute("UPDATE \"user\" SET \"isActive\" = true, purge_at = NULL, type = 'organization'");
        site.visitor().get(&mail.link()).await.has_status(200);
    }
    site.database.execute(&format!("DELETE FROM \"user\" WHERE id = '{id}'"));
    site.visitor().get(&mail.link()).await.has_status(410);
    open(&site.visitor(), &mail, "Ana Rojas").await.has_status(410);
}
