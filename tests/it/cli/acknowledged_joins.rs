//! A join that was answered is stored, exactly once, through `kill -9` of the process or of its database at any moment.
//! Each run keeps a ledger of what was answered, and compares it with the tables at the end.

use std::collections::BTreeSet;
use std::fs;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use biovity::db::embedded::{self, Settings};
use biovity::server;
use biovity::values::database_url::DatabaseUrl;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use nix::sys::signal::{Signal, kill};
use tokio::task::JoinSet;

use super::{Home, Process, is_alive};
use crate::support::visitor::Visitor;

/// Clients that join without a pause, of which every third is a program.
const CLIENTS: u32 = 24;
/// Kills of the short run, and of the long one.
const FEW: u32 = 4;
const MANY: u32 = 20;
/// Between two kills, so that each finds joins at another stage.
const BETWEEN: [u64; 5] = [300, 710, 450, 130, 990];

/// What was answered.
#[derive(Debug, Default)]
struct Ledger {
    /// Addresses that joined by a form, and by JSON.
    forms: Mutex<BTreeSet<String>>,
    programs: Mutex<BTreeSet<String>>,
    /// Answers that never came, or said to try again.
    failed: AtomicU32,
    is_over: AtomicBool,
}

impl Ledger {
    /// Joins one address after the other. Whoever gets no answer presses again, the same form or the same request.
    async fn join_on(self: Arc<Self>, visitor: Visitor, client: u32) {
        for number in 0.. {
            let email = format!("c{client}n{number}@example.cl");
            let network = format!("10.{client}.{}.{}", number / 7_500, number / 30 % 250);
            let is_program = client.is_multiple_of(3);
            let mut has_failed = false;
            loop {
                if self.is_over.load(Ordering::Relaxed) {
                    return;
                }
                match post(&visitor, &email, &network, is_program).await {
                    Some(303 | 201) => break,
                    // A program has no form that says which join it repeats.
                    Some(409) if is_program && has_failed => break,
                    None | Some(503) => {
                        has_failed = true;
                        self.failed.fetch_add(1, Ordering::Relaxed);
                        tokio::time::sleep(Duration::from_millis(20)).await;
                    }
                    Some(status) => panic!("{email}: {status}"),
                }
            }
            let ledger = if is_program { &self.programs } else { &self.forms };
            ledger.lock().unwrap().insert(email);
        }
    }

    fn acknowledged(&self) -> BTreeSet<String> {
        self.forms.lock().unwrap().union(&self.programs.lock().unwrap()).cloned().collect()
    }
}

/// The status, if there was an answer.
async fn post(visitor: &Visitor, email: &str, network: &str, is_program: bool) -> Option<u16> {
    let fields = [("email", email), ("role", "employee"), ("form_key", email)];
    let request = if is_program {
        visitor.request("POST", "/api/waitlist").json(&serde_json::json!({ "email": email, "role": "employee" }))
    } else {
        visitor.request("POST", "/waitlist").header("sec-fetch-site", "same-origin").form(&fields)
    };
    let request = request.header("x-forwarded-for", network).timeout(Duration::from_secs(15));
    request.send().await.ok().map(|answer| answer.status().as_u16())
}

async fn start(home: &Home) -> Process {
    let mut variables = home.variables();
    let proxy = [("TRUSTED_PROXIES", "127.0.0.1"), ("CLIENT_IP_HEADER", "X-Forwarded-For")];
    variables.extend(proxy.map(|(name, value)| (name.to_owned(), value.to_owned())));
    let mut server = Process::start(&["serve"], &variables, "");
    server.says("Biovity is at").await;
    server
}

/// The numbers of the database's processes: the first is their parent.
fn database_processes(home: &Home) -> Vec<nix::unistd::Pid> {
    let parent = home.server();
    let children = fs::read_to_string(format!("/proc/{parent}/task/{parent}/children")).unwrap_or_default();
    let children = children.split_whitespace().map(|pid| nix::unistd::Pid::from_raw(pid.parse().unwrap()));
    [parent].into_iter().chain(children).collect()
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    email: String,
    #[diesel(sql_type = BigInt)]
    places: i64,
    #[diesel(sql_type = BigInt)]
    letters: i64,
}

/// Each address with its places and the letters to it.
fn stored(home: &Home) -> Vec<Row> {
    let url =
        embedded::running(&Settings { data_dir: home.path(""), pg_bin: None, connections: Settings::CONNECTIONS })
            .unwrap();
    let mut conn = server::connect(&DatabaseUrl::parse(&url).unwrap()).unwrap();
    let rows = "SELECT email, count(*) AS places, \
                (SELECT count(*) FROM outbox_letter WHERE recipient = email AND kind = 'waitlist-confirm') AS letters \
                FROM waitlist GROUP BY email";
    diesel::sql_query(rows).load(&mut conn).unwrap()
}

/// Kills the process and the database in turn while everybody joins, and compares.
async fn survive(kills: u32) {
    let home = Home::new();
    let mut server = start(&home).await;
    let (ledger, mut clients) = (Arc::<Ledger>::default(), JoinSet::new());
    for client in 0..CLIENTS {
        clients.spawn(Arc::clone(&ledger).join_on(home.visitor(), client));
    }
    for (number, pause) in (0..kills).zip(BETWEEN.into_iter().cycle()) {
        wait_for_joins(&ledger, 50).await;
        tokio::time::sleep(Duration::from_millis(pause)).await;
        let database = database_processes(&home);
        if number % 2 == 0 {
            server.signal(Signal::SIGKILL);
            server.end_within(5).await;
            while is_alive(database[0]) {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            server = start(&home).await;
        } else {
            for process in database {
                let _ = kill(process, Signal::SIGKILL);
            }
        }
    }
    wait_for_joins(&ledger, 50).await;
    ledger.is_over.store(true, Ordering::Relaxed);
    clients.join_all().await;
    compare(&ledger, &stored(&home));
    server.stop().await;
}

/// Waits until so many more are answered.
async fn wait_for_joins(ledger: &Ledger, more: usize) {
    let (before, patience) = (ledger.acknowledged().len(), Instant::now() + Duration::from_mins(1));
    while ledger.acknowledged().len() < before + more {
        assert!(Instant::now() < patience, "nobody joins any more");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn compare(ledger: &Ledger, stored: &[Row]) {
    let addresses: BTreeSet<_> = stored.iter().map(|row| row.email.clone()).collect();
    let acknowledged = ledger.acknowledged();
    let lost: Vec<_> = acknowledged.difference(&addresses).collect();
    assert!(lost.is_empty(), "{} of {} were lost: {lost:?}", lost.len(), acknowledged.len());
    let double: Vec<_> = stored.iter().filter(|row| row.places > 1).map(|row| &row.email).collect();
    assert!(double.is_empty(), "joined twice: {double:?}");
    let forms = ledger.forms.lock().unwrap();
    let letters = |row: &&Row| row.letters == 1 || row.letters > 1 && !forms.contains(&row.email);
    let wrong: Vec<_> = stored.iter().filter(|row| !letters(row)).map(|row| (&row.email, row.letters)).collect();
    assert!(wrong.is_empty(), "mails, each of which should be one: {wrong:?}");
    println!("{} joins were answered, {} tries failed", acknowledged.len(), ledger.failed.load(Ordering::Relaxed));
}

#[tokio::test]
async fn no_join_that_was_answered_is_lost_or_doubled_by_a_kill() {
    survive(FEW).await;
}

#[tokio::test]
#[ignore = "takes minutes: make torture"]
async fn no_join_that_was_answered_is_lost_or_doubled_by_twenty_kills() {
    survive(MANY).await;
}
