//! A join that was answered is stored, exactly once, through `kill -9` of the process or of its database at any moment.
//! Each run keeps a ledger of what was answered, and compares it with the tables at the end.

use std::sync::Arc;
use std::time::Duration;

use biovity::db::embedded::{self, Settings};
use biovity::server;
use biovity::values::database_url::DatabaseUrl;
use nix::sys::signal::{Signal, kill};

use crate::cli::{Home, Process, is_alive};
use crate::support::joins_ledger::JoinsLedger;
use crate::support::torture::report;

/// Clients that join without a pause.
const CLIENTS: u32 = 24;
/// Kills of the short run, and of the long one.
const FEW: u32 = 4;
const MANY: u32 = 60;
/// One in so many kills is of the database.
const DATABASE: u32 = 6;
/// Between two kills, so that each finds joins at another stage.
const BETWEEN: [u64; 5] = [300, 710, 450, 130, 990];

async fn start(home: &Home) -> Process {
    let mut variables = home.variables();
    let proxy = [("TRUSTED_PROXIES", "127.0.0.1"), ("CLIENT_IP_HEADER", "X-Forwarded-For")];
    variables.extend(proxy.map(|(name, value)| (name.to_owned(), value.to_owned())));
    let mut server = Process::start(&["serve"], &variables, "");
    server.says("Biovity is at").await;
    server
}

/// Kills the process, and at times the database, while everybody joins, and compares.
async fn survive(kills: u32) {
    let home = Home::new();
    let mut server = start(&home).await;
    let ledger = Arc::<JoinsLedger>::default();
    let clients = ledger.start(CLIENTS, || home.visitor());
    for (number, pause) in (0..kills).zip(BETWEEN.into_iter().cycle()) {
        ledger.wait_for(50).await;
        tokio::time::sleep(Duration::from_millis(pause)).await;
        let database = home.database_processes();
        if number % DATABASE == 1 {
            for process in database {
                let _ = kill(process, Signal::SIGKILL);
            }
        } else {
            server.signal(Signal::SIGKILL);
            server.end_within(5).await;
            while is_alive(database[0]) {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            server = start(&home).await;
        }
    }
    ledger.wait_for(50).await;
    let settings = Settings { data_dir: home.path(""), pg_bin: None, connections: Settings::CONNECTIONS };
    let url = DatabaseUrl::parse(&embedded::running(&settings).unwrap()).unwrap();
    let figure = ledger.end(clients, &mut server::connect(&url).unwrap()).await;
    report("what is answered is stored, once", &format!("process or database killed, {kills} times"), figure, "0, 0");
    server.stop().await;
}

#[tokio::test]
async fn no_join_that_was_answered_is_lost_or_doubled_by_a_kill() {
    survive(FEW).await;
}

#[tokio::test]
#[ignore = "takes minutes: make torture"]
async fn no_join_that_was_answered_is_lost_or_doubled_by_sixty_kills() {
    survive(MANY).await;
}
