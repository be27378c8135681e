//! A provider that publishes late or never: nobody waits for it but who wants to log in with it, and they not for long.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::time::{sleep, timeout};

use super::begin;
use crate::support::database::TestDatabase;
use crate::support::issuer::{DISCOVERY, Issuer, KEYS};
use crate::support::visitor::Visitor;
use crate::support::{PASSWORD, TestSite};

/// Longer than any test, in seconds.
const NEVER: u64 = 3_600;
/// Less than anybody waits for a provider, and more than all else takes on a busy machine.
const AT_ONCE: Duration = Duration::from_secs(4);
/// What somebody waits for a provider, and then for the page that tells.
const TOLD: Duration = Duration::from_millis(6_500);

#[tokio::test]
async fn a_provider_that_is_late_or_silent_from_the_start_delays_nobody_else() {
    for (late_at, delay) in [(DISCOVERY, 10), (DISCOVERY, NEVER), (KEYS, 10), (KEYS, NEVER)] {
        let (issuer, database) = (Issuer::start(), TestDatabase::migrated());
        issuer.say(|said| (said.late_at, said.delay) = (vec![late_at], Duration::from_secs(delay)));
        let since = Instant::now();
        let site = TestSite::with_provider_on(database, &issuer.url, &[]).await;
        site.visitor().get("/readyz").await.has_status(200);
        assert!(since.elapsed() < AT_ONCE, "the start waits for {late_at}: {:?}", since.elapsed());

        site.make_admin("ana@example.cl", PASSWORD);
        let waiting: Vec<_> = (0..12).map(|number| wait(&site, ["google", "linkedin", "oidc"][number % 3])).collect();
        sleep(Duration::from_millis(200)).await;
        let others = async {
            let ana = site.visitor_from("127.0.0.2");
            for page in ["/readyz", "/login", "/signup/employee"] {
                ana.get(page).await.has_status(200);
            }
            ana.log_in("ana@example.cl", PASSWORD).await.redirects_to("/admin");
        };
        timeout(AT_ONCE, others).await.expect("others wait for the provider as well");
        for visitor in waiting {
            let waited = visitor.await.unwrap();
            assert!(waited > AT_ONCE && waited < TOLD, "{late_at}, {delay} s late: {waited:?}");
        }
    }
}

/// Somebody who wants to log in with this provider, and is told that it gives no answer; how long that took.
fn wait(site: &TestSite, provider: &'static str) -> tokio::task::JoinHandle<Duration> {
    let visitor: Visitor = site.visitor();
    tokio::spawn(async move {
        let since = Instant::now();
        let page = visitor.get(&format!("/login/with/{provider}")).await;
        page.has_status(503).says("does not answer at the moment").leads_on();
        since.elapsed()
    })
}

#[tokio::test]
async fn who_comes_back_waits_no_longer_where_nothing_is_known_of_the_provider_yet() {
    let issuer = Issuer::start();
    let site = TestSite::with_provider(&issuer.url).await;
    let ana = site.visitor();
    let back = begin(&ana, "google").await;
    let other = TestSite::with_provider_on(Arc::clone(&site.database), &issuer.url, &[]).await;
    issuer.say(|said| (said.late_at, said.delay) = (vec![DISCOVERY, "/token"], Duration::from_secs(4)));
    let since = Instant::now();
    ana.at(&other.base_url).get(&back).await.has_status(503).says("does not answer at the moment").leads_on();
    assert!(since.elapsed() < TOLD, "{:?}", since.elapsed());
}
