//! One account's page, and what admins do there.

use std::sync::Arc;
use std::time::Duration;

use crate::support::database::TestDatabase;
use crate::support::page::Page;
use crate::support::visitor::Visitor;
use crate::support::{PASSWORD, TestSite};

const NEW: &str = "araucaria en la niebla 9";
/// Where the test's visitors are.
const DEVICE: &str = "Unknown device, 127.0.0.1";
const ACTS: [&str; 5] = ["deactivate", "reactivate", "end-sessions", "resend-verification", "reset-password"];

/// The path of an account's page.
fn page_of(site: &TestSite, email: &str) -> String {
    let id = site.database.values("id", &format!(r#""user" WHERE email = '{email}'"#)).remove(0);
    format!("/admin/users/{id}")
}

/// Presses a button of an account's page, which leads back there.
async fn press(admin: &Visitor, page: &str, act: &str) -> Page {
    let action = format!("{page}/{act}");
    let shown = admin.get(page).await.has_status(200);
    assert!(
        shown.attribute(&format!("main form[action='{action}']"), "method").is_some(),
        "{act} is not offered: {}",
        shown.text()
    );
    admin.post(&action, &[]).await.redirects_to(page);
    admin.get(page).await.has_status(200)
}

/// What happened lately, as a page tells it.
fn events(page: &Page) -> Vec<String> {
    page.texts(".table.events tbody td:first-child")
}

#[tokio::test]
async fn the_page_shows_facts_sessions_and_events() {
    let site = TestSite::start().await;
    let (boss, ana) = (site.admin("boss@example.cl").await, site.employee("ana@example.cl").await);
    let page = boss.get(&page_of(&site, "ana@example.cl")).await.has_status(200);
    assert_eq!(page.texts("h1"), ["Ana Rojas"]);
    assert_eq!(page.texts(".row > h1 + p .badge"), ["Job seeker", "Active"]);
    assert_eq!(
        page.texts(".row + .row:has([action$='/reset-password']) ~ .facts").len(),
        1,
        "the acts before the facts"
    );
    let page = page.says("ana@example.cl").says("Biochemist").says("127.0.0.1").does_not_say("Managed by");
    assert_eq!(page.texts(".table.sessions tbody tr").len(), 1);
    boss.post("/language", &[("lang", "es")]).await.has_status(303);
    let spanish = boss.get(&page_of(&site, "ana@example.cl")).await.does_not_say("Ingresaste");
    assert!(spanish.texts(".table th").ends_with(&["Qué", "Cuándo", "Desde dónde"].map(str::to_owned)));
    boss.post("/language", &[("lang", "en")]).await.has_status(303);
    assert!(events(&page).contains(&"Email verified".to_owned()), "{:?}", events(&page));
    ana.log_out().await.redirects_to("/");
    boss.get(&page_of(&site, "ana@example.cl")).await.says("Nobody is logged in with this account.");
    assert!(page.texts("main [type=password], main [name=password]").is_empty(), "nobody sets another's password");
}

#[tokio::test]
async fn the_filter_of_the_list_is_kept_through_an_act_and_back() {
    let site = TestSite::start().await;
    let (boss, _) = (site.admin("boss@example.cl").await, site.employee("ana@example.cl").await);
    let list = "/admin/users?q=ana%40&kind=employee&state=active";
    let page = boss.get(list).await.attribute("main tbody a", "href").unwrap();
    assert_eq!(page, format!("{}?q=ana%40&kind=employee&state=active", page_of(&site, "ana@example.cl")));
    let shown = boss.get(&page).await.has_status(200);
    assert_eq!(shown.attribute("main p > a", "href").as_deref(), Some(list));
    boss.send(&shown.form(&page.replace('?', "/deactivate?"))).await.redirects_to(&page);
    assert_eq!(boss.get(&page).await.attribute("main p > a", "href").as_deref(), Some(list));
}

#[tokio::test]
async fn the_page_of_the_list_and_the_search_are_kept_and_the_whole_story_is_a_link_away() {
    let site = TestSite::start().await;
    let boss = site.admin("boss@example.cl").await;
    site.database.execute(
        r#"INSERT INTO "user" (id, email, "isEmailVerified", profession, type, "createdAt")
           SELECT 'u' || n, 'u' || n || '@udd.cl', true, 'x', 'employee', now() - n * interval '1 hour'
           FROM generate_series(1, 30) n"#,
    );
    let second = boss.get("/admin/users?q=udd").await.attribute("[rel=next]", "href").unwrap();
    let page = boss.get(&second).await.attribute("main tbody a", "href").unwrap();
    let back = async |page: &str| boss.get(page).await.has_status(200).attribute("main p > a", "href").unwrap();
    assert_eq!(back(&page).await, second);
    boss.send(&boss.get(&page).await.form(&page.replace('?', "/deactivate?"))).await.redirects_to(&page);
    let story = boss.get("/admin/users/u7").await.attribute("main a[href*='/admin/search?']", "href").unwrap();
    let found = boss.get(&story).await.has_status(200).says("u7@udd.cl").attribute(".links a", "href").unwrap();
    assert_eq!(back(&found).await, story);
    boss.get(&found).await.says("Back to the search");
}

#[tokio::test]
async fn the_page_leads_to_the_organization_and_counts_members() {
    let site = TestSite::start().await;
    let boss = site.admin("boss@example.cl").await;
    site.database.execute(
        r#"INSERT INTO "user" (id, email, name, "isEmailVerified", profession, type) VALUES
             ('lab', 'lab@example.cl', 'El Laboratorio', true, 'Jefa', 'organization');
           INSERT INTO "user" (id, email, "isEmailVerified", profession, type, "organizationId") VALUES
             ('a', 'a@example.cl', true, 'x', 'employee', 'lab'), ('b', 'b@example.cl', true, 'x', 'employee', 'lab')"#,
    );
    let member = boss.get("/admin/users/a").await.has_status(200).says("Managed by El Laboratorio");
    assert_eq!(member.texts("h1"), ["a@example.cl"], "without a name");
    assert_eq!(member.attribute(".facts a", "href").as_deref(), Some("/admin/users/lab"));
    boss.get("/admin/users/lab").await.has_status(200).says("Members 2").says("Position Jefa");
}

#[tokio::test]
async fn a_deactivated_user_is_out_at_once_and_a_reactivated_one_may_come_back() {
    let site = TestSite::start().await;
    let (boss, ana) = (site.admin("boss@example.cl").await, site.employee("ana@example.cl").await);
    let page = page_of(&site, "ana@example.cl");
    ana.get("/account").await.has_status(200);
    let after = press(&boss, &page, "deactivate").await.says("The account is deactivated and its sessions have ended.");
    assert_eq!(after.texts("h1 + p .badge"), ["Job seeker", "Deactivated"]);
    assert_eq!(events(&after)[0], "Account deactivated by boss");
    ana.get("/account").await.redirects_to("/login?next=%2Faccount");
    ana.log_in("ana@example.cl", PASSWORD).await.has_status(403).says("deactivated");
    press(&boss, &page, "reactivate").await.says("The account can be used again.");
    ana.log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
    let own =
        ana.get("/account/activity").await.has_status(200).says("Account deactivated").says("Account reactivated");
    own.says("by Biovity").does_not_say("boss");
    let bosses = boss.get("/account/activity").await.has_status(200);
    let told = bosses.texts("main tbody td:not(:nth-child(2))");
    let own = ["Account reactivated: Ana Rojas", DEVICE, "Account deactivated: Ana Rojas", DEVICE];
    assert_eq!(told[..4], own, "what an admin did to others is the admin's own act, from the admin's device");
    let recorded = site.database.values(
        "action || ' ' || (actor_id <> user_id) || ' ' || (ip_address IS NOT NULL)",
        "audit_event WHERE action LIKE '%activated' ORDER BY happened_at",
    );
    assert_eq!(recorded, ["deactivated true true", "reactivated true true"]);
}

#[tokio::test]
async fn a_deactivated_user_is_out_on_every_replica_within_two_seconds() {
    let database = Arc::new(TestDatabase::migrated());
    let [here, there] = [TestSite::on(Arc::clone(&database), &[]).await, TestSite::on(database, &[]).await];
    let (boss, ana) = (here.admin("boss@example.cl").await, here.employee("ana@example.cl").await);
    let elsewhere = ana.at(&there.base_url);
    tokio::time::sleep(Duration::from_millis(2_500)).await;
    elsewhere.get("/account").await.has_status(200);
    press(&boss, &page_of(&here, "ana@example.cl"), "deactivate").await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    elsewhere.get("/account").await.redirects_to("/login?next=%2Faccount");
}

#[tokio::test]
async fn all_sessions_of_an_account_end_at_once() {
    let site = TestSite::start().await;
    let (boss, ana, phone) =
        (site.admin("boss@example.cl").await, site.employee("ana@example.cl").await, site.visitor());
    phone.log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
    let page = page_of(&site, "ana@example.cl");
    let after = press(&boss, &page, "end-sessions").await.says("All its sessions have ended.");
    assert_eq!(events(&after)[0], "All sessions ended by boss");
    for device in [&ana, &phone] {
        device.get("/account").await.redirects_to("/login?next=%2Faccount");
    }
    ana.log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
    boss.get("/admin").await.has_status(200);
}

#[tokio::test]
async fn a_verification_mail_can_be_sent_again_until_there_are_enough() {
    let site = TestSite::start().await;
    let (boss, ana) = (site.admin("boss@example.cl").await, site.visitor());
    ana.sign_up("employee", "ana@example.cl").await.has_status(303);
    let page = page_of(&site, "ana@example.cl");
    for _ in 0..5 {
        let after = press(&boss, &page, "resend-verification").await.says("The verification email is on its way.");
        assert_eq!(events(&after)[0], "Verification email sent again by boss");
    }
    assert_eq!(site.mails("ana@example.cl").await.len(), 6);
    let refused = boss.post(&format!("{page}/resend-verification"), &[]).await.has_status(409).leads_on();
    assert_eq!(refused.says("enough links").attribute("main a", "href"), Some(page.clone()));
    assert_eq!(site.mails("ana@example.cl").await.len(), 6);
    site.visitor().verify(&site.mail("ana@example.cl").await.link(), PASSWORD).await.redirects_to("/login");
    let shown = boss.get(&page).await.has_status(200);
    assert_eq!(shown.attribute(&format!("[action='{page}/resend-verification']"), "method"), None);
    let refused = boss.post(&format!("{page}/resend-verification"), &[]).await.has_status(409);
    refused.says("does not have to be verified");
}

#[tokio::test]
async fn the_link_sent_by_an_admin_opens_the_account_to_no_stranger_who_signed_up_with_the_address() {
    let site = TestSite::start().await;
    let (boss, eve, ana) = (site.admin("boss@example.cl").await, site.visitor(), site.visitor());
    eve.sign_up("organization", "ana@example.cl").await.has_status(303);
    ana.sign_up_with("employee", "ana@example.cl", NEW).await.has_status(303);
    let page = page_of(&site, "ana@example.cl");
    press(&boss, &page, "resend-verification").await.says("The verification email is on its way.");
    assert_eq!(site.mails("ana@example.cl").await.len(), 3);
    site.visitor().verify(&site.mail("ana@example.cl").await.link(), NEW).await.redirects_to("/login");
    eve.log_in("ana@example.cl", PASSWORD).await.has_status(401);
    ana.log_in("ana@example.cl", NEW).await.redirects_to("/account");
    ana.get("/account").await.says("Job seeker");
}

#[tokio::test]
async fn a_link_for_a_new_password_goes_to_the_owner_alone() {
    let site = TestSite::start().await;
    let (boss, ana) = (site.admin("boss@example.cl").await, site.employee("ana@example.cl").await);
    let page = page_of(&site, "ana@example.cl");
    let after = press(&boss, &page, "reset-password").await.says("The link for a new password is on its way.");
    assert_eq!(events(&after)[0], "Link for a new password sent by boss");
    ana.get("/account").await.has_status(200);
    let mail = site.mail("ana@example.cl").await;
    ana.post("/password/reset", &[("token", &mail.token()), ("password", NEW)]).await.redirects_to("/login");
    ana.log_in("ana@example.cl", NEW).await.redirects_to("/account");
    ana.get("/account/activity").await.says("Link for a new password sent by Biovity");
    assert!(site.mails("boss@example.cl").await.is_empty());
    for _ in 0..6 {
        press(&boss, &page, "reset-password").await;
    }
    boss.post(&format!("{page}/reset-password"), &[]).await.has_status(409).says("enough links");
    press(&boss, &page, "deactivate").await.does_not_say("Send a link for a new password");
    boss.post(&format!("{page}/reset-password"), &[]).await.has_status(409).says("Reactivate it first");
    boss.post(&format!("{page}/resend-verification"), &[]).await.has_status(409).says("Reactivate it first");
}

#[tokio::test]
async fn nobody_deactivates_themselves() {
    let site = TestSite::start().await;
    let boss = site.admin("boss@example.cl").await;
    site.make_admin("second@example.cl", NEW);
    let page = page_of(&site, "boss@example.cl");
    boss.get(&page).await.has_status(200).says("This is your own account.").does_not_say("Yes, deactivate it");
    let refused = boss.post(&format!("{page}/deactivate"), &[]).await.has_status(409).leads_on();
    refused.says("Only another admin can deactivate it.");
    boss.post("/language", &[("lang", "es")]).await.has_status(303);
    boss.post(&format!("{page}/deactivate"), &[]).await.has_status(409).says("Esta es tu propia cuenta.");
    boss.get("/admin").await.has_status(200);
}

#[tokio::test]
async fn of_two_admins_who_deactivate_each_other_at_once_one_stays() {
    let site = TestSite::start().await;
    let (one, two) = (site.admin("one@example.cl").await, site.admin("two@example.cl").await);
    let pages = [page_of(&site, "one@example.cl"), page_of(&site, "two@example.cl")];
    for _ in 0..5 {
        let (to_one, to_two) = (format!("{}/deactivate", pages[0]), format!("{}/deactivate", pages[1]));
        let (by_two, by_one) = tokio::join!(two.post(&to_one, &[]), one.post(&to_two, &[]));
        let active = site.database.values("email", r#""user" WHERE "isActive""#);
        assert_eq!(active.len(), 1, "{active:?}");
        let done =
            [&by_two, &by_one].iter().filter(|answer| answer.header("location").starts_with("/admin/users/")).count();
        assert_eq!(done, 1, "{} {}", by_two.status, by_one.status);
        // The other came too late: the last admin stays, or its own session had ended.
        for answer in [by_two, by_one] {
            assert!([303, 409].contains(&answer.status.as_u16()), "{}", answer.text());
        }
        for (admin, email) in [(&one, "one@example.cl"), (&two, "two@example.cl")] {
            site.make_admin(email, PASSWORD);
            admin.log_in(email, PASSWORD).await.redirects_to("/admin");
        }
    }
}

#[tokio::test]
async fn an_account_that_is_not_there_is_a_page_that_is_not_there() {
    let site = TestSite::start().await;
    let boss = site.admin("boss@example.cl").await;
    for id in ["nobody", "~", "~AA", "~bm9ib2R5", "~YQ", "%00", "x%2Fy", "..%2f"] {
        boss.get(&format!("/admin/users/{id}")).await.has_status(404).leads_on();
        for act in ACTS {
            boss.post(&format!("/admin/users/{id}/{act}"), &[]).await.has_status(404).leads_on();
        }
    }
    assert_eq!(site.database.values("count(*)", "audit_event WHERE action LIKE '%activated'"), ["0"]);
}

#[tokio::test]
async fn an_id_of_the_old_application_may_be_any_text() {
    let site = TestSite::start().await;
    let boss = site.admin("boss@example.cl").await;
    for id in ["a b", "50%25", "x?y#z", "ñandú+1", "{id}", "a/b", "..", "~"] {
        site.database.execute(&format!(
            r#"INSERT INTO "user" (id, email, "isEmailVerified", profession, type)
               VALUES ('{id}', '{id}@example.cl', true, '', 'employee')"#
        ));
        let page = boss.get("/admin/users").await.attribute("tbody tr:first-child a", "href").unwrap();
        let shown = boss.get(&page).await.has_status(200);
        assert_eq!(shown.texts("code"), [id]);
        let action = shown.attribute("details form", "action").unwrap();
        boss.post(&action, &[]).await.redirects_to(&page);
        assert_eq!(site.database.values(r#""isActive""#, &format!(r#""user" WHERE id = '{id}'"#)), ["false"], "{id}");
        site.database.execute(r#"DELETE FROM "user" WHERE type = 'employee'"#);
    }
}

#[tokio::test]
async fn only_admins_act() {
    let site = TestSite::start().await;
    let (ana, lab) = (site.employee("ana@example.cl").await, site.visitor());
    lab.sign_up("organization", "lab@example.cl").await.has_status(303);
    lab.press(&site.mail("lab@example.cl").await.link()).await.redirects_to("/account");
    let page = page_of(&site, "lab@example.cl");
    for act in ACTS {
        let path = format!("{page}/{act}");
        ana.post(&path, &[]).await.has_status(404);
        lab.post(&path, &[]).await.has_status(404);
        site.visitor().post(&path, &[]).await.was_sent_too_late(&page);
        let foreign = site.admin("boss@example.cl").await.request("POST", &path).header("sec-fetch-site", "cross-site");
        crate::support::visitor::send(foreign.form(&[("x", "y")])).await.has_status(403);
    }
    assert_eq!(site.database.values(r#""isActive""#, r#""user" WHERE type <> 'admin'"#), ["true", "true"]);
    lab.get("/account").await.has_status(200);
}

#[tokio::test]
async fn an_act_that_changes_nothing_is_no_event() {
    let site = TestSite::start().await;
    let (boss, ana) = (site.admin("boss@example.cl").await, site.employee("ana@example.cl").await);
    ana.log_out().await.redirects_to("/");
    let page = page_of(&site, "ana@example.cl");
    let events = || site.database.values("action", "audit_event ORDER BY id");
    let before = events();
    for act in ["end-sessions", "end-sessions", "reactivate"] {
        boss.post(&format!("{page}/{act}"), &[]).await.redirects_to(&page);
    }
    assert_eq!(events(), before);
}

#[tokio::test]
async fn a_link_reaches_an_old_address_with_capitals() {
    let site = TestSite::start().await;
    let boss = site.admin("boss@example.cl").await;
    site.visitor().sign_up("employee", "ana@example.cl").await.has_status(303);
    site.database.execute("UPDATE \"user\" SET email = 'Ana@Example.cl' WHERE email = 'ana@example.cl'");
    let page = page_of(&site, "Ana@Example.cl");
    press(&boss, &page, "resend-verification").await.says("The verification email is on its way.");
    assert!(site.mail("Ana@Example.cl").await.link().contains("/verify-email?token="));
}
