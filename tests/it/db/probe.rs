//! The look at the database's health.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use biovity::db::Health;
use diesel::connection::SimpleConnection;
use diesel::result::{DatabaseErrorKind, Error as QueryError};

use super::{gate, sleep};
use crate::support::TestSite;
use crate::support::database::TestDatabase;

#[tokio::test]
async fn background_work_that_waits_is_no_outage() {
    let site = TestSite::start().await;
    let background = site.app.db.for_background();
    let start = Instant::now();
    // They have every place of the background, and two wait for one.
    let waits = || async {
        while start.elapsed() < Duration::from_secs(5) && background.read(|conn| sleep(conn, 2.5)).await.is_ok() {}
    };
    let visit = async {
        for number in 0..40 {
            site.visitor().get("/readyz").await.has_status(200);
            site.visitor().join(&format!("ana{number}@example.cl"), "employee").await.redirects_to("/waitlist/joined");
            tokio::time::sleep(Duration::from_millis(150)).await;
        }
    };
    tokio::join!(waits(), waits(), waits(), waits(), visit);
}

#[tokio::test]
async fn one_miss_is_no_outage_and_two_are() {
    let database = TestDatabase::empty();
    let db = gate(&database);
    assert_eq!(db.probe(|_| Ok(false)).await, Health::Ready);
    for (broken, health) in [(2, Health::Ready), (9, Health::Unreachable)] {
        let asked = Arc::new(AtomicU32::new(0));
        let closed = move |_: &mut _| {
            let is_broken = asked.fetch_add(1, Ordering::Relaxed) < broken;
            let error = || QueryError::DatabaseError(DatabaseErrorKind::ClosedConnection, Box::new(String::new()));
            if is_broken { Err(error()) } else { Ok(false) }
        };
        assert_eq!(db.probe(closed).await, health, "{broken} connections that broke");
    }
}

#[tokio::test]
async fn a_server_that_cannot_tell_now_is_not_away() {
    let database = TestDatabase::migrated();
    let db = gate(&database);
    let look = |conn: &mut _| biovity::db::migrations::lacks_any(conn);
    assert_eq!(db.probe(look).await, Health::Ready);
    let mut holder = database.connect();
    holder.batch_execute("BEGIN; LOCK TABLE migrations IN ACCESS EXCLUSIVE MODE").unwrap();
    for _ in 0..3 {
        assert_eq!(db.probe(look).await, Health::Ready);
    }
}
