//! Going on from a place to the sign-up.

use super::place::place;
use crate::support::TestSite;

#[tokio::test]
async fn the_form_comes_with_the_address_of_the_place_for_its_kind_of_account() {
    for role in ["employee", "organization"] {
        let site = TestSite::start().await;
        let ana = site.visitor();
        let place = place(&site, &ana, role).await;
        let form = ana.get(&place).await.says("You don’t have to wait").form("/waitlist/sign-up");
        let filled = format!("/signup/{role}?correct=yes");
        ana.send(&form).await.redirects_to(&filled);
        let page = ana.get(&filled).await.has_status(200);
        assert_eq!((page.value("email").as_str(), page.header("cache-control")), ("ana@example.cl", "no-store"));
        // It is no proof of the mailbox: that is verified as after any sign-up.
        ana.sign_up(role, "ana@example.cl").await.redirects_to("/signup/check-email");
        assert_eq!(site.database.values(r#""isEmailVerified""#, r#""user""#), ["false"]);
        ana.post("/waitlist/sign-up", &[("token", &"A".repeat(43))]).await.has_status(410).leads_on();
    }
}
