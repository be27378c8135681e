//! One entry: read, changed and deleted by a program.

use std::sync::Arc;
use std::time::Duration;

use diesel::connection::SimpleConnection;
use reqwest::RequestBuilder;
use serde_json::{Value, json};
use tokio::time::sleep;

use crate::support::TestSite;
use crate::support::visitor::{Visitor, send};

struct World {
    site: TestSite,
    admin: Visitor,
    key: String,
    path: String,
}

impl World {
    async fn new() -> Self {
        let site = TestSite::start().await;
        let admin = site.admin("admin@example.cl").await;
        let key = site.key(&admin, "write").await;
        site.visitor().join("ana@example.cl", "employee").await.redirects_to("/waitlist/joined");
        let id = site.database.values("id", "waitlist").remove(0);
        Self { site, admin, key, path: format!("/api/waitlist/{id}") }
    }

    fn request(&self, method: &str) -> RequestBuilder {
        self.site.visitor().program(&self.key, method, &self.path)
    }

    async fn etag(&self) -> String {
        send(self.request("GET")).await.has_status(200).header("etag").to_owned()
    }

    fn patch(&self, etag: &str, body: &Value) -> RequestBuilder {
        self.request("PATCH").header("if-match", etag).json(body)
    }
}

#[tokio::test]
async fn a_change_takes_the_entry_as_it_was_read_or_not_at_all() {
    let world = World::new().await;
    let etag = world.etag().await;
    send(world.request("PATCH").json(&json!({"role": "organization"}))).await.has_status(428);
    for stale in ["\"other\"", "W/\"x\"", "\"a\", \"b\""] {
        send(world.patch(stale, &json!({"role": "organization"}))).await.has_status(412);
    }
    send(world.patch("x", &json!({"role": "organization"}))).await.has_status(400);
    let changed = send(world.patch(&etag, &json!({"role": "organization"}))).await.has_status(200);
    assert_eq!(changed.json()["role"], "organization");
    assert_ne!(changed.header("etag"), etag);
    assert_eq!(changed.header("etag"), world.etag().await);
    send(world.patch(&etag, &json!({"role": "employee"}))).await.has_status(412);
    send(world.request("DELETE").header("if-match", &etag)).await.has_status(412);
    assert_eq!(world.site.database.values("role", "waitlist"), ["organization"]);
    world.admin.get("/admin/audit").await.says("Role on the waitlist changed").says("API key CRM (bio_");
    let id = world.path.rsplit('/').next().unwrap();
    world.admin.get(&format!("/admin/waitlist/entries/{id}")).await.says("CRM (bio_");
}

#[tokio::test]
async fn a_program_does_what_an_admin_does_on_the_page_of_an_entry() {
    let world = World::new().await;
    world.site.database.execute("UPDATE waitlist SET bounced_at = now()");
    let cleared = send(world.patch("*", &json!({"bounced_at": null}))).await.has_status(200).json();
    assert_eq!((&cleared["bounced_at"], &cleared["state"]), (&Value::Null, &json!("joined")));
    let etag = world.etag().await;
    send(world.request("DELETE").header("if-match", &etag)).await.has_status(204);
    assert_eq!(send(world.request("GET")).await.json()["state"], "deleted");
    send(world.request("DELETE").header("if-match", "*")).await.has_status(409);
    send(world.patch("*", &json!({"role": "organization"}))).await.has_status(409);
    world.admin.get("/admin/waitlist/deletions").await.says("1 place");
    let back = send(world.patch("*", &json!({"deleted_at": null}))).await.has_status(200).json();
    assert_eq!(back["state"], "joined");
}

