//! Taking one's data along: what the file holds, what it must not hold, and who gets it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::TimeDelta;
use serde_json::Value;

use crate::support::pictures::photo;
use crate::support::visitor::{Visitor, send};
use crate::support::{PASSWORD, TestSite};

const EXPORT: &str = "/account/export";

async fn export(visitor: &Visitor) -> Value {
    visitor.get(EXPORT).await.has_status(200).json()
}

#[tokio::test]
async fn the_file_is_a_download_that_is_kept_nowhere() {
    let site = TestSite::start().await;
    let page = site.employee("ana@example.cl").await.get(EXPORT).await.has_status(200);
    let name = page.header("content-disposition");
    assert!(name.starts_with("attachment; filename=\"biovity-20") && name.ends_with(".json\""), "{name}");
    assert_eq!(page.header("content-type"), "application/json");
    assert_eq!(page.header("cache-control"), "no-store");
}

#[tokio::test]
async fn a_head_takes_nothing_along_and_is_not_told_in_the_history() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    let head = send(ana.request("HEAD", EXPORT)).await.has_status(200);
    assert!(head.header("content-disposition").starts_with("attachment"), "{head:?}");
    assert_eq!(site.database.values("count(*)", "audit_event WHERE action = 'data_exported'"), ["0"]);
    ana.get(EXPORT).await.has_status(200);
    assert_eq!(site.database.values("count(*)", "audit_event WHERE action = 'data_exported'"), ["1"]);
}

#[tokio::test]
async fn it_holds_what_is_known_about_the_account() {
    let site = TestSite::start().await;
    site.visitor().join("ana@example.cl", "employee").await.has_status(303);
    site.deliver_mail().await;
    let ana = site.employee("ana@example.cl").await;
    site.visitor().log_in("ana@example.cl", PASSWORD).await.has_status(303);
    site.deliver_mail().await;
    let own = export(&ana).await;
    assert_eq!(own["complete"], true);
    assert_eq!(own["profile"]["email"], "ana@example.cl");
    assert_eq!(own["profile"]["name"], "Ana Rojas");
    assert_eq!(own["profile"]["profession"], "Biochemist");
    assert_eq!(own["profile"]["type"], "employee");
    assert_eq!(own["logs_in_with"][0]["provider"], "credential");
    assert_eq!(own["sessions"].as_array().unwrap().len(), 2);
    assert_eq!(own["sessions"][0]["ip_address"], "127.0.0.1");
    assert_eq!(own["sessions"][0]["user_agent"], "Mozilla/5.0 (test)");
    let kinds: Vec<_> = own["emails"].as_array().unwrap().iter().map(|mail| mail["kind"].as_str().unwrap()).collect();
    assert!(kinds.contains(&"verify-email") && kinds.contains(&"waitlist-confirm"), "{kinds:?}");
    assert!(own["emails"].as_array().unwrap().iter().all(|mail| mail["subject"].is_string() && mail["text"].is_null()));
    assert_eq!(own["waitlist"][0]["role"], "employee");
    let purposes: Vec<_> =
        own["links"].as_array().unwrap().iter().map(|link| link["purpose"].as_str().unwrap()).collect();
    assert!(purposes.contains(&"waitlist-confirm"), "{purposes:?}");
    let actions: Vec<_> =
        own["activity"].as_array().unwrap().iter().map(|act| act["action"].as_str().unwrap()).collect();
    for action in ["signed_up", "email_verified", "logged_in_from_new_device", "data_exported"] {
        assert!(actions.contains(&action), "{action} is not in {actions:?}");
    }
    assert_eq!(own["managed_by"], Value::Null);
    assert_eq!(own["members"], serde_json::json!([]));
}

#[tokio::test]
async fn the_picture_is_in_it_as_it_is_shown() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    assert_eq!(export(&ana).await["picture"], Value::Null);
    let fields = [("name", "Ana Rojas"), ("profession", "Biochemist")];
    ana.upload("/account", &fields, ("avatar", photo())).await.redirects_to("/account");
    let own = export(&ana).await;
    let shown = ana.request("GET", own["profile"]["avatar"].as_str().unwrap()).send().await.unwrap();
    assert_eq!(own["picture"]["media_type"], shown.headers()["content-type"].to_str().unwrap());
    let picture = STANDARD.decode(own["picture"]["base64"].as_str().unwrap()).unwrap();
    assert_eq!(picture, shown.bytes().await.unwrap().to_vec());
}

#[tokio::test]
async fn it_holds_nothing_of_others() {
    let site = TestSite::start().await;
    site.visitor().join("eva@example.cl", "organization").await.has_status(303);
    let (ana, _) = (site.employee("ana@example.cl").await, site.employee("eva@example.cl").await);
    site.admin("boss@example.cl").await;
    let file = ana.get(EXPORT).await.has_status(200).body;
    for other in ["eva@example.cl", "boss@example.cl"] {
        assert!(!file.contains(other), "{file}");
    }
}

