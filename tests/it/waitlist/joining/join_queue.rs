//! Joining while others do: whoever arrives while a transaction runs is written by the next one, with everyone else.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use biovity::db::batch::write_queue::AT_ONCE;
use diesel::PgConnection;
use diesel::connection::SimpleConnection;
use reqwest::RequestBuilder;
use tokio::task::JoinHandle;

use crate::support::database::TestDatabase;
use crate::support::page::Page;
use crate::support::visitor::{Visitor, send};
use crate::support::{PASSWORD, TestSite};

/// Those who are sent while it is closed arrive together.
struct ClosedList {
    holder: PgConnection,
    first: Vec<JoinHandle<Page>>,
}

impl ClosedList {
    /// Lets as many as are written at once run into the closed list, so that all others wait behind them.
    async fn before(sites: &[&TestSite]) -> Self {
        static FIRST: AtomicU32 = AtomicU32::new(0);
        let mut closed = Self { holder: sites[0].database.connect(), first: Vec::new() };
        closed.holder.batch_execute("BEGIN; LOCK TABLE waitlist IN EXCLUSIVE MODE").unwrap();
        // Jobs may wait for the list as well. Each first one comes from a network of its own, since their hits would wait for
        // each other.
        let waits = "pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' \
                     AND query LIKE '%INSERT INTO waitlist (email%'";
        for (number, site) in sites.iter().flat_map(|site| [site; AT_ONCE]).enumerate() {
            let email = format!("first{}@example.cl", FIRST.fetch_add(1, Ordering::Relaxed));
            let visitor = site.visitor_from(&format!("127.0.1.{number}"));
            closed.first.push(tokio::spawn(send(join(&visitor, &email))));
            while site.database.values("count(*)", waits) != [closed.first.len().to_string()] {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        }
        closed
    }

    async fn open(mut self) {
        self.holder.batch_execute("COMMIT").unwrap();
        for first in self.first {
            first.await.unwrap().redirects_to("/waitlist/joined");
        }
    }
}

fn join(visitor: &Visitor, email: &str) -> RequestBuilder {
    let fields = [("email", email), ("role", "employee")];
    visitor.request("POST", "/waitlist").header("sec-fetch-site", "same-origin").form(&fields)
}

/// Long enough for a request to reach the queue, when nothing else does.
async fn arrive() {
    tokio::time::sleep(Duration::from_millis(20)).await;
}

/// Sends these in their order while the list is closed; one transaction writes them all.
async fn together(site: &TestSite, requests: impl IntoIterator<Item = RequestBuilder>) -> Vec<Page> {
    let closed = ClosedList::before(&[site]).await;
    let mut sent = Vec::new();
    for request in requests {
        sent.push(tokio::spawn(send(request)));
        arrive().await;
    }
    closed.open().await;
    let mut pages = Vec::new();
    for page in sent {
        pages.push(page.await.unwrap());
    }
    pages
}

fn statuses(pages: &[Page]) -> Vec<u16> {
    pages.iter().map(|page| page.status.as_u16()).collect()
}

/// How many transactions made these entries.
fn transactions(database: &TestDatabase, addresses: &str) -> String {
    database.values("count(DISTINCT xmin::text)", &format!("waitlist WHERE email LIKE '{addresses}'")).remove(0)
}

fn letters(database: &TestDatabase, addresses: &str) -> String {
    let of = format!("outbox_letter WHERE kind = 'waitlist-confirm' AND recipient LIKE '{addresses}'");
    database.values("count(*)", &of).remove(0)
}

#[tokio::test]
async fn those_who_arrive_together_join_in_one_transaction_of_four_statements() {
    let site = TestSite::start().await;
    let visitors = ["127.0.0.2", "127.0.0.3", "127.0.0.4", "127.0.0.5", "127.0.0.6"].map(|ip| site.visitor_from(ip));
    let closed = ClosedList::before(&[&site]).await;
    let before = site.app.db.statements();
    let sent: Vec<_> = (0..256)
        .map(|number| tokio::spawn(send(join(&visitors[number % 5], &format!("ana{number}@example.cl")))))
        .collect();
    tokio::time::sleep(Duration::from_millis(1_200)).await;
    closed.open().await;
    for page in sent {
        page.await.unwrap().redirects_to("/waitlist/joined");
    }
    let statements = site.app.db.statements() - before;
    assert!(statements * 10 <= 256 * 3, "{statements} statements, those of the background included");
    assert_eq!(transactions(&site.database, "ana%"), "8");
    assert_eq!(letters(&site.database, "ana%"), "256");
    assert_eq!(site.mails("ana31@example.cl").await.len(), 1);
    let hits = "(SELECT sum(cardinality(hits)) FROM rate_limit)";
    assert_eq!(site.database.values(hits, "(SELECT 1) AS one"), ["258"], "each is counted");
}

#[tokio::test]
async fn of_one_address_in_a_batch_the_first_joins_and_the_others_are_listed() {
    let site = TestSite::start().await;
    let ana = site.visitor();
    let json = ana.request("POST", "/api/waitlist");
    let json = json.json(&serde_json::json!({"email": "ANA@example.cl", "role": "organization"}));
    let pages = together(&site, [join(&ana, "ana@example.cl"), join(&ana, "Ana@Example.CL"), json]).await;
    assert_eq!(statuses(&pages), [303, 409, 409]);
    pages[1].clone().says("Email already on waitlist");
    assert_eq!(
        site.database.values("email || ' ' || role", "waitlist WHERE email LIKE 'ana%'"),
        ["ana@example.cl employee"]
    );
    assert_eq!(letters(&site.database, "ana%"), "1");
}

#[tokio::test]
async fn whoever_is_known_goes_the_way_of_before_and_keeps_nobody_from_joining() {
    let site = TestSite::start().await;
    let ana = site.visitor();
    for name in ["left", "deleted", "confirmed"] {
        join(&ana, &format!("{name}@example.cl")).send().await.unwrap();
    }
    join(&ana, "asked@example.cl").send().await.unwrap();
    site.database.execute(
        "UPDATE waitlist SET left_at = now() WHERE email LIKE 'left%'; \
         UPDATE waitlist SET deleted_at = now() WHERE email LIKE 'deleted%'; \
         UPDATE waitlist SET confirmed_at = now() WHERE email LIKE 'confirmed%'; \
         INSERT INTO waitlist (email, role) VALUES ('Capitals@Example.CL', 'professional')",
    );
    let names = ["new", "left", "deleted", "confirmed", "asked", "capitals", "newer"];
    let pages = together(&site, names.map(|name| join(&ana, &format!("{name}@example.cl")))).await;
    assert_eq!(statuses(&pages), [303, 303, 303, 409, 409, 409, 303]);
    assert_eq!(transactions(&site.database, "new%"), "1");
    let gone = "waitlist WHERE left_at IS NOT NULL OR deleted_at IS NOT NULL";
    assert_eq!(site.database.values("count(*)", gone), ["0"], "they have new places");
    let expected = ["asked@example.cl 2", "capitals@example.cl 1", "confirmed@example.cl 1", "deleted@example.cl 2"];
    let counts = site.database.values(
        "recipient || ' ' || count",
        "(SELECT lower(recipient) AS recipient, count(*) FROM outbox_letter GROUP BY 1) AS letters \
         WHERE recipient ~ '^(asked|capitals|confirmed|deleted)' ORDER BY 1",
    );
    assert_eq!(counts, expected);
    let hits = "(SELECT max(cardinality(hits)) FROM rate_limit)";
    assert_eq!(site.database.values(hits, "(SELECT 1) AS one"), ["11"], "each is counted once");
}

#[tokio::test]
async fn one_that_cannot_be_written_harms_nobody_else_in_its_batch() {
    let site = TestSite::start().await;
    site.database.execute(
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM 1 / 0; RETURN NEW; END $$; \
         CREATE TRIGGER refuse BEFORE INSERT ON waitlist FOR EACH ROW WHEN (NEW.email LIKE 'poison%') \
         EXECUTE FUNCTION refuse()",
    );
    let ana = site.visitor();
    let names = ["ana", "poisoned", "eva", "ada"];
    let pages = together(&site, names.map(|name| join(&ana, &format!("{name}@example.cl")))).await;
    assert_eq!(statuses(&pages), [303, 500, 303, 303]);
    assert_eq!(site.database.values("email", "waitlist WHERE email LIKE '%a@%' ORDER BY email").len(), 3);
    assert_eq!(letters(&site.database, "___@%"), "3");
    ana.join("poison@example.cl", "employee").await.has_status(500);
    let hits = "(SELECT max(cardinality(hits)) FROM rate_limit)";
    assert_eq!(site.database.values(hits, "(SELECT 1) AS one"), ["5"], "each is counted once, and the failed ones too");
}

#[tokio::test]
async fn whoever_goes_away_while_waiting_has_joined_and_the_same_form_is_answered_like_the_first() {
    let site = TestSite::start().await;
    let ana = site.visitor();
    let form = ana.get("/waitlist").await.form("/waitlist").with("email", "ana@example.cl").with("role", "employee");
    let closed = ClosedList::before(&[&site]).await;
    let press = || ana.request("POST", &form.action).header("sec-fetch-site", "same-origin").form(&form.fields);
    assert!(press().timeout(Duration::from_millis(150)).send().await.is_err(), "gone before the answer");
    arrive().await;
    let again = tokio::spawn(send(press()));
    arrive().await;
    closed.open().await;
    again.await.unwrap().redirects_to("/waitlist/joined");
    send(press()).await.redirects_to("/waitlist/joined");
    assert_eq!(letters(&site.database, "ana%"), "1");
}

#[tokio::test]
async fn a_batch_lets_exactly_as_many_join_as_the_limit_has_room_for() {
    let database = Arc::new(TestDatabase::migrated());
    let sites = [TestSite::on(Arc::clone(&database), &[]).await, TestSite::on(Arc::clone(&database), &[]).await];
    let ana = sites[0].visitor();
    for _ in 0..20 {
        ana.join("", "").await.has_status(422);
    }
    let closed = ClosedList::before(&[&sites[0], &sites[1]]).await;
    let sent: Vec<_> = (0..60)
        .map(|number| {
            let visitor = ana.at(&sites[number % 2].base_url);
            tokio::spawn(send(join(&visitor, &format!("ana{number}@example.cl"))))
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(800)).await;
    closed.open().await;
    let mut joined = 0;
    for page in sent {
        let page = page.await.unwrap();
        if page.status == 303 {
            joined += 1;
        } else {
            assert!((1..=60).contains(&page.clone().has_status(429).header("retry-after").parse::<u64>().unwrap()));
            assert!(page.value("email").starts_with("ana"), "what was typed comes back");
        }
    }
    assert_eq!(joined, 40);
    assert_eq!(database.values("count(*)", "waitlist WHERE email LIKE 'ana%'"), ["40"], "the refused wrote nothing");
    assert_eq!(letters(&database, "ana%"), "40");
}

#[tokio::test]
async fn replicas_that_write_the_same_addresses_never_wait_for_each_other_in_a_circle() {
    let database = Arc::new(TestDatabase::migrated());
    let off = [("RATE_LIMITS", "off")];
    let sites = [TestSite::on(Arc::clone(&database), &off).await, TestSite::on(Arc::clone(&database), &off).await];
    let visitors = sites.each_ref().map(TestSite::visitor);
    for round in 0..6 {
        let closed = ClosedList::before(&[&sites[0], &sites[1]]).await;
        let mut sent = Vec::new();
        for number in 0..30 {
            for (visitor, number) in visitors.iter().zip([number, 29 - number]) {
                sent.push(tokio::spawn(send(join(visitor, &format!("ana{number:02}x{round}@example.cl")))));
            }
        }
        tokio::time::sleep(Duration::from_millis(400)).await;
        closed.open().await;
        let mut joined = 0;
        for page in sent {
            joined += usize::from(page.await.unwrap().status == 303);
        }
        assert_eq!(joined, 30, "each address once");
    }
    let deadlocks = database.values("deadlocks", "pg_stat_database WHERE datname = current_database()");
    assert_eq!(deadlocks, ["0"]);
}

#[tokio::test]
async fn whoever_waits_when_the_server_stops_has_joined() {
    let site = TestSite::start().await;
    let (database, ana) = (Arc::clone(&site.database), site.visitor());
    let closed = ClosedList::before(&[&site]).await;
    assert!(join(&ana, "gone@example.cl").timeout(Duration::from_millis(100)).send().await.is_err());
    let waits = tokio::spawn(send(join(&ana, "waits@example.cl")));
    arrive().await;
    let ((), ()) = tokio::join!(
        async {
            tokio::time::sleep(Duration::from_millis(300)).await;
            closed.open().await;
        },
        site.stop()
    );
    waits.await.unwrap().redirects_to("/waitlist/joined");
    assert_eq!(
        database.values("email", "waitlist WHERE email NOT LIKE 'first%' ORDER BY email"),
        ["gone@example.cl", "waits@example.cl"]
    );
}

#[tokio::test]
async fn whoever_waits_when_the_database_goes_away_is_told_so_and_may_try_again() {
    let site = TestSite::start().await;
    let ana = site.visitor();
    let mut closed = ClosedList::before(&[&site]).await;
    let waits: Vec<_> =
        (0..40).map(|number| tokio::spawn(send(join(&ana, &format!("ana{number}@example.cl"))))).collect();
    tokio::time::sleep(Duration::from_millis(200)).await;
    let start = Instant::now();
    site.database.go_away();
    for page in waits.into_iter().chain(closed.first.drain(..)) {
        assert!(!page.await.unwrap().has_status(503).header("retry-after").is_empty());
    }
    assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
    site.database.come_back();
    site.settle().await;
    let back = Instant::now();
    while ana.join("ana7@example.cl", "employee").await.status != 303 {
        assert!(back.elapsed() < Duration::from_secs(8), "the database is back");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(site.database.values("count(*)", "waitlist"), ["1"]);
}

#[tokio::test]
async fn places_of_one_batch_are_in_the_order_in_which_they_were_asked_for() {
    let site = TestSite::start().await;
    let ana = site.visitor();
    let addresses = ["zoe@example.cl", "ana.rojas@gmail.com", "mia@example.cl", "anarojas@googlemail.com"];
    together(&site, addresses.map(|email| join(&ana, email))).await;
    let in_turn = "waitlist WHERE email NOT LIKE 'first%' ORDER BY created_at, id";
    assert_eq!(site.database.values("email", in_turn), addresses);
    let marked = site.database.values("'twin' = ANY (signals)", in_turn);
    assert_eq!(marked, ["false", "false", "false", "true"], "the later spelling of one mailbox is marked");
}

#[tokio::test]
async fn a_list_that_is_locked_leaves_connections_to_those_who_log_in() {
    let site = TestSite::start().await;
    let mut closed = ClosedList::before(&[&site]).await;
    let visitors: Vec<_> = (2..6).map(|number| site.visitor_from(&format!("127.0.0.{number}"))).collect();
    let joins: Vec<_> = (0..64)
        .map(|number| tokio::spawn(send(join(&visitors[number % 4], &format!("ana{number}@example.cl")))))
        .collect();
    // The batches have waited as long as they may, and each of them waits once more.
    for number in 0..20 {
        let (since, visitor) = (Instant::now(), site.visitor_from(&format!("127.0.2.{number}")));
        visitor.log_in(&format!("nobody{number}@example.cl"), PASSWORD).await.has_status(401);
        assert!(since.elapsed() < Duration::from_secs(2), "{:?}", since.elapsed());
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    closed.holder.batch_execute("COMMIT").unwrap();
    for join in joins {
        let status = join.await.unwrap().status.as_u16();
        assert!([303, 503].contains(&status), "{status}");
    }
}

#[tokio::test]
async fn an_address_that_somebody_keeps_locked_holds_up_nobody_else_for_long() {
    let site = TestSite::start().await;
    let ana = site.visitor();
    send(join(&ana, "held@example.cl")).await.redirects_to("/waitlist/joined");
    let mut holder = site.database.connect();
    holder.batch_execute("BEGIN; UPDATE waitlist SET role = 'organization'").unwrap();
    let held = || async { send(join(&ana, "held@example.cl")).await };
    let found_out = Instant::now() + Duration::from_secs(20);
    // The first tries wait, until it is found out, by others who are written meanwhile, that they alone do.
    let press = || async {
        while Instant::now() < found_out {
            let start = Instant::now();
            assert_eq!(held().await.status.as_u16(), 503);
            if start.elapsed() < Duration::from_millis(500) {
                return;
            }
        }
        panic!("they go on waiting");
    };
    let mut both = std::pin::pin!(async { tokio::join!(press(), press()) });
    let mut number = 0;
    loop {
        let bea = site.visitor_from(&format!("127.0.2.{number}"));
        let other = async {
            send(join(&bea, &format!("bea{number}@example.cl"))).await.redirects_to("/waitlist/joined");
            tokio::time::sleep(Duration::from_millis(50)).await;
        };
        tokio::select! {
            _ = &mut both => break,
            () = other => number += 1,
        }
    }
    let start = Instant::now();
    assert_eq!(held().await.status.as_u16(), 503);
    send(join(&site.visitor_from("127.0.3.1"), "eva@example.cl")).await.redirects_to("/waitlist/joined");
    assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
    holder.batch_execute("ROLLBACK").unwrap();
}
