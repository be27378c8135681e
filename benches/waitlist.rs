//! How fast the waitlist is with a million places, and as many accounts, events, invitations and lines of imports: joining,
//! a place's rank, erasing, every page of the admins, the export and its memory. It fails when something passes its bar.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a measurement that cannot go on stops")]

mod site;

use std::path::Path;
use std::time::{Duration, Instant};

use biovity::db::embedded::{self, Settings};
use biovity::schema::waitlist;
use biovity::server;
use biovity::values::clock::{Clock, Timestamp};
use biovity::values::database_url::DatabaseUrl;
use biovity::values::id::EntryId;
use biovity::values::secret_key::{SecretKey, SecretKeys};
use biovity::waitlist::joining::entry::Entry;
use biovity::waitlist::place::erasure;
use biovity::web::page::paging::Cursor;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use site::Site;

/// Places on the list.
const PLACES: usize = 1_000_000;
/// How deep the deep page is.
const DEEP: i64 = 900_000;
/// People who join one after the other, on the empty list and on the full one.
const JOINS: usize = 1_000;
/// Times that each page is asked for.
const TIMES: usize = 31;
/// A page takes no longer, in the median.
const BAR: Duration = Duration::from_millis(50);
const ADMIN: (&str, &str) = ("bench@example.cl", "quillay sobre el volcán 7");

fn main() {
    site::run(measure);
}

async fn measure(data_dir: &Path) {
    let site = Site::start(data_dir).await;
    site::command(data_dir, &["admin", "create", ADMIN.0], ADMIN.1);
    let empty = joining(&site, "first").await;
    println!("join an empty waitlist                {empty:>9.1?}  (median of {JOINS})");
    let began = Instant::now();
    site::command(data_dir, &["waitlist", "seed", &PLACES.to_string()], "");
    println!("made {PLACES} places in             {:>9.1?}", began.elapsed());
    let began = Instant::now();
    connect(data_dir).batch_execute(include_str!("site/filling.sql")).unwrap();
    println!("made what stands beside them in       {:>9.1?}", began.elapsed());
    log_in(&site).await;
    let mut late = Vec::new();
    for (what, path) in pages(data_dir).into_iter().chain(other_pages()) {
        let (median, slowest) = asked(&site, &path).await;
        println!("{what:<37} {median:>9.1?}  (slowest {slowest:.1?}; bar: 50 ms)");
        late.extend((median > BAR).then_some(what));
    }
    let rank = rank(data_dir);
    println!("the rank of a place                   {rank:>9.1?}  (bar: 50 ms)");
    late.extend((rank > BAR).then_some("the rank of a place"));
    let erasing = erasing(data_dir);
    println!("erase an address                      {erasing:>9.1?}  (bar: 50 ms)");
    late.extend((erasing > BAR).then_some("erase an address"));
    // At the end: for a while after so many writes the database is busy with them.
    let full = joining(&site, "second").await;
    let slower = 100.0 * (full.as_secs_f64() / empty.as_secs_f64() - 1.0);
    println!("join {PLACES} others                {full:>9.1?}  {slower:+.1} % (bar: 20 %)");
    export(&site).await;
    site.stop();
    assert!(late.is_empty(), "past the bar of {BAR:?}: {}", late.join(", "));
}

/// A connection beside the site's.
fn connect(data_dir: &Path) -> PgConnection {
    let url = embedded::running(&Settings { data_dir: data_dir.to_owned(), pg_bin: None }).unwrap();
    server::connect(&DatabaseUrl::parse(&url).unwrap()).unwrap()
}

/// The median time of telling the rank of a place that joined on the busiest day, with two hundred thousand others.
fn rank(data_dir: &Path) -> Duration {
    let mut conn = connect(data_dir);
    let crowd = "INSERT INTO waitlist (email, role, created_at, confirmed_at) \
                 SELECT 'crowd' || n || '@example.cl', 'employee', date_trunc('day', now()) + n * interval '0.4 seconds', now() \
                 FROM generate_series(1, 200000) AS n";
    conn.batch_execute(&format!("SET statement_timeout = 0; {crowd}; ANALYZE waitlist")).unwrap();
    let last = waitlist::table.filter(waitlist::email.eq("crowd199999@example.cl"));
    let last: Entry = last.select(Entry::as_select()).first(&mut conn).unwrap();
    let mut times: Vec<_> = (0..TIMES)
        .map(|_| {
            let began = Instant::now();
            assert!(last.rank(&mut conn).unwrap() > Some(199_000));
            began.elapsed()
        })
        .collect();
    times.sort();
    times[TIMES / 2]
}

/// The median time of erasing an address, which any line of an import may name.
fn erasing(data_dir: &Path) -> Duration {
    let mut conn = connect(data_dir);
    let keys = SecretKeys { current: SecretKey::generate().unwrap(), former: Vec::new() };
    let mut times: Vec<_> = (0..TIMES)
        .map(|number| {
            let (began, now) = (Instant::now(), Clock::default().now());
            let address = format!("line{number}@example.cl");
            conn.transaction(|conn| erasure::erase_addresses(conn, now, &keys, &[address])).unwrap();
            began.elapsed()
        })
        .collect();
    times.sort();
    times[TIMES / 2]
}

