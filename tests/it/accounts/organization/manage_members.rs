//! The page of the members: who they are, and where they stand.

use chrono::TimeDelta;

use super::{LAB, MEMBERS, act, deactivate, id_of, member, organization, site_and_lab};
use crate::support::TestSite;

#[tokio::test]
async fn it_shows_who_the_members_are() {
    let (site, lab) = site_and_lab().await;
    lab.get(MEMBERS).await.has_status(200).says("Nobody has joined yet");
    member(&site, &lab, "ana@example.cl").await;
    let page = lab.get(MEMBERS).await.says("1 person").says("Biochemist").says("Member since");
    assert_eq!(page.texts("#members h3"), ["Ana Rojas Active"]);
    assert_eq!(page.texts("#members .avatar-text"), ["AR"]);
    assert_eq!(page.texts("#members p.address"), ["ana@example.cl"], "on a line of its own");
    lab.post("/language", &[("lang", "es")]).await.has_status(303);
    let page = lab.get(MEMBERS).await.says("Integrantes").says("1 persona").says("Integrante desde el");
    assert_eq!(page.texts("#members h3"), ["Ana Rojas Activa"]);
    page.says("Desactivar").says("Liberar");
}

#[tokio::test]
async fn it_shows_nobody_elses_members() {
    let (site, lab) = site_and_lab().await;
    let other = organization(&site, "other@example.cl").await;
    site.employee("free@example.cl").await;
    member(&site, &other, "theirs@example.cl").await;
    let page = lab.get(MEMBERS).await.says("Nobody has joined yet");
    page.does_not_say("theirs@example.cl").does_not_say("free@example.cl");
}

#[tokio::test]
async fn a_picture_of_another_site_is_not_shown() {
    let (site, lab) = site_and_lab().await;
    member(&site, &lab, "ana@example.cl").await;
    site.database.execute("UPDATE \"user\" SET avatar = 'https://evil.example/x.png' WHERE type = 'employee'");
    let page = lab.get(MEMBERS).await;
    assert!(!page.body.contains("evil.example"));
    site.database.execute("UPDATE \"user\" SET avatar = '/avatar/x' WHERE type = 'employee'");
    assert_eq!(lab.get(MEMBERS).await.attribute("#members img", "src").as_deref(), Some("/avatar/x"));
}

#[tokio::test]
async fn what_a_member_is_called_cannot_become_markup() {
    let (site, lab) = site_and_lab().await;
    member(&site, &lab, "ana@example.cl").await;
    site.database.execute("UPDATE \"user\" SET name = '<script>alert(1)</script>', profession = '\"><b>'");
    let page = lab.get(MEMBERS).await.says("<script>alert(1)</script>");
    assert!(page.texts("script, b").is_empty());
}

/// Members as the old application left them: named, or not, in no order.
fn crowd(site: &TestSite, people: u32) {
    let lab = id_of(site, LAB);
    site.database.execute(&format!(
        "INSERT INTO \"user\" (id, email, name, profession, type, \"organizationId\")
         SELECT 'm' || n, 'a' || lpad(n::text, 4, '0') || '@example.cl', CASE WHEN n % 3 = 0 THEN NULL
                WHEN n % 3 = 1 THEN 'Same Name' ELSE 'Zoe ' || n END, 'x', 'employee', '{lab}'
         FROM generate_series(1, {people}) AS n"
    ));
}

#[tokio::test]
async fn many_members_come_by_the_hundred() {
    let (site, lab) = site_and_lab().await;
    crowd(&site, 230);
    let (mut path, mut seen, mut sizes) = (Some(MEMBERS.to_owned()), Vec::new(), Vec::new());
    while let Some(next) = path {
        let page = lab.get(&next).await.has_status(200).says("230 people");
        let addresses = page.texts("#members .address");
        sizes.push(addresses.len());
        seen.extend(addresses);
        path = page.attribute(".pager [rel=next]", "href");
        assert_eq!(page.texts(".pager a").iter().any(|text| text == "Go to the first page"), next != MEMBERS);
    }
    assert_eq!(sizes, [100, 100, 30]);
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 230);
    let first = lab.get(MEMBERS).await.texts("#members h3");
    for after in ["x", "%00", "", "%27", "m9999", &id_of(&site, LAB)] {
        let page = lab.get(&format!("{MEMBERS}?after={after}")).await.has_status(200);
        assert_eq!(page.texts("#members h3"), first, "{after}");
    }
}

