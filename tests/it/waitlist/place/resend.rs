//! Having the email that confirms a place sent again, from the place's own page.

use chrono::TimeDelta;

use crate::support::TestSite;

/// The link of a mail to the page of the place.
fn place(text: &str) -> String {
    let (_, token) = text.split_once("/waitlist/place?token=").expect("no private link in the mail");
    format!("/waitlist/place?token={}", token.split_whitespace().next().unwrap_or_default())
}

#[tokio::test]
async fn it_is_sent_three_times_a_day_at_most_and_the_newest_link_confirms() {
    let site = TestSite::start().await;
    let ana = site.visitor();
    ana.join("ana@example.cl", "employee").await.redirects_to("/waitlist/joined");
    let first = site.mail("ana@example.cl").await;
    let place = place(&first.text);
    for mails in [2, 3] {
        let form = ana.get(&place).await.has_status(200).form("/waitlist/resend");
        // Pressed twice it is sent once.
        for _ in 0..2 {
            ana.send(&form).await.redirects_to(&place);
        }
        ana.get(&place).await.says("We sent the email again.");
        assert_eq!(site.mails("ana@example.cl").await.len(), mails);
    }
    let form = ana.get(&place).await.form("/waitlist/resend");
    ana.send(&form).await.redirects_to(&place);
    ana.get(&place).await.says("three times within a day");
    assert_eq!(site.mails("ana@example.cl").await.len(), 3);
    site.later(TimeDelta::hours(25)).await;
    let form = ana.get(&place).await.form("/waitlist/resend");
    ana.send(&form).await.redirects_to(&place);
    site.visitor().get(&first.link()).await.has_status(410);
    ana.press(&site.mail("ana@example.cl").await.link()).await.has_status(303);
    let confirmed = ana.get(&place).await.says("Your place is confirmed");
    assert_eq!(confirmed.attribute("form[action='/waitlist/resend']", "action"), None);
    let token = place.split_once("token=").unwrap().1;
    ana.post("/waitlist/resend", &[("token", token)]).await.redirects_to(&place);
    assert_eq!(site.mails("ana@example.cl").await.len(), 4);
    ana.post("/waitlist/resend", &[("token", &"A".repeat(43))]).await.has_status(410).leads_on();
}
