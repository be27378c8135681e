//! What an admin looks at, the download of everyone, and erasing.

use std::time::Instant;

use biovity::schema::waitlist;
use biovity::values::clock::{Clock, Timestamp};
use biovity::values::id::EntryId;
use biovity::values::secret_key::{SecretKey, SecretKeys};
use biovity::waitlist::joining::entry::Entry;
use biovity::waitlist::place::erasure;
use biovity::web::page::paging::Cursor;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;

use super::table::Bar;
use super::{Bench, median, site};

/// How deep the deep page is.
const DEEP: i64 = 900_000;
/// Times that each page is asked for.
const TIMES: usize = 15;
/// The median of each page, in milliseconds.
const BAR: Bar = Bar::Most(50.0);

/// Asks for every page of the admin who is signed in.
pub async fn measure(bench: &mut Bench, places: &str) {
    for (what, path) in pages(bench).into_iter().chain(other_pages()) {
        let mut times = Vec::new();
        for _ in 0..TIMES {
            let sent = Instant::now();
            let answer = bench.site.client.get(format!("{}{path}", bench.site.url)).send().await.unwrap();
            assert!(answer.status().is_success(), "{path}: {}", answer.status());
            answer.bytes().await.unwrap();
            times.push(sent.elapsed());
        }
        bench.table.time(format!("{places}: {what}"), median(times), BAR);
    }
}

/// The median time of telling the rank of a place that joined on the busiest day, with two hundred thousand others.
pub fn rank(bench: &mut Bench) {
    let mut conn = site::connect(&bench.folder);
    let crowd = "INSERT INTO waitlist (email, role, created_at, confirmed_at) \
                 SELECT 'crowd' || n || '@example.cl', 'employee', date_trunc('day', now()) + n * interval '0.4 seconds', now() \
                 FROM generate_series(1, 200000) AS n";
    conn.batch_execute(&format!("SET statement_timeout = 0; {crowd}; ANALYZE waitlist")).unwrap();
    let last = waitlist::table.filter(waitlist::email.eq("crowd199999@example.cl"));
    let last: Entry = last.select(Entry::as_select()).first(&mut conn).unwrap();
    let time = |_| {
        let began = Instant::now();
        assert!(last.rank(&mut conn).unwrap() > Some(199_000));
        began.elapsed()
    };
    let times = (0..TIMES).map(time).collect();
    bench.table.time("the rank of a place on the busiest day", median(times), BAR);
}

/// The median time of erasing an address, which any line of an import may name.
pub fn erasing(bench: &mut Bench) {
    let mut conn = site::connect(&bench.folder);
    let keys = SecretKeys { current: SecretKey::generate().unwrap(), former: Vec::new() };
    let time = |number| {
        let (began, now) = (Instant::now(), Clock::default().now());
        let address = format!("line{number}@example.cl");
        conn.transaction(|conn| erasure::erase_addresses(conn, now, &keys, &[address])).unwrap();
        began.elapsed()
    };
    let times = (0..TIMES).map(time).collect();
    bench.table.time("erasing an address", median(times), BAR);
}

/// Downloads everyone, and watches the memory of the process meanwhile.
pub async fn export(bench: &mut Bench) {
    let (before, began) = (bench.site.own_memory(), Instant::now());
    let mut answer = bench.site.client.get(format!("{}/admin/waitlist.csv", bench.site.url)).send().await.unwrap();
    assert!(answer.status().is_success());
    let (mut lines, mut most) = (0_u32, before);
    while let Some(part) = answer.chunk().await.unwrap() {
        lines += u32::try_from(part.iter().filter(|byte| **byte == b'\n').count()).unwrap();
        most = f64::max(most, bench.site.own_memory());
    }
    let lines = f64::from(lines) / began.elapsed().as_secs_f64();
    bench.table.value("export, lines", lines, "/s", Bar::None);
    bench.table.value("memory that the export took", most - before, "MiB", Bar::Most(32.0));
}

/// What an admin looks at.
fn pages(bench: &Bench) -> Vec<(&'static str, String)> {
    let (created_at, id) = deep(bench);
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
        ("a common source", "/admin/waitlist?source=newsletter".to_owned()),
        ("a common source, deep", format!("/admin/waitlist?source=newsletter&after={cursor}")),
        ("a rare source", "/admin/waitlist?source=feria-biotec".to_owned()),
        ("a term from a source", "/admin/waitlist?source=newsletter&q=rojas".to_owned()),
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
fn deep(bench: &Bench) -> (Timestamp, i64) {
    let mut conn = site::connect(&bench.folder);
    let newest_first = waitlist::table.order((waitlist::created_at.desc(), waitlist::id.desc()));
    newest_first.select((waitlist::created_at, waitlist::id)).offset(DEEP).first(&mut conn).unwrap()
}
