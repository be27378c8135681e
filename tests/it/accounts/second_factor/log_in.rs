//! Logging in by password and code.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::TimeDelta;

use super::{PATH, half_way, heard, recovery_codes, send_code, switch_on};
use crate::accounts::provider;
use crate::accounts::provider::connection_list::connect;
use crate::support::issuer::Issuer;
use crate::support::visitor::Visitor;
use crate::support::{PASSWORD, TestSite, statements};

#[tokio::test]
async fn a_provider_does_not_skip_it() {
    let issuer = Issuer::start();
    let site = TestSite::with_provider(&issuer.url).await;
    let ana = site.employee("ana@example.cl").await;
    connect(&ana, "google").await.redirects_to("/account/providers");
    let (phone, _) = switch_on(&site, &ana).await;
    ana.log_out().await;
    provider::log_in(&ana, "google").await.redirects_to("/login/code");
    ana.get("/account").await.redirects_to("/login?next=%2Faccount");
    send_code(&ana, "000000").await.has_status(422);
    send_code(&ana, &phone.next_code(&site).await).await.redirects_to("/account");
    ana.get("/account").await.has_status(200);
    // A provider that was disconnected before the code came opens nothing.
    ana.log_out().await;
    provider::log_in(&ana, "google").await.redirects_to("/login/code");
    site.database.execute("DELETE FROM account WHERE provider = 'google'");
    send_code(&ana, &phone.next_code(&site).await).await.redirects_to("/login");
}

#[tokio::test]
async fn before_the_code_there_is_no_session() {
    let site = TestSite::start().await;
    let (phone, _) = switch_on(&site, &site.employee("ana@example.cl").await).await;
    let before = site.database.values("count(*)", "session");
    let ana = site.visitor();
    let form = [("email", "ana@example.cl"), ("password", PASSWORD), ("next", "/account/sessions")];
    let half = ana.post("/login", &form).await.redirects_to("/login/code");
    assert_eq!(site.database.values("count(*)", "session"), before);
    let cookie = half.cookie().unwrap();
    for path in ["/account", "/account/sessions", "/account/export", "/admin", "/reauth"] {
        let page = site.visitor().get_with(path, &cookie).await.has_status(303);
        assert!(page.header("location").starts_with("/login?"), "{path}: {}", page.header("location"));
    }
    ana.get("/").await.does_not_say("ana@example.cl").does_not_say("Log out");
    let page = ana.get("/login/code").await.has_status(200).says("Enter your code");
    let code = phone.next_code(&site).await;
    let spaced = format!(" {} {}", code.get(..3).unwrap(), code.get(3..).unwrap());
    ana.send(&page.form("/login/code").with("code", &spaced)).await.redirects_to("/account/sessions");
    ana.get("/account/sessions").await.has_status(200);
}

#[tokio::test]
async fn a_wrong_password_never_leads_to_the_code() {
    let site = TestSite::start().await;
    switch_on(&site, &site.employee("ana@example.cl").await).await;
    let eve = site.visitor();
    eve.log_in("ana@example.cl", "wrong").await.has_status(401);
    eve.get("/login/code").await.redirects_to("/login");
    send_code(&eve, "123456").await.redirects_to("/login");
}

#[tokio::test]
async fn a_code_works_once_and_no_earlier_one_after_it() {
    let site = TestSite::start().await;
    let (phone, _) = switch_on(&site, &site.employee("ana@example.cl").await).await;
    site.later(TimeDelta::seconds(90)).await;
    let (early, now, late) = (phone.code_in(-1), phone.code_in(0), phone.code_in(1));
    send_code(&half_way(&site, "ana@example.cl").await, &phone.code_in(-3)).await.has_status(422);
    send_code(&half_way(&site, "ana@example.cl").await, &early).await.redirects_to("/account");
    send_code(&half_way(&site, "ana@example.cl").await, &early).await.has_status(422);
    send_code(&half_way(&site, "ana@example.cl").await, &late).await.redirects_to("/account");
    send_code(&half_way(&site, "ana@example.cl").await, &now).await.has_status(422);
}

