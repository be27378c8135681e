//! The password again, before sensitive pages, and going on with what one was doing.

use biovity::values::locale::Locale;
use biovity::web::words::admin_acts;
use chrono::TimeDelta;

use crate::support::addresses::Route;
use crate::support::{PASSWORD, TestSite, addresses};

#[tokio::test]
async fn the_admin_pages_ask_again_after_an_hour_and_go_on_where_the_visitor_was() {
    let site = TestSite::start().await;
    let boss = site.admin("boss@example.cl").await;
    site.app.clock.advance(TimeDelta::minutes(59));
    boss.get("/admin/waitlist?role=employee").await.has_status(200);
    site.app.clock.advance(TimeDelta::minutes(1));
    let asked = "/reauth?next=%2Fadmin%2Fwaitlist%3Frole%3Demployee";
    boss.get("/admin/waitlist?role=employee").await.redirects_to(asked);
    let page = boss.get(asked).await.has_status(200).says("Enter your password again").says("boss@example.cl");
    let page = page.says("Next: the admin pages.");
    let next = page.value("next");
    boss.post("/reauth", &[("password", PASSWORD), ("next", &next)])
        .await
        .redirects_to("/admin/waitlist?role=employee");
    boss.get("/admin/waitlist?role=employee").await.has_status(200);
}

#[tokio::test]
async fn a_wrong_password_goes_nowhere() {
    let site = TestSite::start().await;
    let boss = site.admin("boss@example.cl").await;
    site.app.clock.advance(TimeDelta::hours(2));
    let page = boss.post("/reauth", &[("password", "wrong"), ("next", "/admin")]).await.has_status(422);
    assert_eq!(page.texts(".notice.problem li"), ["This is not your password"]);
    assert_eq!((page.value("next").as_str(), page.value("password").as_str()), ("/admin", ""));
    boss.get("/admin").await.redirects_to("/reauth?next=%2Fadmin");
    boss.post("/language", &[("lang", "es"), ("next", "/reauth")]).await.redirects_to("/reauth");
    boss.get("/reauth").await.says("Escribe tu contraseña otra vez");
    boss.post("/reauth", &[("password", "wrong")]).await.has_status(422).says("Esta no es tu contraseña");
}

#[tokio::test]
async fn the_session_gets_a_new_token_and_the_old_one_is_dead() {
    let site = TestSite::start().await;
    site.employee("ana@example.cl").await;
    let ana = site.visitor();
    let stolen = ana.log_in("ana@example.cl", PASSWORD).await.cookie().unwrap();
    ana.post("/reauth", &[("password", PASSWORD)]).await.redirects_to("/account");
    ana.get("/account").await.has_status(200);
    site.visitor().get_with("/account", &stolen).await.redirects_to("/login?next=%2Faccount");
    site.visitor().get_with("/account/sessions", &stolen).await.redirects_to("/login?next=%2Faccount%2Fsessions");
}

#[tokio::test]
async fn it_leads_to_this_site_alone() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    for next in ["//evil.example", "https://evil.example", "/\\evil.example", "evil", ""] {
        ana.post("/reauth", &[("password", PASSWORD), ("next", next)]).await.redirects_to("/account");
    }
}

#[tokio::test]
async fn nobody_guesses_for_ever() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    for _ in 0..10 {
        ana.post("/reauth", &[("password", "wrong")]).await.has_status(422);
    }
    ana.post("/reauth", &[("password", PASSWORD)]).await.has_status(429).leads_on();
    let eva = site.employee("eva@example.cl").await;
    eva.post("/reauth", &[("password", PASSWORD)]).await.redirects_to("/account");
}

#[tokio::test]
async fn a_guest_logs_in_instead() {
    let site = TestSite::start().await;
    site.visitor().get("/reauth?next=%2Fadmin").await.redirects_to("/login?next=%2Freauth%3Fnext%3D%252Fadmin");
    site.visitor().post("/reauth", &[("password", PASSWORD)]).await.was_sent_too_late("/reauth");
}

#[tokio::test]
async fn a_form_that_comes_too_late_waits_for_the_password() {
    let site = TestSite::start().await;
    let boss = site.admin("boss@example.cl").await;
    site.app.clock.advance(TimeDelta::hours(2));
    let page = boss.post("/admin/nothing", &[("role", "a&b=\"c\""), ("x", "1")]).await.has_status(403);
    let page = page.says("Enter your password again").leads_on();
    let fields = [("password", PASSWORD), ("next", &page.value("next")), ("waiting", &page.value("waiting"))];
    let page = boss.post("/reauth", &fields).await.has_status(200).says("What you were doing is still waiting");
    assert_eq!(page.attribute("main form", "action").unwrap(), "/admin/nothing");
    assert_eq!((page.value("role").as_str(), page.value("x").as_str()), ("a&b=\"c\"", "1"));
    boss.post("/admin/nothing", &[("role", "a&b=\"c\""), ("x", "1")]).await.has_status(404);
}

