//! The list as a file, on the wire.

use chrono::TimeDelta;

use crate::support::page::Page;
use crate::support::wire::Wire;
use crate::support::{PASSWORD, TestSite};

#[tokio::test]
async fn its_name_has_the_day_of_chile() {
    let site = TestSite::start().await;
    // In the first hours of a day in UTC, Chile has the day before.
    let now = site.app.clock.now();
    let one = now.date_naive().and_hms_opt(1, 0, 0).unwrap().and_utc() + TimeDelta::days(1);
    site.later(one - now).await;
    let day = one.date_naive().pred_opt().unwrap();
    let named = |page: Page, name: &str| {
        let header = page.has_status(200).header("content-disposition").to_owned();
        assert!(header.contains(&format!("{name}-{day}.")), "{header}");
    };
    named(site.admin("boss@example.cl").await.get("/admin/waitlist.csv").await, "biovity-waitlist");
    named(site.employee("ana@example.cl").await.get("/account/export").await, "biovity");
}

#[tokio::test]
async fn a_client_of_http_1_0_gets_the_file_and_nothing_else() {
    let site = TestSite::start().await;
    site.make_admin("boss@example.cl", PASSWORD);
    site.visitor().join("ana@example.cl", "employee").await.redirects_to("/waitlist/joined");
    site.database.execute(
        "INSERT INTO waitlist (email, role, created_at)
         SELECT 'p' || n || '@example.cl', 'employee', '2026-01-01' FROM generate_series(1, 3000) n",
    );
    let cookie = site.visitor().log_in("boss@example.cl", PASSWORD).await.cookie().unwrap();
    let ask = async |version: &str, more: &str| {
        let mut wire = Wire::to(&site.base_url).await;
        let request = format!("GET /admin/waitlist.csv HTTP/{version}\r\nHost: x\r\nCookie: {cookie}\r\n{more}\r\n");
        wire.send(request).await;
        let answer = wire.rest().await;
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.to_lowercase(), body.to_owned())
    };
    for more in ["", "Connection: keep-alive\r\n"] {
        let (head, body) = ask("1.0", more).await;
        assert!(head.starts_with("http/1.0 200") && !head.contains("transfer-encoding"), "{head}");
        assert!(!head.contains("keep-alive") && !head.contains("content-length"), "{head}");
        assert!(body.starts_with("\u{feff}email,role,state"), "{:?}", body.get(..60));
        assert_eq!(body.lines().count(), 1 + 3_001);
        assert!(body.ends_with("\r\n") && body.lines().all(|line| line.split(',').count() == 12));
    }
    let (head, body) = ask("1.1", "Connection: close\r\n").await;
    assert!(head.contains("transfer-encoding: chunked") && body.ends_with("\r\n0\r\n\r\n"), "{head}");
}
