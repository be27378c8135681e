//! Signing up: both kinds in both languages, and what is refused.

use std::time::Duration;

use crate::support::{PASSWORD, TestSite};

mod known_address;
mod repeated;

#[tokio::test]
async fn a_person_signs_up_verifies_logs_out_and_in_again() {
    let site = TestSite::start().await;
    let ana = site.visitor();
    ana.get("/signup/employee").await.has_status(200);
    ana.sign_up("employee", "Ana@Example.cl").await.redirects_to("/signup/check-email");
    ana.get("/signup/check-email").await.has_status(200).says("Check your inbox");
    ana.log_in("ana@example.cl", PASSWORD).await.has_status(403).says("not verified yet");
    let mail = site.mail("ana@example.cl").await;
    assert_eq!(mail.subject, "Verify your email");
    ana.press(&mail.link()).await.redirects_to("/account");
    ana.get("/account").await.has_status(200).says("Ana Rojas").says("ana@example.cl");
    ana.log_out().await.redirects_to("/");
    ana.get("/account").await.redirects_to("/login?next=%2Faccount");
    ana.log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
}

#[tokio::test]
async fn both_kinds_sign_up_in_both_languages() {
    let site = TestSite::start().await;
    let (english, spanish) = (site.visitor(), site.spanish_visitor());
    for (visitor, kind, words) in [
        (&english, "employee", ["Create your account", "Verify your email", "Job seeker"]),
        (&english, "organization", ["organization’s account", "Verify your email", "Organization account"]),
        (&spanish, "employee", ["Crea tu cuenta", "Verifica tu correo", "Cuenta para buscar trabajo"]),
        (&spanish, "organization", ["cuenta de tu organización", "Verifica tu correo", "Cuenta de organización"]),
    ] {
        let [title, subject, account] = words;
        let email = format!("{}@{kind}.cl", subject.len());
        visitor.get("/signup").await.has_status(200);
        visitor.get(&format!("/signup/{kind}")).await.has_status(200).says(title);
        visitor.sign_up(kind, &email).await.redirects_to("/signup/check-email");
        let mail = site.mail(&email).await;
        assert_eq!(mail.subject, subject);
        visitor.press(&mail.link()).await.redirects_to("/account");
        visitor.get("/account").await.says("Ana Rojas").says(account);
        visitor.log_out().await.redirects_to("/");
    }
}

