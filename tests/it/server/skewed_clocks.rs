//! Two replicas on one database, on machines whose clocks are a minute apart: nothing is counted, ended or kept otherwise.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;

use crate::support::database::TestDatabase;
use crate::support::torture::report;
use crate::support::visitor::Visitor;
use crate::support::{PASSWORD, TestSite};

/// Where a guest is sent who asks for the account.
const REFUSED: &str = "/login?next=%2Faccount";
/// Joins that a network may make in a minute.
const JOINS: usize = 60;

/// The second one's clock is a minute ahead.
async fn replicas() -> [TestSite; 2] {
    let database = Arc::new(TestDatabase::migrated());
    let sites = [TestSite::on(Arc::clone(&database), &[]).await, TestSite::on(database, &[]).await];
    sites[1].app.clock.set_wrong(TimeDelta::minutes(1));
    sites
}

/// The same browser at either.
fn at_both(visitor: &Visitor, sites: &[TestSite; 2]) -> [Visitor; 2] {
    sites.each_ref().map(|site| visitor.at(&site.base_url))
}

#[tokio::test]
async fn a_limit_is_as_exact_when_the_clocks_of_replicas_differ() {
    let sites = replicas().await;
    let guests = at_both(&sites[0].visitor(), &sites);
    let mut joined = 0;
    for number in 0..JOINS + 20 {
        let page = guests[number % 2].join(&format!("ana{number}@example.cl"), "employee").await;
        match page.status.as_u16() {
            303 => joined += 1,
            status => assert!(status == 429 && page.headers.contains_key("retry-after"), "{status}"),
        }
    }
    assert_eq!(joined, JOINS);
    let failures = |page: &crate::support::page::Page| u32::from(page.status == 401);
    let mut failed = 0;
    for number in 0..10 {
        failed += failures(&guests[number % 2].log_in("eve@example.cl", "wrong").await);
    }
    assert_eq!(failed, 5, "of one address from one network in five minutes");
    report(
        "limits are exact over replicas",
        "two, a minute apart: 80 joins, 10 log-ins",
        "60 and 5 let in",
        "60 and 5",
    );
}

#[tokio::test]
async fn a_session_lives_and_ends_everywhere_when_the_clocks_of_replicas_differ() {
    let sites = replicas().await;
    let ana = sites[0].employee("ana@example.cl").await;
    for (made_at, ended_at) in [(0, 1), (1, 0)] {
        let [here, there] = [made_at, ended_at].map(|at| ana.at(&sites[at].base_url));
        let stolen = here.log_in("ana@example.cl", PASSWORD).await.cookie().unwrap();
        for place in [&here, &there] {
            for _ in 0..3 {
                place.get("/account").await.has_status(200);
                place.get("/account/password").await.has_status(200);
            }
        }
        let thief = sites[made_at].visitor();
        tokio::time::sleep(Duration::from_millis(2_500)).await;
        thief.get_with("/account", &stolen).await.has_status(200);
        there.log_out().await.redirects_to("/");
        sites[ended_at].visitor().get_with("/account", &stolen).await.redirects_to(REFUSED);
        tokio::time::sleep(Duration::from_secs(2)).await;
        thief.get_with("/account", &stolen).await.redirects_to(REFUSED);
        // By then the clock that was behind says what the one ahead said when the cookie was written.
        for site in &sites {
            site.later(TimeDelta::seconds(59)).await;
        }
        for site in &sites {
            site.visitor().get_with("/account", &stolen).await.redirects_to(REFUSED);
        }
    }
    report(
        "endings are exact over replicas",
        "two, a minute apart: log-out on either",
        "2 of 2 refused within 2 s, and a minute later",
        "2 s",
    );
}

#[tokio::test]
async fn a_form_pressed_at_both_replicas_has_one_effect_when_their_clocks_differ() {
    let sites = replicas().await;
    let ana = sites[0].employee("ana@example.cl").await;
    let cookie = ana.log_in("ana@example.cl", PASSWORD).await.cookie().unwrap();
    let form = ana.get_with("/account/password", &cookie).await.has_status(200).form("/account/password");
    let form = form.with("current_password", PASSWORD).with("password", "otra-Frase larga 2026");
    let [here, there] = at_both(&ana, &sites);
    let (mut pages, others) = tokio::join!(here.send_at_once(&form, &cookie, 2), there.send_at_once(&form, &cookie, 2));
    pages.extend(others);
    for page in pages {
        let cookie = page.cookie().unwrap();
        page.redirects_to("/account");
        for place in [&here, &there] {
            place.get_with("/account/password", &cookie).await.has_status(200);
        }
    }
    assert_eq!(sites[0].database.values("count(*)", "audit_event WHERE action = 'password_changed'"), ["1"]);
}

#[tokio::test]
async fn for_ten_seconds_the_other_replica_answers_a_form_again_when_their_clocks_differ() {
    let sites = replicas().await;
    let ana = sites[0].employee("ana@example.cl").await;
    let passwords = [PASSWORD, "otra-Frase larga 2026", "y una Tercera frase 26"];
    for (first, pair) in passwords.windows(2).enumerate() {
        let [here, there] = [first, 1 - first].map(|at| ana.at(&sites[at].base_url));
        let cookie = here.log_in("ana@example.cl", pair[0]).await.cookie().unwrap();
        let form = here.get_with("/account/password", &cookie).await.has_status(200).form("/account/password");
        let form = form.with("current_password", pair[0]).with("password", pair[1]);
        here.send_at_once(&form, &cookie, 1).await.remove(0).redirects_to("/account");
        let again = there.send_at_once(&form, &cookie, 1).await.remove(0);
        let renewed = again.cookie().unwrap();
        again.redirects_to("/account");
        there.get_with("/account/password", &renewed).await.has_status(200);
        for site in &sites {
            site.later(TimeDelta::seconds(11)).await;
        }
        let late = there.send_at_once(&form, &cookie, 1).await.remove(0);
        assert!(late.header("location").starts_with("/login"), "{}", late.status);
    }
}

#[tokio::test]
async fn a_link_works_once_at_either_replica_when_their_clocks_differ() {
    let sites = replicas().await;
    for (asked_at, used_at) in [(0, 1), (1, 0)] {
        let email = format!("ana{asked_at}@example.cl");
        let guest = sites[asked_at].visitor();
        guest.sign_up("employee", &email).await.redirects_to("/signup/check-email");
        let link = sites[asked_at].mail(&email).await.link();
        guest.at(&sites[used_at].base_url).press(&link).await.redirects_to("/account");
        sites[asked_at].visitor().get(&link).await.has_status(410);
    }
}
