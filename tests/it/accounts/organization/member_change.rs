//! What an organization does with the accounts that it manages, and with no others.

use diesel::connection::SimpleConnection;

use super::{
    LAB, MANAGED_BY, MEMBERS, act, deactivate, id_of, invite, member, organization, path, reactivate, site_and_lab,
    told,
};
use crate::support::{PASSWORD, TestSite};

const ORDERS: [&str; 3] = ["deactivate", "reactivate", "release"];

async fn subjects(site: &TestSite, email: &str) -> Vec<String> {
    site.mails(email).await.into_iter().map(|mail| mail.subject).collect()
}

#[tokio::test]
async fn deactivation_ends_the_sessions_at_once_until_it_is_undone() {
    let (site, lab) = site_and_lab().await;
    let ana = member(&site, &lab, "ana@example.cl").await;
    let phone = site.visitor();
    let cookie = phone.log_in("ana@example.cl", PASSWORD).await.redirects_to("/account").cookie().unwrap();
    ana.get("/account").await.has_status(200);
    phone.get("/account").await.has_status(200);
    act(&site, &lab, "ana@example.cl", "deactivate").await.redirects_to(MEMBERS);
    for visitor in [&ana, &phone] {
        visitor.get("/account").await.redirects_to("/login?next=%2Faccount");
    }
    site.visitor().get_with("/account", &cookie).await.redirects_to("/login?next=%2Faccount");
    ana.log_in("ana@example.cl", PASSWORD).await.has_status(403).says("This account is deactivated");
    let page = lab.get(MEMBERS).await.says("The account is deactivated. You can reactivate it here.");
    assert_eq!(page.texts("#members h3"), ["Ana Rojas Deactivated"]);
    act(&site, &lab, "ana@example.cl", "reactivate").await.redirects_to(MEMBERS);
    lab.get(MEMBERS).await.says("The account is active again.");
    ana.get("/account").await.redirects_to("/login?next=%2Faccount");
    ana.log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
    for list in [&ana, &lab] {
        assert_eq!((told(list, "Account deactivated").await, told(list, "Account reactivated").await), (1, 1));
    }
    ana.get("/account/activity").await.says("Account deactivated by Laboratorio");
}

