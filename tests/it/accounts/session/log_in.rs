//! Logging in: who gets in, who does not, and where it leads.

use std::time::Duration;

use argon2::password_hash::PasswordHasher;
use argon2::{Algorithm, Argon2, Params, Version};
use biovity::accounts::user::user::User;
use biovity::values::email_address::EmailAddress;
use diesel::connection::SimpleConnection;

use crate::support::page::Page;
use crate::support::visitor::{Visitor, send};
use crate::support::{PASSWORD, TestSite};

mod device;
mod next;

/// All that a stranger can compare of two answers.
fn seen(page: &Page, typed: &str) -> (u16, Vec<String>, String) {
    let names = page.headers.keys().map(ToString::to_string).collect();
    (page.status.as_u16(), names, page.body_without_keys().replace(typed, ""))
}

#[tokio::test]
async fn after_a_wrong_log_in_both_fields_are_marked_by_one_error() {
    let site = TestSite::start().await;
    let page = site.visitor().log_in("nobody@example.cl", "wrong").await.has_status(401);
    for field in ["email", "password"] {
        let mark = |name| page.attribute(&format!("#{field}"), name).unwrap();
        assert_eq!((mark("aria-invalid").as_str(), mark("aria-describedby").as_str()), ("true", "email-error"));
    }
    assert_eq!(page.texts(".error").len(), 1);
    let unreadable = site.visitor().log_in("nobody", "wrong").await.has_status(422);
    assert_eq!(unreadable.attribute("#password", "aria-invalid"), None, "here the address alone is wrong");
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_address_get_the_same_answer() {
    let site = TestSite::start().await;
    site.employee("verified@example.cl").await;
    site.visitor().sign_up("employee", "waiting@example.cl").await.has_status(303);
    let unknown = site.visitor().log_in("unknown@example.cl", "wrong").await;
    let unknown = unknown.has_status(401).says("Email or password is incorrect");
    for known in ["verified@example.cl", "waiting@example.cl"] {
        let page = site.visitor().log_in(known, "wrong").await.has_status(401);
        assert_eq!(page.value("email"), known, "the typed address is kept");
        assert_eq!(seen(&page, known), seen(&unknown, "unknown@example.cl"));
    }
    let spanish = site.spanish_visitor().log_in("unknown@example.cl", "wrong").await.has_status(401);
    spanish.says("El correo o la contraseña no son correctos");
}

#[tokio::test]
async fn an_account_without_a_password_gets_that_answer_too() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    ana.log_out().await.redirects_to("/");
    site.database.execute("UPDATE account SET provider = 'google', password = NULL");
    ana.log_in("ana@example.cl", PASSWORD).await.has_status(401);
    ana.log_in("ana@example.cl", "wrong").await.has_status(401);
}

#[tokio::test]
async fn a_damaged_hash_lets_nobody_in() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    for damaged in ["", "$argon2id$v=19$m=1", "plain", "$2b$10$abcdefghijklmnopqrstuv"] {
        site.database.execute(&format!("UPDATE account SET password = '{damaged}'"));
        ana.log_in("ana@example.cl", damaged).await.has_status(if damaged.is_empty() { 422 } else { 401 });
    }
}

#[tokio::test]
async fn empty_fields_come_back_to_be_filled_in() {
    let site = TestSite::start().await;
    let page = site.visitor().log_in("", "").await.has_status(422);
    assert_eq!(page.texts(".notice.problem li"), ["Enter your email address", "Enter your password"]);
    let page = site.visitor().log_in("ana@example", "secret words").await.has_status(422);
    assert_eq!((page.value("email").as_str(), page.value("password").as_str()), ("ana@example", ""));
}

#[tokio::test]
async fn an_address_that_waits_to_be_verified_is_told_so_to_who_knows_the_password() {
    let site = TestSite::start().await;
    site.visitor().sign_up("employee", "ana@example.cl").await.has_status(303);
    let ana = site.visitor();
    let page = ana.log_in("ana@example.cl", PASSWORD).await.has_status(403).says("not verified yet");
    assert!(page.cookie().is_none());
    site.spanish_visitor().log_in("ana@example.cl", PASSWORD).await.has_status(403).says("aún no está verificado");
    ana.get("/account").await.redirects_to("/login?next=%2Faccount");
}

#[tokio::test]
async fn a_deactivated_account_is_told_so_to_who_knows_the_password() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    ana.log_out().await.redirects_to("/");
    site.database.execute(r#"UPDATE "user" SET "isActive" = false"#);
    ana.log_in("ana@example.cl", "wrong").await.has_status(401);
    let page = ana.log_in("ana@example.cl", PASSWORD).await.has_status(403).says("This account is deactivated");
    assert!(page.cookie().is_none());
    ana.get("/account").await.redirects_to("/login?next=%2Faccount");
}