#[tokio::test]
async fn of_one_code_at_two_replicas_at_once_one_wins() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    let (phone, _) = switch_on(&site, &ana).await;
    let other = TestSite::on(Arc::clone(&site.database), &[]).await;
    let (one, two) = (half_way(&site, "ana@example.cl").await, half_way(&other, "ana@example.cl").await);
    let code = phone.code_in(1);
    let (one, two) = tokio::join!(send_code(&one, &code), send_code(&two, &code));
    let mut statuses = [one.status.as_u16(), two.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 422]);
}

#[tokio::test]
async fn five_wrong_codes_in_five_minutes_are_all_that_two_replicas_take() {
    let site = TestSite::start().await;
    switch_on(&site, &site.employee("ana@example.cl").await).await;
    let other = TestSite::on(Arc::clone(&site.database), &[]).await;
    let mut tries = Vec::new();
    for at in 0..12 {
        let site = if at % 2 == 0 { &site } else { &other };
        let eve = site.visitor_from(&format!("127.0.7.{}", at + 1));
        eve.log_in("ana@example.cl", PASSWORD).await.redirects_to("/login/code");
        tries.push(tokio::spawn(async move { send_code(&eve, &format!("00000{}", at % 10)).await }));
    }
    let mut statuses = Vec::new();
    for page in tries {
        statuses.push(page.await.unwrap().status.as_u16());
    }
    statuses.sort_unstable();
    assert_eq!(statuses, [vec![422; 5], vec![429; 7]].concat());
}

#[tokio::test]
async fn right_codes_use_up_no_tries() {
    let site = TestSite::start().await;
    let (phone, _) = switch_on(&site, &site.employee("ana@example.cl").await).await;
    for _ in 0..7 {
        let code = phone.next_code(&site).await;
        send_code(&half_way(&site, "ana@example.cl").await, &code).await.redirects_to("/account");
    }
}

#[tokio::test]
async fn pressing_twice_signs_in_once_and_answers_the_same() {
    let site = TestSite::start().await;
    let (phone, _) = switch_on(&site, &site.employee("ana@example.cl").await).await;
    let ana = half_way(&site, "ana@example.cl").await;
    let code = phone.next_code(&site).await;
    let form = ana.get("/login/code").await.form("/login/code").with("code", &code);
    for page in ana.send_fifty_at_once(&form).await {
        page.redirects_to("/account");
    }
    ana.get("/account/sessions").await.has_status(200);
    let logged_in = "audit_event WHERE action LIKE 'logged_in%'";
    assert_eq!(site.database.values("count(*)", logged_in), ["2"], "by the link of the mail, and by the code");
}

#[tokio::test]
async fn a_log_in_waits_five_minutes_for_its_code() {
    let site = TestSite::start().await;
    let (phone, _) = switch_on(&site, &site.employee("ana@example.cl").await).await;
    let ana = half_way(&site, "ana@example.cl").await;
    site.later(TimeDelta::minutes(5)).await;
    send_code(&ana, &phone.code_in(0)).await.redirects_to("/login");
    let told = ana.get("/login").await.says("This log-in has expired").attribute(".flash", "class");
    assert_eq!(told.as_deref(), Some("notice problem flash"));
}

#[tokio::test]
async fn a_new_password_ends_a_log_in_that_waits() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    let (phone, _) = switch_on(&site, &ana).await;
    let eve = half_way(&site, "ana@example.cl").await;
    let form = ana.get("/account/password").await.form("/account/password");
    let form = form.with("current_password", PASSWORD).with("password", "quillay bajo el volcán 9");
    ana.send(&form).await.has_status(422).says("Enter the code");
    let code = phone.next_code(&site).await;
    ana.send(&form.with("code", &code)).await.redirects_to("/account");
    let next = phone.next_code(&site).await;
    send_code(&eve, &next).await.redirects_to("/login");
}

#[tokio::test]
async fn a_reset_does_not_skip_it() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    let (phone, _) = switch_on(&site, &ana).await;
    let visitor = site.visitor();
    visitor.post("/password/forgot", &[("email", "ana@example.cl")]).await.has_status(303);
    let page = visitor.get(&site.mail("ana@example.cl").await.link()).await;
    let page = page.says("an admin can remove two-step verification");
    let form = page.form("/password/reset").with("password", "quillay bajo el volcán 9");
    visitor.send(&form).await.has_status(422).says("Enter the code");
    visitor.send(&form.clone().with("code", "000000")).await.has_status(422).says("This code does not work");
    let code = phone.code_in(1);
    visitor.send(&form.with("code", &code)).await.redirects_to("/login");
    visitor.log_in("ana@example.cl", "quillay bajo el volcán 9").await.redirects_to("/login/code");
    send_code(&visitor, &code).await.has_status(422);
}

