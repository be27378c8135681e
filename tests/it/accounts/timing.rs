//! No time tells whether an address has an account.

use std::time::{Duration, Instant};

use crate::support::TestSite;
use crate::support::visitor::Visitor;

/// How often a measurement goes on where the first times differ: a machine that does other things too disturbs some of
/// them, and a real difference stays however many there are.
const PARTS: usize = 4;

/// The times of answers about an address that has an account and about two that have none, taken in turn.
#[derive(Default)]
struct Times([Vec<Duration>; 3]);

impl Times {
    /// Whether the medians of known and unknown addresses differ by a tenth at most, or by no more than twice what two
    /// unknown ones differ by, which the machine causes alone.
    fn tell_nothing(&self) -> bool {
        let [known, unknown, other] = self.medians();
        let allowed = (known.min(unknown) / 10).max(unknown.abs_diff(other) * 2);
        known.abs_diff(unknown) <= allowed
    }

    fn medians(&self) -> [Duration; 3] {
        self.0.clone().map(|mut times| {
            times.sort_unstable();
            times[times.len() / 2]
        })
    }
}

/// Sends this form with known and unknown addresses in turn, and compares the medians.
async fn tells_nothing(visitor: &Visitor, rounds: usize, path: &str, fields: &[(&str, &str)]) {
    let mut times = Times::default();
    for round in 0..rounds * PARTS {
        // Each comes first, second and third as often as the others.
        for place in 0..3 {
            let which = (round + place) % 3;
            let unknown = format!("unknown-{round}-{which}@example.cl");
            let email = if which == 0 { "known@example.cl" } else { unknown.as_str() };
            times.0[which].push(time(visitor, path, fields, email).await);
        }
        if (round + 1) % rounds == 0 && times.tell_nothing() {
            return;
        }
    }
    panic!("a known address and two unknown ones took {:?}", times.medians());
}

#[test]
fn a_difference_of_a_fifth_is_found_in_spite_of_noise() {
    // Every third answer is late, by up to as much again.
    let noise = |round: u64, which: u64| {
        if (round * 7 + which * 3).is_multiple_of(3) { (round * 37 + which * 11) % 100 } else { 0 }
    };
    let times = |known: u64, unknown: u64| {
        let of =
            |which, base| (0..60).map(move |round| Duration::from_millis(base + noise(round, which) / 9)).collect();
        Times([of(0, known), of(1, unknown), of(2, unknown)])
    };
    assert!(times(100, 100).tell_nothing() && times(105, 100).tell_nothing() && times(100, 105).tell_nothing());
    assert!(!times(120, 100).tell_nothing() && !times(100, 120).tell_nothing());
    let uncertain = Times([130, 100, 120].map(|base| vec![Duration::from_millis(base); 20]));
    assert!(uncertain.tell_nothing(), "two unknown addresses differ as much");
}

async fn time(visitor: &Visitor, path: &str, fields: &[(&str, &str)], email: &str) -> Duration {
    let fields: Vec<_> = fields.iter().copied().chain([("email", email)]).collect();
    let start = Instant::now();
    let page = visitor.post(path, &fields).await;
    let took = start.elapsed();
    assert!([303, 401].contains(&page.status.as_u16()), "{}", page.text());
    took
}

async fn site() -> TestSite {
    let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
    site.employee("known@example.cl").await;
    site
}

#[tokio::test]
async fn the_time_of_a_refused_log_in_does_not() {
    tells_nothing(&site().await.visitor(), 40, "/login", &[("password", "wrong")]).await;
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
