//! Opening an account by an invitation: the address is the link's, and so is the organization.

use chrono::TimeDelta;

use super::{INVITATION, LAB_NAME, MANAGED_BY, MEMBERS, invite, open, site_and_lab, told};
use crate::support::visitor::send;
use crate::support::{PASSWORD, TestSite};

const OTHER: &str = "quillay de otra persona 8";

#[tokio::test]
async fn somebody_without_an_account_opens_one_and_is_signed_in() {
    let (site, lab) = site_and_lab().await;
    let mail = invite(&site, &lab, "ana@example.cl").await;
    let ana = site.visitor();
    let page = ana.get(&mail.link()).await.has_status(200).says(LAB_NAME).says("see your name");
    assert_eq!(page.attribute("[autocomplete=username]", "value").as_deref(), Some("ana@example.cl"));
    assert!(page.attribute("[autocomplete=username]", "readonly").is_some());
    assert!(page.attribute("main [name=email]", "name").is_none(), "the address is not the form's to say");
    open(&ana, &mail, "Ana Rojas").await.redirects_to("/account");
    ana.get("/account").await.has_status(200).says("You joined the organization.").says("ana@example.cl");
    ana.get(MANAGED_BY).await.has_status(200).says(LAB_NAME);
    lab.get(MEMBERS).await.says("1 person").says("Ana Rojas").says("Biochemist").says("No invitation is waiting");
    ana.log_out().await.redirects_to("/");
    ana.log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
    for list in [&ana, &lab] {
        assert_eq!(told(list, "Joined the organization").await, 1);
    }
    assert_eq!(told(&ana, "Account created").await, 1);
    ana.get(&mail.link()).await.has_status(410);
    open(&ana, &mail, "Ana Rojas").await.has_status(410);
}

#[tokio::test]
async fn the_page_speaks_spanish() {
    let (site, lab) = site_and_lab().await;
    let mail = invite(&site, &lab, "ana@example.cl").await;
    let ana = site.spanish_visitor();
    ana.get(&mail.link()).await.says("Una invitación para ti").says("Si aceptas, la organización podrá");
    let page = ana.post(INVITATION, &[("token", &mail.token())]).await.has_status(422);
    page.says("Escribe tu nombre").says("Escribe tu profesión").says("Elige una contraseña");
    open(&ana, &mail, "Ana Rojas").await.redirects_to("/account");
    ana.get("/account").await.says("Te uniste a la organización.");
    ana.get(MANAGED_BY).await.says("Quién administra tu cuenta").says("administra tu cuenta.");
}

#[tokio::test]
async fn looking_at_the_link_changes_nothing() {
    let (site, lab) = site_and_lab().await;
    let mail = invite(&site, &lab, "ana@example.cl").await;
    let before = site.database.contents();
    for _ in 0..3 {
        let page = site.visitor().get(&mail.link()).await.has_status(200);
        assert_eq!(page.header("cache-control"), "no-store");
        assert_eq!(page.header("set-cookie"), "");
        send(site.visitor().request("HEAD", &mail.link())).await.has_status(200);
    }
    assert!(site.database.contents() == before);
}

#[tokio::test]
async fn what_is_typed_wrong_does_not_use_up_the_link() {
    let (site, lab) = site_and_lab().await;
    let mail = invite(&site, &lab, "ana@example.cl").await;
    let (ana, token) = (site.visitor(), mail.token());
    let long = "x".repeat(101);
    for (name, profession, password, problems) in [
        ("", "", "", 3),
        ("Ana", "Biochemist", "ana@example.cl", 1),
        ("Ana", "Biochemist", "12345678", 1),
        (long.as_str(), "Biochemist", PASSWORD, 1),
        ("Ana\u{202E}sajoR", "Biochemist", PASSWORD, 1),
    ] {
        let fields = [("token", token.as_str()), ("name", name), ("profession", profession), ("password", password)];
        let page = ana.post(INVITATION, &fields).await.has_status(422).says(LAB_NAME);
        assert_eq!(page.texts("#problem li").len(), problems);
        assert_eq!((page.value("name").as_str(), page.value("password").as_str()), (name, ""));
        assert_eq!(page.value("token"), token);
    }
    open(&ana, &mail, "Ana Rojas").await.redirects_to("/account");
}

#[tokio::test]
async fn fields_that_nobody_asked_for_change_nothing() {
    let (site, lab) = site_and_lab().await;
    let (mail, ana) = (invite(&site, &lab, "ana@example.cl").await, site.visitor());
    let forged = [
        ("token", mail.token()),
        ("name", "Ana Rojas".to_owned()),
        ("profession", "Biochemist".to_owned()),
        ("password", PASSWORD.to_owned()),
        ("email", "boss@example.cl".to_owned()),
        ("username", "boss@example.cl".to_owned()),
        ("organizationId", "x".to_owned()),
        ("type", "admin".to_owned()),
        ("kind", "organization".to_owned()),
        ("isActive", "false".to_owned()),
        ("isEmailVerified", "false".to_owned()),
    ];
    let fields: Vec<_> = forged.iter().map(|(name, value)| (*name, value.as_str())).collect();
    ana.post(INVITATION, &fields).await.redirects_to("/account");
    let row = r#"concat(email, ' ', type, ' ', "isActive", ' ', "isEmailVerified")"#;
    assert_eq!(site.database.values(row, "\"user\" WHERE type <> 'organization'"), ["ana@example.cl employee t t"]);
    lab.get(MEMBERS).await.says("1 person");
}

