//! An attempt to log in with a provider: in one browser, at one account, once.

use chrono::TimeDelta;
use serde_json::json;

use super::connection_list::connect;
use super::{back, begin, finish, log_in};
use crate::support::issuer::Issuer;
use crate::support::{PASSWORD, TestSite};

/// An end of a token that no clock of a test reaches, in seconds.
const FAR: i64 = 4_000_000_000;
const PAGE: &str = "/account/providers";

#[tokio::test]
async fn of_five_attempts_at_once_the_oldest_ends() {
    let issuer = Issuer::start();
    let site = TestSite::with_provider(&issuer.url).await;
    let ana = site.visitor();
    let mut attempts = Vec::new();
    for _ in 0..5 {
        attempts.push(begin(&ana, "google").await);
    }
    ana.get(&attempts[0]).await.has_status(410).says("This began elsewhere");
    for attempt in &attempts[1..] {
        ana.get(attempt).await.redirects_to("/signup/finish");
    }
}

#[tokio::test]
async fn two_tabs_that_begin_at_the_same_moment_both_come_back() {
    let issuer = Issuer::start();
    let site = TestSite::with_provider(&issuer.url).await;
    // Neither tab had the other's cookie when it began.
    let begin = async |provider| {
        let page = site.visitor().get(&format!("/login/with/{provider}")).await.has_status(303);
        let cookie = page.header("set-cookie").split(';').next().unwrap().to_owned();
        (back(provider, page.header("location")), cookie)
    };
    let ((first, one), (second, other)) = (begin("google").await, begin("oidc").await);
    let browser = site.visitor();
    for (back, provider) in [(second, "oidc"), (first, "google")] {
        let page = browser.get_with(&back, &format!("{one}; {other}")).await.redirects_to("/signup/finish");
        let removed = page.headers.get_all("set-cookie").iter().filter(|it| it.to_str().unwrap().contains("attempt"));
        assert_eq!(removed.count(), 1, "{provider} leaves the other tab's");
    }
}

#[tokio::test]
async fn of_twenty_equal_answers_at_once_one_asks_the_provider() {
    let issuer = Issuer::start();
    let site = TestSite::with_provider(&issuer.url).await;
    let ana = site.visitor();
    let page = ana.get("/login/with/google").await.has_status(303);
    let cookie = page.header("set-cookie").split(';').next().unwrap().to_owned();
    let back = back("google", page.header("location"));
    let answers = (0..20).map(|_| {
        let (visitor, back, cookie) = (site.visitor(), back.clone(), cookie.clone());
        tokio::spawn(async move { visitor.get_with(&back, &cookie).await.status.as_u16() })
    });
    let mut statuses = Vec::new();
    for answer in answers.collect::<Vec<_>>() {
        statuses.push(answer.await.unwrap());
    }
    statuses.sort_unstable();
    assert_eq!(statuses, [vec![303], vec![410; 19]].concat());
    assert_eq!(issuer.codes.lock().unwrap().len(), 1);
    let page = ana.get_with(&back, &cookie).await.has_status(410);
    page.says("This has already been used").says("loaded twice").does_not_say("too long").leads_on();
}

#[tokio::test]
async fn the_code_of_another_attempt_lets_nobody_in() {
    let issuer = Issuer::start();
    let site = TestSite::with_provider(&issuer.url).await;
    let (eve, ana) = (begin(&site.visitor(), "google").await, site.visitor());
    let own = begin(&ana, "google").await;
    let code = |back: &str| back.split_once("code=").unwrap().1.split('&').next().unwrap().to_owned();
    let swapped = own.replace(&code(&own), &code(&eve));
    ana.get(&swapped).await.has_status(403).says("This did not work");
}

#[tokio::test]
async fn what_one_account_began_connects_no_other() {
    let issuer = Issuer::start();
    let site = TestSite::with_provider(&issuer.url).await;
    let ana = site.employee("ana@example.cl").await;
    site.employee("ben@example.cl").await;
    let form = ana.get(PAGE).await.form(&format!("{PAGE}/oidc/connect"));
    let begun = async || {
        let page = ana.send(&form).await.has_status(200);
        back("oidc", &page.attribute("main a.button", "href").unwrap())
    };
    let (first, second) = (begun().await, begun().await);
    ana.log_out().await;
    ana.get(&first).await.redirects_to("/login?next=%2Faccount%2Fproviders");
    ana.log_in("ben@example.cl", PASSWORD).await.redirects_to("/account");
    ana.get(&second).await.has_status(409);
    assert!(site.database.values("id", "account WHERE provider = 'oidc'").is_empty());
}

#[tokio::test]
async fn connecting_and_disconnecting_ask_for_the_password_after_ten_minutes() {
    let issuer = Issuer::start();
    let site = TestSite::with_provider(&issuer.url).await;
    let ana = site.employee("ana@example.cl").await;
    connect(&ana, "oidc").await.redirects_to(PAGE);
    let page = ana.get(PAGE).await;
    let forms = [page.form(&format!("{PAGE}/google/connect")), page.form(&format!("{PAGE}/oidc/disconnect"))];
    site.later(TimeDelta::minutes(11)).await;
    for form in forms {
        let page = ana.send(&form).await.has_status(303);
        assert!(page.header("location").starts_with("/reauth"), "{}", page.header("location"));
    }
    issuer.say(|said| said.claims = json!({ "exp": FAR }));
    log_in(&site.visitor(), "oidc").await.redirects_to("/account");
}

#[tokio::test]
async fn the_form_of_one_tab_opens_nothing_for_who_came_back_in_another() {
    let issuer = Issuer::start();
    let site = TestSite::with_provider(&issuer.url).await;
    let browser = site.visitor();
    log_in(&browser, "google").await.redirects_to("/signup/finish");
    let form = browser.get("/signup/finish").await.form("/signup/finish").with("role", "organization");
    issuer.say(|said| said.claims = json!({ "sub": "ben-there", "email": "ben@gmail.com" }));
    log_in(&browser, "google").await.redirects_to("/signup/finish");
    browser.send(&form).await.has_status(409).says("You have since chosen another account").leads_on();
    assert_eq!(site.database.values("count(*)", "\"user\""), ["0"]);
    finish(&browser).await.redirects_to("/account");
    browser.get("/account").await.says("ben@gmail.com");
}