#[tokio::test]
async fn whatever_asks_for_the_password_again_asks_for_a_code() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    let (phone, _) = switch_on(&site, &ana).await;
    let email = ana.get("/account/email").await.form("/account/email").with("email", "new@example.cl");
    ana.send(&email.with("current_password", PASSWORD)).await.has_status(422).says("Enter the code");
    let delete = ana.get("/account/delete").await.form("/account/delete").with("email", "ana@example.cl");
    ana.send(&delete.with("password", PASSWORD)).await.has_status(422).says("Enter the code");
    site.later(TimeDelta::minutes(11)).await;
    let reauth = ana.get("/reauth?next=%2Faccount%2Femail").await.form("/reauth").with("password", PASSWORD);
    ana.send(&reauth).await.has_status(422).says("Enter the code");
    ana.send(&reauth.with("code", &phone.code_in(0))).await.redirects_to("/account/email");
}

#[tokio::test]
async fn a_code_is_used_up_together_with_what_it_allows() {
    let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
    let ana = site.employee("ana@example.cl").await;
    let (_, codes) = switch_on(&site, &ana).await;
    let mut codes = recovery_codes(&codes);
    let mut password = PASSWORD;
    let break_down = "CREATE FUNCTION break_down() RETURNS trigger LANGUAGE plpgsql
                      AS $$ BEGIN RAISE 'broken down'; END $$";
    site.database.execute(break_down);
    let forms = ["/reauth", "/account/email", "/account/password", "/account/second-factor/off"];
    for path in forms.into_iter().chain(["/account/delete"]) {
        if path == "/account/delete" {
            codes = recovery_codes(&switch_on(&site, &ana).await.1);
        }
        let left = site.database.values("count(*)", "recovery_code");
        let form = ana.get(path).await.has_status(200).form(path).with("code", &codes.pop().unwrap());
        let form = match path {
            "/reauth" => form.with("password", password),
            "/account/delete" => form.with("password", password).with("email", "ana@example.cl"),
            "/account/email" => form.with("current_password", password).with("email", "new@example.cl"),
            "/account/password" => form.with("current_password", password).with("password", "quillay bajo el volcán 9"),
            _ => form.with("current_password", password),
        };
        let trigger = "BEFORE UPDATE OR DELETE ON session FOR EACH ROW EXECUTE FUNCTION break_down()";
        site.database.execute(&format!("CREATE TRIGGER break_down {trigger}"));
        ana.send(&form).await.has_status(500);
        assert_eq!(site.database.values("count(*)", "recovery_code"), left, "{path}");
        site.database.execute("DROP TRIGGER break_down ON session");
        for page in ana.send_fifty_at_once(&form).await {
            page.has_status(303);
        }
        let expected = if path.ends_with("off") { 0 } else { left[0].parse::<usize>().unwrap() - 1 };
        assert_eq!(site.database.values("count(*)", "recovery_code"), [expected.to_string()], "{path}");
        if path == "/account/password" {
            password = "quillay bajo el volcán 9";
        }
    }
}

#[tokio::test]
async fn one_code_sent_by_two_forms_at_once_allows_one_of_them() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    let (_, codes) = switch_on(&site, &ana).await;
    let codes = recovery_codes(&codes);
    let other = TestSite::on(Arc::clone(&site.database), &[]).await;
    let phone = half_way(&other, "ana@example.cl").await;
    send_code(&phone, &codes[0]).await.redirects_to("/account");
    for code in &codes[1..4] {
        let form = async |visitor: &Visitor, email: &str| {
            let form = visitor.get("/account/email").await.has_status(200).form("/account/email");
            form.with("email", email).with("current_password", PASSWORD).with("code", code)
        };
        let (one, two) = (form(&ana, "one@example.cl").await, form(&phone, "two@example.cl").await);
        let (one, two) = tokio::join!(ana.send(&one), phone.send(&two));
        let mut statuses = [one.status.as_u16(), two.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 422]);
    }
    assert_eq!(site.database.values("count(*)", "recovery_code"), ["6"]);
}

