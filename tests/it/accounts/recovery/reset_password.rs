//! Choosing a new password by the link of a mail: once, and what ends with the old one.

use chrono::TimeDelta;

use crate::support::page::Page;
use crate::support::smtp::Mail;
use crate::support::visitor::Visitor;
use crate::support::{PASSWORD, TestSite};

mod dead_links;
mod unverified;

/// Another password that no test refuses.
const NEW: &str = "boldo sobre la cordillera 9";

/// Asks for a link, from another browser; the mail that came.
async fn forgot(site: &TestSite, email: &str) -> Mail {
    site.deliver_mail().await;
    site.visitor().post("/password/forgot", &[("email", email)]).await.redirects_to("/password/forgot/sent");
    let mail = site.mail(email).await;
    assert!(mail.link().starts_with("/password/reset?token="), "{}", mail.text);
    mail
}

async fn reset(visitor: &Visitor, token: &str, password: &str) -> Page {
    visitor.post("/password/reset", &[("token", token), ("password", password)]).await
}

#[tokio::test]
async fn the_new_password_works_and_the_old_one_does_not() {
    let site = TestSite::start().await;
    site.employee("ana@example.cl").await;
    let (ana, mail) = (site.visitor(), forgot(&site, "ana@example.cl").await);
    let page = ana.get(&mail.link()).await.has_status(200).says("Choose a new password").says("ana@example.cl");
    assert_eq!(page.attribute("main form", "action").as_deref(), Some("/password/reset"));
    assert_eq!(page.attribute("[name=password]", "autocomplete").as_deref(), Some("new-password"));
    reset(&ana, &page.value("token"), NEW).await.redirects_to("/login");
    ana.get("/login").await.says("Your password was changed. Log in with the new one.");
    ana.get("/account").await.redirects_to("/login?next=%2Faccount");
    ana.log_in("ana@example.cl", PASSWORD).await.has_status(401);
    ana.log_in("ana@example.cl", NEW).await.redirects_to("/account");
}

#[tokio::test]
async fn it_is_told_in_spanish_too() {
    let site = TestSite::start().await;
    site.employee("ana@example.cl").await.post("/language", &[("lang", "es")]).await.has_status(303);
    let (ana, token) = (site.spanish_visitor(), forgot(&site, "ana@example.cl").await.token());
    let page = reset(&ana, &token, "corta").await.has_status(422).says("Usa al menos 8 caracteres");
    page.says("Elige una contraseña nueva").says("Contraseña nueva");
    reset(&ana, &token, NEW).await.redirects_to("/login");
    ana.get("/login").await.says("Tu contraseña cambió. Ingresa con la nueva.");
    assert_eq!(site.mail("ana@example.cl").await.subject, "Tu contraseña cambió");
}

#[tokio::test]
async fn looking_at_the_link_changes_nothing_however_often() {
    let site = TestSite::start().await;
    site.employee("ana@example.cl").await;
    let mail = forgot(&site, "ana@example.cl").await;
    let before = site.database.contents();
    let scanner = site.visitor();
    for _ in 0..5 {
        let page = scanner.get(&mail.link()).await.has_status(200);
        assert_eq!(page.header("cache-control"), "no-store");
        assert_eq!(page.header("referrer-policy"), "same-origin");
        let head = scanner.request("HEAD", &mail.link()).send().await.unwrap();
        assert_eq!(head.status().as_u16(), 200);
    }
    assert_eq!(site.database.contents(), before);
    reset(&scanner, &mail.token(), NEW).await.redirects_to("/login");
}

#[tokio::test]
async fn every_device_is_signed_out_at_once() {
    let site = TestSite::start().await;
    let laptop = site.employee("ana@example.cl").await;
    let (phone, luz) = (site.visitor(), site.employee("luz@example.cl").await);
    let stolen = phone.log_in("ana@example.cl", PASSWORD).await.redirects_to("/account").cookie().unwrap();
    let mail = forgot(&site, "ana@example.cl").await;
    reset(&site.visitor(), &mail.token(), NEW).await.redirects_to("/login");
    for visitor in [&laptop, &phone] {
        visitor.get("/account").await.redirects_to("/login?next=%2Faccount");
    }
    site.visitor().get_with("/account", &stolen).await.redirects_to("/login?next=%2Faccount");
    luz.get("/account").await.has_status(200);
}

#[tokio::test]
async fn the_browser_that_was_signed_in_is_so_no_longer_and_hears_why() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    reset(&ana, &forgot(&site, "ana@example.cl").await.token(), NEW).await.redirects_to("/login");
    ana.get("/login").await.has_status(200).says("Your password was changed.").does_not_say("Ana Rojas");
}

