//! What was refused is counted by reason, and nothing else of it is kept.

use biovity::values::santiago_time;
use biovity::web::protection::abuse_counters::{self, Reason};

use crate::support::TestSite;
use crate::support::visitor::send;

/// What is written down, by reason.
fn written(site: &TestSite) -> Vec<String> {
    site.database.values("reason || ' ' || sum(hits)", "gate_total GROUP BY reason ORDER BY reason")
}

async fn flush(site: &TestSite) {
    let app = &site.app;
    app.abuse_counters.flush(&app.db, app.clock.now()).await.unwrap();
}

#[tokio::test]
async fn every_refusal_is_counted_once_under_its_reason() {
    let site = TestSite::start().await;
    let ana = site.visitor();
    let trap = [("email", "a@example.cl"), ("role", "employee"), ("leave_empty", "x")];
    ana.post("/waitlist", &trap).await.redirects_to("/waitlist/joined");
    ana.post("/signup/employee", &[("leave_empty", "x")]).await.redirects_to("/signup/check-email");
    ana.post("/waitlist", &[("email", "a"), ("role", "employee")]).await.has_status(422);
    send(ana.request("POST", "/waitlist").header("sec-fetch-site", "cross-site")).await.has_status(403);
    send(ana.request("POST", "/waitlist").body("{}")).await.has_status(415);
    let large = "x".repeat(17_000);
    ana.post("/waitlist", &[("email", &large)]).await.has_status(413);
    ana.get("/nothing").await.has_status(404);
    ana.join("ana@example.cl", "employee").await.redirects_to("/waitlist/joined");
    ana.join("ana@example.cl", "employee").await.has_status(409);
    flush(&site).await;
    flush(&site).await;
    assert_eq!(written(&site), ["cross_site 1", "invalid 1", "too_large 1", "trapped 2", "unsigned 2", "wrong_type 1"]);
    let admin = site.admin("boss@example.cl").await;
    let page = admin.get("/admin").await.has_status(200);
    assert_eq!(page.texts(".held-off tbody tr:first-child td"), ["Filled in the hidden field", "2"]);
    assert_eq!(page.texts(".held-off tbody tr").len(), 6);
    site.app.clock.advance(chrono::TimeDelta::days(7));
    site.admin("boss@example.cl").await.get("/admin").await.says("Nothing was blocked.");
}

#[tokio::test]
async fn two_replicas_count_together_and_lose_nothing_when_they_stop() {
    let site = TestSite::start().await;
    let other = TestSite::on(std::sync::Arc::clone(&site.database), &[]).await;
    for visitor in [site.visitor_from("127.0.0.2"), other.visitor_from("127.0.0.3")] {
        for _ in 0..4 {
            visitor.post("/waitlist", &[]).await.has_status(422);
        }
    }
    let database = std::sync::Arc::clone(&site.database);
    let (site, other) = tokio::join!(site.stop(), other.stop());
    let ((), ()) = (site, other);
    assert_eq!(database.values("sum(hits)", "gate_total WHERE reason = 'invalid'"), ["8"]);
}

#[tokio::test]
async fn a_limit_is_counted_even_when_the_database_is_away_for_a_while() {
    let site = TestSite::start().await;
    for _ in 0..3 {
        site.app.abuse_counters.count(Reason::TooMany);
    }
    site.database.go_away();
    assert!(site.app.abuse_counters.flush(&site.app.db, site.app.clock.now()).await.is_err());
    site.app.abuse_counters.count(Reason::TooMany);
    site.database.come_back();
    while site.app.abuse_counters.flush(&site.app.db, site.app.clock.now()).await.is_err() {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert_eq!(written(&site), ["too_many 4"]);
    let today = santiago_time::day_of(site.app.clock.now());
    let since = site.app.db.read(move |conn| abuse_counters::since(conn, today)).await.unwrap();
    assert_eq!(since, [(Reason::TooMany, 4)]);
}

#[tokio::test]
async fn limits_are_counted() {
    let site = TestSite::start().await;
    let ana = site.visitor();
    let mut limited = 0;
    for _ in 0..40 {
        limited += usize::from(ana.post("/signup/employee", &[]).await.status == 429);
    }
    assert!(limited > 0);
    flush(&site).await;
    assert!(written(&site).contains(&format!("too_many {limited}")), "{:?}", written(&site));
}

#[tokio::test]
async fn the_hidden_field_is_looked_at_before_the_limits() {
    let site = TestSite::start().await;
    let (machine, person) = (site.visitor(), site.visitor());
    for _ in 0..70 {
        let fields = [("email", "x@example.cl"), ("role", "employee"), ("leave_empty", "x")];
        machine.post("/waitlist", &fields).await.redirects_to("/waitlist/joined");
    }
    for _ in 0..25 {
        machine.post("/signup/employee", &[("leave_empty", "x")]).await.redirects_to("/signup/check-email");
    }
    flush(&site).await;
    assert_eq!(written(&site), ["trapped 95"]);
    person.join("ana@example.cl", "employee").await.redirects_to("/waitlist/joined");
    person.sign_up("employee", "ana@example.cl").await.redirects_to("/signup/check-email");
}
