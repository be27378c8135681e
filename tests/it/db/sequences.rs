//! Sequences that stand behind their tables.

use std::time::{Duration, Instant};

use biovity::db::sequences;
use biovity::server;
use biovity::webhook::past_delivery::JOIN_NUMBERS;
use diesel::connection::SimpleConnection;

use crate::support::TestSite;
use crate::support::database::TestDatabase;
use crate::webhook::endpoint_page::add;
use crate::webhook::receiver::Receiver;

/// A database whose list has places that its sequence does not know of.
fn behind() -> TestDatabase {
    let database = TestDatabase::migrated();
    database.execute(
        "INSERT INTO waitlist (id, email, role) OVERRIDING SYSTEM VALUE \
         SELECT n, concat(n, '@example.cl'), 'employee' FROM generate_series(1, 50) AS n",
    );
    database
}

#[tokio::test]
async fn until_it_is_set_right_joining_is_unavailable_and_no_fault_of_ours() {
    let site = TestSite::start().await;
    site.visitor().join("ana@example.cl", "employee").await.redirects_to("/waitlist/joined");
    site.database.execute("ALTER SEQUENCE waitlist_id_seq RESTART WITH 1");
    site.visitor().join("bea@example.cl", "employee").await.has_status(503);
    site.visitor().join("ana@example.cl", "employee").await.has_status(409);
}

#[tokio::test]
async fn a_server_that_starts_sets_it_right() {
    let site = TestSite::on(behind(), &[]).await;
    for _ in 0..200 {
        if site.database.values("last_value", "waitlist_id_seq") == ["50"] {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    site.visitor().join("ana@example.cl", "employee").await.redirects_to("/waitlist/joined");
    assert_eq!(site.database.values("id", "waitlist WHERE email = 'ana@example.cl'"), ["51"]);
}

#[test]
fn migrating_lets_others_write_while_it_waits_for_a_table() {
    let database = behind();
    let mut writer = database.connect();
    writer
        .batch_execute(
            "BEGIN; INSERT INTO waitlist (id, email, role) OVERRIDING SYSTEM VALUE VALUES (99, 'a@x.cl', 'x')",
        )
        .unwrap();
    let url = database.url();
    let migrating = std::thread::spawn(move || server::migrate(&url).map_err(|error| error.to_string()));
    let waits =
        || database.values("count(*)", "pg_locks WHERE NOT granted AND relation = 'waitlist'::regclass") != ["0"];
    let becomes = |wanted: bool| {
        let began = Instant::now();
        while waits() != wanted {
            assert!(began.elapsed() < Duration::from_secs(6), "nobody can write until the other transaction ends");
            std::thread::sleep(Duration::from_millis(20));
        }
    };
    becomes(true);
    becomes(false);
    writer.batch_execute("COMMIT").unwrap();
    assert_eq!(migrating.join().unwrap(), Ok(vec![]));
    assert_eq!(database.values("last_value", "waitlist_id_seq"), ["99"]);
}

#[test]
fn migrating_sets_right_what_is_behind_and_leaves_the_rest() {
    let database = behind();
    assert_eq!(sequences::behind(&mut database.connect(), &JOIN_NUMBERS).unwrap(), ["waitlist_id_seq"]);
    let others = || {
        database.values(
            "sequencename || coalesce(last_value::text, '')",
            "pg_sequences WHERE sequencename <> 'waitlist_id_seq' ORDER BY 1",
        )
    };
    let before = others();
    assert!(!before.is_empty());
    for _ in 0..2 {
        server::migrate(&database.url()).unwrap();
        assert_eq!(database.values("last_value", "waitlist_id_seq"), ["50"]);
    }
    assert_eq!(others(), before);
    database.execute("SELECT setval('waitlist_id_seq', 90)");
    server::migrate(&database.url()).unwrap();
    assert_eq!(database.values("last_value", "waitlist_id_seq"), ["90"], "never set back");
}

#[tokio::test]
async fn the_sequence_of_deliveries_is_set_right_beyond_the_numbers_that_are_promised_to_joins() {
    let (site, receiver) = (TestSite::start().await, Receiver::start().await);
    add(&site.admin("admin@example.cl").await, &receiver, &["waitlist.joined"]).await;
    site.database.execute(
        "INSERT INTO waitlist (email, role, created_at) \
         SELECT n || '@example.cl', 'employee', now() FROM generate_series(1, 40) AS n",
    );
    let sequence = "pg_get_serial_sequence('webhook_delivery', 'id')";
    let last = || site.database.values("last_value", "webhook_delivery_id_seq");
    let promised = last();
    let mut conn = site.database.connect();
    assert_eq!(sequences::behind(&mut conn, &JOIN_NUMBERS).unwrap(), [""; 0]);
    site.database.execute(&format!("SELECT setval({sequence}, max(id)) FROM webhook_delivery"));
    assert_eq!(sequences::behind(&mut conn, &JOIN_NUMBERS).unwrap(), ["webhook_delivery_id_seq"]);
    server::migrate(&site.database.url()).unwrap();
    assert_eq!(last(), promised);
}
