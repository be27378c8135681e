//! The cookies of a request, ours among foreign ones.

use crate::support::TestSite;
use crate::support::visitor::send;

#[tokio::test]
async fn a_foreign_cookie_that_is_no_text_signs_nobody_out() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    let ours = ana.get("/account").await.has_status(200).cookie();
    let ours = match ours {
        Some(cookie) => cookie,
        None => ana.log_in("ana@example.cl", crate::support::PASSWORD).await.cookie().unwrap(),
    };
    let foreign: [&[u8]; 4] = [b"nombre=\xC3\x91and\xC3\xBA", b"nombre=\xD1and\xFA", b"a=\"b", b"=\xFF\xFE"];
    for pair in foreign {
        for header in [[pair, b"; ", ours.as_bytes()].concat(), [ours.as_bytes(), b"; ", pair].concat()] {
            let stranger = site.visitor();
            let page = send(stranger.request("GET", "/account").header("cookie", &header[..])).await;
            page.has_status(200).says("ana@example.cl");
        }
    }
}