#[tokio::test]
async fn a_page_of_members_is_read_in_few_statements() {
    let (site, lab) = site_and_lab().await;
    crowd(&site, 100);
    lab.get(MEMBERS).await.has_status(200);
    let before = site.app.db.statements();
    lab.get(MEMBERS).await.has_status(200);
    // The session, the count, the members, the invitations, and what runs beside the server.
    assert!(site.app.db.statements() - before < 10);
}

#[tokio::test]
async fn a_member_who_became_an_admin_is_out_of_reach() {
    let (site, lab) = site_and_lab().await;
    member(&site, &lab, "ana@example.cl").await;
    site.make_admin("ana@example.cl", crate::support::PASSWORD);
    lab.get(MEMBERS).await.says("Nobody has joined yet");
    for order in ["deactivate", "reactivate", "release"] {
        act(&site, &lab, "ana@example.cl", order).await.has_status(409);
    }
}

#[tokio::test]
async fn it_says_whom_only_biovity_can_reactivate() {
    let (site, lab) = site_and_lab().await;
    member(&site, &lab, "ana@example.cl").await;
    deactivate(&site, "ana@example.cl");
    let page = lab.get(MEMBERS).await.says("only Biovity can reactivate it");
    assert_eq!(page.texts("#members h3"), ["Ana Rojas Deactivated"]);
    assert!(!page.body.contains("/reactivate") && !page.body.contains("/deactivate"));
    lab.post("/language", &[("lang", "es")]).await.has_status(303);
    lab.get(MEMBERS).await.says("solo Biovity puede reactivarla").says("Desactivada");
}

#[tokio::test]
async fn an_id_that_no_account_can_have_is_kept_nowhere() {
    let (site, lab) = site_and_lab().await;
    let of_nobody = "018f3c1e-0000-7000-8000-000000000000".to_owned();
    for (id, status) in [("a".repeat(60_000), 404), ("a".repeat(201), 404), (of_nobody, 409)] {
        for order in ["deactivate", "reactivate", "release"] {
            lab.post(&format!("{MEMBERS}/{id}/{order}"), &[]).await.has_status(status);
        }
        lab.post(&format!("/organization/invitations/{id}/revoke"), &[]).await.has_status(status);
        assert!(!format!("{:?}", site.app.viewer_cache).contains(&id), "{} letters", id.len());
    }
    assert_eq!(site.database.values("1", "viewer_change WHERE length(user_id) > 200").len(), 0);
}

#[tokio::test]
async fn what_was_so_already_ends_no_view_of_the_member() {
    let (site, lab) = site_and_lab().await;
    member(&site, &lab, "ana@example.cl").await;
    act(&site, &lab, "ana@example.cl", "deactivate").await.has_status(303);
    site.later(TimeDelta::seconds(2)).await;
    let id = id_of(&site, "ana@example.cl");
    // When the process last heard that her views ended.
    let noted = || {
        let cache = format!("{:?}", site.app.viewer_cache);
        cache.split(&id).nth(1).map(|rest| rest.chars().take(40).collect::<String>())
    };
    let (before, rows) = (noted(), site.database.contents());
    act(&site, &lab, "ana@example.cl", "deactivate").await.has_status(303);
    assert_eq!(noted(), before);
    let same = site.database.contents();
    assert!(same["audit_event"] == rows["audit_event"] && same["viewer_change"] == rows["viewer_change"]);
}
