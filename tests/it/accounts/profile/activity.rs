//! What happened to an account, as its owner sees it.

use chrono::TimeDelta;

use crate::support::{PASSWORD, TestSite};

const PAGE: &str = "/account/activity";

#[tokio::test]
async fn it_lists_what_happened_newest_first() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    site.app.clock.advance(TimeDelta::minutes(1));
    ana.log_out().await.redirects_to("/");
    site.app.clock.advance(TimeDelta::minutes(1));
    ana.log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
    let page = ana.get(PAGE).await.has_status(200);
    // The style sheet gives this column the width to be read.
    let events = page.texts("tbody td.what");
    assert_eq!(events[..2], ["Logged in", "Logged out"]);
    for event in ["Logged in on a new device", "Email verified", "Account created"] {
        assert!(events.iter().any(|it| it == event), "{event} is not in {events:?}");
    }
    assert_eq!(events.len(), 5);
    page.says("127.0.0.1");
    ana.post("/language", &[("lang", "es"), ("next", PAGE)]).await.redirects_to(PAGE);
    ana.get(PAGE).await.says("Actividad").says("Correo verificado").says("Cierre de sesión");
}

#[tokio::test]
async fn it_shows_the_last_fifty_and_nobody_elses() {
    let site = TestSite::start().await;
    let (ana, eva) = (site.employee("ana@example.cl").await, site.employee("eva@example.cl").await);
    let columns = "INSERT INTO audit_event (id, happened_at, action, actor_id, user_id)";
    let old = "FROM \"user\", generate_series(1, 60) AS n WHERE email = 'ana@example.cl'";
    site.database
        .execute(&format!("{columns} SELECT 'x' || n, now() - interval '1 hour', 'profile_changed', id, id {old}"));
    assert_eq!(ana.get(PAGE).await.texts("tbody tr").len(), 50);
    assert_eq!(eva.get(PAGE).await.texts("tbody tr").len(), 3);
}

#[tokio::test]
async fn what_others_did_names_them_but_neither_admins_nor_where_they_are() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    site.admin("boss@example.cl").await;
    let columns = "INSERT INTO audit_event (id, happened_at, action, actor_id, user_id, ip_address)";
    let of = |actor: &str| format!("(SELECT id FROM \"user\" WHERE email = '{actor}@example.cl')");
    let mut number = 0;
    let mut happens = |action: &str, actor: String| {
        number += 1;
        let user = of("ana");
        site.database
            .execute(&format!("{columns} VALUES ('{number}', now(), '{action}', {actor}, {user}, '203.0.113.9')"));
    };
    happens("reactivated", of("boss"));
    happens("sessions_ended", "NULL".to_owned());
    happens("released", "'gone'".to_owned());
    happens("of_a_later_version", of("ana"));
    let page = ana.get(PAGE).await.says("Account reactivated by Biovity").says("All sessions ended by Biovity");
    let page = page.says("Released from the organization by an account that is gone").says("Something else");
    assert_eq!(page.text().matches("203.0.113.9").count(), 1, "only the own address");
    page.does_not_say("boss");
}

#[tokio::test]
async fn events_are_kept_for_a_year() {
    let site = TestSite::start().await;
    site.employee("ana@example.cl").await;
    site.database
        .execute("UPDATE audit_event SET happened_at = now() - interval '366 days' WHERE action = 'signed_up'");
    let now = site.app.clock.now();
    let swept = biovity::audit::event::sweep(&mut site.database.connect(), now).unwrap();
    assert_eq!(swept, 1);
    assert_eq!(site.database.values("count(*)", "audit_event WHERE action = 'signed_up'"), ["0"]);
}

#[tokio::test]
async fn a_guest_is_sent_to_log_in() {
    let site = TestSite::start().await;
    site.visitor().get(PAGE).await.redirects_to("/login?next=%2Faccount%2Factivity");
}
