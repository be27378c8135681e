//! How often something may be asked.

use std::sync::Arc;

use tokio::task::JoinSet;

use crate::support::database::TestDatabase;
use crate::support::page::Page;
use crate::support::visitor::{Visitor, send};
use crate::support::{PASSWORD, TestSite};

const WRONG: &str = "not the password";

/// 429, with a page that says how long to wait.
#[track_caller]
fn is_limited(page: Page, at_most: u64) {
    let seconds: u64 = page.clone().has_status(429).header("retry-after").parse().unwrap();
    assert!((1..=at_most).contains(&seconds), "{seconds} s");
    page.leads_on().says("Too many attempts");
}

/// A form that is counted and refused for what it holds.
async fn join_wrongly(visitor: &Visitor) -> Page {
    visitor.join("", "").await
}

async fn ask_again(visitor: &Visitor, email: &str) -> Page {
    visitor.post("/verify-email/resend", &[("email", email)]).await
}

/// Moves everything that was counted into the past, as waiting does.
fn wait(site: &TestSite, seconds: u32) {
    let earlier = format!("SELECT hit - interval '{seconds} s' FROM unnest(hits) AS hit");
    site.database.execute(&format!("UPDATE rate_limit SET hits = ARRAY({earlier})"));
}

#[tokio::test]
async fn one_network_joins_60_times_a_minute() {
    let site = TestSite::start().await;
    let ana = site.visitor();
    for _ in 0..59 {
        join_wrongly(&ana).await.has_status(422);
    }
    ana.join("ana@example.cl", "employee").await.redirects_to("/waitlist/joined");
    is_limited(ana.join("eva@example.cl", "employee").await, 60);
    is_limited(site.visitor().join("eva@example.cl", "employee").await, 60);
    let json =
        ana.request("POST", "/api/waitlist").json(&serde_json::json!({"email": "eva@example.cl", "role": "employee"}));
    let page = send(json).await.has_status(429);
    assert_eq!(page.json()["error"], "Too many attempts");
    site.spanish_visitor().join("eva@example.cl", "employee").await.has_status(429).says("Demasiados intentos");
    site.visitor_from("127.0.0.2").join("eva@example.cl", "employee").await.redirects_to("/waitlist/joined");
    ana.get("/waitlist").await.has_status(200);
}

#[tokio::test]
async fn a_burst_of_100_lets_exactly_60_through() {
    let site = TestSite::start().await;
    let ana = site.visitor();
    let mut burst = JoinSet::new();
    for _ in 0..100 {
        let ana = ana.clone();
        burst.spawn(async move { join_wrongly(&ana).await.status.as_u16() });
    }
    let statuses = burst.join_all().await;
    let count = |status: u16| statuses.iter().filter(|known| **known == status).count();
    assert_eq!((count(422), count(429)), (60, 40), "{statuses:?}");
}

#[tokio::test]
async fn replicas_count_together() {
    let database = Arc::new(TestDatabase::migrated());
    let sites = [TestSite::on(Arc::clone(&database), &[]).await, TestSite::on(database, &[]).await];
    let visitors = [sites[0].visitor(), sites[1].visitor()];
    for turn in 0..60 {
        join_wrongly(&visitors[turn % 2]).await.has_status(422);
    }
    for visitor in &visitors {
        is_limited(join_wrongly(visitor).await, 60);
    }
}

#[tokio::test]
async fn there_is_room_again_when_the_window_has_passed() {
    let database = Arc::new(TestDatabase::migrated());
    let site = TestSite::on(Arc::clone(&database), &[]).await;
    for _ in 0..60 {
        join_wrongly(&site.visitor()).await.has_status(422);
    }
    wait(&site, 55);
    let replica = TestSite::on(database, &[]).await;
    is_limited(join_wrongly(&replica.visitor()).await, 5);
    wait(&site, 6);
    let third = TestSite::on(Arc::clone(&site.database), &[]).await;
    join_wrongly(&third.visitor()).await.has_status(422);
}

#[tokio::test]
async fn who_is_limited_stays_so_while_the_database_is_away() {
    let site = TestSite::start().await;
    for _ in 0..60 {
        join_wrongly(&site.visitor()).await.has_status(422);
    }
    is_limited(join_wrongly(&site.visitor()).await, 60);
    site.database.go_away();
    is_limited(join_wrongly(&site.visitor()).await, 60);
    join_wrongly(&site.visitor_from("127.0.0.2")).await.has_status(503);
}

