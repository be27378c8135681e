//! What is recorded for endpoints by the database itself, in the statement of what happened.

use std::time::Duration;

use diesel::connection::SimpleConnection;

use super::endpoint_page::add;
use super::receiver::{Message, Receiver};
use crate::support::TestSite;

#[tokio::test]
async fn many_that_change_at_once_are_recorded_as_quickly_as_one_after_the_other() {
    let (site, receiver) = (TestSite::start().await, Receiver::start().await);
    let admin = site.admin("admin@example.cl").await;
    add(&admin, &receiver, &["waitlist.confirmed"]).await;
    // The trigger's plan is made when one row changes, and kept. Each compared with each would take a minute.
    site.database.execute(
        "INSERT INTO waitlist (email, role, created_at) VALUES ('one@example.cl', 'employee', now()); \
         UPDATE waitlist SET confirmed_at = now(); \
         INSERT INTO waitlist (email, role, created_at) \
         SELECT 'p' || n || '@example.cl', 'employee', now() FROM generate_series(1, 20000) AS n; \
         SET statement_timeout = '10s'; \
         UPDATE waitlist SET confirmed_at = now() WHERE confirmed_at IS NULL",
    );
    assert_eq!(site.database.values("count(*)::text", "webhook_delivery WHERE subject LIKE 'entry:%'"), ["20001"]);
}

#[tokio::test]
async fn those_who_join_together_are_one_row_until_their_deliveries_are_made() {
    let (site, receiver) = (TestSite::start().await, Receiver::start().await);
    let admin = site.admin("admin@example.cl").await;
    for events in [["waitlist.joined", "waitlist.confirmed"], ["waitlist.joined", "waitlist.left"]] {
        add(&admin, &receiver, &events).await;
    }
    site.database.execute(
        "INSERT INTO waitlist (email, role, created_at) SELECT n || '@example.cl', 'professional', now() \
         FROM unnest(ARRAY['ana', 'bea', 'eva']) AS n",
    );
    let waiting = || site.database.values("cardinality(delivery_ids)", "webhook_join_batch");
    assert_eq!(waiting(), ["6"], "a number for each of two endpoints and three places");
    let made = "webhook_delivery WHERE subject LIKE 'entry:%'";
    assert_eq!(site.database.values("count(*)", made), ["0"]);
    // What happens before the deliveries are made: whoever is erased is not told of; what is told comes after the join.
    site.database.execute(
        "DELETE FROM waitlist WHERE email LIKE 'bea%'; UPDATE waitlist SET confirmed_at = now() WHERE email LIKE 'ana%'",
    );
    site.deliver_webhooks().await;
    assert_eq!(waiting(), [""; 0]);
    let mut told: Vec<_> = receiver.messages().iter().map(Message::json).collect();
    told.retain(|message| message["data"]["sequence"].is_number());
    told.sort_by_key(|message| message["data"]["sequence"].as_i64());
    let told: Vec<_> = told.iter().map(|message| (message["type"].as_str().unwrap(), &message["data"])).collect();
    let names: Vec<_> = told.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, [["waitlist.joined"; 4].as_slice(), &["waitlist.confirmed"]].concat());
    assert!(told[..4].iter().all(|(_, data)| data["state"] == "joined" && data["role"] == "employee"), "{told:?}");
    assert_eq!(told[4].1["id"], told[0].1["id"]);
}

#[tokio::test]
async fn joins_that_wait_are_told_with_their_numbers_by_the_versions_before_and_after() {
    let (site, receiver) = (TestSite::start().await, Receiver::start().await);
    let admin = site.admin("admin@example.cl").await;
    add(&admin, &receiver, &["waitlist.joined"]).await;
    add(&admin, &receiver, &["waitlist.joined"]).await;
    let join = "INSERT INTO waitlist (email, role, created_at) VALUES ('a@example.cl', 'employee', now()), \
                ('b@example.cl', 'employee', now())";
    let of_batches = "SELECT unnest(delivery_ids) AS number FROM webhook_join_batch";
    site.database.execute(join);
    let promised = site.database.values("number", &format!("({of_batches}) AS promised ORDER BY number"));
    let in_order = site.database.values(
        "number || ' ' || webhook_id || ' entry:' || entry_id",
        "(SELECT delivery_ids[2 * n - 1] AS number, webhook_ids[n] AS webhook_id, entry_ids[1] AS entry_id \
          FROM webhook_join_batch, generate_series(1, 2) AS n UNION ALL \
          SELECT delivery_ids[2 * n], webhook_ids[n], entry_ids[2] FROM webhook_join_batch, generate_series(1, 2) AS n) \
         AS promised ORDER BY number",
    );
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/1795479000000_075_join_batches");
    let script = |name: &str| std::fs::read_to_string(format!("{folder}/{name}.sql")).unwrap();
    site.database.execute(&script("down"));
    assert_eq!(
        site.database.values("cardinality(delivery_ids)", "webhook_joins"),
        ["2"; 2],
        "two places, two endpoints"
    );
    site.database.execute(&script("up"));
    let made = "webhook_delivery WHERE event = 'waitlist.joined' ORDER BY id";
    site.deliver_webhooks().await;
    assert_eq!(site.database.values("id", made), promised);
    let told = site.database.values("id || ' ' || webhook_id || ' ' || subject", made);
    assert_eq!(told, in_order, "each number to the endpoint and of the place that it was promised to");
}

