//! What a request with a key gets.

use std::sync::Arc;

use biovity::accounts::directory::admin;
use biovity::server;
use biovity::values::email_address::EmailAddress;
use chrono::TimeDelta;

use crate::support::addresses;
use crate::support::page::Page;
use crate::support::statements;
use crate::support::visitor::send;
use crate::support::{PASSWORD, TestSite};

/// A problem as RFC 9457 has it.
#[track_caller]
fn is_problem(page: &Page, status: u16) {
    assert_eq!(page.status.as_u16(), status, "{}", page.body);
    assert_eq!(page.header("content-type"), "application/problem+json", "{}", page.body);
    let body = page.json();
    assert_eq!((&body["type"], &body["status"]), (&"about:blank".into(), &status.into()), "{body}");
    assert!(body["title"].is_string());
}

#[tokio::test]
async fn without_a_key_that_works_there_is_a_challenge_and_no_query() {
    let site = TestSite::recorded(&[]).await;
    let admin = site.admin("admin@example.cl").await;
    let key = site.key(&admin, "write").await;
    let short = key.get(..41).unwrap();
    let mistyped = format!("{short}{}", if key.ends_with('a') { 'b' } else { 'a' });
    let headers = [
        String::new(),
        "Bearer".to_owned(),
        "Bearer ".to_owned(),
        format!("Bearer {mistyped}"),
        format!("Bearer {short}"),
        format!("Bearer {key}a"),
        format!("Bearer {}", key.to_uppercase()),
        format!("Basic {key}"),
        key.clone(),
        "Bearer bio_ñ".to_owned(),
        format!("Bearer {key}, Bearer {key}"),
    ];
    statements::record(site.database.name());
    for header in headers {
        for (method, path) in [("GET", "/api/waitlist"), ("POST", "/api/waves"), ("DELETE", "/api/waitlist/1")] {
            let request = site.visitor().request(method, path).header("authorization", header.as_bytes());
            let page = send(request.header("idempotency-key", "one")).await;
            is_problem(&page, 401);
            assert!(page.header("www-authenticate").starts_with("Bearer"), "{header}");
        }
    }
    is_problem(&send(site.visitor().request("GET", "/api/totals")).await, 401);
    is_problem(&send(site.visitor().request("GET", &format!("/api/totals?key={key}"))).await, 401);
    let sent = statements::recorded(site.database.name());
    let asked =
        sent.iter().find(|sent| ["api_key", "form_submission", "rate_limit"].iter().any(|of| sent.contains(of)));
    assert_eq!(asked, None);
    let twice = site.visitor().program(&key, "GET", "/api/totals").header("authorization", format!("Bearer {key}"));
    is_problem(&send(twice).await, 401);
    assert_eq!(site.database.values("last_used_on IS NULL", "api_key"), ["true"]);
    send(site.visitor().request("GET", "/api/totals").header("authorization", format!("bearer {key}")))
        .await
        .has_status(200);
    assert_eq!(site.database.values("last_used_on IS NULL", "api_key"), ["false"]);
}

#[tokio::test]
async fn the_api_takes_no_cookie_and_pages_take_no_key() {
    let site = TestSite::start().await;
    let admin = site.admin("admin@example.cl").await;
    let key = site.key(&admin, "write").await;
    for (method, path) in
        [("GET", "/api/waitlist"), ("GET", "/api/totals"), ("GET", "/api/waitlist/1"), ("POST", "/api/waves")]
    {
        let page = send(admin.request(method, path).header("sec-fetch-site", "same-origin")).await;
        is_problem(&page, 401);
        assert!(page.headers.get("set-cookie").is_none());
    }
    for address in addresses::of_admins() {
        let page = send(site.visitor().program(&key, "GET", &address.path)).await;
        assert!([303, 404, 405].contains(&page.status.as_u16()), "{} {}", address.path, page.status);
    }
    send(site.visitor().program(&key, "GET", "/account")).await.has_status(303);
    let page = send(admin.program(&key, "GET", "/api/totals")).await.has_status(200);
    assert!(page.headers.get("set-cookie").is_none() && page.header("cache-control").contains("no-store"));
}

#[tokio::test]
async fn a_read_key_changes_nothing_and_an_expired_one_opens_nothing() {
    let site = TestSite::start().await;
    let admin = site.admin("admin@example.cl").await;
    let (reader, writer) = (site.key(&admin, "read").await, site.key(&admin, "write").await);
    site.visitor().join("ana@example.cl", "employee").await.redirects_to("/waitlist/joined");
    let id = site.database.values("id", "waitlist").remove(0);
    for (method, path) in [
        ("PATCH", format!("/api/waitlist/{id}")),
        ("DELETE", format!("/api/waitlist/{id}")),
        ("POST", "/api/waves".to_owned()),
    ] {
        let request = site.visitor().program(&reader, method, &path).header("if-match", "*");
        is_problem(&send(request.json(&serde_json::json!({"employees": 1}))).await, 403);
    }
    send(site.visitor().program(&reader, "GET", "/api/totals")).await.has_status(200);
    send(site.visitor().program(&writer, "GET", "/api/totals")).await.has_status(200);
    site.later(TimeDelta::days(31)).await;
    is_problem(&send(site.visitor().program(&reader, "GET", "/api/totals")).await, 401);
}

