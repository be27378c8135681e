//! The link of the verification mail: what looking at it, pressing its buttons and reusing it do.

use chrono::TimeDelta;

use crate::support::page::Page;
use crate::support::smtp::Mail;
use crate::support::{PASSWORD, TestSite};

mod not_me;
mod password;

/// Somebody else's browser signed up with this address; the mail that came.
async fn signed_up(site: &TestSite, email: &str) -> Mail {
    site.visitor().sign_up("employee", email).await.redirects_to("/signup/check-email");
    site.mail(email).await
}

#[tokio::test]
async fn looking_at_the_link_changes_nothing_however_often() {
    let site = TestSite::start().await;
    let mail = signed_up(&site, "ana@example.cl").await;
    let before = site.database.contents();
    let scanner = site.visitor();
    for _ in 0..5 {
        scanner.get(&mail.link()).await.has_status(200).says("Is this your email?").says("ana@example.cl");
        let head = scanner.request("HEAD", &mail.link()).send().await.unwrap();
        assert_eq!(head.status().as_u16(), 200);
    }
    assert_eq!(site.database.contents(), before);
    scanner.log_in("ana@example.cl", PASSWORD).await.has_status(403);
    scanner.verify(&mail.link(), PASSWORD).await.redirects_to("/login");
}

#[tokio::test]
async fn the_page_of_a_link_is_kept_nowhere_and_lends_its_address_to_nobody() {
    let site = TestSite::start().await;
    let page = site.visitor().get(&signed_up(&site, "ana@example.cl").await.link()).await.has_status(200);
    assert_eq!(page.header("cache-control"), "no-store");
    assert_eq!(page.header("referrer-policy"), "same-origin");
    assert_eq!(page.attribute("meta[name=robots]", "content").as_deref(), Some("noindex"));
}

#[tokio::test]
async fn the_link_signs_in_the_browser_that_signed_up() {
    let site = TestSite::start().await;
    let ana = site.visitor();
    ana.sign_up("employee", "ana@example.cl").await.redirects_to("/signup/check-email");
    ana.press(&site.mail("ana@example.cl").await.link()).await.redirects_to("/account");
    ana.get("/account").await.has_status(200).says("Your email is verified. Welcome to Biovity.");
    ana.get("/account").await.does_not_say("Welcome to Biovity");
}

#[tokio::test]
async fn every_other_browser_gives_the_password_and_logs_in() {
    let site = TestSite::start().await;
    let mail = signed_up(&site, "ana@example.cl").await;
    let phone = site.visitor();
    phone.sign_up("employee", "other@example.cl").await.redirects_to("/signup/check-email");
    phone.verify(&mail.link(), PASSWORD).await.redirects_to("/login");
    phone.get("/login").await.has_status(200).says("your job seeker account is ready. You can log in now.");
    phone.get("/account").await.redirects_to("/login?next=%2Faccount");
    phone.log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
}

#[tokio::test]
async fn whoever_was_signed_in_before_is_so_no_longer() {
    let site = TestSite::start().await;
    let browser = site.employee("first@example.cl").await;
    browser.sign_up("employee", "second@example.cl").await.redirects_to("/signup/check-email");
    browser.get("/account").await.says("first@example.cl");
    browser.press(&site.mail("second@example.cl").await.link()).await.redirects_to("/account");
    browser.get("/account").await.says("second@example.cl").does_not_say("first@example.cl");
    assert_eq!(site.database.values("count(*)", "session"), ["1"]);
}

#[tokio::test]
async fn the_browser_that_signed_up_is_known_by_its_link_whoever_used_it_meanwhile() {
    let site = TestSite::start().await;
    site.employee("eva@example.cl").await;
    let browser = site.visitor();
    browser.sign_up("employee", "ana@example.cl").await.redirects_to("/signup/check-email");
    let mail = site.mail("ana@example.cl").await;
    browser.log_in("eva@example.cl", PASSWORD).await.redirects_to("/account");
    browser.get("/account/sessions").await.has_status(200);
    browser.log_out().await.redirects_to("/");
    browser.log_in("eva@example.cl", PASSWORD).await.redirects_to("/account");
    // Another device ends the session.
    site.database.execute("DELETE FROM session");
    browser.get("/account/sessions").await.has_status(303);
    browser.get("/account").await.redirects_to("/login?next=%2Faccount");
    browser.press(&mail.link()).await.redirects_to("/account");
    browser.get("/account").await.says("ana@example.cl");
    assert_eq!(browser.log_out().await.cookie().as_deref(), Some("biovity="), "nothing is remembered any more");
}