#[tokio::test]
async fn a_change_that_cannot_be_made_whole_changes_nothing() {
    let world = World::new().await;
    world.site.database.execute("UPDATE waitlist SET left_at = now()");
    send(world.request("DELETE").header("if-match", "*")).await.has_status(204);
    let etag = world.etag().await;
    let both = json!({"deleted_at": null, "role": "organization"});
    send(world.patch(&etag, &both)).await.has_status(409);
    assert_eq!(world.etag().await, etag, "it is not restored either");
    let back = send(world.patch(&etag, &json!({"deleted_at": null}))).await.has_status(200).json();
    assert_eq!(back["state"], "left");
}

#[tokio::test]
async fn a_body_that_cannot_be_read_changes_nothing() {
    let world = World::new().await;
    let sent = |body: &'static str| {
        let request = world.request("PATCH").header("if-match", "*").header("content-type", "application/json");
        send(request.body(body))
    };
    for body in ["", "{", "[]", "null", "{\"role\":\"employee\",\"role\":\"organization\"}"] {
        let page = sent(body).await;
        assert_eq!((page.status.as_u16(), page.header("content-type")), (400, "application/problem+json"), "{body}");
    }
    for (body, wrong) in [
        ("{\"role\":\"boss\"}", "role"),
        ("{\"role\":\"Employee\"}", "role"),
        ("{\"role\":null}", "role"),
        ("{\"bounced_at\":1}", "bounced_at"),
        ("{\"role\":\"organization\",\"email\":\"x\"}", "email"),
    ] {
        let page = sent(body).await.has_status(422);
        assert_eq!(page.header("content-type"), "application/problem+json");
        assert!(page.json()["fields"][wrong].is_string() && page.json()["fields"].as_object().unwrap().len() == 1);
    }
    let other = send(world.request("PATCH").header("if-match", "*").body("{}")).await.has_status(415);
    assert_eq!(other.header("accept-patch"), "application/merge-patch+json, application/json");
    assert_eq!(send(world.patch("*", &json!({}))).await.has_status(200).json()["role"], "employee");
}

#[tokio::test]
async fn fifty_equal_requests_have_the_effect_and_the_answer_of_one() {
    let world = World::new().await;
    let etag = world.etag().await;
    let requests: Vec<_> = (0..50)
        .map(|_| {
            let request = world.patch(&etag, &json!({"role": "organization"})).header("idempotency-key", "one");
            tokio::spawn(send(request))
        })
        .collect();
    let mut pages = Vec::new();
    for request in requests {
        pages.push(request.await.unwrap().has_status(200));
    }
    assert!(pages.iter().all(|page| page.body == pages[0].body && page.header("etag") == pages[0].header("etag")));
    let events = "audit_event WHERE action = 'entry_role_changed'";
    assert_eq!(world.site.database.values("count(*)", events), ["1"]);
    let again = send(world.patch(&etag, &json!({"role": "organization"})).header("idempotency-key", "one")).await;
    assert_eq!(again.has_status(200).body, pages[0].body);
    send(world.patch(&etag, &json!({"role": "organization"})).header("idempotency-key", "two")).await.has_status(412);
    let long = "x".repeat(256);
    send(world.patch("*", &json!({})).header("idempotency-key", long)).await.has_status(400);
    let id = world.site.database.values("id", "api_key").remove(0);
    world.admin.post(&format!("/admin/keys/{id}/revoke"), &[]).await.has_status(303);
    let revoked = send(world.patch(&etag, &json!({"role": "organization"})).header("idempotency-key", "one")).await;
    revoked.has_status(401);
}

#[tokio::test]
async fn an_equal_request_gets_no_answer_when_its_key_was_revoked_while_it_waited_for_the_first() {
    let world = World::new().await;
    let change = || world.patch("*", &json!({"role": "organization"})).header("idempotency-key", "one");
    let id = world.site.database.values("id", "api_key").remove(0);
    let mut holder = world.site.database.connect();
    holder.batch_execute("BEGIN; SELECT FROM waitlist FOR UPDATE").unwrap();
    let first = tokio::spawn(send(change()));
    while world.site.database.values("count(*)", "pg_locks WHERE NOT granted") == ["0"] {
        sleep(Duration::from_millis(10)).await;
    }
    let second = tokio::spawn(send(change()));
    // Nothing tells from outside that it waits for its turn.
    sleep(Duration::from_millis(300)).await;
    world.admin.post(&format!("/admin/keys/{id}/revoke"), &[]).await.has_status(303);
    holder.batch_execute("COMMIT").unwrap();
    first.await.unwrap().has_status(200);
    second.await.unwrap().has_status(401);
}

