//! Going on from a place to the sign-up.

use biovity::server;
use chrono::TimeDelta;

use super::place::place;
use crate::support::TestSite;

#[tokio::test]
async fn whoever_is_invited_reads_what_the_link_of_the_invitation_does_and_what_the_button() {
    let site = TestSite::start().await;
    let ana = site.visitor();
    let place = place(&site, &ana, "employee").await;
    let (link, button) = ("nothing else to verify", "we send you one more email to verify your address");
    ana.get(&place).await.does_not_say(link).does_not_say(button);
    site.database.execute("UPDATE waitlist SET confirmed_at = now()");
    let admin = site.admin("admin@example.cl").await;
    admin.post("/admin/waitlist/waves", &[("employees", "1"), ("organizations", "0")]).await.has_status(303);
    site.app.clock.advance(TimeDelta::seconds(5));
    server::jobs::run_steps_once(&site.app).await.unwrap();
    site.deliver_mail().await;
    ana.get(&place).await.says(link).says(button);
    let page = site.spanish_visitor().get(&place).await.says("sin que tengas que verificar nada más");
    page.says("te enviamos un correo más para verificar tu dirección");
    site.app.clock.advance(TimeDelta::days(60));
    ana.get(&place).await.says("no longer works").says(button).does_not_say(link);
}

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