#[tokio::test]
async fn it_holds_no_secret() {
    let site = TestSite::start().await;
    site.visitor().join("ana@example.cl", "employee").await.has_status(303);
    site.deliver_mail().await;
    let ana = site.employee("ana@example.cl").await;
    let id = site.database.values("id", r#""user""#).concat();
    site.database.execute(&format!(
        "INSERT INTO account (id, user_id, provider, provideraccountid, access_token, refresh_token)
         VALUES ('g', '{id}', 'google', '12345', 'access-secret', 'refresh-secret')"
    ));
    site.database.execute(&format!(
        r#"INSERT INTO verification (id, identifier, value, "expiresAt", pending)
           VALUES ('link-id', 'email-change:{id}', 'link-hash', now() + interval '1 day', '{{"secret": "pending"}}')"#
    ));
    let file = ana.get(EXPORT).await.has_status(200).body;
    assert!(file.contains("google") && file.contains("email-change"), "{file}");
    let mut secrets = site.database.values("password", "account WHERE password IS NOT NULL");
    secrets.extend(site.database.values("token", "session"));
    secrets.extend(site.database.values("value", "verification"));
    secrets.extend(site.database.values("id", "verification"));
    secrets.extend(site.mails("ana@example.cl").await.iter().map(crate::support::smtp::Mail::token));
    secrets.extend(
        ["access-secret", "refresh-secret", "argon2", "pending\"", "5e5e5e", "[[", PASSWORD].map(str::to_owned),
    );
    for secret in secrets {
        assert!(!file.contains(&secret), "{secret} is in:\n{file}");
    }
}

#[tokio::test]
async fn an_organization_finds_its_members_and_a_member_its_organization() {
    let site = TestSite::start().await;
    let (lab, ana) = (site.organization("lab@example.cl").await, site.employee("ana@example.cl").await);
    lab.post("/organization/members", &[("email", "ana@example.cl")]).await.has_status(303);
    let token = site.mail("ana@example.cl").await.token();
    ana.post("/organization/invitation", &[("token", &token)]).await.redirects_to("/account/organization");
    assert_eq!(export(&lab).await["members"][0]["email"], "ana@example.cl");
    assert_eq!(export(&ana).await["managed_by"]["email"], "lab@example.cl");
}

#[tokio::test]
async fn where_somebody_else_acted_from_is_not_the_owners_to_know() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    let id = site.database.values("id", r#""user""#).concat();
    site.database.execute(&format!(
        "INSERT INTO audit_event (id, happened_at, action, actor_id, user_id, ip_address, user_agent)
         VALUES ('e', now(), 'reactivated', 'an-admin', '{id}', '192.0.2.7', 'Admin/1.0')"
    ));
    let page = ana.get(EXPORT).await.has_status(200);
    assert!(page.body.contains("reactivated"), "{}", page.body);
    assert!(!page.body.contains("192.0.2.7") && !page.body.contains("Admin/1.0"), "{}", page.body);
}

#[tokio::test]
async fn it_is_for_the_owner_who_gave_the_password_a_moment_ago() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    site.visitor().get(EXPORT).await.redirects_to("/login?next=%2Faccount%2Fexport");
    site.later(TimeDelta::minutes(11)).await;
    ana.get(EXPORT).await.redirects_to("/reauth?next=%2Faccount%2Fexport");
    ana.post("/reauth", &[("password", PASSWORD), ("next", EXPORT)]).await.redirects_to(EXPORT);
    ana.get(EXPORT).await.has_status(200);
}

#[tokio::test]
async fn it_cannot_be_asked_for_without_end() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    for _ in 0..10 {
        ana.get(EXPORT).await.has_status(200);
    }
    ana.get(EXPORT).await.has_status(429);
}

#[tokio::test]
async fn a_download_leaves_the_message_for_the_page_that_follows() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    ana.get("/account").await.has_status(200);
    ana.post("/account/avatar/remove", &[]).await.redirects_to("/account");
    ana.get("/account/export").await.has_status(200);
    ana.get("/account").await.has_status(200).says("The picture was removed.");
}

#[tokio::test]
async fn what_is_held_of_a_place_is_in_it_whole() {
    let site = TestSite::start().await;
    let visitor = site.visitor();
    visitor.join("ana@example.cl", "employee").await.has_status(303);
    let place = visitor.press(&site.mail("ana@example.cl").await.link()).await.has_status(303);
    let place = place.header("location").to_owned();
    let token = place.split_once("token=").unwrap().1;
    visitor.post("/waitlist/place", &[("token", token), ("role", "organization")]).await.has_status(303);
    let boss = site.admin("boss@example.cl").await;
    let list = b"email,role\nANA@example.cl,employee\nemployee,ana@example.cl\neva@example.cl,employee\n".to_vec();
    let fields = [("language", "es"), ("confirmation", "ask")];
    boss.upload("/admin/waitlist/imports", &fields, ("list", list)).await.has_status(303);
    site.lists_are_staged().await;
    let ana = site.employee("ana@example.cl").await;
    let own = export(&ana).await;
    let mine = &own["waitlist"][0];
    assert_eq!(mine["signals"][0], "unsigned", "{mine}");
    assert_eq!(mine["events"][0]["action"], "entry_role_changed");
    assert_eq!(mine["events"][0]["ip_address"], "127.0.0.1");
    let typed = |held: &Value| {
        let lines = held["import_lines"].as_array().unwrap().iter();
        lines.map(|line| line["typed_email"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(typed(&own), ["ANA@example.cl", "employee"]);
    let file = visitor.get(&format!("/waitlist/place.json?token={token}")).await.has_status(200).json();
    assert_eq!((typed(&file), &file["events"][0]["action"]), (typed(&own), &mine["events"][0]["action"]));
    assert_eq!(file["mails"][0]["kind"], "waitlist-confirm");
}