#[tokio::test]
async fn a_file_chosen_before_the_hour_ran_out_waits_for_the_password_too() {
    const IMPORTS: &str = "/admin/waitlist/imports";
    let site = TestSite::start().await;
    let boss = site.admin("boss@example.cl").await;
    site.app.clock.advance(TimeDelta::hours(2));
    // Larger than a form may be, and no UTF-8.
    let people = (0..2_000).fold(String::new(), |people, number| people + &format!("p{number}@example.cl;empresa\n"));
    let list = [b"email;organizaci\xf3n o rol\n".as_slice(), people.as_bytes()].concat();
    let fields = [("language", "en"), ("confirmation", "confirmed")];
    let page = boss.upload(IMPORTS, &fields, ("list", list.clone())).await.has_status(403);
    let page = page.says("Enter your password again").leads_on();
    let fields = |password| [("password", password), ("next", page.value("next")), ("waiting", page.value("waiting"))];
    let send = async |password: &str| {
        let fields = fields(password.to_owned());
        boss.post("/reauth", &fields.each_ref().map(|(name, value)| (*name, value.as_str()))).await
    };
    let wrong = send("wrong").await.has_status(422);
    assert_eq!(wrong.value("waiting"), page.value("waiting"));
    let page = send(PASSWORD).await.has_status(200).says("What you were doing is still waiting");
    assert_eq!(page.attribute("main form", "action").as_deref(), Some(IMPORTS));
    let names = ["language", "confirmation", "kept_file"];
    let values = names.map(|name| (name, page.value(name)));
    let fields = values.each_ref().map(|(name, value)| (*name, value.as_str()));
    assert_eq!((fields[0].1, fields[1].1, fields[2].1.len()), ("en", "confirmed", 36));
    let done = boss.post(IMPORTS, &fields).await.has_status(303);
    site.lists_are_staged().await;
    let import = "waitlist_import JOIN waitlist_import_line ON import_id = id GROUP BY locale, are_confirmed";
    assert_eq!(site.database.values("locale || ' ' || are_confirmed || ' ' || count(*)", import), ["en true 2000"]);
    boss.get(done.header("location")).await.has_status(200);
    // A file that is too large for any form is told so, and one is nobody else's.
    site.app.clock.advance(TimeDelta::hours(2));
    boss.upload(IMPORTS, &[], ("list", vec![b'a'; 17 * 1024 * 1024])).await.has_status(413).leads_on();
    let other = site.admin("other@example.cl").await;
    other.post(IMPORTS, &fields).await.has_status(422).says("Choose the file");
}

#[tokio::test]
async fn the_other_language_keeps_what_waits() {
    let site = TestSite::start().await;
    let boss = site.admin("boss@example.cl").await;
    site.app.clock.advance(TimeDelta::hours(2));
    let page = boss.post("/admin/mail/pause", &[("reason", "a&b=\"c\"")]).await.has_status(403);
    let spanish = boss.send(&page.language("es")).await.has_status(403).says("Escribe tu contraseña otra vez");
    assert_eq!((spanish.value("next"), spanish.value("waiting")), (page.value("next"), page.value("waiting")));
    let page = boss.send(&spanish.form("/reauth").with("password", PASSWORD)).await.has_status(200);
    page.clone().says("Gracias, ya lo confirmamos").says("Pausar el envío de correo");
    let page = boss.send(&page.language("en")).await.has_status(200).says("Thank you, that’s confirmed");
    assert_eq!(page.texts("main form button"), ["Pause sending email"]);
    assert_eq!(page.value("reason"), "a&b=\"c\"");
    boss.send(&page.form("/admin/mail/pause")).await.redirects_to("/admin/mail");
    boss.get("/admin/mail").await.has_status(200).says("Resume sending email");
}

#[tokio::test]
async fn the_other_language_keeps_where_the_visitor_was_going() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    let page = ana.get("/reauth?next=/account/email").await;
    let wrong = ana.send(&page.form("/reauth").with("password", "wrong")).await.has_status(422);
    for page in [page, wrong] {
        ana.send(&page.language("es")).await.redirects_to("/reauth?next=%2Faccount%2Femail");
    }
    ana.get("/reauth?next=/account/email")
        .await
        .says("Escribe tu contraseña otra vez")
        .says("Después: cambiar tu correo.");
    for (next, purpose) in [("delete", "eliminar tu cuenta."), ("second-factor/off", "la verificación en dos pasos.")]
    {
        ana.get(&format!("/reauth?next=/account/{next}")).await.says(&format!("Después: {purpose}"));
    }
    for nowhere in ["/reauth", "/reauth?next=/account", "/reauth?next=/account/emails"] {
        ana.get(nowhere).await.has_status(200).does_not_say("Después:");
    }
}

#[tokio::test]
async fn the_button_of_a_form_that_waited_names_what_it_does() {
    let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
    let boss = site.admin("boss@example.cl").await;
    let forms: Vec<_> = addresses::routes().into_iter().filter(|route| route.method == "POST").collect();
    let forms: Vec<_> = forms.into_iter().filter(|route| route.pattern.starts_with("/admin")).collect();
    assert!(forms.len() > 20, "{forms:?}");
    for form in forms {
        site.app.clock.advance(TimeDelta::hours(2));
        boss.log_in("boss@example.cl", PASSWORD).await.redirects_to("/admin");
        site.app.clock.advance(TimeDelta::hours(2));
        let path = form.pattern.replace("{id}", "x");
        let page = boss.post(&path, &[("act", "delete"), ("expected", "12")]).await.has_status(403);
        let page = boss.send(&page.form("/reauth").with("password", PASSWORD)).await.has_status(200);
        let label = page.texts("main form button").remove(0);
        assert!(label != "Continue" && !label.is_empty(), "{path}");
        assert!(!path.ends_with("bulk") || label == "Delete the places (12)", "{label}");
    }
}

#[test]
fn the_button_of_every_form_below_admin_says_what_it_does() {
    let routes = addresses::routes();
    let forms: Vec<_> =
        routes.iter().filter(|route| route.method == "POST" && route.pattern.starts_with("/admin")).collect();
    assert!(forms.len() > 15, "{forms:?}");
    for Route { pattern, .. } in forms {
        for locale in [Locale::En, Locale::Es] {
            let label = admin_acts::label(locale, pattern, |_| Some("delete".to_owned()));
            assert!(label.is_some(), "{pattern} has no label in {locale:?}");
        }
    }
}