#[tokio::test]
async fn who_is_signed_in_to_another_account_stays_so() {
    let site = TestSite::start().await;
    let (luz, _) = (site.employee("luz@example.cl").await, site.employee("ana@example.cl").await);
    reset(&luz, &forgot(&site, "ana@example.cl").await.token(), NEW).await.redirects_to("/account");
    let page = luz.get("/account").await.says("The password of the account ana@example.cl was changed.");
    page.says("This browser is logged in as luz@example.cl.").does_not_say("Your password was changed");
    luz.get("/account").await.has_status(200).says("luz@example.cl").does_not_say("ana@example.cl");
    site.visitor().log_in("ana@example.cl", NEW).await.redirects_to("/account");
}

#[tokio::test]
async fn the_owner_is_told_by_a_mail_that_secures_the_account() {
    let site = TestSite::start().await;
    site.employee("ana@example.cl").await;
    let mail = forgot(&site, "ana@example.cl").await;
    reset(&site.visitor_from("127.0.0.9"), &mail.token(), NEW).await.redirects_to("/login");
    let notice = site.mail("ana@example.cl").await;
    assert!(notice.link().starts_with("/account/secure?token="), "{}", notice.text);
    assert!(notice.text.contains("127.0.0.9"), "{}", notice.text);
}

#[tokio::test]
async fn a_refused_password_leaves_the_link_alive_and_says_why() {
    let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
    site.employee("ana.rojas@example.cl").await;
    let (ana, token) = (site.visitor(), forgot(&site, "ana.rojas@example.cl").await.token());
    let before = site.database.contents();
    for (password, reason) in [
        ("", "Choose a password"),
        ("ñandú-7", "Use at least 8 characters"),
        (&"quillay 7 ".repeat(13), "Use at most 128 characters"),
        ("password", "This is a very common password"),
        ("biovity2026", "easy to guess"),
        ("ana.rojas@example.cl", "easy to guess"),
        ("anarojas1", "easy to guess"),
    ] {
        let page = reset(&ana, &token, password).await.has_status(422).says(reason);
        assert_eq!(page.texts(".notice.problem li").len(), 1, "{password}");
        assert_eq!((page.value("token"), page.value("password")), (token.clone(), String::new()));
        assert_eq!(page.attribute("#password", "aria-invalid").as_deref(), Some("true"));
        page.says("ana.rojas@example.cl");
    }
    assert_eq!(site.database.contents(), before);
    reset(&ana, &token, NEW).await.redirects_to("/login");
}

#[tokio::test]
async fn of_fifty_uses_at_once_exactly_one_sets_the_password() {
    let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
    site.employee("ana@example.cl").await;
    let token = forgot(&site, "ana@example.cl").await.token();
    let uses = (0..50).map(|number| {
        let (visitor, token, password) = (site.visitor(), token.clone(), format!("{NEW}{number}"));
        tokio::spawn(async move { (reset(&visitor, &token, &password).await.status.as_u16(), password) })
    });
    let mut answers = Vec::new();
    for answer in uses.collect::<Vec<_>>() {
        answers.push(answer.await.unwrap());
    }
    let (won, lost): (Vec<_>, Vec<_>) = answers.into_iter().partition(|(status, _)| *status == 303);
    assert_eq!(won.len(), 1);
    // A slow machine may refuse some before it hashes their passwords.
    assert!(lost.iter().all(|(status, _)| [410, 503].contains(status)), "{lost:?}");
    site.visitor().log_in("ana@example.cl", &won[0].1).await.redirects_to("/account");
    site.visitor().log_in("ana@example.cl", &lost[0].1).await.has_status(401);
    let notices = site.mails("ana@example.cl").await.into_iter().filter(|mail| mail.subject.contains("password has"));
    assert_eq!(notices.count(), 1);
}

