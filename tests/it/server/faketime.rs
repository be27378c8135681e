//! Two replicas as processes of their own, of which one has a clock that is a minute ahead, by libfaketime.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use chrono::{DateTime, TimeDelta};

use crate::cli::{Home, KEY_BYTE, Process};
use crate::support::torture::report;
use crate::support::visitor::Visitor;
use crate::support::{PASSWORD, TestSite};

/// Where a guest is sent who asks for the account.
const REFUSED: &str = "/login?next=%2Faccount";
/// Joins that a network may make in a minute.
const JOINS: usize = 60;

/// The library that changes the time of a process, where it is installed.
fn library() -> Option<PathBuf> {
    let folders = fs::read_dir("/usr/lib").ok()?.flatten().map(|folder| folder.path().join("faketime"));
    folders.map(|folder| folder.join("libfaketimeMT.so.1")).find(|library| library.exists())
}

async fn serve(site: &TestSite, home: &Home, more: &[(&str, &str)]) -> Process {
    let key = KEY_BYTE.repeat(64);
    let more = [&[("SECRET_KEY", key.as_str())], more].concat();
    let mut server = home.command_on(&site.database, &["serve"], &more);
    server.says("Biovity is at").await;
    server
}

/// How far ahead of the first one's the second one's clock is.
async fn ahead(visitors: &[Visitor; 2]) -> TimeDelta {
    let mut times = Vec::new();
    for visitor in visitors {
        times.push(DateTime::parse_from_rfc2822(visitor.get("/healthz").await.header("date")).unwrap());
    }
    times[1] - times[0]
}

/// Logs in at one and out at the other: at both the cookie is refused soon, and for good.
async fn end_sessions(owners: &[Visitor; 2], thieves: &[Visitor; 2]) {
    let mut ended = Vec::new();
    for (made_at, ended_at) in [(0, 1), (1, 0)] {
        let stolen = owners[made_at].log_in("ana@example.cl", PASSWORD).await.cookie().unwrap();
        for thief in thieves {
            thief.get_with("/account", &stolen).await.has_status(200);
        }
        owners[ended_at].log_out().await.redirects_to("/");
        tokio::time::sleep(Duration::from_secs(2)).await;
        for thief in thieves {
            thief.get_with("/account", &stolen).await.redirects_to(REFUSED);
        }
        ended.push(stolen);
    }
    // By then the clock that is behind says what the one ahead said when the cookies were written.
    tokio::time::sleep(Duration::from_mins(1)).await;
    for stolen in &ended {
        for thief in thieves {
            thief.get_with("/account", stolen).await.redirects_to(REFUSED);
        }
    }
}

#[tokio::test]
async fn limits_and_endings_are_exact_over_processes_whose_clocks_differ_by_a_minute() {
    let promise = "limits and endings are exact over replicas";
    let done = "two processes, a minute apart by libfaketime: 80 joins, two log-outs";
    let Some(library) = library() else {
        return report(promise, done, "skipped: libfaketime is missing", "60 let in, 2 s");
    };
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    let homes = [Home::new(), Home::new()];
    let skew = [("LD_PRELOAD", library.to_str().unwrap()), ("FAKETIME", "+60s"), ("FAKETIME_DONT_FAKE_MONOTONIC", "1")];
    let servers = [serve(&site, &homes[0], &[]).await, serve(&site, &homes[1], &skew).await];
    let at_both = |visitor: &Visitor| homes.each_ref().map(|home| visitor.at(&format!("http://{}", home.address())));
    let guests = at_both(&site.visitor());
    let ahead = ahead(&guests).await;
    assert!(ahead >= TimeDelta::seconds(59) && ahead <= TimeDelta::seconds(61), "{ahead}");

    let mut joined = 0;
    for number in 0..JOINS + 20 {
        let page = guests[number % 2].join(&format!("eve{number}@example.cl"), "employee").await;
        match page.status.as_u16() {
            303 => joined += 1,
            status => assert!(status == 429 && page.headers.contains_key("retry-after"), "{status}"),
        }
    }
    assert_eq!(joined, JOINS);

    end_sessions(&at_both(&ana), &at_both(&site.visitor())).await;
    let figure = format!("{joined} let in, 2 of 2 log-outs seen by both within 2 s and a minute later");
    report(promise, done, figure, "60 let in, 2 s");
    for server in servers {
        server.stop().await;
    }
}
