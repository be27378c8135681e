//! Changing the password, by who knows it.

use std::time::{Duration, Instant};

use crate::support::page::Page;
use crate::support::visitor::Visitor;
use crate::support::{PASSWORD, TestSite};

/// Another password that no test refuses.
const NEW: &str = "boldo sobre la cordillera 9";

async fn change(visitor: &Visitor, current: &str, password: &str) -> Page {
    visitor.post("/account/password", &[("current_password", current), ("password", password)]).await
}

#[tokio::test]
async fn the_new_password_works_and_the_old_one_does_not() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    let page = ana.get("/account/password").await.has_status(200).says("Change your password");
    assert_eq!(page.attribute("[name=current_password]", "autocomplete").as_deref(), Some("current-password"));
    assert_eq!(page.attribute("[name=password]", "autocomplete").as_deref(), Some("new-password"));
    change(&ana, PASSWORD, NEW).await.redirects_to("/account");
    ana.get("/account").await.has_status(200).says("Your password was changed.");
    site.visitor().log_in("ana@example.cl", PASSWORD).await.has_status(401);
    site.visitor().log_in("ana@example.cl", NEW).await.redirects_to("/account");
}

#[tokio::test]
async fn the_same_password_again_is_no_change() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    change(&ana, PASSWORD, PASSWORD).await.has_status(422).says("This is already your password.");
    assert!(site.database.values("1", "audit_event WHERE action = 'password_changed'").is_empty());
}

#[tokio::test]
async fn it_is_told_in_spanish_too() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    ana.post("/language", &[("lang", "es")]).await.has_status(303);
    ana.get("/account/password").await.says("Cambia tu contraseña").says("Contraseña actual").says("Contraseña nueva");
    change(&ana, "", "").await.has_status(422).says("Escribe tu contraseña actual").says("Elige una contraseña");
    change(&ana, "no es", NEW).await.has_status(422).says("Esta no es tu contraseña actual");
    change(&ana, PASSWORD, NEW).await.redirects_to("/account");
    ana.get("/account").await.says("Tu contraseña cambió.");
    assert_eq!(site.mail("ana@example.cl").await.subject, "Tu contraseña cambió");
}

#[tokio::test]
async fn every_other_device_is_signed_out_at_once_and_this_one_goes_on_with_a_new_token() {
    let site = TestSite::start().await;
    let laptop = site.employee("ana@example.cl").await;
    let (phone, luz) = (site.visitor(), site.employee("luz@example.cl").await);
    let copied = laptop.log_in("ana@example.cl", PASSWORD).await.redirects_to("/account").cookie().unwrap();
    phone.log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
    change(&laptop, PASSWORD, NEW).await.redirects_to("/account");
    phone.get("/account").await.redirects_to("/login?next=%2Faccount");
    // Whoever copied this browser's cookie before is shut out too.
    site.visitor().get_with("/account", &copied).await.redirects_to("/login?next=%2Faccount");
    laptop.get("/account").await.has_status(200);
    laptop.get("/account/email").await.has_status(200);
    luz.get("/account").await.has_status(200);
    assert_eq!(site.database.values("count(*)", "session"), ["2"]);
}

#[tokio::test]
async fn a_wrong_current_password_comes_back_on_its_field_and_changes_nothing() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    let hash = || site.database.values("password", "account");
    let before = hash();
    let page = change(&ana, "not mine at all", NEW).await.has_status(422);
    assert_eq!(page.texts(".notice.problem li a"), ["This is not your current password"]);
    assert_eq!(page.attribute(".notice.problem a", "href").as_deref(), Some("#current_password"));
    assert_eq!((page.value("current_password"), page.value("password")), (String::new(), String::new()));
    assert_eq!(hash(), before);
    ana.get("/account").await.has_status(200);
}

#[tokio::test]
async fn a_weak_one_is_refused_with_a_reason_whoever_the_owner_is() {
    let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
    let ana = site.employee("ana.rojas@example.cl").await;
    for (password, reason) in [
        ("", "Choose a password"),
        ("ñandú-7", "Use at least 8 characters"),
        (&"quillay 7 ".repeat(13), "Use at most 128 characters"),
        ("qwertyuiop", "This is a very common password"),
        ("ana.rojas@example.cl", "easy to guess"),
        ("anarojas1", "easy to guess"),
    ] {
        let page = change(&ana, PASSWORD, password).await.has_status(422).says(reason);
        assert_eq!(page.attribute(".notice.problem a", "href").as_deref(), Some("#password"), "{password}");
    }
    site.visitor().log_in("ana.rojas@example.cl", PASSWORD).await.redirects_to("/account");
}

#[tokio::test]
async fn nobody_guesses_the_current_one_for_long() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    for _ in 0..10 {
        change(&ana, "was it this one", NEW).await.has_status(422);
    }
    change(&ana, PASSWORD, NEW).await.has_status(429).leads_on();
}

