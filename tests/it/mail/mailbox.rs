//! The development mailbox.

use crate::support::{PASSWORD, TestSite};

#[tokio::test]
async fn without_a_relay_the_whole_sign_up_works_through_the_mailbox_in_the_browser() {
    let site = TestSite::with(&[("SMTP_URL", "")]).await;
    let ana = site.visitor();
    ana.get("/dev/mailbox").await.has_status(200).says("No email yet");
    ana.sign_up("employee", "ana@example.cl").await.redirects_to("/signup/check-email");
    let sent = ana.get("/signup/check-email").await.says("Development: the email is not sent.");
    assert_eq!(sent.attribute("main a[href='/dev/mailbox']", "href").as_deref(), Some("/dev/mailbox"));
    site.deliver_mail().await;
    let list = ana.get("/dev/mailbox").await.has_status(200).says("Verify your email").says("ana@example.cl");
    let list = list.says("The newest is first; reload to see new ones.");
    assert_eq!(list.header("cache-control"), "no-store");
    let letter = ana.get(&list.attribute("main ul a", "href").unwrap()).await.has_status(200);
    assert_eq!(letter.header("cache-control"), "no-store");
    let link = letter.attribute(".mail-text a", "href").unwrap();
    assert_eq!(letter.texts("main p:first-child > a"), ["← All emails"]);
    let html = letter.attribute("main p:nth-of-type(2) a", "href").unwrap();
    let html = ana.get(&html).await.has_status(200).says("Verify my email");
    assert!(html.header("content-security-policy").contains("sandbox"), "{:?}", html.headers);
    assert!(!letter.header("content-security-policy").contains("sandbox"));
    let path = link.strip_prefix(&site.base_url).expect("the link leads here");
    ana.press(path).await.redirects_to("/account");
    ana.log_out().await.redirects_to("/");
    ana.log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
}

#[tokio::test]
async fn the_mailbox_speaks_spanish_and_finds_nothing_that_is_not_in_it() {
    let site = TestSite::with(&[("SMTP_URL", "")]).await;
    let ana = site.spanish_visitor();
    ana.get("/dev/mailbox").await.has_status(200).says("Todavía no hay correos");
    for id in ["0190a0a0-0000-7000-8000-000000000000", "x", "..%2Fsecret_key", "%00", "a.eml"] {
        ana.get(&format!("/dev/mailbox/{id}")).await.has_status(404);
    }
}

#[tokio::test]
async fn with_a_relay_there_is_no_mailbox() {
    let site = TestSite::start().await;
    site.visitor().get("/signup/check-email").await.has_status(200).does_not_say("Development");
    site.visitor().get("/dev/mailbox").await.has_status(404);
    site.visitor().get("/dev/mailbox/0190a0a0-0000-7000-8000-000000000000").await.has_status(404);
}
