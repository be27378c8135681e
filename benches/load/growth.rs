//! What stays as quick when the list grows: joining, and every page of the admins.

use diesel::connection::SimpleConnection;

use super::table::{Bar, Figure};
use super::{ADMIN, Bench, PASSWORD, admin_pages, joins, median, site};

/// Takes how many joined a second when there was nobody.
pub async fn measure(bench: &mut Bench, on_empty: f64) {
    grow(bench, 1_000_000);
    // As many accounts, events, invitations and lines of imports.
    site::connect(&bench.folder).batch_execute(include_str!("filling.sql")).unwrap();
    settle(bench).await;
    admin_pages::measure(bench, "1 million").await;
    join(bench, "1 million", on_empty).await;
    if !bench.is_quick {
        grow(bench, 10_000_000);
        settle(bench).await;
        admin_pages::measure(bench, "10 million").await;
        join(bench, "10 million", on_empty).await;
    }
    admin_pages::rank(bench);
    admin_pages::erasing(bench);
    admin_pages::export(bench).await;
}

fn grow(bench: &mut Bench, places: u32) {
    let began = std::time::Instant::now();
    site::command(&bench.folder, &["waitlist", "seed", &places.to_string()], "");
    bench.table.value(format!("seeding {places} places"), began.elapsed().as_secs_f64(), "s", Bar::None);
}

/// Ends what rows leave to do that came within a minute instead of years: vacuum and analyze, and the checkpoint that a
/// restart makes. Beside the measurement it would take half of the machine.
async fn settle(bench: &mut Bench) {
    let mut connection = site::connect(&bench.folder);
    connection.batch_execute("SET statement_timeout = 0").unwrap();
    connection.batch_execute("VACUUM (ANALYZE)").unwrap();
    drop(connection);
    bench.restart().await;
    bench.site.log_in(ADMIN, PASSWORD).await;
}

async fn join(bench: &mut Bench, places: &str, on_empty: f64) {
    let mut rates = Vec::new();
    for round in 0..bench.rounds.min(3) {
        let run = format!("{}.{round}", places.replace(' ', ""));
        rates.push(joins::join(bench, &run).await.rate(303));
    }
    let name = format!("joins at {places} places, against none");
    let bar = Bar::Share(0.85);
    bench.table.add(Figure { name, value: median(rates), unit: "/s", ceiling: Some(on_empty), bar });
}
