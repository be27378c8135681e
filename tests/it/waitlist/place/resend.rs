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
    let stale = ana.get(&place).await.form("/waitlist/resend");
    for mails in [2, 3] {
        let form = ana.get(&place).await.has_status(200).form("/waitlist/resend");
        // Pressed twice it is sent once.
        for _ in 0..2 {
            ana.send(&form).await.redirects_to(&place);
        }
        ana.get(&place).await.says("We sent the email again.");
        assert_eq!(site.mails("ana@example.cl").await.len(), mails);
    }
    ana.send(&stale).await.redirects_to(&place);
    let enough = ana.get(&place).await.says("We sent nothing").says("You can have it sent again from");
    assert_eq!(enough.texts("form[action='/waitlist/resend']").len(), 0, "no button that does nothing");
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
    ana.get(&place).await.says("Your place is confirmed").does_not_say("We sent nothing");
    assert_eq!(site.mails("ana@example.cl").await.len(), 4);
    ana.post("/waitlist/resend", &[("token", &"A".repeat(43))]).await.has_status(410).leads_on();
}

#[tokio::test]
async fn who_took_no_mail_after_confirming_shows_by_the_link_that_the_mailbox_works_again() {
    let site = TestSite::start().await;
    let ana = site.visitor();
    let place = super::place::place(&site, &ana, "employee").await;
    let of_row = |columns: &str| site.database.values(columns, "waitlist");
    let confirmed_at = of_row("confirmed_at");
    let bounce = || site.database.execute("UPDATE waitlist SET bounced_at = now()");
    for way in ["its page", "joining again"] {
        bounce();
        let before = site.mails("ana@example.cl").await.len();
        if way == "its page" {
            let page = ana.get(&place).await.says("refused our email");
            assert!(page.texts("li.now").is_empty(), "no turn comes meanwhile");
            ana.send(&page.form("/waitlist/resend")).await.redirects_to(&place);
            ana.get(&place).await.says("We sent the email again");
        } else {
            ana.join("ana@example.cl", "employee").await.has_status(409).says("your mail server refused our email");
        }
        assert_eq!(of_row("bounced_at IS NOT NULL"), ["true"], "a mail that is only written shows nothing: {way}");
        let mails = site.mails("ana@example.cl").await;
        assert_eq!(mails.len(), before + 1, "{way}");
        bounce();
        let link = mails.last().unwrap().link();
        ana.press(&link).await.redirects_to(&place);
        ana.get(&place).await.says("Your place is confirmed");
        assert_eq!(
            [of_row("bounced_at IS NULL"), of_row("confirmed_at")],
            [vec!["true".to_owned()], confirmed_at.clone()]
        );
    }
}

#[tokio::test]
async fn a_place_that_was_left_meanwhile_says_that_and_no_other_reason() {
    let site = TestSite::start().await;
    let ana = site.visitor();
    ana.join("ana@example.cl", "employee").await.redirects_to("/waitlist/joined");
    let place = place(&site.mail("ana@example.cl").await.text);
    let form = ana.get(&place).await.form("/waitlist/resend");
    let token = place.split_once("token=").unwrap().1;
    ana.post("/waitlist/leave", &[("token", token)]).await.has_status(303);
    ana.send(&form).await.redirects_to(&place);
    ana.get(&place).await.says("You left the waitlist").does_not_say("We sent nothing");
    assert_eq!(site.mails("ana@example.cl").await.len(), 1);
}

#[tokio::test]
async fn the_page_lists_no_mail_that_a_newer_one_replaced_before_it_was_sent() {
    let site = TestSite::start().await;
    let ana = site.visitor();
    ana.join("ana@example.cl", "employee").await.redirects_to("/waitlist/joined");
    let place = place(&site.mail("ana@example.cl").await.text);
    for _ in 0..2 {
        let form = ana.get(&place).await.form("/waitlist/resend");
        ana.send(&form).await.redirects_to(&place);
    }
    assert_eq!(site.mails("ana@example.cl").await.len(), 2, "the link of the one between works no more");
    assert_eq!(ana.get(&place).await.texts("main ul.panel li").len(), 2);
}
