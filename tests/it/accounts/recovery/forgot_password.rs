//! Asking for a new password: always the same answer, a mail only where there is an account.

use chrono::TimeDelta;

use crate::support::page::Page;
use crate::support::visitor::Visitor;
use crate::support::{PASSWORD, TestSite};

async fn ask(visitor: &Visitor, email: &str) -> Page {
    visitor.post("/password/forgot", &[("email", email)]).await
}

/// 429, with a page that says how long to wait.
#[track_caller]
fn is_limited(page: Page, at_most: u64) {
    let seconds: u64 = page.clone().has_status(429).header("retry-after").parse().unwrap();
    assert!((1..=at_most).contains(&seconds), "{seconds} s");
    page.leads_on();
}

/// Moves everything that was counted into the past, as waiting does.
fn wait(site: &TestSite, seconds: u32) {
    let earlier = format!("SELECT hit - interval '{seconds} s' FROM unnest(hits) AS hit");
    site.database.execute(&format!("UPDATE rate_limit SET hits = ARRAY({earlier})"));
}

#[tokio::test]
async fn every_address_gets_the_same_answer_and_only_one_with_an_account_gets_a_mail() {
    let site = TestSite::start().await;
    for address in ["verified@example.cl", "inactive@example.cl"] {
        site.employee(address).await;
    }
    site.database.execute(r#"UPDATE "user" SET "isActive" = false WHERE email LIKE 'inactive%'"#);
    site.visitor().sign_up("employee", "waiting@example.cl").await.has_status(303);
    let mut seen = Vec::new();
    for (typed, mails) in
        [("unknown@example.cl", 0), (" Verified@EXAMPLE.cl ", 1), ("waiting@example.cl", 1), ("inactive@example.cl", 1)]
    {
        let page = ask(&site.visitor(), typed).await.redirects_to("/password/forgot/sent");
        seen.push((page.headers.keys().map(ToString::to_string).collect::<Vec<_>>(), page.body));
        let address = typed.trim().to_lowercase();
        let links = site.mails(&address).await.into_iter().filter(|mail| mail.text.contains("/password/reset?token="));
        assert_eq!(links.count(), mails, "{typed}");
    }
    assert!(seen.iter().all(|answer| *answer == seen[0]), "{seen:?}");
    site.visitor().get("/password/forgot/sent").await.has_status(200).says("If this email has an account");
}

#[tokio::test]
async fn the_mail_goes_to_the_address_that_is_stored() {
    let site = TestSite::start().await;
    site.employee("ana@example.cl").await;
    site.database.execute(r#"UPDATE "user" SET email = 'Ana@Example.CL'"#);
    ask(&site.visitor(), "ana@example.cl").await.redirects_to("/password/forgot/sent");
    assert_eq!(site.mail("Ana@Example.CL").await.subject, "Choose a new password");
}

#[tokio::test]
async fn the_mail_speaks_the_language_of_the_account_and_holds_one_link() {
    let site = TestSite::start().await;
    for (visitor, address, subject, text) in [
        (site.visitor(), "ana@example.cl", "Choose a new password", "for one hour"),
        (site.spanish_visitor(), "luz@example.cl", "Elige una contraseña nueva", "por una hora"),
    ] {
        let language = if subject.starts_with("Elige") { "es" } else { "en" };
        site.employee(address).await.post("/language", &[("lang", language)]).await.has_status(303);
        ask(&visitor, address).await.redirects_to("/password/forgot/sent");
        let mail = site.mail(address).await;
        assert_eq!(mail.subject, subject);
        let link = format!("{}/password/reset?token={}", site.base_url, mail.token());
        for part in [&mail.text, &mail.html] {
            assert!(part.contains(text) && part.contains(&link), "{part}");
        }
        visitor.get(&mail.link()).await.has_status(200).says(subject);
    }
}

#[tokio::test]
async fn the_pages_speak_both_languages_and_lead_on() {
    let site = TestSite::start().await;
    for (visitor, forgot, sent) in [
        (site.visitor(), "Forgot your password?", "Check your inbox"),
        (site.spanish_visitor(), "¿Olvidaste tu contraseña?", "Revisa tu correo"),
    ] {
        let log_in = visitor.get("/login").await;
        assert!(log_in.texts(r#"a[href="/password/forgot"]"#).contains(&forgot.to_owned()));
        visitor.get("/password/forgot").await.has_status(200).says(forgot).leads_on();
        let page = visitor.get("/password/forgot/sent").await.has_status(200).says(sent).leads_on();
        assert!(page.attribute(r#"main a[href="/password/forgot"]"#, "href").is_some());
    }
}

#[tokio::test]
async fn what_is_no_address_comes_back_to_be_corrected() {
    let site = TestSite::start().await;
    let page = site.spanish_visitor().post("/password/forgot", &[("email", "ana@")]).await.has_status(422);
    assert_eq!(page.value("email"), "ana@");
    assert_eq!(page.attribute(".notice.problem a", "href").as_deref(), Some("#email"));
    page.says("Escribe un correo como nombre@ejemplo.cl");
}

#[tokio::test]
async fn who_is_signed_in_need_not_type_the_address() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    assert_eq!(ana.get("/password/forgot").await.value("email"), "ana@example.cl");
}

#[tokio::test]
async fn asking_changes_nothing_about_the_account() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    let row = || site.database.values("u", r#""user" u"#);
    let before = row();
    let extra = [("email", "ana@example.cl"), ("type", "admin"), ("password", "x"), ("isActive", "false")];
    site.visitor().post("/password/forgot", &extra).await.redirects_to("/password/forgot/sent");
    assert_eq!(row(), before);
    ana.get("/account").await.has_status(200);
    site.visitor().log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
}

#[tokio::test]
async fn an_address_is_written_to_once_a_minute_whether_it_has_an_account_or_not() {
    let site = TestSite::start().await;
    site.employee("ana@example.cl").await;
    for email in ["ana@example.cl", "unknown@example.cl"] {
        ask(&site.visitor(), email).await.redirects_to("/password/forgot/sent");
        is_limited(ask(&site.visitor(), &email.to_uppercase()).await, 60);
        is_limited(ask(&site.visitor_from("127.0.0.2"), email).await, 60);
    }
    ask(&site.visitor(), "another@example.cl").await.redirects_to("/password/forgot/sent");
}

#[tokio::test]
async fn and_six_times_a_day() {
    let site = TestSite::start().await;
    for _ in 0..6 {
        ask(&site.visitor(), "ana@example.cl").await.redirects_to("/password/forgot/sent");
        wait(&site, 61);
    }
    is_limited(ask(&site.visitor(), "ana@example.cl").await, 86_400);
}

#[tokio::test]
async fn a_network_asks_twenty_times_an_hour() {
    let site = TestSite::start().await;
    for number in 0..20 {
        ask(&site.visitor(), &format!("ana{number}@example.cl")).await.redirects_to("/password/forgot/sent");
    }
    is_limited(ask(&site.visitor(), "luz@example.cl").await, 3_600);
    ask(&site.visitor_from("127.0.0.2"), "luz@example.cl").await.redirects_to("/password/forgot/sent");
}

#[tokio::test]
async fn asking_for_a_verification_link_does_not_use_these_limits_up() {
    let site = TestSite::start().await;
    let ana = site.visitor();
    ana.sign_up("employee", "ana@example.cl").await.has_status(303);
    ana.post("/verify-email/resend", &[("email", "ana@example.cl")]).await.redirects_to("/signup/check-email");
    ask(&ana, "ana@example.cl").await.redirects_to("/password/forgot/sent");
}

#[tokio::test]
async fn the_database_holds_no_token_that_a_mail_holds() {
    let site = TestSite::start().await;
    site.employee("ana@example.cl").await;
    ask(&site.visitor(), "ana@example.cl").await.redirects_to("/password/forgot/sent");
    let queued = site.database.contents();
    let token = site.mail("ana@example.cl").await.token();
    assert_eq!(token.len(), 43);
    for (table, rows) in queued.iter().chain(&site.database.contents()) {
        assert!(!rows.contains(&token), "{table}: {rows}");
    }
}

#[tokio::test]
async fn the_link_lasts_an_hour_and_an_old_mail_is_not_sent() {
    let site = TestSite::start().await;
    site.employee("ana@example.cl").await;
    ask(&site.visitor(), "ana@example.cl").await.redirects_to("/password/forgot/sent");
    site.app.clock.advance(TimeDelta::minutes(61));
    assert_eq!(site.mails("ana@example.cl").await.len(), 1, "the verification alone");
}

#[tokio::test]
async fn strangers_cannot_keep_an_owner_from_asking_on_a_device_that_is_known() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    ask(&site.visitor(), "ana@example.cl").await.redirects_to("/password/forgot/sent");
    is_limited(ask(&site.visitor(), "ana@example.cl").await, 60);
    ask(&ana, "ana@example.cl").await.redirects_to("/password/forgot/sent");
    is_limited(ask(&ana, "ana@example.cl").await, 60);
}

#[tokio::test]
async fn the_mail_of_an_account_that_nobody_can_log_in_to_says_so_and_what_keeps_it() {
    let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
    for (language, closed, deactivated, still_closed) in [
        ("en", "our email “Your account will be erased”", "This account is deactivated", "The account is still closed"),
        ("es", "nuestro correo “Tu cuenta se borrará”", "Esta cuenta está desactivada", "La cuenta sigue cerrada"),
    ] {
        let email = format!("ana.{language}@example.cl");
        let ana = site.employee(&email).await;
        ana.post("/language", &[("lang", language)]).await.has_status(303);
        ana.post("/account/delete", &[("email", &email), ("password", PASSWORD)]).await.redirects_to("/");
        ask(&ana, &email).await.redirects_to("/password/forgot/sent");
        let mail = site.mail(&email).await;
        assert!(mail.link().starts_with("/password/reset"), "a lost password is one way to keep it: {}", mail.text);
        for part in [&mail.text, &mail.html] {
            assert!(part.contains(closed) && part.contains("UTC-0"), "{part}");
        }
        let form = ana.get(&mail.link()).await.form("/password/reset").with("password", "quillay sobre otro volcán");
        ana.send(&form).await.redirects_to("/login");
        ana.get("/login").await.says(still_closed);
        site.database.execute(r#"UPDATE "user" SET "isActive" = false"#);
        ask(&ana, &email).await.redirects_to("/password/forgot/sent");
        let mail = site.mail(&email).await;
        assert!(mail.text.contains(deactivated) && !mail.text.contains(closed), "{}", mail.text);
    }
}