#[tokio::test]
async fn each_attempt_counts_before_the_new_password_is_estimated() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    for _ in 0..10 {
        change(&ana, "was it this one", "qwertyuiop").await.has_status(422);
    }
    change(&ana, "was it this one", "qwertyuiop").await.has_status(429).leads_on();
}

#[tokio::test]
async fn no_new_password_takes_long_to_estimate() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    // Estimated as a whole it takes seconds; its start takes milliseconds. The fastest of three, as others use the machine.
    let slow = "4@8({[<369&#!1/|0$5+7%2".repeat(6).chars().take(128).collect::<String>();
    let mut fastest = Duration::MAX;
    for _ in 0..3 {
        let start = Instant::now();
        change(&ana, "was it this one", &slow).await.has_status(422);
        fastest = fastest.min(start.elapsed());
    }
    assert!(fastest < Duration::from_millis(700), "{fastest:?}");
}

#[tokio::test]
async fn the_owner_is_told_by_a_mail_that_secures_the_account() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    change(&ana, PASSWORD, NEW).await.redirects_to("/account");
    let notice = site.mail("ana@example.cl").await;
    assert_eq!(notice.subject, "Your password has changed");
    assert!(notice.link().starts_with("/account/secure?token="), "{}", notice.text);
    assert!(notice.text.contains("127.0.0.1"), "{}", notice.text);
    for rows in site.database.contents().values() {
        assert!(!rows.contains(&notice.token()) && !rows.contains(NEW), "{rows}");
    }
}

#[tokio::test]
async fn extra_fields_change_nothing() {
    let site = TestSite::start().await;
    site.employee("luz@example.cl").await;
    let ana = site.employee("ana@example.cl").await;
    let fields = [
        ("current_password", PASSWORD),
        ("password", NEW),
        ("email", "luz@example.cl"),
        ("id", "x"),
        ("type", "admin"),
        ("isActive", "false"),
        ("organizationId", "x"),
    ];
    ana.post("/account/password", &fields).await.redirects_to("/account");
    let columns = r#"concat(email, ' ', type, ' ', "isActive", ' ', coalesce("organizationId", '-'))"#;
    let rows = site.database.values(columns, r#""user" ORDER BY email"#);
    assert_eq!(rows, ["ana@example.cl employee t -", "luz@example.cl employee t -"]);
    site.visitor().log_in("luz@example.cl", PASSWORD).await.redirects_to("/account");
}

#[tokio::test]
async fn a_guest_logs_in_first() {
    let site = TestSite::start().await;
    site.visitor().get("/account/password").await.redirects_to("/login?next=%2Faccount%2Fpassword");
    change(&site.visitor(), PASSWORD, NEW).await.was_sent_too_late("/account/password");
}

#[tokio::test]
async fn an_account_without_a_password_is_led_to_where_it_gets_one() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    site.database.execute("UPDATE account SET provider = 'google', password = NULL");
    ana.get("/account/password").await.redirects_to("/password/forgot");
    let page = ana.get("/password/forgot").await.says("Your account has no password.");
    assert_eq!(page.value("email"), "ana@example.cl");
    change(&ana, "anything", NEW).await.redirects_to("/password/forgot");
    assert_eq!(site.database.values("password", "account"), ["NULL"]);
}

#[tokio::test]
async fn of_two_changes_at_once_one_counts() {
    let site = TestSite::start().await;
    let laptop = site.employee("ana@example.cl").await;
    let phone = site.visitor();
    phone.log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
    let passwords = [format!("{NEW}1"), format!("{NEW}2")];
    let (one, two) = tokio::join!(change(&laptop, PASSWORD, &passwords[0]), change(&phone, PASSWORD, &passwords[1]));
    let won = [one, two].map(|page| page.status == 303 && page.header("location") == "/account");
    assert_eq!(won.iter().filter(|won| **won).count(), 1);
    let [winner, loser] = if won[0] { [&passwords[0], &passwords[1]] } else { [&passwords[1], &passwords[0]] };
    site.visitor().log_in("ana@example.cl", loser).await.has_status(401);
    site.visitor().log_in("ana@example.cl", winner).await.redirects_to("/account");
    assert_eq!(site.database.values("count(*)", "audit_event WHERE action = 'password_changed'"), ["1"]);
}

#[tokio::test]
async fn a_change_of_the_address_waits_no_longer() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    let fields = [("email", "new@example.cl"), ("current_password", PASSWORD)];
    ana.post("/account/email", &fields).await.redirects_to("/account/email");
    let link = site.mail("new@example.cl").await.link();
    change(&ana, PASSWORD, NEW).await.redirects_to("/account");
    site.visitor().get(&link).await.has_status(410);
}

#[tokio::test]
async fn browsers_find_the_form_at_its_well_known_address() {
    let site = TestSite::start().await;
    for visitor in [site.visitor(), site.employee("ana@example.cl").await] {
        visitor.get("/.well-known/change-password").await.redirects_to("/account/password");
    }
    // Browsers ask for this one to find out whether the other answers at random.
    site.visitor()
        .get("/.well-known/resource-that-should-not-exist-whose-status-code-should-not-be-200")
        .await
        .has_status(404);
}