#[tokio::test]
async fn one_network_signs_up_20_times_in_ten_minutes() {
    let site = TestSite::start().await;
    let ana = site.visitor();
    for kind in ["employee", "organization"].repeat(10) {
        ana.post(&format!("/signup/{kind}"), &[]).await.has_status(422);
    }
    is_limited(ana.sign_up("employee", "ana@example.cl").await, 600);
    is_limited(ana.sign_up("organization", "ana@example.cl").await, 600);
    let other = site.visitor_from("127.0.0.2");
    other.sign_up("employee", "ana@example.cl").await.redirects_to("/signup/check-email");
}

#[tokio::test]
async fn one_network_logs_in_30_times_a_minute() {
    let site = TestSite::start().await;
    // That is the first.
    let ana = site.admin("ana@example.cl").await;
    for _ in 1..30 {
        site.visitor().log_in("ana@example.cl", PASSWORD).await.redirects_to("/admin");
    }
    is_limited(site.visitor().log_in("ana@example.cl", PASSWORD).await, 60);
    site.visitor_from("127.0.0.2").log_in("ana@example.cl", PASSWORD).await.redirects_to("/admin");
    for _ in 0..30 {
        ana.log_in("ana@example.cl", PASSWORD).await.redirects_to("/admin");
    }
    is_limited(ana.log_in("ana@example.cl", PASSWORD).await, 60);
    site.visitor_from("127.0.0.3").log_in("ana@example.cl", PASSWORD).await.redirects_to("/admin");
}

#[tokio::test]
async fn one_network_fails_to_log_in_10_times_a_minute() {
    let site = TestSite::start().await;
    site.admin("ana@example.cl").await;
    let stranger = site.visitor();
    for number in 0..10 {
        stranger.log_in(&format!("a{number}@example.cl"), WRONG).await.has_status(401);
    }
    is_limited(stranger.log_in("b@example.cl", WRONG).await, 60);
    is_limited(stranger.log_in("ana@example.cl", PASSWORD).await, 60);
    site.visitor_from("127.0.0.2").log_in("ana@example.cl", PASSWORD).await.redirects_to("/admin");
}

#[tokio::test]
async fn one_address_fails_5_times_in_five_minutes_from_one_network() {
    let site = TestSite::start().await;
    site.admin("ana@example.cl").await;
    let stranger = site.visitor();
    for typed in ["ana@example.cl", "ANA@example.cl", " ana@example.cl", "ana@EXAMPLE.cl", "ana\u{200b}@example.cl"] {
        stranger.log_in(typed, WRONG).await.has_status(401);
    }
    is_limited(stranger.log_in("ana@example.cl", PASSWORD).await, 300);
    stranger.log_in("eva@example.cl", WRONG).await.has_status(401);
    site.visitor_from("127.0.0.2").log_in("ana@example.cl", PASSWORD).await.redirects_to("/admin");
}

#[tokio::test]
async fn of_twenty_wrong_passwords_at_once_five_are_tried() {
    let site = TestSite::start().await;
    site.admin("ana@example.cl").await;
    let mut burst = JoinSet::new();
    for _ in 0..20 {
        let stranger = site.visitor();
        burst.spawn(async move { stranger.log_in("ana@example.cl", WRONG).await.status.as_u16() });
    }
    let statuses = burst.join_all().await;
    let tried = statuses.iter().filter(|status| **status == 401).count();
    assert_eq!((tried, statuses.iter().filter(|status| **status == 429).count()), (5, 15), "{statuses:?}");
}

#[tokio::test]
async fn an_address_that_nobody_has_is_limited_alike() {
    let site = TestSite::start().await;
    for _ in 0..5 {
        site.visitor().log_in("nobody@example.cl", WRONG).await.has_status(401);
    }
    is_limited(site.visitor().log_in("nobody@example.cl", WRONG).await, 300);
}

#[tokio::test]
async fn a_right_password_excuses_its_own_attempt_and_no_other() {
    let site = TestSite::start().await;
    site.admin("ana@example.cl").await;
    let ana = site.visitor();
    for _ in 0..6 {
        ana.log_in("ana@example.cl", PASSWORD).await.redirects_to("/admin");
    }
    for _ in 0..4 {
        ana.log_in("ana@example.cl", WRONG).await.has_status(401);
    }
    ana.log_in("ana@example.cl", PASSWORD).await.redirects_to("/admin");
    ana.log_in("ana@example.cl", WRONG).await.has_status(401);
    is_limited(ana.log_in("ana@example.cl", PASSWORD).await, 300);
}