#[tokio::test]
async fn a_letter_in_spanish_is_in_spanish_throughout() {
    let site = TestSite::start().await;
    let ana = site.spanish_visitor();
    ana.sign_up("employee", "ana@example.cl").await.redirects_to("/signup/check-email");
    ana.get("/signup/check-email").await.says("Revisa tu correo");
    let mail = site.mail("ana@example.cl").await;
    for part in [&mail.text, &mail.html] {
        assert!(part.contains("Alguien (esperamos que seas tú)") && part.contains("Verificar mi correo"), "{part}");
        assert!(part.contains("El enlace sirve por 24 horas") && part.contains("Recibes este correo"), "{part}");
    }
    assert!(!mail.text.contains("Someone") && mail.html.contains(r#"lang="es""#));
    ana.press(&mail.link()).await.redirects_to("/account");
    ana.get("/account").await.says("Tu correo está verificado");
}

#[tokio::test]
async fn an_organization_need_not_say_a_position() {
    let site = TestSite::start().await;
    let lab = site.visitor();
    let fields = [("name", "Laboratorio Austral"), ("email", "lab@example.cl"), ("password", PASSWORD)];
    lab.post("/signup/organization", &fields).await.redirects_to("/signup/check-email");
    lab.press(&site.mail("lab@example.cl").await.link()).await.redirects_to("/account");
    assert_eq!(lab.get("/account").await.says("Laboratorio Austral").value("profession"), "");
}

#[tokio::test]
async fn an_organization_may_say_a_position() {
    let site = TestSite::start().await;
    let lab = site.visitor();
    lab.sign_up("organization", "lab@example.cl").await.redirects_to("/signup/check-email");
    lab.press(&site.mail("lab@example.cl").await.link()).await.redirects_to("/account");
    let page = lab.get("/account").await.says("Your position");
    assert_eq!(page.value("profession"), "Biochemist");
}

#[tokio::test]
async fn a_field_that_the_form_does_not_have_changes_nothing() {
    let site = TestSite::start().await;
    let eve = site.visitor();
    let extra = ["type", "kind", "role"].map(|name| (name, "admin"));
    let more = [("organizationId", "1"), ("organization_id", "1"), ("isActive", "false"), ("isEmailVerified", "true")];
    let own = [("name", "Eve"), ("email", "eve@example.cl"), ("profession", "Biochemist"), ("password", PASSWORD)];
    let fields: Vec<_> = own.into_iter().chain(extra).chain(more).collect();
    eve.post("/signup/employee", &fields).await.redirects_to("/signup/check-email");
    let row = r#"concat_ws(' ', type, coalesce("organizationId", '-'), "isActive", "isEmailVerified")"#;
    assert_eq!(site.database.values(row, r#""user""#), ["employee - t f"]);
    eve.press(&site.mail("eve@example.cl").await.link()).await.redirects_to("/account");
    assert_eq!(site.database.values(row, r#""user""#), ["employee - t t"]);
    eve.get("/account").await.says("Job seeker");
    eve.get("/admin").await.has_status(404);
}

#[tokio::test]
async fn a_wrong_form_comes_back_with_what_to_correct() {
    let site = TestSite::start().await;
    let fields =
        [("name", " "), ("email", "ana at example"), ("profession", "Bio\u{202E}chemist"), ("password", "short")];
    let page = site.visitor().post("/signup/employee", &fields).await.has_status(422);
    assert_eq!(page.texts("title"), ["Error: Create your account · Biovity"]);
    let problems = [
        ("#name", "Enter your name"),
        ("#email", "Enter an email address like name@example.com"),
        ("#profession", "This has characters that cannot be shown; please type it again"),
        ("#password", "Use at least 8 characters"),
    ];
    assert_eq!(page.texts(".notice.problem li a"), problems.map(|(_, text)| text));
    for (field, text) in problems {
        assert_eq!(page.attribute(&format!(r#".notice.problem a[href="{field}"]"#), "href").as_deref(), Some(field));
        assert_eq!(page.attribute(field, "aria-invalid").as_deref(), Some("true"), "{field}");
        assert_eq!(page.texts(&format!("{field}-error")), [format!("Error: {text}")]);
    }
    assert_eq!((page.value("name"), page.value("email")), (" ".to_owned(), "ana at example".to_owned()));
    assert_eq!((page.value("profession").as_str(), page.value("password").as_str()), ("Bio\u{202E}chemist", ""));
    assert!(!page.body.contains("short\""));
}

#[tokio::test]
async fn the_problems_of_a_form_are_told_in_spanish() {
    let site = TestSite::start().await;
    let lab = site.spanish_visitor();
    let page = lab.post("/signup/organization", &[("password", "contraseña")]).await.has_status(422);
    page.clone().says("Hay un problema").says("Escribe el nombre de la organización").says("Escribe tu correo");
    assert!(page.attribute("#profession", "aria-invalid").is_none(), "a position is optional");
    lab.post("/signup/employee", &[]).await.has_status(422).says("Escribe tu profesión").says("Elige una contraseña");
}

#[tokio::test]
async fn a_weak_password_is_refused_with_a_reason() {
    let site = TestSite::start().await;
    let ana = site.visitor();
    for (password, reason) in [
        ("", "Choose a password"),
        ("ñandú-7", "Use at least 8 characters"),
        (&"quillay 7 ".repeat(13), "Use at most 128 characters"),
        ("password", "This is a very common password"),
        ("qwertyuiop", "This is a very common password"),
        ("abcdefghijk", "Sequences like abc or 6543"),
        ("biovity2026", "easy to guess"),
        ("anarojas1", "easy to guess"),
        ("ana.rojas@example.cl", "easy to guess"),
    ] {
        let page = ana.sign_up_with("employee", "ana.rojas@example.cl", password).await;
        assert_eq!(page.status.as_u16(), 422, "{password}");
        assert_eq!(page.texts(".notice.problem li").len(), 1, "{password}");
        page.says(reason);
    }
}

#[tokio::test]
async fn a_long_password_of_any_characters_works() {
    let site = TestSite::start().await;
    let (ana, password) = (site.visitor(), format!(" {}🧬 ", "lluvia ñ+&%=;".repeat(9)));
    ana.sign_up_with("employee", "ana@example.cl", &password).await.redirects_to("/signup/check-email");
    ana.press(&site.mail("ana@example.cl").await.link()).await.redirects_to("/account");
    ana.log_out().await.redirects_to("/");
    ana.log_in("ana@example.cl", password.trim()).await.has_status(401);
    ana.log_in("ana@example.cl", &password).await.redirects_to("/account");
}

#[tokio::test]
async fn names_have_the_lengths_of_the_seed() {
    let site = TestSite::start().await;
    let visitor = site.visitor();
    for (kind, longest) in [("employee", 100), ("organization", 200)] {
        for (length, status) in [(longest, 303), (longest + 1, 422)] {
            let name = "ñ".repeat(length);
            let fields =
                [("name", name.as_str()), ("email", "a@example.cl"), ("profession", "x"), ("password", PASSWORD)];
            visitor.post(&format!("/signup/{kind}"), &fields).await.has_status(status);
        }
    }
    let fields = [("name", "Ana"), ("email", "b@example.cl"), ("password", PASSWORD)];
    for (length, status) in [(100, 303), (101, 422)] {
        let profession = "ñ".repeat(length);
        let fields: Vec<_> = fields.into_iter().chain([("profession", profession.as_str())]).collect();
        visitor.post("/signup/employee", &fields).await.has_status(status);
    }
}

#[tokio::test]
async fn a_form_that_a_machine_filled_in_gets_the_same_answer_and_does_nothing() {
    let site = TestSite::start().await;
    let person = site.visitor().sign_up("employee", "ana@example.cl").await;
    let before = site.database.contents();
    let fields = [("name", "Bot"), ("email", "bot@example.cl"), ("profession", "Bot"), ("password", PASSWORD)];
    let fields: Vec<_> = fields.into_iter().chain([("leave_empty", "https://bot.example")]).collect();
    let machine = site.visitor().post("/signup/employee", &fields).await.redirects_to("/signup/check-email");
    assert_eq!(machine.status, person.status);
    assert_eq!(machine.headers.keys().collect::<Vec<_>>(), person.headers.keys().collect::<Vec<_>>());
    assert_eq!(site.database.contents(), before);
    assert!(site.mails("bot@example.cl").await.is_empty());
}

#[tokio::test]
async fn two_sign_ups_of_one_address_at_once_make_one_account() {
    let site = TestSite::start().await;
    let (ana, eve) = (site.visitor(), site.visitor());
    let (first, second) = tokio::join!(
        ana.sign_up_with("employee", "ana@example.cl", "quillay sobre el volcán 1"),
        eve.sign_up_with("organization", "ANA@example.cl", "quillay sobre el volcán 2"),
    );
    first.redirects_to("/signup/check-email");
    second.redirects_to("/signup/check-email");
    assert_eq!(site.database.values("email", r#""user""#), ["ana@example.cl"]);
    assert_eq!(site.database.values("provider", "account"), ["credential"]);
}

#[tokio::test]
async fn how_strong_a_password_is_gets_found_out_beside_the_pages() {
    let site = TestSite::start().await;
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let (busy, free): (Vec<_>, Vec<_>) = (0..cores).map(|_| std::sync::mpsc::channel::<()>()).unzip();
    for wait in free {
        let hasher = site.app.hasher.clone();
        tokio::spawn(async move { hasher.estimate(move || wait.recv().is_ok()).await });
    }
    tokio::time::sleep(Duration::from_millis(100)).await;
    let eve = site.visitor();
    let weak = tokio::spawn(async move { eve.sign_up_with("employee", "eve@example.cl", "password1").await });
    site.visitor().get("/").await.has_status(200);
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(!weak.is_finished(), "it was estimated on a thread that answers pages");
    drop(busy);
    weak.await.unwrap().has_status(422);
}
