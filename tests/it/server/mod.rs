//! What runs beside the server.

mod connections;
mod faketime;
mod hostile_requests;
mod metrics;
mod mixed_load;
mod overload;
mod skewed_clocks;

use biovity::accounts::session::session::Session;
use biovity::mail::link::{self, Link, NewLink, Purpose};
use biovity::mail::outbox;
use chrono::TimeDelta;

use crate::support::TestSite;

#[tokio::test]
async fn what_has_run_out_is_deleted_and_nothing_else() {
    let site = TestSite::start().await;
    site.employee("ana@example.cl").await;
    site.visitor().sign_up("employee", "eve@example.cl").await.has_status(303);
    site.deliver_mail().await;
    let (mut conn, now) = (site.database.connect(), site.app.clock.now());
    let mut sweep = |days| {
        let later = now + TimeDelta::days(days);
        let links = Link::sweep(&mut conn, later).unwrap();
        (Session::sweep(&mut conn, later).unwrap(), links, outbox::sweep(&mut conn, later).unwrap())
    };
    assert_eq!(sweep(6), (0, 0, 0), "everything is still of use");
    assert_eq!(sweep(7), (1, 0, 0), "the session has ended; the link may be asked for again");
    assert_eq!(sweep(9), (0, 1, 0), "the link has ended for good");
    assert_eq!(sweep(91), (0, 0, 2), "what became of the mails is forgotten");
    let tables = ["session", "verification", "outbox_letter", "account"]
        .map(|table| site.database.values("count(*)", table).concat());
    assert_eq!(tables, ["0", "0", "0", "2"]);
}

#[tokio::test]
async fn links_of_the_old_application_are_not_ours_to_delete() {
    let site = TestSite::start().await;
    site.database.execute("INSERT INTO verification (id, identifier, value, \"expiresAt\") VALUES ('x', 'reset-password:abc', 'u', now())");
    assert_eq!(Link::sweep(&mut site.database.connect(), site.app.clock.now() + TimeDelta::days(99)).unwrap(), 0);
}

#[tokio::test]
async fn links_of_every_purpose_are_deleted_a_week_after_they_ended() {
    let site = TestSite::start().await;
    let (mut conn, now) = (site.database.connect(), site.app.clock.now());
    let purposes: Vec<_> = link::OF_ACCOUNTS.into_iter().chain(link::OF_WAITLIST).collect();
    for name in &purposes {
        let purpose = Purpose { name, lasts: TimeDelta::hours(1) };
        let new = NewLink { purpose, subject: "1".to_owned(), pending: None };
        new.issue(&mut conn, now, &site.app.keys).unwrap();
    }
    let ended = now + TimeDelta::hours(1);
    assert_eq!(Link::sweep(&mut conn, ended + TimeDelta::days(7)).unwrap(), 0);
    assert_eq!(Link::sweep(&mut conn, ended + TimeDelta::days(8)).unwrap(), purposes.len());
}