#[tokio::test]
async fn one_address_asks_for_a_mail_once_a_minute_and_six_times_a_day() {
    let site = TestSite::start().await;
    let ana = site.visitor();
    for _ in 0..6 {
        ask_again(&ana, "ana@example.cl").await.redirects_to("/signup/check-email");
        wait(&site, 61);
    }
    is_limited(ask_again(&ana, "ana@example.cl").await, 86_400);
    ask_again(&ana, "eva@example.cl").await.redirects_to("/signup/check-email");
    is_limited(ask_again(&ana, " EVA@example.cl").await, 60);
    is_limited(ask_again(&site.visitor_from("127.0.0.2"), "eva@example.cl").await, 60);
}

#[tokio::test]
async fn one_network_asks_for_20_mails_an_hour() {
    let site = TestSite::start().await;
    let mut asked = JoinSet::new();
    for number in 0..20 {
        let ana = site.visitor();
        asked.spawn(async move { ask_again(&ana, &format!("a{number}@example.cl")).await.status.as_u16() });
    }
    assert_eq!(asked.join_all().await, [303; 20]);
    is_limited(ask_again(&site.visitor(), "b@example.cl").await, 3_600);
    ask_again(&site.visitor_from("127.0.0.2"), "c@example.cl").await.redirects_to("/signup/check-email");
}

#[tokio::test]
async fn one_network_uses_20_links_a_minute() {
    let site = TestSite::start().await;
    let ana = site.visitor();
    let routes = ["/waitlist/confirm", "/verify-email", "/verify-email/not-me"];
    for path in routes.into_iter().cycle().take(20) {
        ana.post(path, &[("token", "x")]).await.has_status(410);
    }
    for path in routes {
        is_limited(ana.post(path, &[("token", "x")]).await, 60);
        site.visitor_from("127.0.0.2").post(path, &[("token", "x")]).await.has_status(410);
    }
}

#[tokio::test]
async fn limits_can_be_off_for_load_tests() {
    let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
    for _ in 0..70 {
        join_wrongly(&site.visitor()).await.has_status(422);
    }
    assert!(site.database.values("key", "rate_limit").is_empty());
}

#[tokio::test]
async fn the_counts_name_nobody() {
    let site = TestSite::start().await;
    site.visitor().log_in("ana@example.cl", WRONG).await.has_status(401);
    let keys = site.database.values("key", "rate_limit");
    assert_eq!(keys.len(), 3);
    assert!(keys.iter().all(|key| key.len() == 64 && key.bytes().all(|b| b.is_ascii_hexdigit())), "{keys:?}");
}

#[tokio::test]
async fn a_form_that_was_limited_comes_back_with_what_was_typed() {
    let site = TestSite::start().await;
    let (eva, ana) = (site.employee("eva@example.cl").await, site.visitor());
    for _ in 0..19 {
        ana.post("/signup/employee", &[]).await.has_status(422);
    }
    let limited = ana.sign_up("employee", "ana@example.cl").await.has_status(429);
    assert_eq!((limited.value("name"), limited.value("email")), ("Ana Rojas".into(), "ana@example.cl".into()));
    assert_eq!(limited.attribute("main form", "action").as_deref(), Some("/signup/employee"));
    assert!(!limited.body.contains(PASSWORD), "no page repeats a password");
    let names = ["name", "email", "profession"].map(|name| (name, limited.value(name)));
    let fields: Vec<_> = names.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let again = site.visitor_from("127.0.0.2").post("/signup/employee", &fields).await.has_status(422);
    assert_eq!((again.value("email"), again.value("profession")), ("ana@example.cl".into(), "Biochemist".into()));
    let fields = [("name", "Ana Rojas"), ("profession", "Biochemist")];
    for _ in 0..30 {
        eva.post("/account", &fields).await.has_status(303);
    }
    let limited = eva.upload("/account", &fields, ("avatar", vec![0; 10])).await.has_status(429);
    assert_eq!(limited.value("profession"), "Biochemist");
}

#[tokio::test]
async fn whoever_is_limited_at_the_log_in_is_offered_a_new_password() {
    let site = TestSite::start().await;
    site.employee("ana@example.cl").await;
    let ana = site.visitor();
    for _ in 0..5 {
        ana.log_in("ana@example.cl", WRONG).await.has_status(401);
    }
    let limited = ana.log_in("ana@example.cl", WRONG).await.has_status(429);
    assert_eq!(limited.value("email"), "ana@example.cl");
    assert_eq!(limited.attribute("main a.button", "href").as_deref(), Some("/password/forgot"));
    assert!(!limited.body.contains(WRONG));
    ana.post("/password/forgot", &[("email", "ana@example.cl")]).await.redirects_to("/password/forgot/sent");
}
