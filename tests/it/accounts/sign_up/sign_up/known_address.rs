//! Signing up with an address that has an account: the page tells nobody, the mail tells its owner.

use chrono::TimeDelta;

use crate::support::page::Page;
use crate::support::{PASSWORD, TestSite};

/// All of an answer that a stranger can compare: everything but the bytes of the cookie, whose length is rounded since
/// its encoding escapes some of them, and the seconds that the cookie has left, of which one may pass meanwhile. The
/// addresses that are compared are of one length.
fn seen(page: &Page) -> (u16, String, Vec<String>, Vec<String>, usize) {
    let names = page.headers.keys().map(ToString::to_string).collect();
    let mut cookie = page.header("set-cookie").split("; ");
    let value = cookie.next().unwrap_or_default().replace("%2B", "+").replace("%2F", "/").replace("%3D", "=");
    let attributes =
        cookie.map(|attribute| attribute.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned()).collect();
    (page.status.as_u16(), page.header("location").to_owned(), names, attributes, value.len())
}

#[tokio::test]
async fn a_known_address_gets_the_answer_of_an_unknown_one() {
    let site = TestSite::start().await;
    site.employee("verified@example.cl").await;
    site.visitor().sign_up("employee", "awaiting@example.cl").await.has_status(303);
    let stranger = || site.visitor();
    let unknown = stranger().sign_up("employee", "unlisted@example.cl").await;
    for known in ["verified@example.cl", "Verified@EXAMPLE.cl", "awaiting@example.cl"] {
        let page = stranger().sign_up("employee", known).await;
        assert_eq!(seen(&page), seen(&unknown), "{known}");
        assert_eq!(page.body, unknown.body);
    }
    let fields = [("name", "Eve"), ("email", "verified@example.cl"), ("profession", "x"), ("password", "password")];
    stranger().post("/signup/employee", &fields).await.has_status(422).does_not_say("already");
}

#[tokio::test]
async fn the_owner_learns_of_it_at_most_once_an_hour() {
    let site = TestSite::start().await;
    site.employee("ana@example.cl").await;
    let told = async || site.mails("ana@example.cl").await.iter().skip(1).map(|mail| mail.subject.clone()).collect();
    for _ in 0..3 {
        site.visitor().sign_up("employee", "ana@example.cl").await.has_status(303);
    }
    let subjects: Vec<String> = told().await;
    assert_eq!(subjects, ["You already have an account"]);
    site.app.clock.advance(TimeDelta::minutes(61));
    site.spanish_visitor().sign_up("organization", "ana@example.cl").await.has_status(303);
    let subjects: Vec<String> = told().await;
    assert_eq!(subjects, ["You already have an account"; 2]);
}

#[tokio::test]
async fn the_owner_learns_of_many_at_once_by_one_mail() {
    let site = TestSite::start().await;
    site.employee("ana@example.cl").await;
    let crowd = (0..10).map(|_| {
        let visitor = site.visitor();
        tokio::spawn(async move { visitor.sign_up("employee", "ana@example.cl").await.has_status(303) })
    });
    for eve in crowd.collect::<Vec<_>>() {
        eve.await.unwrap();
    }
    assert_eq!(site.mails("ana@example.cl").await.len(), 2, "one to verify, one to tell");
}

#[tokio::test]
async fn the_owner_is_led_to_the_log_in_page_and_nothing_has_changed() {
    let site = TestSite::start().await;
    site.employee("ana@example.cl").await;
    let before = site.database.values("u", r#""user" u"#);
    let eve = site.visitor();
    eve.sign_up_with("organization", "ana@example.cl", "quillay sobre otro volcán").await.has_status(303);
    assert_eq!(site.database.values("u", r#""user" u"#), before);
    let mail = site.mail("ana@example.cl").await;
    assert!(mail.text.contains(&format!("{}/login\n", site.base_url)), "{}", mail.text);
    eve.log_in("ana@example.cl", "quillay sobre otro volcán").await.has_status(401);
    eve.log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
}

#[tokio::test]
async fn the_owner_chooses_a_new_password_once_by_the_link_in_that_mail_and_within_an_hour() {
    let site = TestSite::start().await;
    for (email, language) in [("ana@example.cl", "en"), ("eva@example.cl", "es")] {
        site.employee(email).await;
        let eve = if language == "es" { site.spanish_visitor() } else { site.visitor() };
        for _ in 0..3 {
            eve.sign_up("employee", email).await.has_status(303);
        }
        assert_eq!(site.mails(email).await.len(), 2, "no more mails than without the link");
    }
    let links = "verification WHERE identifier LIKE 'password-reset%'";
    assert_eq!(site.database.values("count(*)", links), ["2"], "one for each mail");
    let (of_ana, of_eva) = (site.mail("ana@example.cl").await, site.mail("eva@example.cl").await);
    for mail in [&of_ana, &of_eva] {
        assert!(mail.link().starts_with("/password/reset?token="), "{}", mail.text);
        assert_eq!(mail.html.matches("/password/reset?token=").count(), 1, "{}", mail.html);
    }
    let owner = site.visitor();
    let form = owner.get(&of_ana.link()).await.has_status(200).form("/password/reset");
    owner.send(&form.with("password", "quillay sobre otro volcán")).await.has_status(303);
    owner.log_in("ana@example.cl", "quillay sobre otro volcán").await.redirects_to("/account");
    owner.get(&of_ana.link()).await.has_status(410);
    site.app.clock.advance(TimeDelta::minutes(61));
    site.visitor().get(&of_eva.link()).await.has_status(410);
}

#[tokio::test]
async fn no_word_of_a_stranger_goes_into_a_mail() {
    let site = TestSite::start().await;
    site.employee("known@example.cl").await;
    for email in ["known@example.cl", "unknown@example.cl"] {
        let spam =
            [("name", "Win at spam.example"), ("email", email), ("profession", "spam.example"), ("password", PASSWORD)];
        site.visitor().post("/signup/employee", &spam).await.redirects_to("/signup/check-email");
        let mail = site.mail(email).await;
        assert!(!mail.raw.contains("spam") && !mail.html.contains("spam") && !mail.text.contains("spam"), "{email}");
    }
}

#[tokio::test]
async fn the_owner_of_a_closed_account_learns_that_it_is_closed_and_what_keeps_it() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    ana.post("/account/delete", &[("email", "ana@example.cl"), ("password", PASSWORD)]).await.redirects_to("/");
    site.visitor().sign_up("employee", "ana@example.cl").await.redirects_to("/signup/check-email");
    let mail = site.mail("ana@example.cl").await;
    assert_eq!(mail.subject, "You already have an account");
    assert!(mail.text.contains("It is closed, and will be erased on"), "{}", mail.text);
}