#[tokio::test]
async fn flags_that_the_old_application_left_open_have_their_meaning() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    ana.log_out().await.redirects_to("/");
    site.database.execute(r#"UPDATE "user" SET "isActive" = NULL"#);
    ana.log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
    ana.log_out().await.redirects_to("/");
    site.database.execute(r#"UPDATE "user" SET "isEmailVerified" = NULL"#);
    ana.log_in("ana@example.cl", PASSWORD).await.has_status(403).says("not verified yet");
}

#[tokio::test]
async fn an_address_that_the_old_application_kept_in_mixed_case_logs_in() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    ana.log_out().await.redirects_to("/");
    site.database.execute(r#"UPDATE "user" SET email = 'Ana@Example.CL'"#);
    for typed in ["ana@example.cl", " ANA@EXAMPLE.CL ", "Ana@Example.CL"] {
        ana.log_in(typed, PASSWORD).await.redirects_to("/account");
    }
    site.visitor().sign_up("employee", "ana@example.cl").await.redirects_to("/signup/check-email");
    assert_eq!(site.mail("Ana@Example.CL").await.subject, "You already have an account");
    assert_eq!(site.database.values("email", r#""user""#), ["Ana@Example.CL"]);
}

#[tokio::test]
async fn of_two_old_accounts_that_differ_by_case_the_exact_one_logs_in() {
    let site = TestSite::start().await;
    site.employee("ana@example.cl").await;
    site.database.execute(r#"UPDATE "user" SET email = 'Ana@Example.CL', name = 'The other Ana'"#);
    site.database.execute(
        r#"INSERT INTO "user" (id, email, name, "isEmailVerified", profession, type)
           VALUES ('exact', 'ana@example.cl', 'The exact Ana', true, 'x', 'employee');
           INSERT INTO account (id, user_id, provider, provideraccountid, password)
           SELECT 'a', 'exact', 'credential', 'exact', password FROM account"#,
    );
    let ana = site.visitor();
    ana.log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
    ana.get("/account").await.says("The exact Ana");
}

#[tokio::test]
async fn a_hash_with_old_parameters_is_replaced_at_log_in() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    let weaker = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(8192, 1, 1, None).unwrap());
    let outdated = weaker.hash_password(PASSWORD.as_bytes()).unwrap().to_string();
    site.database.execute(&format!("UPDATE account SET password = '{outdated}'"));
    ana.log_in("ana@example.cl", "wrong").await.has_status(401);
    assert_eq!(site.database.values("password", "account"), [outdated.as_str()]);
    ana.log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
    let [replaced] = site.database.values("password", "account").try_into().unwrap();
    assert!(replaced.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{replaced}");
    ana.log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
    assert_eq!(site.database.values("password", "account"), [replaced], "a hash of today stays");
}

#[tokio::test]
async fn every_log_in_has_a_new_token_and_the_former_session_is_gone() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    let tokens = || site.database.values("token", "session");
    let first = tokens();
    let former = ana.log_in("ana@example.cl", PASSWORD).await.redirects_to("/account").cookie().unwrap();
    let second = tokens();
    assert_eq!((first.len(), second.len()), (1, 1));
    assert_ne!(first, second);
    ana.log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
    site.visitor().get_with("/account", &former).await.redirects_to("/login?next=%2Faccount");
    assert_eq!(tokens().len(), 1);
}

#[tokio::test]
async fn a_cookie_that_was_planted_before_the_log_in_is_of_no_use_after_it() {
    let site = TestSite::start().await;
    site.employee("ana@example.cl").await;
    let planted = site.visitor().sign_up("employee", "eve@example.cl").await.cookie().unwrap();
    let log_in = site.visitor().request("POST", "/login").header("cookie", &planted);
    let log_in = log_in.header("sec-fetch-site", "same-origin");
    send(log_in.form(&[("email", "ana@example.cl"), ("password", PASSWORD)])).await.redirects_to("/account");
    site.visitor().get_with("/account", &planted).await.redirects_to("/login?next=%2Faccount");
}

#[tokio::test]
async fn a_password_logs_in_however_the_device_writes_its_letters() {
    let site = TestSite::start().await;
    let (composed, decomposed) = ("pi\u{F1}ones sobre un volc\u{E1}n 41", "pin\u{303}ones sobre un volca\u{301}n 41");
    let ana = site.visitor();
    ana.sign_up_with("employee", "ana@example.cl", composed).await.redirects_to("/signup/check-email");
    ana.press(&site.mail("ana@example.cl").await.link()).await.redirects_to("/account");
    site.visitor().log_in("ana@example.cl", decomposed).await.redirects_to("/account");
}

/// The hash of "tres puntos... largos" as the old application wrote it.
const OF_THREE_DOTS: &str = "9f86d081884c7d659a2feaa0c55ad015:52020d5b01ec058c86d3cfb4b02e2c488576b4fe9d5caa63d02ef9f7fa22bfe2\
    7944c4815cabe2e2f0817a3d698302ee2599472b29fc2b1294a86128f0a3d9c2";

#[tokio::test]
async fn every_form_that_worked_in_the_old_application_works_after_the_first_log_in() {
    let site = TestSite::start().await;
    site.employee("ana@example.cl").await;
    for first in ["tres puntos\u{2026} largos", "tres puntos... largos", "tres\u{a0}puntos... largos"] {
        site.database.execute(&format!("UPDATE account SET password = '{OF_THREE_DOTS}'"));
        for typed in [first, "tres puntos... largos", "tres puntos\u{2026} largos", "tres\u{a0}puntos.\u{2025} largos"]
        {
            site.visitor().log_in("ana@example.cl", typed).await.redirects_to("/account");
        }
        let [replaced] = site.database.values("password", "account").try_into().unwrap();
        assert!(replaced.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{replaced}");
    }
}

#[tokio::test]
async fn a_hash_of_the_form_that_one_device_typed_is_replaced_by_one_for_every_device() {
    let site = TestSite::start().await;
    site.employee("ana@example.cl").await;
    let (composed, decomposed) = ("pi\u{F1}ones sobre un volc\u{E1}n 41", "pin\u{303}ones sobre un volca\u{301}n 41");
    let of_today = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::DEFAULT);
    let former = of_today.hash_password(decomposed.as_bytes()).unwrap().to_string();
    site.database.execute(&format!("UPDATE account SET password = '{former}'"));
    for typed in [decomposed, composed, decomposed] {
        site.visitor().log_in("ana@example.cl", typed).await.redirects_to("/account");
    }
}

#[tokio::test]
async fn the_first_log_in_of_an_old_account_works_on_two_devices_at_once() {
    let site = TestSite::start().await;
    site.employee("ana@example.cl").await;
    for _ in 0..3 {
        site.database.execute(&format!("UPDATE account SET password = '{OF_THREE_DOTS}'"));
        let (laptop, phone) = (site.visitor(), site.visitor());
        let log_in = |visitor| Visitor::log_in(visitor, "ana@example.cl", "tres puntos... largos");
        let (one, two) = tokio::join!(log_in(&laptop), log_in(&phone));
        for (page, visitor) in [(one, &laptop), (two, &phone)] {
            page.redirects_to("/account");
            visitor.get("/account").await.has_status(200);
        }
    }
}

#[tokio::test]
async fn a_log_in_that_is_refused_after_the_password_was_checked_ends_no_session() {
    let site = TestSite::start().await;
    site.employee("luz@example.cl").await;
    let ana = site.employee("ana@example.cl").await;
    let mut admin = site.database.connect();
    admin.batch_execute(r#"BEGIN; UPDATE "user" SET "isActive" = false WHERE email = 'luz@example.cl'"#).unwrap();
    let deactivate = async {
        while site.database.values("1", "pg_stat_activity WHERE wait_event_type = 'Lock'").is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        admin.batch_execute("COMMIT").unwrap();
    };
    let (page, ()) = tokio::join!(ana.log_in("luz@example.cl", PASSWORD), deactivate);
    page.has_status(401);
    ana.get("/account/sessions").await.has_status(200);
    assert_eq!(site.database.values("count(*)", "session"), ["2"]);
}

#[tokio::test]
async fn an_attempt_to_log_in_finds_the_user_that_every_other_search_finds() {
    let site = TestSite::start().await;
    site.employee("ana@example.cl").await;
    site.employee("lab@example.cl").await;
    site.database.execute(
        "UPDATE \"user\" SET email = 'Lab@Example.cl' WHERE email = 'lab@example.cl';\
         INSERT INTO \"user\" (id, name, email, type, profession, avatar, \"createdAt\", \"updatedAt\") \
         VALUES ('old', NULL, 'LAB@example.cl', 'organization', '', 'x', '2020-01-01Z', '2020-01-01Z')",
    );
    let mut conn = site.database.connect();
    for email in ["ana@example.cl", "lab@example.cl", "nobody@example.cl"] {
        let email = EmailAddress::parse(email).unwrap();
        let (_, counted) = User::find_counted(&mut conn, &email, &[]).unwrap();
        let found = User::find_by_email(&mut conn, &email).unwrap();
        assert_eq!(format!("{counted:?}"), format!("{found:?}"));
    }
}
