//! Whether the time of an answer tells if an address has an account: each form with a known and with an unknown address, in
//! turn.

use std::path::Path;
use std::time::{Duration, Instant};

use super::site::Site;
use super::table::{Bar, Table};
use super::{ADMIN, median};

/// An account that waits to be verified, as only such a one gets a mail where another is asked for.
const WAITING: &str = "waits@example.cl";

/// Takes the table and the data of a site that has stopped.
pub async fn measure(table: &mut Table, folder: &Path, pairs: usize) {
    // The limits would answer before the work that is timed.
    let site = Site::start(folder, &[("RATE_LIMITS", "off")]).await;
    send(&site, "/signup/employee", WAITING).await;
    for path in ["/login", "/signup/employee", "/password/forgot", "/verify-email/resend"] {
        let address = if path == "/verify-email/resend" { WAITING } else { ADMIN };
        let (mut known, mut unknown) = (Vec::new(), Vec::new());
        for round in 0..pairs {
            known.push(send(&site, path, address).await);
            unknown.push(send(&site, path, &format!("unknown-{round}@example.cl")).await);
        }
        let (known, unknown) = (median(known).as_secs_f64(), median(unknown).as_secs_f64());
        let apart = 100.0 * (known / unknown - 1.0).abs();
        table.value(format!("known and unknown apart, {path}"), apart, "%", Bar::Most(10.0));
    }
}

async fn send(site: &Site, path: &str, email: &str) -> Duration {
    let person = [("name", "Ana"), ("profession", "Biochemist"), ("password", "lenga bajo la cordillera 9")];
    let sent = Instant::now();
    let form = site.client.post(format!("{}{path}", site.url)).form(&[&person[..], &[("email", email)]].concat());
    let status = form.send().await.unwrap().status().as_u16();
    assert!([303, 401].contains(&status), "{path}: {status}");
    sent.elapsed()
}
