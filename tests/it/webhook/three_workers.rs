//! Ten thousand joins are told once each: three processes work on one queue, one of them is killed, and the database and the
//! site are restarted while everybody joins.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use biovity::db::embedded::{Cluster, Settings};
use biovity::server;
use biovity::values::database_url::DatabaseUrl;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use nix::sys::signal::{Signal, kill};
use tokio::time::sleep;

use super::endpoint_page::add;
use super::receiver::{Message, Receiver};
use crate::cli::{Home, KEY_BYTE, Process};
use crate::support::PASSWORD;
use crate::support::joins_ledger::JoinsLedger;
use crate::support::torture::report;

/// Joins of the short run, and of the long one.
const FEW: usize = 400;
const MANY: usize = 10_000;
/// Clients that join without a pause.
const CLIENTS: u32 = 12;
/// Deliveries that a worker has in hand for one endpoint at most.
const IN_HAND: usize = 16;
/// Within this time a process records what it had in hand.
const RECORDED: Duration = Duration::from_secs(2);
/// Nobody waits for longer until something more is told.
const PATIENCE: Duration = Duration::from_mins(1);
const ADMIN: &str = "admin@example.cl";

/// A database server of its own, which is started again when it ends by itself, and the processes that share it.
struct World {
    database: Home,
    home: Home,
    _cluster: Cluster,
    url: DatabaseUrl,
    variables: Vec<(String, String)>,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    text: String,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

impl World {
    fn new() -> Self {
        let (database, home) = (Home::new(), Home::new());
        let settings = Settings { data_dir: database.path(""), pg_bin: None, connections: Settings::CONNECTIONS };
        let cluster = Cluster::start(&settings).unwrap();
        let url = DatabaseUrl::parse(cluster.url()).unwrap();
        server::migrate(&url).unwrap();
        let (address, key) = (cluster.url().to_owned(), KEY_BYTE.repeat(64));
        let more = [
            ("DATABASE_URL", address.as_str()),
            ("SECRET_KEY", &key),
            ("LOG_LEVEL", "error"),
            ("WEBHOOK_ALLOWED_HOSTS", "127.0.0.1"),
            ("TRUSTED_PROXIES", "127.0.0.1"),
            ("CLIENT_IP_HEADER", "X-Forwarded-For"),
        ];
        let mut variables = home.variables();
        variables.extend(more.map(|(name, value)| (name.to_owned(), value.to_owned())));
        Self { database, home, _cluster: cluster, url, variables }
    }

    fn start(&self, arguments: &[&str], input: &str) -> Process {
        Process::start(arguments, &self.variables, input)
    }

    async fn serve(&self) -> Process {
        let mut server = self.start(&["serve"], "");
        server.says("Biovity is at").await;
        server
    }

    fn count(&self, rows: &str) -> usize {
        let query = format!("SELECT count(*) FROM {rows}");
        // While the server is restarted there is none.
        let count = |mut conn| diesel::sql_query(&query).get_result::<Count>(&mut conn).ok();
        server::connect(&self.url).ok().and_then(count).map_or(usize::MAX, |row| usize::try_from(row.count).unwrap())
    }

    /// A connection; the server that was stopped may be starting again.
    async fn connect(&self) -> PgConnection {
        let since = Instant::now();
        loop {
            match server::connect(&self.url) {
                Ok(conn) => return conn,
                Err(error) => assert!(since.elapsed() < PATIENCE, "{error}"),
            }
            sleep(Duration::from_millis(50)).await;
        }
    }

    async fn texts(&self, query: &str) -> Vec<String> {
        let rows: Vec<Row> = diesel::sql_query(query).load(&mut self.connect().await).unwrap();
        rows.into_iter().map(|row| row.text).collect()
    }

    /// What a process had in hand that was killed just now, by the ids of the messages.
    async fn in_hand(&self) -> Vec<String> {
        let sending = "SELECT message_id || ' ' || lease_token AS text FROM webhook_delivery WHERE state = 'sending'";
        let claimed = self.texts(sending).await;
        // Whoever lives has recorded by then what it had in hand.
        sleep(RECORDED).await;
        let of_killed = self.texts(sending).await;
        claimed.into_iter().filter(|delivery| of_killed.contains(delivery)).collect()
    }