#[tokio::test]
async fn extra_fields_change_nothing() {
    let site = TestSite::start().await;
    site.employee("luz@example.cl").await;
    site.employee("ana@example.cl").await;
    let token = forgot(&site, "ana@example.cl").await.token();
    let fields = [
        ("token", token.as_str()),
        ("password", NEW),
        ("email", "luz@example.cl"),
        ("user", "luz@example.cl"),
        ("type", "admin"),
        ("isActive", "false"),
        ("organizationId", "x"),
    ];
    site.visitor().post("/password/reset", &fields).await.redirects_to("/login");
    let columns = r#"concat(email, ' ', type, ' ', "isActive", ' ', coalesce("organizationId", '-'))"#;
    let rows = site.database.values(columns, r#""user" ORDER BY email"#);
    assert_eq!(rows, ["ana@example.cl employee t -", "luz@example.cl employee t -"]);
    site.visitor().log_in("luz@example.cl", PASSWORD).await.redirects_to("/account");
    site.visitor().log_in("ana@example.cl", NEW).await.redirects_to("/account");
}

#[tokio::test]
async fn a_throttled_address_gets_in_again_by_it() {
    let site = TestSite::start().await;
    site.employee("ana@example.cl").await;
    let ana = site.visitor();
    for _ in 0..5 {
        ana.log_in("ana@example.cl", "what was it").await.has_status(401);
    }
    ana.log_in("ana@example.cl", PASSWORD).await.has_status(429);
    reset(&ana, &forgot(&site, "ana@example.cl").await.token(), NEW).await.redirects_to("/login");
    ana.log_in("ana@example.cl", NEW).await.redirects_to("/account");
}

#[tokio::test]
async fn an_old_address_with_capitals_gets_in_again_by_it() {
    let site = TestSite::start().await;
    site.employee("ana@example.cl").await;
    let ana = site.visitor();
    site.database.execute(r#"UPDATE "user" SET email = 'Ana@Example.cl'"#);
    for _ in 0..5 {
        ana.log_in("ana@example.cl", "what was it").await.has_status(401);
    }
    ana.post("/password/forgot", &[("email", "ana@example.cl")]).await.redirects_to("/password/forgot/sent");
    reset(&ana, &site.mail("Ana@Example.cl").await.token(), NEW).await.redirects_to("/login");
    site.visitor().log_in("ana@example.cl", NEW).await.redirects_to("/account");
}

#[tokio::test]
async fn it_works_whatever_others_on_the_network_do() {
    let site = TestSite::start().await;
    site.employee("ana@example.cl").await;
    let ana = site.visitor();
    let token = forgot(&site, "ana@example.cl").await.token();
    for number in 0..21 {
        reset(&site.visitor(), &"A".repeat(43), NEW).await;
        site.visitor().log_in(&format!("a{number}@example.cl"), "wrong").await;
    }
    reset(&site.visitor(), &"A".repeat(43), NEW).await.has_status(429);
    ana.log_in("ana@example.cl", PASSWORD).await.has_status(429);
    reset(&ana, &token, NEW).await.redirects_to("/login");
    ana.log_in("ana@example.cl", NEW).await.redirects_to("/account");
}

#[tokio::test]
async fn a_deactivated_account_stays_so() {
    let site = TestSite::start().await;
    site.employee("ana@example.cl").await;
    site.database.execute(r#"UPDATE "user" SET "isActive" = false"#);
    let ana = site.visitor();
    reset(&ana, &forgot(&site, "ana@example.cl").await.token(), NEW).await.redirects_to("/login");
    ana.log_in("ana@example.cl", NEW).await.has_status(403).says("This account is deactivated");
}

#[tokio::test]
async fn an_account_of_another_provider_gets_its_first_password_by_it() {
    let site = TestSite::start().await;
    site.employee("ana@example.cl").await;
    site.database.execute("UPDATE account SET provider = 'google', provideraccountid = '7', password = NULL");
    let ana = site.visitor();
    reset(&ana, &forgot(&site, "ana@example.cl").await.token(), NEW).await.redirects_to("/login");
    ana.log_in("ana@example.cl", NEW).await.redirects_to("/account");
    let providers = site.database.values("provider", "account ORDER BY provider");
    assert_eq!(providers, ["credential", "google"]);
}

#[tokio::test]
async fn one_network_tries_twenty_links_a_minute() {
    let site = TestSite::start().await;
    let (eve, guess) = (site.visitor(), "A".repeat(43));
    for _ in 0..20 {
        reset(&eve, &guess, NEW).await.has_status(410);
    }
    reset(&eve, &guess, NEW).await.has_status(429).leads_on();
}

#[tokio::test]
async fn the_database_holds_neither_the_link_nor_the_password() {
    let site = TestSite::start().await;
    site.employee("ana@example.cl").await;
    let token = forgot(&site, "ana@example.cl").await.token();
    reset(&site.visitor(), &token, NEW).await.redirects_to("/login");
    let queued = site.database.contents();
    let secures = site.mail("ana@example.cl").await.token();
    for (table, rows) in queued.iter().chain(&site.database.contents()) {
        for secret in [token.as_str(), &secures, NEW] {
            assert!(!rows.contains(secret), "{table}: {rows}");
        }
    }
}

#[tokio::test]
async fn the_activity_of_the_account_tells_of_it() {
    let site = TestSite::start().await;
    site.employee("ana@example.cl").await;
    reset(&site.visitor(), &forgot(&site, "ana@example.cl").await.token(), NEW).await.redirects_to("/login");
    let last = "audit_event ORDER BY happened_at DESC, id DESC LIMIT 2";
    let actions = site.database.values("concat(action, ' ', coalesce((actor_id = user_id)::text, 'nobody'))", last);
    assert_eq!(actions, ["password_reset true", "reset_requested nobody"], "anybody may ask");
    let ana = site.visitor();
    ana.log_in("ana@example.cl", NEW).await.redirects_to("/account");
    let page = ana.get("/account/activity").await.has_status(200);
    page.says("by someone who typed the email");
}

#[tokio::test]
async fn it_takes_place_after_an_hour_no_more() {
    let site = TestSite::start().await;
    site.employee("ana@example.cl").await;
    let token = forgot(&site, "ana@example.cl").await.token();
    site.app.clock.advance(TimeDelta::minutes(59));
    site.visitor().get(&format!("/password/reset?token={token}")).await.has_status(200);
    site.app.clock.advance(TimeDelta::minutes(1));
    reset(&site.visitor(), &token, NEW).await.has_status(410);
    site.visitor().log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
}
