//! Logging in, and what it leaves to those who read a page meanwhile.

use super::driver;
use super::table::{Bar, Figure};
use super::visitors::{Reader, Returning};
use super::{Bench, PASSWORD, bare, median};

/// People who log in at once, each again and again.
const PEOPLE: u32 = 16;
/// Pages a second that are read meanwhile.
const PAGES: f64 = 50.0;

pub async fn measure(bench: &mut Bench) {
    let (mut ceilings, mut log_ins, mut pages) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..bench.rounds {
        ceilings.push(bare::argon2(bench.lasts));
        let round = u32::try_from(round).unwrap() + 1;
        let person = |n| Returning::new(format!("returning-{n}@example.cl"), PASSWORD, round * 1_000_000 + n);
        let people = (0..PEOPLE).map(person).collect();
        let readers = vec![Reader::of("/", ""); 8];
        let (port, lasts) = (bench.site.port, bench.lasts);
        let (load, read) = tokio::join!(driver::closed(port, lasts, people), driver::open(port, lasts, PAGES, readers));
        log_ins.push(load.all(303).rate(303));
        pages.push(read.all(200).per_mille(990));
    }
    let (value, ceiling) = (median(log_ins), Some(median(ceilings)));
    bench.table.add(Figure { name: "log-ins".into(), value, unit: "/s", ceiling, bar: Bar::Share(0.95) });
    bench.table.time("GET / meanwhile, 99 of 100 within", median(pages), Bar::Most(20.0));
}
