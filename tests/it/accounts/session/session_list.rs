//! The list of sessions, and ending them.

use chrono::TimeDelta;

use crate::support::visitor::Visitor;
use crate::support::{PASSWORD, TestSite};

const LIST: &str = "/account/sessions";

/// The same person on another device.
async fn phone(site: &TestSite, email: &str) -> Visitor {
    let phone = site.visitor_from("127.0.0.8");
    phone.log_in(email, PASSWORD).await.redirects_to("/account");
    phone
}

/// Where the forms of the list lead.
async fn ends(visitor: &Visitor) -> Vec<String> {
    let page = visitor.get(LIST).await.has_status(200);
    let forms = page.body.split("action=\"/account/sessions/").skip(1);
    let ids = forms.filter_map(|rest| rest.split_once("/end\"").map(|(id, _)| id.to_owned()));
    ids.filter(|id| id.len() == 36).map(|id| format!("/account/sessions/{id}/end")).collect()
}

#[tokio::test]
async fn the_list_shows_each_device_and_marks_this_one() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    ana.get(LIST).await.says("logged in on this device only").says("IP address 127.0.0.1");
    phone(&site, "ana@example.cl").await;
    site.employee("eva@example.cl").await;
    let page = ana.get(LIST).await.has_status(200).says("IP address 127.0.0.8").says("End all other sessions");
    assert_eq!(page.texts(".cards li").len(), 2);
    assert_eq!(page.texts(".badge"), ["This device"]);
    assert_eq!(page.header("cache-control"), "no-store");
    page.does_not_say("Last seen");
    site.later(TimeDelta::minutes(6)).await;
    ana.get(LIST).await.has_status(200);
    let times = ana.get(LIST).await.texts(".cards p");
    let seen: Vec<_> = times.iter().filter(|time| time.starts_with("Last seen")).collect();
    assert_eq!((times.len(), seen.len()), (5, 1), "this device alone was seen since: {times:?}");
    ana.post("/language", &[("lang", "es"), ("next", LIST)]).await.redirects_to(LIST);
    ana.get(LIST).await.says("Tus sesiones abiertas").says("Este dispositivo").says("Última actividad");
}

#[tokio::test]
async fn a_session_that_is_ended_is_refused_at_once() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    let phone = phone(&site, "ana@example.cl").await;
    phone.get("/account").await.has_status(200);
    let own = site.database.values("id", "session ORDER BY created_at LIMIT 1").remove(0);
    let other = ends(&ana).await.into_iter().find(|path| !path.contains(&own)).unwrap();
    ana.post(&other, &[]).await.redirects_to(LIST);
    phone.get("/account").await.redirects_to("/login?next=%2Faccount");
    ana.get(LIST).await.says("That session has ended.").says("this device only");
    ana.post(&other, &[]).await.has_status(404).leads_on();
}

#[tokio::test]
async fn ending_this_one_logs_out() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    let path = ends(&ana).await.remove(0);
    ana.post(&path, &[]).await.redirects_to("/");
    ana.get("/account").await.redirects_to("/login?next=%2Faccount");
    assert_eq!(site.database.values("count(*)", "session"), ["0"]);
}

#[tokio::test]
async fn all_others_end_together_and_this_one_stays() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    let others = [phone(&site, "ana@example.cl").await, phone(&site, "ana@example.cl").await];
    let eva = site.employee("eva@example.cl").await;
    ana.post("/account/sessions/end-others", &[]).await.redirects_to(LIST);
    for other in others {
        other.get("/account").await.redirects_to("/login?next=%2Faccount");
    }
    ana.get(LIST).await.says("All other sessions have ended.");
    eva.get("/account").await.has_status(200);
}

#[tokio::test]
async fn somebody_elses_session_does_not_exist() {
    let site = TestSite::start().await;
    let (ana, eve) = (site.employee("ana@example.cl").await, site.employee("eve@example.cl").await);
    for path in ends(&ana).await {
        eve.post(&path, &[]).await.has_status(404).leads_on();
        site.visitor().post(&path, &[]).await.was_sent_too_late("/account/sessions");
    }
    for id in ["x", "00000000-0000-0000-0000-000000000000", "'", "..", "🧬"] {
        eve.post(&format!("/account/sessions/{id}/end"), &[]).await.has_status(404);
    }
    ana.get("/account").await.has_status(200);
    assert_eq!(site.database.values("count(*)", "session"), ["2"]);
}

#[tokio::test]
async fn when_a_session_was_last_seen_is_written_every_five_minutes_at_most() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    let seen = || site.database.values("last_seen_at", "session");
    let first = seen();
    ana.get(LIST).await.has_status(200);
    assert_eq!(seen(), first);
    site.app.clock.advance(TimeDelta::minutes(5));
    ana.get(LIST).await.has_status(200);
    assert_ne!(seen(), first);
}

#[tokio::test]
async fn sessions_of_before_are_listed_too() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    site.database.execute(
        "UPDATE session SET authenticated_at = NULL, last_seen_at = NULL, ip_address = NULL, user_agent = NULL",
    );
    ana.get(LIST).await.has_status(200).says("Unknown device");
}

#[tokio::test]
async fn ending_others_where_there_are_none_is_no_event() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    let written = || (site.database.values("1", "audit_event").len(), site.database.values("1", "viewer_change").len());
    let before = written();
    for _ in 0..3 {
        ana.post("/account/sessions/end-others", &[]).await.redirects_to(LIST);
    }
    assert_eq!(written(), before);
    phone(&site, "ana@example.cl").await;
    ana.post("/account/sessions/end-others", &[]).await.redirects_to(LIST);
    assert_eq!(site.database.values("1", "audit_event WHERE action = 'other_sessions_ended'").len(), 1);
}