#[tokio::test]
async fn an_equal_request_of_a_key_that_asks_too_often_is_refused() {
    let world = World::new().await;
    let change = || world.patch("*", &json!({"role": "organization"})).header("idempotency-key", "one");
    send(change()).await.has_status(200);
    for _ in 1..120 {
        send(world.patch("\"other\"", &json!({}))).await.has_status(412);
    }
    send(change()).await.has_status(429);
}

#[tokio::test]
async fn what_a_program_was_answered_about_a_person_is_forgotten_with_the_person() {
    let world = World::new().await;
    let place = world.site.visitor().press(&world.site.mail("ana@example.cl").await.link()).await;
    let change = || world.patch("*", &json!({"role": "organization"})).header("idempotency-key", "one");
    assert_eq!(send(change()).await.has_status(200).json()["email"], "ana@example.cl");
    let token = place.header("location").split_once("token=").unwrap().1;
    let kept = "form_submission WHERE subject LIKE 'entry:%'";
    assert_eq!(world.site.database.values("count(*)", kept), ["1"]);
    world.site.visitor().post("/waitlist/erase", &[("token", token)]).await.redirects_to("/");
    assert_eq!(world.site.database.values("count(*)", kept), ["0"]);
    send(change()).await.has_status(404);
}

#[tokio::test]
async fn a_request_that_comes_again_after_a_restart_has_the_effect_and_the_answer_of_one() {
    let world = World::new().await;
    let etag = world.etag().await;
    let change = json!({"role": "organization"});
    let first = send(world.patch(&etag, &change).header("idempotency-key", "one")).await.has_status(200);
    let World { site, key, path, .. } = world;
    let database = Arc::clone(&site.database);
    site.stop().await;
    let restarted = TestSite::on(database, &[]).await;
    let again = restarted.visitor().program(&key, "PATCH", &path).header("if-match", &etag);
    let again = send(again.header("idempotency-key", "one").json(&change)).await.has_status(200);
    assert_eq!((&again.body, again.header("etag")), (&first.body, first.header("etag")));
    let events = "audit_event WHERE action = 'entry_role_changed'";
    assert_eq!(restarted.database.values("count(*)", events), ["1"]);
}

#[tokio::test]
async fn a_change_may_be_a_merge_patch_and_name_the_role_as_it_was_once_called() {
    let world = World::new().await;
    let sent = |body: &'static str| {
        let request = world.request("PATCH").header("if-match", "*");
        send(request.header("content-type", "application/merge-patch+json; charset=utf-8").body(body))
    };
    assert_eq!(sent("{\"role\":\"organization\"}").await.has_status(200).json()["role"], "organization");
    assert_eq!(sent("{\"role\":\"professional\"}").await.has_status(200).json()["role"], "employee");
}

#[tokio::test]
async fn another_change_with_the_key_of_one_that_took_effect_does_nothing() {
    let world = World::new().await;
    let change = |body: Value| send(world.patch("*", &body).header("idempotency-key", "one"));
    change(json!({"role": "organization"})).await.has_status(200);
    let refused = change(json!({"role": "employee"})).await.has_status(422).json();
    assert!(refused["detail"].as_str().unwrap().contains("Idempotency-Key"), "{refused}");
    assert_eq!(world.site.database.values("role", "waitlist"), ["organization"]);
    change(json!({"role": "organization"})).await.has_status(200);
}
