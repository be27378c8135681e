//! Sending: the mails of those who joined, to a relay that answers at once.

use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;

use super::table::{Bar, Figure};
use super::{Bench, joins, median, site};

/// Sending begins at the worker's next look at the outbox; what it does before is not counted.
const WARMING_UP: Duration = Duration::from_secs(2);

pub async fn measure(bench: &mut Bench) {
    let before = median_joins(bench, "before").await;
    site::connect(&bench.folder).batch_execute("DELETE FROM outbox_pause").unwrap();
    tokio::time::sleep(WARMING_UP).await;
    let (began, sent) = (Instant::now(), bench.relay.mails());
    tokio::time::sleep(bench.lasts).await;
    let mails = f64::from(u32::try_from(bench.relay.mails() - sent).unwrap()) / began.elapsed().as_secs_f64();
    bench.table.value("mails to a relay that answers at once", mails, "/s", Bar::None);
    let bar = Bar::Share(1.0);
    bench.table.add(Figure {
        name: "mails, against the bar".into(),
        value: mails,
        unit: "/s",
        ceiling: Some(1_000.0),
        bar,
    });
    let (began, sent) = (Instant::now(), bench.relay.mails());
    let during = median_joins(bench, "during").await;
    let mails = f64::from(u32::try_from(bench.relay.mails() - sent).unwrap()) / began.elapsed().as_secs_f64();
    assert!(mails > 0.0, "mails are sent meanwhile");
    bench.table.value("mails while as many join as can", mails, "/s", Bar::None);
    let name = "joins while mails are sent, against joins alone".into();
    bench.table.add(Figure { name, value: during, unit: "/s", ceiling: Some(before), bar: Bar::Share(0.9) });
}

async fn median_joins(bench: &Bench, run: &str) -> f64 {
    let mut rates = Vec::new();
    for round in 0..bench.rounds.min(3) {
        rates.push(joins::join(bench, &format!("{run}{round}")).await.rate(303));
    }
    median(rates)
}
