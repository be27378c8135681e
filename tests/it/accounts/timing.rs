//! No time tells whether an address has an account.

use std::time::{Duration, Instant};

use crate::support::TestSite;
use crate::support::visitor::Visitor;

/// A machine that does other things too disturbs a measurement now and then; a real difference shows every time.
const TRIES: usize = 4;

/// Sends this form with known and unknown addresses in turn, and compares the medians.
async fn tells_nothing(visitor: &Visitor, rounds: usize, path: &str, fields: &[(&str, &str)]) {
    let mut measured = Vec::new();
    for attempt in 0..TRIES {
        let (mut known, mut unknown) = (Vec::new(), Vec::new());
        for round in 0..rounds {
            known.push(time(visitor, path, fields, "known@example.cl").await);
            unknown.push(time(visitor, path, fields, &format!("unknown-{attempt}-{round}@example.cl")).await);
        }
        let (known, unknown) = (median(known), median(unknown));
        if known.abs_diff(unknown) * 4 < known.min(unknown) {
            return;
        }
        measured.push((known, unknown));
    }
    panic!("known and unknown addresses took {measured:?}");
}

async fn time(visitor: &Visitor, path: &str, fields: &[(&str, &str)], email: &str) -> Duration {
    let fields: Vec<_> = fields.iter().copied().chain([("email", email)]).collect();
    let start = Instant::now();
    let page = visitor.post(path, &fields).await;
    let took = start.elapsed();
    assert!([303, 401].contains(&page.status.as_u16()), "{}", page.text());
    took
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

async fn site() -> TestSite {
    let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
    site.employee("known@example.cl").await;
    site
}

#[tokio::test]
async fn the_time_of_a_refused_log_in_does_not() {
    tells_nothing(&site().await.visitor(), 60, "/login", &[("password", "wrong")]).await;
}

#[tokio::test]
async fn the_time_of_a_sign_up_does_not() {
    let fields = [("name", "Ana"), ("profession", "x"), ("password", crate::support::PASSWORD)];
    tells_nothing(&site().await.visitor(), 20, "/signup/employee", &fields).await;
}

#[tokio::test]
async fn the_time_of_asking_for_a_link_again_does_not() {
    let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
    site.visitor().sign_up("employee", "known@example.cl").await.has_status(303);
    tells_nothing(&site.visitor(), 20, "/verify-email/resend", &[]).await;
}

#[tokio::test]
async fn nor_do_they_when_many_signed_up_with_the_address() {
    let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
    for _ in 0..22 {
        site.visitor().sign_up("employee", "known@example.cl").await.has_status(303);
    }
    let fields = [("name", "Ana"), ("profession", "x"), ("password", crate::support::PASSWORD)];
    tells_nothing(&site.visitor(), 20, "/signup/employee", &fields).await;
    tells_nothing(&site.visitor(), 20, "/verify-email/resend", &[]).await;
}

#[tokio::test]
async fn the_time_of_asking_for_a_new_password_does_not() {
    tells_nothing(&site().await.visitor(), 20, "/password/forgot", &[]).await;
}
