//! How many come in, and what happens to the rest.

use std::collections::BTreeMap;
use std::panic::resume_unwind;
use std::time::{Duration, Instant};

use biovity::db::{Db, Error, Queue};
use diesel::pg::PgConnection;
use diesel::result::QueryResult;
use tokio::task::JoinHandle;

use super::{gate, sleep, value};
use crate::support::TestSite;
use crate::support::database::TestDatabase;
use crate::support::visitor::send;

/// Connections of the pool and the probe; those that are for requests, and requests that may wait for one.
const POOL: usize = 10;
const INSIDE: usize = 7;
const WAITING: usize = 100;

/// As many reads at once as there are connections.
fn take_every_place(db: &Db, work: fn(&mut PgConnection) -> QueryResult<()>) -> Vec<JoinHandle<Result<(), Error>>> {
    take_places(db, INSIDE, work)
}

fn take_places(
    db: &Db,
    places: usize,
    work: fn(&mut PgConnection) -> QueryResult<()>,
) -> Vec<JoinHandle<Result<(), Error>>> {
    let reader = || {
        let db = db.clone();
        tokio::spawn(async move { db.read(work).await })
    };
    (0..places).map(|_| reader()).collect()
}

async fn all<T>(tasks: Vec<JoinHandle<T>>) -> Vec<T> {
    let mut results = Vec::new();
    for task in tasks {
        results.push(task.await.unwrap());
    }
    results
}

#[tokio::test]
async fn one_more_than_may_wait_is_refused_at_once() {
    let database = TestDatabase::empty();
    let db = gate(&database);
    let tasks = take_places(&db, INSIDE + WAITING, |conn| sleep(conn, 0.1));
    tokio::time::sleep(Duration::from_millis(40)).await;
    let start = Instant::now();
    assert!(matches!(db.read(|conn| value(conn, "1")).await, Err(Error::Busy(Queue::Connections))));
    assert!(start.elapsed() < Duration::from_millis(50), "{:?}", start.elapsed());
    assert!(all(tasks).await.iter().all(Result::is_ok), "everyone who waited had a turn");
    assert_eq!(db.read(|conn| value(conn, "1")).await.unwrap(), "1");
}

#[tokio::test]
async fn who_waits_longer_than_five_seconds_is_refused() {
    let database = TestDatabase::empty();
    let db = gate(&database);
    let busy = take_every_place(&db, |conn| {
        value(conn, "set_config('statement_timeout', '0', false)")?;
        sleep(conn, 6.0)
    });
    tokio::time::sleep(Duration::from_millis(300)).await;
    let start = Instant::now();
    assert!(matches!(db.read(|conn| value(conn, "1")).await, Err(Error::Busy(Queue::Connections))));
    let waited = start.elapsed();
    assert!((4_900..5_500).contains(&waited.as_millis()), "{waited:?}");
    assert!(all(busy).await.iter().all(Result::is_ok));
}

#[tokio::test]
async fn two_hundred_requests_at_once_share_ten_connections() {
    share(POOL, &[("RATE_LIMITS", "off")]).await;
}

#[tokio::test]
async fn they_share_as_few_as_the_operator_gives_them() {
    share(5, &[("RATE_LIMITS", "off"), ("DB_CONNECTIONS", "5")]).await;
}

async fn share(pool: usize, settings: &[(&str, &str)]) {
    let site = TestSite::with(settings).await;
    let visitor = site.visitor();
    let join = |number: usize| {
        let fields = [("email", format!("ana{number}@example.cl")), ("role", "employee".to_owned())];
        send(visitor.request("POST", "/waitlist").header("sec-fetch-site", "same-origin").form(&fields))
    };
    let everyone: Vec<_> = (0..200).map(|number| tokio::spawn(join(number))).collect();
    let others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
    let (mut watcher, mut most) = (site.database.connect(), 0);
    while !everyone.iter().all(JoinHandle::is_finished) {
        let open: usize = value(&mut watcher, others).unwrap().parse().unwrap();
        most = most.max(open);
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    assert!((1..=pool).contains(&most), "{most} connections");
    let mut answers = BTreeMap::new();
    for page in all(everyone).await {
        assert!(page.status != 503 || !page.header("retry-after").is_empty());
        *answers.entry(page.status.as_u16()).or_insert(0) += 1;
    }
    assert!(answers.keys().all(|status| [303, 503].contains(status)), "{answers:?}");
    assert_eq!(
        site.database.values("count(*)", "waitlist"),
        [answers[&303].to_string()],
        "each acknowledged place is one row"
    );
    assert_eq!(site.database.values("count(*)", "outbox_letter"), [answers[&303].to_string()]);
}

#[tokio::test]
async fn work_that_panics_takes_no_place_with_it() {
    let database = TestDatabase::empty();
    let db = gate(&database);
    for _ in 0..INSIDE + 2 {
        // Unlike `panic!`, this says nothing on the terminal.
        let panicked = db
            .write::<()>(|conn| {
                value(conn, "1")?;
                resume_unwind(Box::new("on purpose"))
            })
            .await;
        assert!(matches!(panicked, Err(Error::Unavailable(_))));
    }
    let start = Instant::now();
    let reads = all(take_every_place(&db, |conn| sleep(conn, 0.3))).await;
    assert!(reads.iter().all(Result::is_ok), "{reads:?}");
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}: not all at once", start.elapsed());
}

#[tokio::test]
async fn who_goes_away_leaves_the_work_its_place_until_it_is_done() {
    let database = TestDatabase::empty();
    let db = gate(&database);
    let tasks = take_every_place(&db, |conn| sleep(conn, 1.0));
    tokio::time::sleep(Duration::from_millis(400)).await;
    tasks.iter().for_each(JoinHandle::abort);
    let start = Instant::now();
    assert_eq!(db.read(|conn| value(conn, "1")).await.unwrap(), "1");
    assert!(start.elapsed() > Duration::from_millis(300), "its turn came while all places were taken");
}
