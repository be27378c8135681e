//! The purge at the very moment when somebody else does something with the account.
#![expect(clippy::disallowed_methods, reason = "a second replica at the same moment")]

use std::time::Duration;

use biovity::server::erasure;
use chrono::TimeDelta;
use diesel::connection::Connection;
use diesel::result::Error;

use super::{deleted, sweep, users};
use crate::support::{PASSWORD, TestSite};

/// Two replicas sweep at once.
#[tokio::test]
async fn two_sweeps_at_once_erase_each_account_once() {
    let site = TestSite::start().await;
    site.database.execute(
        r#"INSERT INTO "user" (id, email, profession, type, purge_at)
           SELECT i, i || '@example.cl', 'x', 'employee', now() - interval '1 day' FROM generate_series(1, 1500) AS i"#,
    );
    let (mut here, mut there) = (site.database.connect(), site.database.connect());
    let (now, keys) = (site.app.clock.now(), site.app.keys.clone());
    let first = here.transaction::<_, Error, _>(|here| {
        let first = erasure::sweep(here, now, &keys)?;
        // The other one waits for none of these rows.
        Ok((first, there.transaction::<_, Error, _>(|there| erasure::sweep(there, now, &keys))?))
    });
    assert_eq!(first.unwrap(), (1_000, 500));
    assert_eq!(users(&site), Vec::<String>::new());
}

#[tokio::test]
async fn a_deletion_that_is_just_being_taken_back_is_passed_over() {
    let site = TestSite::start().await;
    let ana = deleted(&site, "ana@example.cl").await;
    let mail = site.mail("ana@example.cl").await;
    site.later(TimeDelta::days(7) - TimeDelta::seconds(30)).await;
    let later = site.app.clock.now() + TimeDelta::minutes(1);
    let token = mail.token();
    let fields = [("token", token.as_str())];
    let pressed = ana.post("/account/delete/cancel", &fields);
    let swept = tokio::task::spawn_blocking({
        let (mut conn, keys) = (site.database.connect(), site.app.keys.clone());
        move || conn.transaction::<_, Error, _>(|conn| erasure::sweep(conn, later, &keys)).unwrap()
    });
    let (pressed, swept) = tokio::join!(pressed, swept);
    match (pressed.status.as_u16(), swept.unwrap()) {
        (303, 0) => assert_eq!(site.database.values("purge_at", r#""user""#), ["NULL"]),
        (410, 1) => assert_eq!(users(&site), Vec::<String>::new()),
        other => panic!("both, or neither: {other:?}"),
    }
}

#[tokio::test]
async fn a_log_in_at_the_moment_of_the_purge_leaves_nobody_signed_in() {
    let site = TestSite::start().await;
    let ana = deleted(&site, "ana@example.cl").await;
    site.later(TimeDelta::days(7)).await;
    let now = site.app.clock.now();
    let swept = tokio::task::spawn_blocking({
        let (mut conn, keys) = (site.database.connect(), site.app.keys.clone());
        move || conn.transaction::<_, Error, _>(|conn| erasure::sweep(conn, now, &keys)).unwrap()
    });
    let (page, swept) = tokio::join!(ana.log_in("ana@example.cl", PASSWORD), swept);
    assert_eq!((page.status.as_u16(), swept.unwrap()), (401, 1));
    assert_eq!(site.database.values("count(*)", "session"), ["0"]);
    assert_eq!(site.database.values("count(*)", "outbox_letter"), ["0"], "no mail to an address that is forgotten");
}

#[tokio::test]
async fn a_mail_asked_for_at_the_moment_of_the_purge_leaves_no_address_behind() {
    let site = TestSite::start().await;
    site.visitor().sign_up("employee", "ana@example.cl").await.has_status(303);
    site.deliver_mail().await;
    site.later(TimeDelta::days(7)).await;
    let (mut here, now, keys) = (site.database.connect(), site.app.clock.now(), site.app.keys.clone());
    let swept = tokio::task::spawn_blocking(move || {
        let swept = here.transaction::<_, Error, _>(|here| {
            let swept = erasure::sweep(here, now, &keys)?;
            // Long enough for the request to wait for the row.
            std::thread::sleep(Duration::from_millis(500));
            Ok(swept)
        });
        swept.unwrap()
    });
    let visitor = site.visitor();
    let fields = [("email", "ana@example.cl")];
    let (page, swept) = tokio::join!(visitor.post("/verify-email/resend", &fields), swept);
    page.redirects_to("/signup/check-email");
    match swept.unwrap() {
        1 => assert_eq!(crate::accounts::own_data::purge::tables_with(&site, "ana@example.cl"), Vec::<String>::new()),
        _ => assert_eq!(sweep(&site), 0, "the mail came first, and gave it seven more days"),
    }
}