#[tokio::test]
async fn whoever_signed_up_with_the_address_before_loses_everything() {
    let (site, lab) = site_and_lab().await;
    for kind in ["employee", "organization"] {
        let (email, eve) = (format!("{kind}@example.cl"), site.visitor());
        for _ in 0..2 {
            eve.sign_up_with(kind, &email, OTHER).await.redirects_to("/signup/check-email");
        }
        let former = site.mails(&email).await;
        let mail = invite(&site, &lab, &email).await;
        let ana = site.visitor();
        open(&ana, &mail, "Ana Soto").await.redirects_to("/account");
        ana.get("/account").await.says("Ana Soto").says("Job seeker").does_not_say("Ana Rojas");
        for mail in former {
            eve.get(&mail.link()).await.has_status(410);
            eve.post("/verify-email", &[("token", &mail.token())]).await.has_status(410);
        }
        eve.log_in(&email, OTHER).await.has_status(401);
        ana.log_in(&email, PASSWORD).await.redirects_to("/account");
        assert_eq!(told(&ana, "Email verified").await, 1);
        lab.get(MEMBERS).await.says(&email);
    }
    assert_eq!(site.database.values("count(*)", "\"user\" WHERE purge_at IS NOT NULL"), ["0"]);
}

#[tokio::test]
async fn an_old_account_that_nobody_verified_keeps_no_session() {
    let (site, lab) = site_and_lab().await;
    let eve = site.employee("ana@example.cl").await;
    site.database.execute("UPDATE \"user\" SET \"isEmailVerified\" = NULL WHERE type = 'employee'");
    eve.get("/account/sessions").await.has_status(200);
    let mail = invite(&site, &lab, "ana@example.cl").await;
    open(&site.visitor(), &mail, "Ana Soto").await.redirects_to("/account");
    eve.get("/account").await.redirects_to("/login?next=%2Faccount");
}

#[tokio::test]
async fn an_address_that_the_old_application_kept_in_mixed_case_is_the_same() {
    let (site, lab) = site_and_lab().await;
    let ana = site.employee("ana@example.cl").await;
    site.database.execute("UPDATE \"user\" SET email = 'Ana@Example.CL' WHERE type = 'employee'");
    let mail = invite(&site, &lab, " ANA@EXAMPLE.CL").await;
    ana.post(INVITATION, &[("token", &mail.token())]).await.redirects_to(MANAGED_BY);
    assert_eq!(site.database.values("count(*)", "\"user\""), ["2"]);
    lab.get(MEMBERS).await.says("Ana@Example.CL");
}

/// What a link that does not work answers to a look and to both answers, without the token.
async fn answers(site: &TestSite, token: &str) -> [String; 3] {
    let visitor = site.visitor();
    let looked = visitor.get(&format!("{INVITATION}?token={token}")).await;
    let accepted = visitor.post(INVITATION, &[("token", token), ("password", "x")]).await;
    let declined = visitor.post(INVITATION, &[("token", token), ("answer", "decline")]).await;
    [looked, accepted, declined]
        .map(|page| page.has_status(410).leads_on().says("This link no longer works").body_without_tokens())
}

#[tokio::test]
async fn a_link_that_does_not_work_tells_nobody_why() {
    let (site, lab) = site_and_lab().await;
    let used = invite(&site, &lab, "used@example.cl").await;
    open(&site.visitor(), &used, "Ana").await.redirects_to("/account");
    let fresh = invite(&site, &lab, "fresh@example.cl").await;
    site.visitor().sign_up("employee", "eva@example.cl").await.has_status(303);
    let foreign = site.mail("eva@example.cl").await.token();
    let altered: String = fresh.token().chars().rev().collect();
    let again = site.visitor().get(&format!("{INVITATION}?token={}", used.token())).await.has_status(410);
    again.says("a moment ago").says("The organization’s invitation was answered.").leads_on();
    // Who opens it may be anybody who has the mail: the organization itself, for one.
    let page = lab.get(&used.link()).await.has_status(410).says("was answered").does_not_say("your account page");
    assert_eq!(page.texts("main a"), ["Go to your account"], "one link to one place");
    site.later(TimeDelta::minutes(11)).await;
    let expected = answers(&site, &"A".repeat(43)).await;
    for token in [used.token(), foreign, altered, "x".repeat(300), "'; DROP TABLE x".repeat(4)] {
        let encoded: String = form_urlencoded::byte_serialize(token.as_bytes()).collect();
        assert!(answers(&site, &encoded).await == expected, "{token}");
    }
    let verify = site.visitor().post("/verify-email", &[("token", &fresh.token())]).await;
    verify.has_status(410);
    site.visitor().get(&fresh.link()).await.has_status(200);
}

#[tokio::test]
async fn the_link_works_for_seven_days() {
    let (site, lab) = site_and_lab().await;
    let [kept, late] = [invite(&site, &lab, "ana@example.cl").await, invite(&site, &lab, "eva@example.cl").await];
    site.app.clock.advance(TimeDelta::days(7) - TimeDelta::minutes(1));
    open(&site.visitor(), &kept, "Ana Rojas").await.redirects_to("/account");
    site.app.clock.advance(TimeDelta::minutes(1));
    site.visitor().get(&late.link()).await.has_status(410);
    open(&site.visitor(), &late, "Eva Soto").await.has_status(410);
}

#[tokio::test]
async fn the_database_holds_no_token_of_an_invitation() {
    let (site, lab) = site_and_lab().await;
    let token = invite(&site, &lab, "ana@example.cl").await.token();
    for (table, rows) in site.database.contents() {
        assert!(!rows.contains(&token), "{table}");
    }
}
