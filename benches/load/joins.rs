//! Joining: as many as go, and at a steady rate with a ledger of those who were told that they are listed.

use std::time::Duration;

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Text};

use super::driver::{self, Load};
use super::table::{Bar, Figure};
use super::visitors::Joiners;
use super::{Bench, CONNECTIONS, bare, bare_database, median, site};

/// Connections of the steady load: so many may wait at once.
const STEADY: usize = 256;

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// Returns how many join a second.
pub async fn measure(bench: &mut Bench) -> f64 {
    let (mut ceilings, mut joins) = (Vec::new(), Vec::new());
    for round in 0..bench.rounds {
        let ceiling = Joiners::new(&format!("bare{round}"), "").many(CONNECTIONS);
        ceilings.push(driver::closed(bench.bare.port, bench.lasts, ceiling).await.all(303).rate(303));
        let load = join(bench, &format!("joins{round}")).await;
        joins.push((load.rate(303), load.per_mille(990), load.per_mille(500)));
    }
    let rates: Vec<_> = joins.iter().map(|(rate, ..)| *rate).collect();
    let (rate, ceiling) = (median(rates), Some(median(ceilings)));
    bench.table.add(Figure { name: "joins".into(), value: rate, unit: "/s", ceiling, bar: Bar::Share(0.8) });
    bench.table.time("joins, half within", median(joins.iter().map(|(.., half)| *half).collect()), Bar::None);
    let p99 = median(joins.iter().map(|(_, p99, _)| *p99).collect());
    bench.table.time("joins, 99 of 100 within", p99, Bar::Most(20.0));
    let database = bare_database(&bench.folder);
    if let Some(tps) = bare::pgbench(&bench.folder, &database, bench.lasts) {
        bench.table.value("the bare INSERT by pgbench, ten clients", tps, "/s", Bar::None);
    }
    steady(bench, rate / 2.0).await;
    rate
}

/// People who join for as long as a load lasts.
pub async fn join(bench: &Bench, run: &str) -> Load {
    let page = bench.site.whole("/waitlist", "").await;
    driver::closed(bench.site.port, bench.lasts, Joiners::new(run, &page).many(CONNECTIONS)).await.all(303)
}

/// At half of what goes, nobody waits long, and whoever was told so is listed, once.
async fn steady(bench: &mut Bench, rate: f64) {
    let joiners = Joiners::new("steady", &bench.site.whole("/waitlist", "").await);
    let load = driver::open(bench.site.port, bench.lasts * 2, rate, joiners.many(STEADY)).await.all(303);
    bench.table.value("joins at a steady rate", load.rate(303), "/s", Bar::None);
    bench.table.time("joins at a steady rate, 99 of 100 within", load.per_mille(990), Bar::Most(20.0));
    let stored = joiners.stored();
    let listed = "SELECT count(*) FROM waitlist WHERE email = ANY($1)";
    let listed = diesel::sql_query(listed).bind::<Array<Text>, _>(&stored);
    let listed: Count = listed.get_result(&mut site::connect(&bench.folder)).unwrap();
    let lost = stored.len() - usize::try_from(listed.count).unwrap();
    bench.table.value(
        "of them acknowledged and not stored once",
        f64::from(u32::try_from(lost).unwrap()),
        "",
        Bar::Most(0.0),
    );
    // The next measurement does not begin in the middle of a checkpoint's writes.
    tokio::time::sleep(Duration::from_secs(1)).await;
}
