//! Making a key, seeing it once, and revoking it.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use tokio::time::sleep;

use crate::support::visitor::send;
use crate::support::{PASSWORD, TestSite};

#[tokio::test]
async fn a_key_is_shown_for_ten_seconds_and_never_again() {
    let site = TestSite::start().await;
    let admin = site.admin("admin@example.cl").await;
    admin.get("/admin/keys").await.has_status(200).says("There is no key yet");
    let form = admin.get("/admin/keys").await.form("/admin/keys").with("name", "CRM").with("access", "read");
    let made = admin.send(&form.with("lifetime", "90")).await.has_status(303);
    let page = made.header("location").to_owned();
    let shown = admin.get(&page).await.has_status(200).says("CRM");
    let key = shown.texts("#key").remove(0);
    assert!(key.starts_with("bio_") && key.len() == 42, "{key}");
    let (beginning, rest) = key.split_at(8);
    assert!(shown.header("cache-control").contains("no-store"));
    // By the database's time.
    sleep(Duration::from_secs(11)).await;
    let gone = admin.get(&page).await.has_status(200).says("can no longer be seen");
    assert!(!gone.body.contains(rest));
    let list = admin.get("/admin/keys").await.has_status(200).says("CRM").says("never");
    assert!(!list.body.contains(rest) && list.body.contains(beginning));
    let rows = site.database.values("t::text", "api_key t");
    assert!(!rows[0].contains(rest), "the database does not hold it: {rows:?}");
    admin.get("/admin/audit").await.says("API key created").says("CRM").does_not_say(&key);
}

#[tokio::test]
async fn a_replica_whose_clock_is_ahead_or_behind_shows_a_new_key_too() {
    let site = TestSite::start().await;
    let ahead = TestSite::on(Arc::clone(&site.database), &[]).await;
    let admin = site.admin("admin@example.cl").await;
    ahead.app.clock.advance(TimeDelta::minutes(1));
    let of_ahead = ahead.visitor();
    of_ahead.log_in("admin@example.cl", PASSWORD).await.redirects_to("/admin");
    for (made, shown) in [(&admin, &of_ahead), (&of_ahead, &admin)] {
        let form = made.get("/admin/keys").await.form("/admin/keys").with("name", "CRM").with("access", "read");
        let page = made.send(&form.with("lifetime", "90")).await.has_status(303).header("location").to_owned();
        assert!(shown.get(&page).await.has_status(200).texts("#key")[0].starts_with("bio_"));
    }
}

#[tokio::test]
async fn making_a_key_twice_by_one_form_is_making_it_once() {
    let site = TestSite::start().await;
    let admin = site.admin("admin@example.cl").await;
    let form = admin.get("/admin/keys").await.form("/admin/keys").with("name", "CRM");
    let form = form.with("access", "write").with("lifetime", "never");
    let pages = admin.send_fifty_at_once(&form).await;
    let first = pages[0].header("location").to_owned();
    assert!(pages.iter().all(|page| page.status == 303 && page.header("location") == first), "{first}");
    assert_eq!(site.database.values("expires_at IS NULL", "api_key"), ["true"]);
}

#[tokio::test]
async fn a_wrong_form_comes_back_with_what_is_wrong() {
    let site = TestSite::start().await;
    let admin = site.admin("admin@example.cl").await;
    let long = "x".repeat(61);
    let wrong = [
        ([("name", ""), ("access", "read"), ("lifetime", "30")], "Enter a name"),
        ([("name", &*long), ("access", "read"), ("lifetime", "30")], "at most 60"),
        ([("name", "CRM"), ("access", "all"), ("lifetime", "30")], "Choose what"),
        ([("name", "CRM"), ("access", "read"), ("lifetime", "31")], "Choose how long"),
    ];
    for (fields, words) in wrong {
        admin.post("/admin/keys", &fields).await.has_status(422).says(words);
    }
    assert!(site.database.values("id", "api_key").is_empty());
    let many = "INSERT INTO api_key (id, name, beginning, hash, access, made_at) \
                SELECT n, 'k', 'bio_', n, 'read', now() FROM generate_series(1, 100) n";
    site.database.execute(many);
    let fields = [("name", "CRM"), ("access", "read"), ("lifetime", "30")];
    admin.post("/admin/keys", &fields).await.has_status(422).says("There are a hundred working keys already");
}

#[tokio::test]
async fn a_key_that_is_revoked_is_dead_at_once_on_every_replica() {
    let site = TestSite::start().await;
    let other = TestSite::on(Arc::clone(&site.database), &[]).await;
    let admin = site.admin("admin@example.cl").await;
    let key = site.key(&admin, "read").await;
    for replica in [&site, &other] {
        send(replica.visitor().program(&key, "GET", "/api/totals")).await.has_status(200);
    }
    let id = site.database.values("id", "api_key").remove(0);
    let path = format!("/admin/keys/{id}/revoke");
    let asks = admin.get(&path).await.has_status(200).says("Revoke this key?");
    assert_eq!(asks.texts("main form :is(button, a:not(.button))"), ["Revoke the key", "Keep it"]);
    send(site.visitor().program(&key, "GET", "/api/totals")).await.has_status(200);
    admin.send(&asks.form(&path)).await.redirects_to("/admin/keys");
    for replica in [&other, &site] {
        send(replica.visitor().program(&key, "GET", "/api/totals")).await.has_status(401);
    }
    let page = admin.get("/admin/keys").await.says("The key was revoked.");
    assert_eq!(page.texts("tbody .badge"), ["Revoked"]);
    admin.post(&path, &[]).await.has_status(409).says("already revoked");
    admin.get("/admin/audit").await.says("API key revoked");
    admin.get("/admin/keys/nothing/revoke").await.has_status(404);
}

#[tokio::test]
async fn a_key_that_works_stands_before_any_number_of_newer_ones_that_expired() {
    let site = TestSite::start().await;
    let admin = site.admin("admin@example.cl").await;
    site.database.execute(
        "INSERT INTO api_key (id, name, beginning, hash, access, made_at, expires_at) \
         SELECT 'k' || n, 'old', 'bio_x', 'h' || n, 'read', now(), now() - interval '1 day' FROM generate_series(1, 200) n",
    );
    site.database.execute(
        "INSERT INTO api_key (id, name, beginning, hash, access, made_at) \
         VALUES ('works', 'the one that works', 'bio_y', 'h', 'read', now() - interval '1 year')",
    );
    admin.get("/admin/keys").await.says("the one that works");
}

#[tokio::test]
async fn the_pages_are_in_both_languages() {
    let site = TestSite::start().await;
    let admin = site.admin("admin@example.cl").await;
    admin.post("/language", &[("lang", "es")]).await.redirects_to("/");
    admin.get("/admin/keys").await.says("Aún no hay ninguna clave");
    let fields = [("name", "CRM"), ("access", "read"), ("lifetime", "30")];
    let page = admin.post("/admin/keys", &fields).await.has_status(303);
    admin.get(page.header("location")).await.says("Tu clave nueva");
    admin.get("/admin/keys/new/AAAA").await.says("La clave ya no se puede ver");
}
