//! People, programs and an admin at once for minutes: memory stays what it was after the first of them.

use std::time::{Duration, Instant};

use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::cli::{Home, KEY_BYTE, Process};
use crate::support::torture::{memory, report};
use crate::support::visitor::Visitor;
use crate::support::{PASSWORD, TestSite};

/// How long it goes on, and how long until the process is warm.
const LASTS: Duration = Duration::from_mins(10);
const WARM_AFTER: Duration = Duration::from_mins(2);
/// Between two readings.
const BETWEEN: Duration = Duration::from_secs(5);
/// Between two acts of one visitor: a load that leaves room.
const PAUSE: Duration = Duration::from_millis(15);
const CLIENTS: u32 = 6;
/// What the process may grow by once it is warm, in MiB.
const GROWTH: u64 = 16;

async fn start(site: &TestSite, home: &Home) -> Process {
    let (key, smtp_url) = (KEY_BYTE.repeat(64), site.smtp.url());
    let more = [("RATE_LIMITS", "off"), ("SECRET_KEY", &*key), ("SMTP_URL", &smtp_url), ("LOG_LEVEL", "error")];
    let mut server = home.command_on(&site.database, &["serve"], &more);
    server.says("Biovity is at").await;
    server
}

/// What one visitor does in turn, again and again.
async fn act(person: &Visitor, admin: &Visitor, name: &str, number: u32) {
    let email = format!("{name}n{number}@example.cl");
    match number % 12 {
        0 | 6 => assert!([303, 409].contains(&person.join(&email, "employee").await.status.as_u16())),
        1 => drop(person.get("/account").await.has_status(200)),
        2 => drop(admin.get(&format!("/admin/waitlist?q={name}&sort=email")).await.has_status(200)),
        3 => drop(person.get("/account/sessions").await.has_status(200)),
        4 if number % 48 == 4 => drop(person.sign_up("employee", &email).await.redirects_to("/signup/check-email")),
        5 if number % 48 == 5 => drop(person.log_in(&email, "wrong").await.has_status(401)),
        7 => drop(admin.get("/admin").await.has_status(200)),
        8 => drop(person.post("/waitlist", &[("email", "broken")]).await.has_status(422)),
        9 => drop(admin.get("/admin/users?q=ana").await.has_status(200)),
        10 => drop(person.get("/nowhere").await.has_status(404)),
        _ => drop(person.get("/").await.has_status(200)),
    }
}

async fn run(lasts: Duration, warm_after: Duration) {
    let (site, home) = (TestSite::with(&[("RATE_LIMITS", "off")]).await, Home::new());
    site.admin("boss@example.cl").await;
    let base_url = format!("http://{}", home.address());
    let mut people = Vec::new();
    // Before the process starts, whose worker would send some of their mails.
    for client in 0..CLIENTS {
        people.push(site.employee(&format!("ana{client}@example.cl")).await.at(&base_url));
    }
    let server = start(&site, &home).await;
    let (since, mut clients) = (Instant::now(), JoinSet::new());
    for (client, person) in people.into_iter().enumerate() {
        let admin = site.visitor().at(&base_url);
        clients.spawn(async move {
            let mut number = 0;
            while since.elapsed() < lasts {
                // An admin's log-in counts for an hour.
                if number % 10_000 == 0 {
                    admin.log_in("boss@example.cl", PASSWORD).await.redirects_to("/admin");
                }
                act(&person, &admin, &format!("c{client}"), number).await;
                number += 1;
                sleep(PAUSE).await;
            }
            number
        });
    }
    let mut readings = Vec::new();
    while since.elapsed() < lasts {
        sleep(BETWEEN).await;
        if since.elapsed() > warm_after {
            readings.push(memory(server.id()));
        }
    }
    let acts: u32 = clients.join_all().await.into_iter().sum();
    let (first, last) = (readings[0], *readings.last().unwrap());
    let done = format!("{acts} mixed requests in {lasts:?}");
    report("memory is flat", &done, format!("{last} MiB after {first} MiB"), "+16 MiB");
    assert!(last < first + GROWTH, "{readings:?}");
    server.stop().await;
}

#[tokio::test]
#[ignore = "takes minutes: make torture"]
async fn memory_is_flat_over_ten_minutes_of_mixed_load() {
    run(LASTS, WARM_AFTER).await;
}