/// The median time of joining.
async fn joining(site: &Site, who: &str) -> Duration {
    let mut times = Vec::new();
    for number in 0..JOINS {
        let form = [("email", format!("{who}-{number}@joins.example.cl")), ("role", "employee".to_owned())];
        let sent = Instant::now();
        let answer = site.client.post(format!("{}/waitlist", site.url)).form(&form).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), 303);
        times.push(sent.elapsed());
    }
    times.sort();
    times[JOINS / 2]
}

async fn log_in(site: &Site) {
    let form = [("email", ADMIN.0), ("password", ADMIN.1)];
    let answer = site.client.post(format!("{}/login", site.url)).form(&form).send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 303);
}

/// What an admin looks at.
fn pages(data_dir: &Path) -> Vec<(&'static str, String)> {
    let (created_at, id) = deep(data_dir);
    let cursor = Cursor { created_at, id: EntryId::from(id) };
    vec![
        ("overview, 30 days", "/admin".to_owned()),
        ("overview, 90 days", "/admin?days=90".to_owned()),
        ("first page", "/admin/waitlist".to_owned()),
        ("a page 900,000 deep", format!("/admin/waitlist?after={cursor}")),
        ("the oldest first", "/admin/waitlist?sort=oldest".to_owned()),
        ("one role", "/admin/waitlist?role=organization".to_owned()),
        ("a rare state", "/admin/waitlist?state=bounced".to_owned()),
        ("a role in a state, deep", format!("/admin/waitlist?role=organization&state=left&after={cursor}")),
        ("a range of days", "/admin/waitlist?from=2026-03-01&to=2026-03-31".to_owned()),
        ("a common term", "/admin/waitlist?q=gmail".to_owned()),
        ("a common term, deep", format!("/admin/waitlist?q=gmail&after={cursor}")),
        ("a rare term", "/admin/waitlist?q=rojas.99".to_owned()),
        ("a term that nobody has", "/admin/waitlist?q=zzzxq".to_owned()),
        ("a short term", "/admin/waitlist?q=an".to_owned()),
        ("a term in a role and state", "/admin/waitlist?q=rojas&role=organization&state=confirmed".to_owned()),
        ("one place", format!("/admin/waitlist/entries/{id}")),
        ("waves", "/admin/waitlist/waves".to_owned()),
        ("rehearsal of a wave", "/admin/waitlist/waves/rehearsal?employees=500&organizations=50".to_owned()),
        ("imports", "/admin/waitlist/imports".to_owned()),
        ("mail", "/admin/mail".to_owned()),
        ("audit", "/admin/audit".to_owned()),
        ("users", "/admin/users".to_owned()),
    ]
}

/// What an admin looks at beside the list, and the bulk acts.
fn other_pages() -> Vec<(&'static str, String)> {
    vec![
        ("users with a term", "/admin/users?q=munoz".to_owned()),
        ("one user", "/admin/users/bench-7".to_owned()),
        ("one wave", "/admin/waitlist/waves/2".to_owned()),
        ("a wave that waits", "/admin/waitlist/waves/1".to_owned()),
        (
            "rehearsal of the largest wave",
            "/admin/waitlist/waves/rehearsal?employees=10000&organizations=10000".to_owned(),
        ),
        ("one import", "/admin/waitlist/imports/bench-7".to_owned()),
        ("deletions", "/admin/waitlist/deletions".to_owned()),
        ("audit of one act", "/admin/audit?action=wave_started".to_owned()),
        ("audit of one account", "/admin/audit?who=account7%40example.cl".to_owned()),
        ("delete everyone", "/admin/waitlist/bulk?act=delete-all".to_owned()),
        ("delete a common term", "/admin/waitlist/bulk?act=delete-all&q=gmail".to_owned()),
        ("delete a rare term", "/admin/waitlist/bulk?act=delete-all&q=rojas.99".to_owned()),
        ("ask everyone again", "/admin/waitlist/bulk?act=ask-all".to_owned()),
        ("ask whoever was invited again", "/admin/waitlist/bulk?act=ask-all&state=invited".to_owned()),
    ]
}

/// The row before the deep page.
fn deep(data_dir: &Path) -> (Timestamp, i64) {
    let mut conn = connect(data_dir);
    let newest_first = waitlist::table.order((waitlist::created_at.desc(), waitlist::id.desc()));
    newest_first.select((waitlist::created_at, waitlist::id)).offset(DEEP).first(&mut conn).unwrap()
}

/// The median and the slowest time of a page, the first one included.
async fn asked(site: &Site, path: &str) -> (Duration, Duration) {
    let mut times = Vec::new();
    for _ in 0..TIMES {
        let sent = Instant::now();
        site.fetch(path).await;
        times.push(sent.elapsed());
    }
    times.sort();
    (times[TIMES / 2], times[TIMES - 1])
}

/// Downloads everyone, and watches the memory of the process meanwhile.
async fn export(site: &Site) {
    let (before, began) = (site.resident_mib(), Instant::now());
    let mut answer = site.client.get(format!("{}/admin/waitlist.csv", site.url)).send().await.unwrap();
    assert!(answer.status().is_success());
    let (mut lines, mut bytes, mut most) = (0, 0, before);
    while let Some(part) = answer.chunk().await.unwrap() {
        lines += part.split(|byte| *byte == b'\n').count() - 1;
        bytes += part.len();
        most = f64::max(most, site.resident_mib());
    }
    assert!(lines > PLACES, "{lines} lines");
    println!("CSV of {lines} lines, {} MB           {:>9.1?}", bytes / 1_000_000, began.elapsed());
    println!("memory that it took                   {:>7.1} MiB  (bar: 32 MiB)", most - before);
}