    /// Waits until nothing is left that a worker might take; what one that was killed has in hand is under its lease.
    async fn drained(&self, receiver: &Receiver) {
        let (mut last, mut since) = (0, Instant::now());
        let left = "(SELECT id FROM webhook_delivery WHERE state = 'waiting' UNION ALL SELECT id FROM webhook_join_batch) AS due";
        while self.count(left) > 0 {
            let told = receiver.messages().len();
            if told > last {
                (last, since) = (told, Instant::now());
            }
            assert!(since.elapsed() < PATIENCE, "{told} were told, and no more");
            sleep(Duration::from_millis(200)).await;
        }
    }
}

async fn acknowledged(ledger: &JoinsLedger, joins: usize) {
    let mut since = (0, Instant::now());
    while ledger.acknowledged() < joins {
        if ledger.acknowledged() > since.0 {
            since = (ledger.acknowledged(), Instant::now());
        }
        assert!(since.1.elapsed() < PATIENCE, "nobody joins any more");
        sleep(Duration::from_millis(20)).await;
    }
}

/// The messages about joins, by the id of the entry.
fn by_entry(messages: &[Message]) -> BTreeMap<i64, Vec<&Message>> {
    let mut entries = BTreeMap::<_, Vec<_>>::new();
    for message in messages {
        let json = message.json();
        if json["type"] == "waitlist.joined" {
            entries.entry(json["data"]["id"].as_i64().unwrap()).or_default().push(message);
        }
    }
    entries
}

async fn tell_each_once(joins: usize) {
    let (world, receiver, since) = (World::new(), Receiver::start().await, Instant::now());
    let mut making = world.start(&["admin", "create", ADMIN], PASSWORD);
    assert!(making.end_within(30).await.success());
    let mut site = world.serve().await;
    let admin = world.home.visitor();
    admin.log_in(ADMIN, PASSWORD).await.redirects_to("/admin");
    let (_, secret) = add(&admin, &receiver, &["waitlist.joined"]).await;
    let (mut killed, worker) = (world.start(&["work"], ""), world.start(&["work"], ""));
    let ledger = Arc::<JoinsLedger>::default();
    let clients = ledger.start(CLIENTS, || world.home.visitor());

    acknowledged(&ledger, joins / 4).await;
    killed.signal(Signal::SIGKILL);
    killed.end_within(5).await;
    let in_hand = world.in_hand().await;
    acknowledged(&ledger, joins / 2).await;
    kill(world.database.server(), Signal::SIGQUIT).unwrap();
    acknowledged(&ledger, joins * 3 / 4).await;
    site.signal(Signal::SIGTERM);
    assert_eq!(site.end_within(30).await.code(), Some(0));
    site = world.serve().await;
    acknowledged(&ledger, joins).await;
    ledger.end(clients, &mut world.connect().await).await;

    world.drained(&receiver).await;
    // The lease of who was killed runs out.
    let expire = "UPDATE webhook_delivery SET next_attempt_at = now() WHERE state = 'sending'";
    world.connect().await.batch_execute(expire).unwrap();
    while world.count("webhook_delivery WHERE state <> 'delivered'") > 0 {
        assert!(since.elapsed() < Duration::from_mins(20), "some are never told");
        sleep(Duration::from_millis(100)).await;
    }
    for process in [site, worker] {
        process.stop().await;
    }
    let double = is_told_once(&receiver.messages(), &secret, &in_hand);
    let places = world.count("waitlist");
    assert_eq!(by_entry(&receiver.messages()).len(), places, "each join is told");
    let done = format!("three processes on {places} joins, one killed, database and site restarted");
    let figure = format!("0 lost, {double} double, in {:.0?}", since.elapsed());
    report("each join is told, signed", &done, figure, "0 lost; double those in hand");
}

/// All are signed, and none is told twice but for those that the killed process had in hand; returns how many of them were.
fn is_told_once(messages: &[Message], secret: &str, in_hand: &[String]) -> usize {
    assert!(messages.iter().all(|message| message.is_signed_with(secret)));
    let told = by_entry(messages);
    let double: Vec<_> = told.values().filter(|messages| messages.len() > 1).collect();
    for messages in &double {
        let ids: Vec<_> = messages.iter().map(|message| message.id()).collect();
        assert!(
            ids.len() == 2 && ids[0] == ids[1] && in_hand.iter().any(|delivery| delivery.starts_with(ids[0])),
            "{ids:?}"
        );
    }
    assert!(double.len() <= IN_HAND, "{} were told twice", double.len());
    double.len()
}

#[tokio::test]
async fn hundreds_of_joins_are_told_once_each_through_a_kill_and_restarts() {
    tell_each_once(FEW).await;
}

#[tokio::test]
#[ignore = "takes minutes: make torture"]
async fn ten_thousand_joins_are_told_once_each_through_a_kill_and_restarts() {
    tell_each_once(MANY).await;
}
