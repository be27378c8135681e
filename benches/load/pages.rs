//! Pages that need no database: for a guest, and for somebody who is signed in.

use super::driver::{self, Load};
use super::table::{Bar, Figure};
use super::visitors::Reader;
use super::{ADMIN, Bench, CONNECTIONS, PASSWORD, median, site};
use diesel::connection::SimpleConnection;

/// An account that is no admin, with the admin's password.
pub const ACCOUNTS: &str = "INSERT INTO \"user\" (id, email, name, profession, type, \"isEmailVerified\") \
     SELECT 'returning-' || n, 'returning-' || n || '@example.cl', 'Ana Rojas', 'Chemist', 'employee', true \
     FROM generate_series(0, 63) AS n; \
     INSERT INTO account (id, user_id, provider, provideraccountid, password) \
     SELECT \"user\".id, \"user\".id, 'credential', \"user\".id, admin.password \
     FROM \"user\", (SELECT password FROM account JOIN \"user\" ON \"user\".id = user_id WHERE email = 'bench@example.cl') AS admin \
     WHERE \"user\".id LIKE 'returning-%'";

pub async fn measure(bench: &mut Bench) {
    assert_eq!(ADMIN, "bench@example.cl");
    site::connect(&bench.folder).batch_execute(ACCOUNTS).unwrap();
    let cookies = bench.site.log_in("returning-0@example.cl", PASSWORD).await;
    // The first page keeps what it shows in the cookie.
    let cookies = bench.site.cookies_after("/account", &cookies).await;
    let signed_in = bench.site.whole("/account", &cookies).await;
    assert!(signed_in.contains("Ana Rojas"));
    let (site, bare) = (bench.site.port, bench.bare.port);
    let guest = Reader::of("/waitlist", "");
    let account = Reader::of("/account", &cookies);
    let (mut ceilings, mut guests, mut accounts) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..bench.rounds {
        ceilings.push(read(bench, bare, &guest).await.rate(200));
        guests.push(read(bench, site, &guest).await.rate(200));
        accounts.push(read(bench, site, &account).await.rate(200));
    }
    let ceiling = Some(median(ceilings));
    let (guests, accounts) = (median(guests), median(accounts));
    bench.table.add(Figure { name: "form page".into(), value: guests, unit: "/s", ceiling, bar: Bar::Share(0.65) });
    bench.table.add(Figure {
        name: "signed-in page".into(),
        value: accounts,
        unit: "/s",
        ceiling,
        bar: Bar::Share(0.5),
    });
}

async fn read(bench: &Bench, port: u16, reader: &Reader) -> Load {
    driver::closed(port, bench.lasts, vec![reader.clone(); CONNECTIONS]).await.all(200)
}
