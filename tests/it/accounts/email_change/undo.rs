//! The link by which the old address gets its account back.

use chrono::TimeDelta;

use crate::accounts::second_factor::{Phone, switch_on};
use crate::support::page::Page;
use crate::support::smtp::Mail;
use crate::support::visitor::Visitor;
use crate::support::{PASSWORD, TestSite};

/// Another password that no test refuses.
const NEW: &str = "boldo sobre la cordillera 9";

/// Changes the address of who is signed in.
async fn move_to(site: &TestSite, visitor: &Visitor, email: &str) {
    let fields = [("email", email), ("current_password", PASSWORD)];
    visitor.post("/account/email", &fields).await.redirects_to("/account/email");
    visitor.press(&site.mail(email).await.link()).await.redirects_to("/account");
}

/// Somebody who knows Ana's password moves her account to an address of their own; the mail that she got.
async fn taken(site: &TestSite) -> (Visitor, Mail) {
    site.employee("ana@example.cl").await;
    let eve = site.visitor();
    eve.log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
    move_to(site, &eve, "eve@example.cl").await;
    let mail = site.mail("ana@example.cl").await;
    assert!(mail.link().starts_with("/account/email/undo?token="), "{}", mail.text);
    (eve, mail)
}

async fn undo(visitor: &Visitor, token: &str) -> Page {
    visitor.post("/account/email/undo", &[("token", token)]).await
}