#[tokio::test]
async fn a_session_that_ended_meanwhile_uses_up_no_code() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    let (_, codes) = switch_on(&site, &ana).await;
    let form = ana.get("/account/email").await.form("/account/email").with("email", "new@example.cl");
    let form = form.with("current_password", PASSWORD).with("code", &recovery_codes(&codes)[0]);
    // Ends the session after the form was let in, just before it takes effect.
    let end = "CREATE FUNCTION end_session() RETURNS trigger LANGUAGE plpgsql
               AS $$ BEGIN DELETE FROM session; RETURN NEW; END $$;
               CREATE TRIGGER end_session AFTER INSERT OR UPDATE ON rate_limit
               FOR EACH ROW EXECUTE FUNCTION end_session()";
    site.database.execute(end);
    let page = ana.send(&form).await.has_status(303);
    assert!(page.header("location").starts_with("/login?"), "{}", page.header("location"));
    assert_eq!(site.database.values("count(*)", "recovery_code"), ["10"]);
}

#[tokio::test]
async fn wrong_codes_use_up_no_mail_to_another_address() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    let (_, codes) = switch_on(&site, &ana).await;
    let codes = recovery_codes(&codes);
    let wrong = ["000000"; 4].into_iter().map(|code| (code, 422));
    for (code, status) in wrong.chain(codes[..3].iter().map(|code| (code.as_str(), 303))) {
        let form = ana.get("/account/email").await.form("/account/email").with("email", "new@example.cl");
        ana.send(&form.with("current_password", PASSWORD).with("code", code)).await.has_status(status);
    }
}

#[tokio::test]
async fn another_replica_asks_for_the_code_at_once() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    let other = TestSite::on(Arc::clone(&site.database), &[]).await;
    let (phone, _) = switch_on(&site, &ana).await;
    heard().await;
    let second = other.visitor();
    second.log_in("ana@example.cl", PASSWORD).await.redirects_to("/login/code");
    send_code(&second, &phone.code_in(1)).await.redirects_to("/account");
    second.get(PATH).await.says("Two-step verification is on");
}

#[tokio::test]
async fn a_recovery_code_used_fifty_times_at_once_signs_in_once() {
    let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
    let (_, codes) = switch_on(&site, &site.employee("ana@example.cl").await).await;
    let code = recovery_codes(&codes)[3].clone();
    let mut halves = Vec::new();
    for _ in 0..50 {
        halves.push(half_way(&site, "ana@example.cl").await);
    }
    let tries: Vec<_> = halves
        .into_iter()
        .map(|half| {
            let code = code.clone();
            tokio::spawn(async move { send_code(&half, &code).await })
        })
        .collect();
    let mut signed_in = 0;
    for page in tries {
        signed_in += usize::from(page.await.unwrap().status.as_u16() == 303);
    }
    assert_eq!(signed_in, 1);
    assert_eq!(site.database.values("count(*)", "recovery_code"), ["9"]);
}

#[tokio::test]
async fn a_log_in_without_it_costs_no_statement_more() {
    let site = TestSite::recorded(&[]).await;
    let (ana, ben) = (site.employee("ana@example.cl").await, site.employee("ben@example.cl").await);
    ana.log_out().await;
    // What this log-in sends, beside what goes on in the background.
    let of_log_in = |sent: BTreeSet<String>| -> Vec<String> {
        let tables = ["\"user\"", "\"session\"", "second_factor", "recovery_code", "form_submission"];
        sent.into_iter().filter(|statement| tables.iter().any(|table| statement.contains(table))).collect()
    };
    statements::record(site.database.name());
    ana.log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
    let without = of_log_in(statements::recorded(site.database.name()));
    let (phone, _) = switch_on(&site, &ben).await;
    ben.log_out().await;
    let code = phone.next_code(&site).await;
    statements::record(site.database.name());
    ben.log_in("ben@example.cl", PASSWORD).await.redirects_to("/login/code");
    send_code(&ben, &code).await.redirects_to("/account");
    let with = of_log_in(statements::recorded(site.database.name()));
    assert_eq!((without.len(), with.len()), (2, 6), "{without:#?} {with:#?}");
}
