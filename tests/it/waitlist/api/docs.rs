//! The page about the API: its examples run as they stand there.

use std::collections::BTreeSet;
use std::process::Command;

use crate::support::TestSite;
use crate::support::visitor::send;
use crate::webhook::endpoint_page::add;
use crate::webhook::receiver::{Message, Receiver};

#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "a command runs as a visitor's, beside the site")]
async fn every_example_runs_as_it_stands_there() {
    let site = TestSite::start().await;
    let admin = site.admin("admin@example.cl").await;
    let key = site.key(&admin, "write").await;
    site.database.execute(
        "INSERT INTO waitlist (email, role, confirmed_at) \
         SELECT 'p' || n || '@example.cl', 'employee', now() FROM generate_series(1, 3) n",
    );
    assert_eq!(site.database.values("min(id)", "waitlist"), ["1"]);
    let examples = site.visitor().get("/docs/api").await.has_status(200).texts("code.example");
    assert_eq!(examples.len(), 8);
    assert_eq!(site.visitor().get("/docs/api?lang=es").await.has_status(200).texts("code.example"), examples);
    for example in examples {
        // The page's text is read with its line ends folded.
        let command = format!("{} -sS -o /dev/null -w '%{{http_code}}'", example.replace("\\ ", " "));
        let (shell, key) = (command.clone(), key.clone());
        let entry = send(site.visitor().program(&key, "GET", "/api/waitlist/1")).await.has_status(200);
        let etag = entry.header("etag").to_owned();
        let run = move || {
            let mut command = Command::new("sh");
            command.args(["-c", &shell]).env("KEY", key).env("ID", "1").env("ETAG", etag).output().unwrap()
        };
        let run = tokio::task::spawn_blocking(run).await.unwrap();
        let status = String::from_utf8_lossy(&run.stdout).into_owned();
        assert!(status.starts_with('2'), "{command}: {status} {}", String::from_utf8_lossy(&run.stderr));
    }
}

#[tokio::test]
async fn the_page_is_in_both_languages_and_leads_to_the_description() {
    let site = TestSite::start().await;
    site.visitor().get("/docs/api?lang=es").await.has_status(200).says("Ejemplos").says("La clave");
    let page = site.visitor().get("/docs/api").await.says("Examples");
    assert!(page.attribute("a[href='/api/openapi.json']", "href").is_some());
}

#[tokio::test]
async fn the_parameters_and_the_answer_of_the_list_are_shown_as_they_are() {
    let site = TestSite::start().await;
    let admin = site.admin("admin@example.cl").await;
    let key = site.key(&admin, "read").await;
    site.visitor().join("ana@example.cl", "employee").await;
    let page = site.visitor().get("/docs/api").await.has_status(200);
    let described = site.visitor().get("/api/openapi.json").await.json();
    let parameters = described["paths"]["/api/waitlist"]["get"]["parameters"].as_array().unwrap();
    let names: Vec<_> = parameters.iter().map(|parameter| parameter["name"].as_str().unwrap()).collect();
    assert_eq!(page.texts(".parameters td:first-child"), names);
    let sample: serde_json::Value = serde_json::from_str(&page.texts("code.answer").concat()).unwrap();
    let answer = send(site.visitor().program(&key, "GET", "/api/waitlist")).await.has_status(200).json();
    assert_eq!(members(&sample), members(&answer));
    assert_eq!(members(&sample["count"]), members(&answer["count"]));
    assert_eq!(members(&sample["entries"][0]), members(&answer["entries"][0]));
    assert!(page.texts("li code").contains(&"If-Match: *".to_owned()), "what is typed is set as code");
}

#[tokio::test]
async fn the_other_answers_are_shown_as_they_are() {
    let site = TestSite::start().await;
    let admin = site.admin("admin@example.cl").await;
    let key = site.key(&admin, "write").await;
    site.database.execute(
        "INSERT INTO waitlist (email, role, source, confirmed_at) VALUES ('ana@example.cl', 'employee', 'x', now())",
    );
    let shown = site.visitor().get("/docs/api").await.texts("code.sample");
    let wave = |body: &'static str| site.visitor().program(&key, "POST", "/api/waves").body(body);
    let wave = |body| wave(body).header("content-type", "application/json").header("idempotency-key", "one");
    let totals = || site.visitor().program(&key, "GET", "/api/totals");
    let answers = [
        send(wave(r#"{"employees": 1, "role": "x"}"#)).await.has_status(422),
        send(totals()).await.has_status(200),
        send(wave(r#"{"employees": 1, "rehearse": true}"#)).await.has_status(200),
        send(wave(r#"{"employees": 1}"#)).await.has_status(201),
    ];
    assert_eq!(shown.len(), answers.len());
    for (shown, answer) in shown.iter().zip(answers) {
        let (shown, answer) = (serde_json::from_str(shown).unwrap(), answer.json());
        assert_eq!(members(&shown), members(&answer), "{answer}");
        for part in ["employees", "organizations"].into_iter().filter(|part| answer[*part].is_object()) {
            assert_eq!(members(&shown[part]), members(&answer[part]));
        }
    }
}

#[tokio::test]
async fn joining_by_json_is_as_the_page_says() {
    let site = TestSite::start().await;
    let page = site.visitor().get("/docs/api").await.says("answers 201").says("409 for an email that is on the list");
    page.says("POST /api/waitlist");
    for status in [201, 409] {
        let join = site.visitor().request("POST", "/api/waitlist").header("content-type", "application/json");
        let body = r#"{"email": "ana@example.cl", "role": "employee"}"#;
        assert_eq!(send(join.body(body)).await.has_status(status).json()["error"].is_string(), status == 409);
    }
}

#[tokio::test]
async fn whoever_tries_the_address_of_the_api_is_led_to_its_page() {
    let site = TestSite::start().await;
    site.visitor().get("/api").await.redirects_to("/docs/api");
}

/// The names of the members of an object.
fn members(object: &serde_json::Value) -> BTreeSet<String> {
    object.as_object().unwrap().keys().cloned().collect()
}

#[tokio::test]
async fn the_messages_of_webhooks_are_shown_as_they_are_sent() {
    let (site, receiver) = (TestSite::start().await, Receiver::start().await);
    let admin = site.admin("admin@example.cl").await;
    let events = ["waitlist.joined", "waitlist.erased", "account.created"];
    let page = add(&admin, &receiver, &events).await.0;
    let ticked: Vec<_> = events.map(|event| ("event", event)).into_iter().chain([("with_address", "on")]).collect();
    admin.post(&page, &ticked).await.redirects_to(&page);
    let ana = site.visitor();
    ana.join("ana@example.cl", "employee").await;
    site.visitor().sign_up("employee", "bea@example.cl").await.has_status(303);
    site.deliver_webhooks().await;
    let place = ana.press(&site.mail("ana@example.cl").await.link()).await.header("location").to_owned();
    ana.post("/waitlist/erase", &[("token", place.split_once("token=").unwrap().1)]).await.has_status(303);
    site.deliver_webhooks().await;
    let shown = site.visitor().get("/docs/api").await.texts("code.message");
    assert_eq!(shown.len(), 3);
    for message in shown {
        let message: serde_json::Value = serde_json::from_str(&message).unwrap();
        let sent = receiver.messages().iter().map(Message::json).find(|sent| sent["type"] == message["type"]).unwrap();
        assert_eq!((members(&sent), members(&sent["data"])), (members(&message), members(&message["data"])), "{sent}");
    }
}