fn emails(site: &TestSite) -> Vec<String> {
    let mut emails = site.database.values("email", r#""user""#);
    emails.sort();
    emails
}

#[tokio::test]
async fn the_account_has_its_address_again_and_its_owner_alone_gets_in() {
    let site = TestSite::start().await;
    let (eve, mail) = taken(&site).await;
    let ana = site.visitor();
    let page = ana.get(&mail.link()).await.has_status(200).says("Undo your email change");
    page.says("ana@example.cl").does_not_say("eve@example.cl");
    ana.press(&mail.link()).await.redirects_to("/password/forgot/sent");
    let sent = ana.get("/password/forgot/sent").await.says("Your account has its email again.");
    let lead = "We sent a link to choose a new password to ana@example.cl. It works for one hour.";
    assert_eq!(sent.texts(".lead"), [lead]);
    sent.does_not_say("If this email has an account").does_not_say("Wrong address?").does_not_say("another email");
    assert_eq!(emails(&site), ["ana@example.cl"]);
    eve.get("/account").await.redirects_to("/login?next=%2Faccount");
    for email in ["ana@example.cl", "eve@example.cl"] {
        eve.log_in(email, PASSWORD).await.has_status(401);
    }
    let token = site.mail("ana@example.cl").await.token();
    ana.post("/password/reset", &[("token", &token), ("password", NEW)]).await.redirects_to("/login");
    ana.log_in("ana@example.cl", NEW).await.redirects_to("/account");
    let events = "audit_event WHERE action = 'email_change_undone' AND actor_id = user_id";
    assert_eq!(site.database.values("count(*)", events), ["1"]);
}

#[tokio::test]
async fn it_is_told_in_spanish_too() {
    let site = TestSite::start().await;
    let (thief, mail) = taken(&site).await;
    thief.post("/language", &[("lang", "es")]).await.has_status(303);
    let ana = site.spanish_visitor();
    ana.get(&mail.link()).await.has_status(200).says("Deshaz el cambio de tu correo");
    ana.press(&mail.link()).await.redirects_to("/password/forgot/sent");
    ana.get("/password/forgot/sent").await.says("Tu cuenta volvió a tener su correo.");
    assert_eq!(site.mail("ana@example.cl").await.subject, "Elige una contraseña nueva");
}

#[tokio::test]
async fn looking_at_the_link_changes_nothing_however_often() {
    let site = TestSite::start().await;
    let (_, mail) = taken(&site).await;
    let before = site.database.contents();
    for _ in 0..5 {
        let page = site.visitor().get(&mail.link()).await.has_status(200);
        assert_eq!(page.header("cache-control"), "no-store");
    }
    assert_eq!(site.database.contents(), before);
}

#[tokio::test]
async fn it_works_for_three_days() {
    let site = TestSite::start().await;
    let (_, mail) = taken(&site).await;
    site.app.clock.advance(TimeDelta::hours(72) - TimeDelta::minutes(1));
    site.visitor().get(&mail.link()).await.has_status(200);
    site.app.clock.advance(TimeDelta::minutes(1));
    site.visitor().get(&mail.link()).await.has_status(410);
    undo(&site.visitor(), &mail.token()).await.has_status(410);
    assert_eq!(emails(&site), ["eve@example.cl"]);
}

#[tokio::test]
async fn what_a_thief_does_meanwhile_does_not_keep_the_owner_out() {
    let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
    let (eve, mail) = taken(&site).await;
    // Further on, with a new password set by a reset, and the old address blocked by a sign-up.
    move_to(&site, &eve, "eve2@example.cl").await;
    let undoes = site.mail("eve@example.cl").await;
    eve.post("/password/forgot", &[("email", "eve2@example.cl")]).await.redirects_to("/password/forgot/sent");
    let token = site.mail("eve2@example.cl").await.token();
    eve.post("/password/reset", &[("token", &token), ("password", NEW)]).await.redirects_to("/login");
    eve.log_in("eve2@example.cl", NEW).await.redirects_to("/account");
    site.visitor().sign_up("employee", "ana@example.cl").await.redirects_to("/signup/check-email");
    let fields = [("email", "eve3@example.cl"), ("current_password", NEW)];
    eve.post("/account/email", &fields).await.redirects_to("/account/email");
    let moves = site.mail("eve3@example.cl").await;
    undo(&site.visitor(), &mail.token()).await.redirects_to("/password/forgot/sent");
    assert_eq!(emails(&site), ["ana@example.cl"]);
    eve.get("/account").await.redirects_to("/login?next=%2Faccount");
    undo(&eve, &undoes.token()).await.has_status(410);
    eve.post("/account/email/confirm", &[("token", &moves.token())]).await.has_status(410);
    let id = site.database.values("id", r#""user""#);
    let changed = "audit_event WHERE action = 'email_changed' LIMIT 1";
    assert_eq!(site.database.values("user_id", changed), id, "it is the same account");
}

#[tokio::test]
async fn who_changes_the_address_back_by_hand_leaves_the_thief_no_link() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    move_to(&site, &ana, "eve@example.cl").await;
    let undoes = site.mail("ana@example.cl").await;
    move_to(&site, &ana, "ana@example.cl").await;
    assert_eq!(emails(&site), ["ana@example.cl"]);
    let eves = site.mails("eve@example.cl").await;
    assert!(eves.iter().all(|mail| !mail.text.contains("/account/email/undo")), "{eves:?}");
    undo(&site.visitor(), &undoes.token()).await.has_status(410);
}

#[tokio::test]
async fn an_address_that_the_old_application_kept_in_mixed_case_comes_back_as_it_was() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    site.database.execute(r#"UPDATE "user" SET email = 'Ana@Example.CL'"#);
    move_to(&site, &ana, "eve@example.cl").await;
    let undoes = site.mail("Ana@Example.CL").await;
    site.visitor().sign_up("employee", "ana@example.cl").await.redirects_to("/signup/check-email");
    undo(&site.visitor(), &undoes.token()).await.redirects_to("/password/forgot/sent");
    assert_eq!(emails(&site), ["Ana@Example.CL"]);
    site.visitor().log_in("ana@example.cl", PASSWORD).await.has_status(401);
    assert!(site.mail("Ana@Example.CL").await.link().starts_with("/password/reset?token="));
}

#[tokio::test]
async fn every_address_between_may_undo_what_came_after_it() {
    let site = TestSite::start().await;
    let ana = site.employee("first@example.cl").await;
    move_to(&site, &ana, "second@example.cl").await;
    let first = site.mail("first@example.cl").await.token();
    move_to(&site, &ana, "third@example.cl").await;
    let second = site.mail("second@example.cl").await.token();
    undo(&site.visitor(), &second).await.redirects_to("/password/forgot/sent");
    assert_eq!(emails(&site), ["second@example.cl"]);
    undo(&site.visitor(), &first).await.redirects_to("/password/forgot/sent");
    assert_eq!(emails(&site), ["first@example.cl"]);
}

#[tokio::test]
async fn an_address_that_its_owner_gave_to_another_account_stays_there() {
    let site = TestSite::start().await;
    let (_, mail) = taken(&site).await;
    let ana = site.employee("ana@example.cl").await;
    let before = site.database.contents();
    let page = ana.press(&mail.link()).await.has_status(409).says("Another account uses this email").leads_on();
    assert_eq!(page.attribute("main a.button", "href").as_deref(), Some("/login"));
    assert!(
        page.says("Give that account another email.").attribute(r#"main a[href="/password/forgot"]"#, "href").is_some()
    );
    let spanish = site.spanish_visitor().press(&mail.link()).await.has_status(409);
    spanish.says("Otra cuenta ya usa este correo").says("Dale otro correo a esa cuenta.");
    let after = site.database.contents();
    for table in ["user", "account", "session", "verification", "outbox_letter", "audit_event"] {
        assert_eq!(after.get(table), before.get(table), "{table}");
    }
    ana.get("/account").await.has_status(200);
    // What the page says to do works.
    move_to(&site, &ana, "luz@example.cl").await;
    ana.press(&mail.link()).await.redirects_to("/password/forgot/sent");
    assert_eq!(emails(&site), ["ana@example.cl", "luz@example.cl"]);
}

fn leads_on(page: Page) -> Page {
    let page = page.has_status(410).says("This link no longer works");
    assert!(page.attribute(r#"main a[href="/password/forgot"]"#, "href").is_some());
    page
}

/// What a link that does not work answers, without the token, to a look and to the button.
async fn answers(site: &TestSite, token: &str) -> [String; 2] {
    let looked = site.visitor().get(&format!("/account/email/undo?token={token}")).await;
    let pressed = undo(&site.visitor(), token).await;
    [looked, pressed].map(|page| leads_on(page).body.replace(token, ""))
}

#[tokio::test]
async fn a_link_that_does_not_work_tells_nobody_why() {
    let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
    let (_, mail) = taken(&site).await;
    let altered: String = mail.token().chars().rev().collect();
    let luz = site.employee("luz@example.cl").await;
    let fields = [("email", "new@example.cl"), ("current_password", PASSWORD)];
    luz.post("/account/email", &fields).await.redirects_to("/account/email");
    let confirms = site.mail("new@example.cl").await.token();
    undo(&site.visitor(), &mail.token()).await.redirects_to("/password/forgot/sent");
    let resets = site.mail("ana@example.cl").await.token();
    let again = site.visitor().get(&format!("/account/email/undo?token={}", mail.token())).await.has_status(410);
    again.says("a moment ago").says("Your account has its email again.").leads_on();
    site.later(TimeDelta::minutes(11)).await;
    let expected = answers(&site, &"A".repeat(43)).await;
    for token in [&mail.token(), &altered, &confirms, &resets, &"x".repeat(300)] {
        assert!(answers(&site, token).await == expected, "{token}");
    }
}

#[tokio::test]
async fn of_fifty_presses_at_once_exactly_one_undoes() {
    let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
    let token = taken(&site).await.1.token();
    let presses = (0..50).map(|_| {
        let (visitor, token) = (site.visitor(), token.clone());
        tokio::spawn(async move { undo(&visitor, &token).await.status.as_u16() })
    });
    let mut statuses = Vec::new();
    for press in presses.collect::<Vec<_>>() {
        statuses.push(press.await.unwrap());
    }
    statuses.sort_unstable();
    assert_eq!(statuses[0], 303);
    assert_eq!(statuses[1..], [410; 49]);
}

/// Moves the account of who is signed in, whose second factor this is.
async fn move_with_code(site: &TestSite, visitor: &Visitor, phone: &Phone) {
    let code = phone.next_code(site).await;
    let fields = [("email", "eve@example.cl"), ("current_password", PASSWORD), ("code", &code)];
    visitor.post("/account/email", &fields).await.redirects_to("/account/email");
    visitor.press(&site.mail("eve@example.cl").await.link()).await.redirects_to("/account");
}

/// Undoes it by this mail, and finds the way in without a code.
async fn is_let_in(site: &TestSite, mail: &Mail) {
    let (ana, removed) = (site.visitor(), "Two-step verification is switched off");
    ana.get(&mail.link()).await.has_status(200).says(removed);
    ana.press(&mail.link()).await.redirects_to("/password/forgot/sent");
    assert_eq!(site.database.values("count(*)", "second_factor"), ["0"]);
    let form = ana.get(&site.mail("ana@example.cl").await.link()).await.form("/password/reset");
    ana.send(&form.with("password", NEW)).await.redirects_to("/login");
    ana.log_in("ana@example.cl", NEW).await.redirects_to("/account");
    let event = "audit_event WHERE action = 'second_factor_removed' AND actor_id = user_id";
    assert_eq!(site.database.values("count(*)", event), ["1"]);
}

#[tokio::test]
async fn a_second_factor_that_a_thief_switched_on_before_the_change_goes_with_it() {
    let site = TestSite::start().await;
    site.employee("ana@example.cl").await;
    let eve = site.visitor();
    eve.log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
    let (phone, _) = switch_on(&site, &eve).await;
    move_with_code(&site, &eve, &phone).await;
    is_let_in(&site, &site.mail("ana@example.cl").await).await;
}

#[tokio::test]
async fn a_second_factor_that_a_thief_switched_on_after_the_change_goes_with_it() {
    let site = TestSite::start().await;
    let (eve, mail) = taken(&site).await;
    switch_on(&site, &eve).await;
    is_let_in(&site, &mail).await;
}

#[tokio::test]
async fn a_second_factor_that_the_owner_had_before_stays() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    let (phone, _) = switch_on(&site, &ana).await;
    site.later(TimeDelta::days(2)).await;
    ana.post("/reauth", &[("password", PASSWORD), ("code", &phone.code_in(0))]).await.has_status(303);
    move_with_code(&site, &ana, &phone).await;
    let mail = site.mail("ana@example.cl").await;
    let page = site.visitor().get(&mail.link()).await.has_status(200);
    page.does_not_say("Two-step verification is switched off");
    site.visitor().press(&mail.link()).await.redirects_to("/password/forgot/sent");
    assert_eq!(site.database.values("count(*)", "second_factor"), ["1"]);
}

#[tokio::test]
async fn a_thief_who_goes_back_by_hand_leaves_the_owner_a_mail_that_removes_it() {
    let site = TestSite::start().await;
    site.employee("ana@example.cl").await;
    let eve = site.visitor();
    eve.log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
    let (phone, _) = switch_on(&site, &eve).await;
    move_with_code(&site, &eve, &phone).await;
    let code = phone.next_code(&site).await;
    let fields = [("email", "ana@example.cl"), ("current_password", PASSWORD), ("code", &code)];
    eve.post("/account/email", &fields).await.redirects_to("/account/email");
    eve.press(&site.mail("ana@example.cl").await.link()).await.redirects_to("/account");
    let mail = site.mail("ana@example.cl").await;
    assert!(mail.text.contains("within 24 hours, it also switches off two-step verification"), "{}", mail.text);
    site.visitor().press(&mail.link()).await.redirects_to("/password/forgot/sent");
    assert_eq!(site.database.values("count(*)", "second_factor"), ["0"]);
}