/// What a link that does not work answers, without the token, to a look and to both buttons.
async fn answers(site: &TestSite, token: &str) -> [String; 3] {
    let visitor = site.visitor();
    let looked = visitor.get(&format!("/verify-email?token={token}")).await;
    let pressed = visitor.post("/verify-email", &[("token", token)]).await;
    let disowned = visitor.post("/verify-email/not-me", &[("token", token)]).await;
    [looked, pressed, disowned].map(|page| leads_on(page).body_without_tokens())
}

fn leads_on(page: Page) -> Page {
    let page = page.has_status(410).says("This link no longer works");
    assert!(page.attribute(r#"main a[href="/verify-email/resend"]"#, "href").is_some());
    assert!(page.attribute(r#"main a[href="/login"]"#, "href").is_some());
    page
}

#[tokio::test]
async fn a_link_that_does_not_work_tells_nobody_why() {
    let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
    let used = signed_up(&site, "used@example.cl").await;
    site.visitor().verify(&used.link(), PASSWORD).await.redirects_to("/login");
    let used = used.token();
    let expired = signed_up(&site, "expired@example.cl").await.token();
    site.app.clock.advance(TimeDelta::hours(24));
    let fresh_mail = signed_up(&site, "fresh@example.cl").await;
    let fresh = fresh_mail.token();
    let altered: String = fresh.chars().rev().collect();
    site.visitor().join("place@example.cl", "employee").await.has_status(303);
    let foreign = site.mail("place@example.cl").await.token();
    let never = "A".repeat(43);
    let expected = answers(&site, &never).await;
    for token in [&used, &expired, &altered, &foreign, &"'; DROP TABLE verification; --".repeat(2), &"x".repeat(300)] {
        let encoded: String = form_urlencoded::byte_serialize(token.as_bytes()).collect();
        assert!(answers(&site, &encoded).await == expected, "{token}");
    }
    assert_eq!(site.database.values("count(*)", r#""user" WHERE "isEmailVerified""#), ["1"]);
    site.visitor().verify(&fresh_mail.link(), PASSWORD).await.redirects_to("/login");
}

#[tokio::test]
async fn a_link_that_does_not_work_says_so_in_spanish() {
    let site = TestSite::start().await;
    let page = site.spanish_visitor().get(&format!("/verify-email?token={}", "A".repeat(43))).await;
    page.has_status(410).says("Este enlace ya no sirve");
}

#[tokio::test]
async fn a_link_without_its_end_says_that_it_is_incomplete_whatever_it_is_for() {
    let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
    let mail = signed_up(&site, "ana@example.cl").await;
    let (token, visitor) = (mail.token(), site.visitor());
    let cut = token.get(..42).unwrap();
    for path in [
        "/verify-email",
        "/password/reset",
        "/account/email/confirm",
        "/account/email/undo",
        "/account/delete/cancel",
        "/account/secure",
        "/organization/invitation",
        "/signup/invited",
        "/waitlist/confirm",
        "/waitlist/place",
        "/waitlist/unsubscribe",
    ] {
        for query in ["", "?token=", "?token=x", &format!("?token={cut}"), &format!("?token={cut}.")] {
            let page = visitor.get(&format!("{path}{query}")).await.has_status(410).leads_on();
            page.says("This link is incomplete");
        }
    }
    visitor.verify(&mail.link(), PASSWORD).await.redirects_to("/login");
}

#[tokio::test]
async fn the_link_works_for_a_day() {
    let site = TestSite::start().await;
    let mail = signed_up(&site, "ana@example.cl").await;
    site.app.clock.advance(TimeDelta::hours(24) - TimeDelta::minutes(1));
    site.visitor().verify(&mail.link(), PASSWORD).await.redirects_to("/login");
}

#[tokio::test]
async fn of_fifty_presses_at_once_exactly_one_verifies() {
    let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
    let ana = site.visitor();
    ana.sign_up("employee", "ana@example.cl").await.redirects_to("/signup/check-email");
    let token = site.mail("ana@example.cl").await.token();
    let presses = (0..50).map(|press| {
        // Half of them in the browser that signed up, half on other devices.
        let (visitor, token) = (if press % 2 == 0 { ana.clone() } else { site.visitor() }, token.clone());
        tokio::spawn(async move {
            let fields = [("token", token.as_str()), ("password", PASSWORD)];
            visitor.post("/verify-email", &fields).await.status.as_u16()
        })
    });
    let mut statuses = Vec::new();
    for press in presses.collect::<Vec<_>>() {
        statuses.push(press.await.unwrap());
    }
    statuses.sort_unstable();
    assert_eq!(statuses[0], 303);
    assert_eq!(statuses[1..], [410; 49]);
}

#[tokio::test]
async fn of_two_links_pressed_at_once_one_verifies() {
    let site = TestSite::start().await;
    let [first, second] = [signed_up(&site, "ana@example.cl").await, signed_up(&site, "ana@example.cl").await];
    let (here, there) = (site.visitor(), site.visitor());
    let (one, two) = (first.token(), second.token());
    let fields = |token| [("token", token), ("password", PASSWORD)];
    let (one, two) = (fields(one.as_str()), fields(two.as_str()));
    let (one, two) = tokio::join!(here.post("/verify-email", &one), there.post("/verify-email", &two));
    let mut statuses = [one.status.as_u16(), two.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 410]);
}

#[tokio::test]
async fn it_was_not_me_removes_the_account_and_the_address_may_sign_up_afresh() {
    let site = TestSite::start().await;
    let mail = signed_up(&site, "ana@example.cl").await;
    let ana = site.visitor();
    let page = ana.get(&mail.link()).await.says("It wasn’t me");
    assert!(page.attribute(r#"form[action="/verify-email/not-me"] [name=token]"#, "value").is_some());
    ana.post("/verify-email/not-me", &[("token", &mail.token())]).await.redirects_to("/");
    ana.get("/").await.says("The account was removed.");
    for table in [r#""user""#, "account", "verification"] {
        assert_eq!(site.database.values("count(*)", table), ["0"], "{table}");
    }
    ana.log_in("ana@example.cl", PASSWORD).await.has_status(401);
    ana.sign_up_with("organization", "ana@example.cl", "quillay de otra persona")
        .await
        .redirects_to("/signup/check-email");
    ana.press(&site.mail("ana@example.cl").await.link()).await.redirects_to("/account");
    ana.get("/account").await.says("Organization account");
}

#[tokio::test]
async fn it_was_not_me_is_too_late_once_the_address_is_verified() {
    let site = TestSite::start().await;
    let [first, second] = [signed_up(&site, "ana@example.cl").await, signed_up(&site, "ana@example.cl").await];
    site.visitor().verify(&first.link(), PASSWORD).await.redirects_to("/login");
    for mail in [first, second] {
        site.visitor().post("/verify-email/not-me", &[("token", &mail.token())]).await.has_status(410);
    }
    site.visitor().log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
}

#[tokio::test]
async fn the_seeds_column_holds_the_newest_links_hash_until_it_is_used() {
    let site = TestSite::start().await;
    let column = || site.database.values(r#""verificationToken""#, r#""user""#);
    let newest = || site.database.values("value", r#"verification ORDER BY "createdAt" DESC LIMIT 1"#);
    signed_up(&site, "ana@example.cl").await;
    assert_eq!(column(), newest());
    assert_eq!(column()[0].len(), 64);
    let second = signed_up(&site, "ana@example.cl").await;
    assert_eq!(column(), newest());
    site.visitor().verify(&second.link(), PASSWORD).await.redirects_to("/login");
    assert_eq!(column(), ["NULL"]);
}

#[tokio::test]
async fn the_database_holds_no_token_that_a_mail_holds() {
    let site = TestSite::start().await;
    site.visitor().sign_up("employee", "ana@example.cl").await.redirects_to("/signup/check-email");
    let queued = site.database.contents();
    let mail = site.mail("ana@example.cl").await;
    site.visitor().sign_up("employee", "ana@example.cl").await.redirects_to("/signup/check-email");
    let repeated = site.mail("ana@example.cl").await;
    assert_ne!(mail.token(), repeated.token());
    for (table, rows) in queued.iter().chain(&site.database.contents()) {
        for secret in [mail.token(), repeated.token(), PASSWORD.to_owned()] {
            assert!(!rows.contains(&secret), "{table}: {rows}");
        }
    }
}