#[tokio::test]
async fn an_import_of_many_beside_as_many_endpoints_as_there_may_be_is_told_in_bounded_steps() {
    let site = TestSite::start().await;
    site.database.execute(
        "INSERT INTO webhook (id, url, events, with_address, state, generation, secret_hash, created_at) \
         SELECT 'w' || n, 'http://127.0.0.1:9/', '{waitlist.joined}', false, 'paused', 1, 'x', now() \
         FROM generate_series(1, 20) AS n; \
         INSERT INTO waitlist (email, role, created_at) \
         SELECT 'p' || n || '@example.cl', 'employee', now() FROM generate_series(1, 999) AS n",
    );
    let largest = || site.database.values("max(cardinality(delivery_ids))", "webhook_join_batch");
    assert_eq!(largest(), ["1000"]);
    let made = || site.database.values("count(*)", "webhook_delivery").concat().parse::<usize>().unwrap();
    let mut last = 0;
    while largest() != ["NULL"] {
        site.database.execute("SELECT webhook_deliver_joins(256)");
        assert!((1..=1_000).contains(&(made() - last)), "{} after {last}", made());
        last = made();
    }
    let told = "(SELECT DISTINCT webhook_id, subject FROM webhook_delivery) AS told";
    assert_eq!((last, site.database.values("count(*)", told)), (19_980, vec!["19980".to_owned()]));
}

#[tokio::test]
async fn a_place_that_is_erased_while_its_delivery_is_made_has_none() {
    let (site, receiver) = (TestSite::start().await, Receiver::start().await);
    let admin = site.admin("admin@example.cl").await;
    add(&admin, &receiver, &["waitlist.joined"]).await;
    let make = "SELECT webhook_deliver_joins(100)";
    for (name, first, second) in [("ana", "DELETE FROM waitlist", make), ("eva", make, "DELETE FROM waitlist")] {
        site.database.execute(&format!(
            "INSERT INTO waitlist (email, role, created_at) VALUES ('{name}@example.cl', 'employee', now())"
        ));
        let (mut one, mut other) = (site.database.connect(), site.database.connect());
        one.batch_execute(&format!("BEGIN; {first}")).unwrap();
        let waits = std::thread::spawn(move || other.batch_execute(second).unwrap());
        let waiting = "pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
        while site.database.values("1", waiting).is_empty() {
            std::thread::sleep(Duration::from_millis(10));
        }
        one.batch_execute("COMMIT").unwrap();
        waits.join().unwrap();
        assert_eq!(site.database.values("subject", "webhook_delivery WHERE event = 'waitlist.joined'"), [""; 0]);
    }
}

#[tokio::test]
async fn a_join_whose_number_comes_after_what_happened_later_tells_how_the_place_is_by_then() {
    let (site, receiver) = (TestSite::start().await, Receiver::start().await);
    let admin = site.admin("admin@example.cl").await;
    add(&admin, &receiver, &["waitlist.joined", "waitlist.confirmed"]).await;
    let confirm = |name: &str| format!("UPDATE waitlist SET confirmed_at = now() WHERE email = '{name}@example.cl'");
    site.database.execute(
        "INSERT INTO waitlist (email, role, created_at) SELECT name || '@example.cl', 'employee', now() \
         FROM unnest(ARRAY['ana', 'bea', 'eva']) WITH ORDINALITY AS people (name, turn) ORDER BY turn",
    );
    // A restore lost where the sequence stood: Bea's confirmation gets the number that was promised to Ana's join, and Ana's
    // that of Bea's.
    site.database
        .execute("SELECT setval(pg_get_serial_sequence('webhook_delivery', 'id'), max(id)) FROM webhook_delivery");
    site.database.execute(&confirm("bea"));
    site.database.execute(&confirm("ana"));
    site.deliver_webhooks().await;
    site.database.execute(&confirm("eva"));
    site.deliver_webhooks().await;
    let mut told: Vec<_> = receiver.messages().split_off(1).iter().map(Message::json).collect();
    told.sort_by_key(|message| message["data"]["sequence"].as_i64());
    let of = |number: usize| {
        let id = site.database.values("id", "waitlist ORDER BY id")[number].parse::<i64>().unwrap();
        let own: Vec<_> = told.iter().filter(|message| message["data"]["id"] == id).collect();
        assert_eq!(own.len(), 2, "{told:?}");
        let newest = own[1];
        assert!(newest["data"]["state"] == "confirmed" && newest["data"]["confirmed_at"].is_string(), "{own:?}");
        [&own[0]["type"], &newest["type"]].map(|name| name.as_str().unwrap())
    };
    assert_eq!([of(0), of(1)], [["waitlist.confirmed", "waitlist.joined"]; 2], "in the order of their numbers");
    assert_eq!(of(2), ["waitlist.joined", "waitlist.confirmed"]);
}