#[tokio::test]
async fn a_program_needs_no_origin_and_an_unknown_path_is_a_problem() {
    let site = TestSite::start().await;
    let admin = site.admin("admin@example.cl").await;
    let key = site.key(&admin, "write").await;
    let wave = site.visitor().program(&key, "POST", "/api/waves").header("sec-fetch-site", "cross-site");
    let wave = wave.json(&serde_json::json!({"employees": 1, "rehearse": true}));
    send(wave).await.has_status(200);
    for path in ["/api/nothing", "/api/waitlist/1/2", "/api/x"] {
        is_problem(&send(site.visitor().request("GET", path)).await, 404);
        is_problem(&send(site.visitor().program(&key, "GET", path)).await, 404);
    }
    for id in ["0", "99", "x", "-1", "99999999999999999999"] {
        is_problem(&send(site.visitor().program(&key, "GET", &format!("/api/waitlist/{id}"))).await, 404);
    }
    is_problem(&send(site.visitor().program(&key, "PUT", "/api/totals")).await, 405);
}

#[tokio::test]
async fn each_key_has_limits_of_its_own() {
    let site = TestSite::start().await;
    let admin = site.admin("admin@example.cl").await;
    let (one, other) = (site.key(&admin, "write").await, site.key(&admin, "write").await);
    for _ in 0..120 {
        let request = site.visitor().program(&one, "POST", "/api/waves").body("{}");
        send(request.header("content-type", "application/json")).await.has_status(422);
    }
    let request = |key: &str| {
        let request = site.visitor().program(key, "POST", "/api/waves").body("{}");
        request.header("content-type", "application/json")
    };
    let page = send(request(&one)).await;
    is_problem(&page, 429);
    assert!(page.header("retry-after").parse::<u64>().unwrap() > 0);
    send(request(&other)).await.has_status(422);
    send(site.visitor().program(&one, "GET", "/api/totals")).await.has_status(200);
}

/// Whether every replica takes this key, or none.
async fn works(replicas: [&TestSite; 2], key: &str) -> bool {
    let mut statuses = Vec::new();
    for replica in replicas {
        statuses.push(send(replica.visitor().program(key, "GET", "/api/totals")).await.status.as_u16());
    }
    assert!(statuses == [200, 200] || statuses == [401, 401], "{statuses:?}");
    statuses == [200, 200]
}

#[tokio::test]
async fn a_key_ends_with_its_admin_for_good() {
    let site = TestSite::start().await;
    let other = TestSite::on(Arc::clone(&site.database), &[]).await;
    let replicas = [&site, &other];
    let boss = site.admin("boss@example.cl").await;
    let of_boss = site.key(&boss, "read").await;
    boss.get("/admin/keys").await.says("A key stops working for good when");

    let ana = site.admin("ana@example.cl").await;
    let of_ana = site.key(&ana, "write").await;
    assert!(works(replicas, &of_ana).await);
    let page =
        format!("/admin/users/{}", site.database.values("id", "\"user\" WHERE email = 'ana@example.cl'").concat());
    boss.get(&page).await.says("API keys that this admin created stop working for good");
    boss.post(&format!("{page}/deactivate"), &[]).await.redirects_to(&page);
    assert!(!works(replicas, &of_ana).await, "deactivated");
    boss.post(&format!("{page}/reactivate"), &[]).await.redirects_to(&page);
    assert!(!works(replicas, &of_ana).await, "it may be known to whoever was kept out");

    let ben = site.admin("ben@example.cl").await;
    let of_ben = site.key(&ben, "write").await;
    let (mut conn, now) = (server::connect(&site.database.url()).unwrap(), site.app.clock.now());
    admin::revoke(&mut conn, now, &EmailAddress::parse("ben@example.cl").unwrap()).unwrap();
    assert!(!works(replicas, &of_ben).await, "no admin any more");
    site.make_admin("ben@example.cl", PASSWORD);
    assert!(!works(replicas, &of_ben).await);

    let eva = site.admin("eva@example.cl").await;
    let of_eva = site.key(&eva, "write").await;
    let asked = eva.get("/account/delete").await.says("API keys that you created stop working for good");
    let delete = asked.form("/account/delete").with("email", "eva@example.cl");
    eva.send(&delete.with("password", PASSWORD)).await.redirects_to("/");
    assert!(!works(replicas, &of_eva).await, "about to be deleted");

    assert_eq!(site.database.values("count(*)", "api_key WHERE revoked_at IS NOT NULL"), ["3"]);
    assert_eq!(site.database.values("count(*)", "audit_event WHERE action = 'api_key_revoked'"), ["3"]);
    assert!(works(replicas, &of_boss).await);
    boss.get("/admin/audit").await.says("API key revoked");
}

#[tokio::test]
async fn a_key_that_was_made_by_somebody_who_is_no_admin_opens_nothing() {
    let site = TestSite::start().await;
    let other = TestSite::on(Arc::clone(&site.database), &[]).await;
    let (boss, ana) = (site.admin("boss@example.cl").await, site.admin("ana@example.cl").await);
    let key = site.key(&ana, "write").await;
    let no_admins = [
        "SET type = 'employee'",
        "SET type = 'admin', \"isActive\" = false",
        "SET \"isActive\" = NULL, purge_at = now() + interval '7 days'",
    ];
    for change in no_admins {
        site.database.execute(&format!("UPDATE \"user\" {change} WHERE email = 'ana@example.cl'"));
        assert!(!works([&site, &other], &key).await, "{change}");
        boss.get("/admin/keys").await.says("Stopped: whoever created it is not an admin any more");
    }
    site.database.execute("UPDATE \"user\" SET purge_at = NULL WHERE email = 'ana@example.cl'");
    assert!(works([&site, &other], &key).await);
    site.database.execute("UPDATE api_key SET made_by = 'gone'");
    assert!(!works([&site, &other], &key).await, "its admin is deleted");
}