#[tokio::test]
async fn a_deactivation_waits_for_no_admin() {
    let (site, lab) = site_and_lab().await;
    member(&site, &lab, "ana@example.cl").await;
    site.admin("boss@example.cl").await;
    let mut admin = site.database.connect();
    admin.batch_execute(r#"BEGIN; SELECT id FROM "user" WHERE type = 'admin' FOR UPDATE"#).unwrap();
    act(&site, &lab, "ana@example.cl", "deactivate").await.redirects_to(MEMBERS);
    admin.batch_execute("COMMIT").unwrap();
    lab.get(MEMBERS).await.says("The account is deactivated. You can reactivate it here.");
}

#[tokio::test]
async fn a_member_who_is_released_is_nobodys() {
    let (site, lab) = site_and_lab().await;
    let ana = member(&site, &lab, "ana@example.cl").await;
    act(&site, &lab, "ana@example.cl", "release").await.redirects_to(MEMBERS);
    lab.get(MEMBERS).await.says("Your organization no longer manages that account.").says("Nobody has joined yet");
    ana.get(MANAGED_BY).await.has_status(200).says("Only you manage your account");
    for list in [&ana, &lab] {
        assert_eq!(told(list, "Released from the organization").await, 1);
    }
    for order in ORDERS {
        act(&site, &lab, "ana@example.cl", order).await.has_status(409);
    }
    ana.get("/account").await.has_status(200);
}

#[tokio::test]
async fn who_is_released_is_not_left_locked_out() {
    let (site, lab) = site_and_lab().await;
    let ana = member(&site, &lab, "ana@example.cl").await;
    act(&site, &lab, "ana@example.cl", "deactivate").await.redirects_to(MEMBERS);
    act(&site, &lab, "ana@example.cl", "release").await.redirects_to(MEMBERS);
    let mail = site.mail("ana@example.cl").await;
    assert!(mail.text.contains("it is active again, you can log in"), "{}", mail.text);
    ana.log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
    ana.get(MANAGED_BY).await.says("Only you manage your account");
    let eva = member(&site, &lab, "eva@example.cl").await;
    deactivate(&site, "eva@example.cl");
    act(&site, &lab, "eva@example.cl", "release").await.redirects_to(MEMBERS);
    eva.log_in("eva@example.cl", PASSWORD).await.has_status(403);
}

#[tokio::test]
async fn the_member_is_told_in_plain_words() {
    let (site, lab) = site_and_lab().await;
    member(&site, &lab, "ana@example.cl").await;
    for order in ORDERS {
        act(&site, &lab, "ana@example.cl", order).await.redirects_to(MEMBERS);
    }
    let expected = ["Your account was deactivated", "Your account is active again", "Your account is yours alone"];
    assert_eq!(subjects(&site, "ana@example.cl").await[1..], expected);
    for mail in &site.mails("ana@example.cl").await[1..] {
        assert!(mail.text.contains(LAB) && !mail.text.contains("Laboratorio"), "{}", mail.text);
        assert!(!mail.text.contains("[["), "{}", mail.text);
    }
    member(&site, &lab, "eva@example.cl").await;
    site.database.execute("UPDATE \"user\" SET locale = 'es' WHERE email = 'eva@example.cl'");
    act(&site, &lab, "eva@example.cl", "deactivate").await.redirects_to(MEMBERS);
    assert_eq!(site.mail("eva@example.cl").await.subject, "Tu cuenta fue desactivada");
    for _ in 0..3 {
        act(&site, &lab, "eva@example.cl", "reactivate").await.redirects_to(MEMBERS);
        act(&site, &lab, "eva@example.cl", "deactivate").await.redirects_to(MEMBERS);
    }
    assert_eq!(subjects(&site, "eva@example.cl").await.len(), 3, "going to and fro is no way to fill an inbox");
}

#[tokio::test]
async fn an_organization_acts_on_nobody_elses_account() {
    let (site, lab) = site_and_lab().await;
    let other = organization(&site, "other@example.cl").await;
    member(&site, &lab, "ours@example.cl").await;
    member(&site, &other, "theirs@example.cl").await;
    site.employee("free@example.cl").await;
    site.make_admin("admin@example.cl", PASSWORD);
    let known = [LAB, "other@example.cl", "theirs@example.cl", "free@example.cl", "admin@example.cl"];
    let mut ids: Vec<_> = known.iter().map(|email| id_of(&site, email)).collect();
    ids.extend(["x", "%00", "%ff", "..%2f..", "%27%20OR%20true--", "*"].map(str::to_owned));
    // An organization may have been made its own member by hand.
    site.database.execute(&format!("UPDATE \"user\" SET \"organizationId\" = id WHERE email = '{LAB}'"));
    let before = site.database.contents();
    for id in &ids {
        for order in ORDERS {
            let page = lab.post(&format!("{MEMBERS}/{id}/{order}"), &[("organizationId", &ids[0])]).await;
            let page = page.leads_on();
            // Of every account the same; what cannot be an id is no address.
            assert!([404, 409].contains(&page.status.as_u16()), "{id}: {}", page.status);
            assert!(
                page.status == 409 || !known.iter().any(|email| id_of(&site, email) == *id),
                "{id}: {}",
                page.status
            );
        }
    }
    assert!(site.database.contents() == before, "a forged id changed something");
}

#[tokio::test]
async fn what_an_admin_deactivated_is_not_the_organizations_to_lift() {
    let (site, lab) = site_and_lab().await;
    let ana = member(&site, &lab, "ana@example.cl").await;
    deactivate(&site, "ana@example.cl");
    // Nor by deactivating it once more first.
    for order in ["reactivate", "deactivate", "reactivate"] {
        let page = act(&site, &lab, "ana@example.cl", order).await;
        let expected = if order == "reactivate" { 409 } else { 303 };
        page.has_status(expected);
    }
    let page = act(&site, &lab, "ana@example.cl", "reactivate").await.leads_on();
    page.says("There is a problem").says("only Biovity can reactivate it");
    ana.log_in("ana@example.cl", PASSWORD).await.has_status(403);
    reactivate(&site, "ana@example.cl");
    ana.log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
}

#[tokio::test]
async fn an_admin_takes_over_what_the_organization_deactivated() {
    let (site, lab) = site_and_lab().await;
    let ana = member(&site, &lab, "ana@example.cl").await;
    act(&site, &lab, "ana@example.cl", "deactivate").await.redirects_to(MEMBERS);
    deactivate(&site, "ana@example.cl");
    act(&site, &lab, "ana@example.cl", "reactivate").await.has_status(409);
    ana.log_in("ana@example.cl", PASSWORD).await.has_status(403);
    reactivate(&site, "ana@example.cl");
    act(&site, &lab, "ana@example.cl", "deactivate").await.redirects_to(MEMBERS);
    act(&site, &lab, "ana@example.cl", "reactivate").await.redirects_to(MEMBERS);
    ana.log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
}

#[tokio::test]
async fn what_the_old_application_deactivated_is_not_its_to_lift_either() {
    let (site, lab) = site_and_lab().await;
    member(&site, &lab, "ana@example.cl").await;
    site.database.execute("UPDATE \"user\" SET \"isActive\" = false WHERE type = 'employee'");
    act(&site, &lab, "ana@example.cl", "reactivate").await.has_status(409);
}

#[tokio::test]
async fn an_order_given_twice_is_carried_out_once() {
    let (site, lab) = site_and_lab().await;
    let ana = member(&site, &lab, "ana@example.cl").await;
    for order in ["reactivate", "deactivate", "deactivate", "reactivate", "reactivate"] {
        act(&site, &lab, "ana@example.cl", order).await.redirects_to(MEMBERS);
    }
    ana.log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
    assert_eq!((told(&ana, "Account deactivated").await, told(&ana, "Account reactivated").await), (1, 1));
    act(&site, &lab, "ana@example.cl", "release").await.redirects_to(MEMBERS);
    act(&site, &lab, "ana@example.cl", "release").await.has_status(409);
}

#[tokio::test]
async fn who_left_meanwhile_is_told_of_on_the_page_of_the_others() {
    let (site, lab) = site_and_lab().await;
    member(&site, &lab, "ana@example.cl").await;
    let eva = member(&site, &lab, "eva@example.cl").await;
    let before = lab.get(MEMBERS).await;
    eva.post("/account/organization/leave", &[]).await.has_status(303);
    for order in ORDERS {
        let page = act(&site, &lab, "eva@example.cl", order).await.has_status(409).leads_on();
        let page = page.says("That person is no longer in your organization. Nothing was changed.");
        assert_eq!(page.texts("#members .address"), ["ana@example.cl"], "those who are there");
    }
    let release = before.form(&path(&site, "eva@example.cl", "release"));
    lab.send(&release).await.has_status(409).says("That person is no longer in your organization");
    lab.post("/language", &[("lang", "es")]).await.has_status(303);
    act(&site, &lab, "eva@example.cl", "release").await.says("Esa persona ya no está en tu organización.");
}

#[tokio::test]
async fn another_replica_learns_of_it() {
    let (site, lab) = site_and_lab().await;
    let replica = TestSite::on(std::sync::Arc::clone(&site.database), &[]).await;
    let ana = member(&site, &lab, "ana@example.cl").await;
    let there = ana.at(&replica.base_url);
    there.get("/account").await.has_status(200);
    act(&site, &lab, "ana@example.cl", "deactivate").await.redirects_to(MEMBERS);
    tokio::time::sleep(std::time::Duration::from_secs(2)).await;
    there.get("/account").await.redirects_to("/login?next=%2Faccount");
}

#[tokio::test]
async fn a_form_from_another_site_does_nothing() {
    let (site, lab) = site_and_lab().await;
    member(&site, &lab, "ana@example.cl").await;
    invite(&site, &lab, "eva@example.cl").await;
    for order in ORDERS {
        let request = lab.request("POST", &path(&site, "ana@example.cl", order));
        let page = request.header("sec-fetch-site", "cross-site").form(&[("a", "b")]).send().await.unwrap();
        assert_eq!(page.status().as_u16(), 403);
    }
    lab.get(MEMBERS).await.says("1 person");
}
