//! The list at a million places, as a program asks for it.

use std::time::{Duration, Instant};

use crate::cli::Home;
use crate::support::TestSite;
use crate::support::torture::{median, report};
use crate::support::visitor::send;

const PLACES: &str = "1000000";
/// How often each is asked for; the median counts.
const TIMES: usize = 15;
const BAR: Duration = Duration::from_millis(50);

#[tokio::test]
#[ignore = "takes minutes: make torture"]
async fn every_filter_of_the_list_answers_within_50_milliseconds_at_a_million_places() {
    let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
    let admin = site.admin("admin@example.cl").await;
    let key = site.key(&admin, "read").await;
    let mut seeding = Home::new().command_on(&site.database, &["waitlist", "seed", PLACES], &[]);
    assert!(seeding.end_within(600).await.success());
    let list = |query: &str| site.visitor().program(&key, "GET", &format!("/api/waitlist?{query}"));
    let deep = send(list("to=2025-12-31")).await.has_status(200).json()["after"].as_str().unwrap().to_owned();
    let queries = [
        "",
        "source=newsletter",
        "source=feria-biotec",
        "source=nobody",
        "source=newsletter&sort=oldest",
        "source=newsletter&role=organization&state=left",
        "source=feria-biotec&role=organization&state=bounced",
        "q=rojas",
        "source=newsletter&q=rojas",
        "source=feria-biotec&q=rojas",
        "source=newsletter&from=2026-03-01&to=2026-03-31",
    ];
    let deeper = [format!("source=newsletter&after={deep}"), format!("source=feria-biotec&after={deep}")];
    let mut slow = Vec::new();
    for query in queries.into_iter().map(str::to_owned).chain(deeper).chain(["totals".to_owned()]) {
        let mut times = Vec::new();
        for _ in 0..TIMES {
            let request =
                if query == "totals" { site.visitor().program(&key, "GET", "/api/totals") } else { list(&query) };
            let since = Instant::now();
            send(request).await.has_status(200);
            times.push(since.elapsed());
        }
        let time = median(times);
        report("the API stays quick", &format!("a million places: {query}"), format!("{time:.1?}"), "50 ms");
        slow.extend((time > BAR).then_some((query, time)));
    }
    assert!(slow.is_empty(), "{slow:?}");
}
