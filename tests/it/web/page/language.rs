//! The language of the pages: chosen, asked for, or the operator's.

use crate::support::page::{FilledForm, Page};
use crate::support::visitor::{Visitor, send};
use crate::support::{PASSWORD, TestSite};

async fn lang_of_home(visitor: &Visitor) -> String {
    visitor.get("/").await.has_status(200).attribute("html", "lang").unwrap()
}

#[tokio::test]
async fn a_choice_is_kept_and_leads_back_to_the_page() {
    let site = TestSite::start().await;
    let ana = site.visitor();
    let page = ana.get("/waitlist?role=organization").await.has_status(200);
    let next = page.attribute(".language [name=next]", "value").unwrap();
    assert_eq!(next, "/waitlist?role=organization");
    ana.post("/language", &[("lang", "es"), ("next", &next)]).await.redirects_to(&next);
    ana.get(&next).await.says("Únete a la lista de espera");
    assert_eq!(lang_of_home(&ana).await, "es");
    ana.post("/language", &[("lang", "en"), ("next", "/")]).await.redirects_to("/");
    assert_eq!(lang_of_home(&ana).await, "en");
}

#[tokio::test]
async fn a_form_that_came_back_wrong_keeps_its_link_and_where_it_leads() {
    let site = TestSite::start().await;
    site.employee("ana@example.cl").await;
    let ana = site.visitor();
    let page = ana.post("/login", &[("email", "ana@example.cl"), ("next", "/account/email")]).await.has_status(422);
    let page = switch(&ana, &page, "es").await.has_status(422).says("Hay un problema");
    assert_eq!((page.value("email"), page.value("next")), ("ana@example.cl".to_owned(), "/account/email".to_owned()));
    ana.post("/password/forgot", &[("email", "ana@example.cl")]).await.redirects_to("/password/forgot/sent");
    let link = site.mail("ana@example.cl").await.link();
    let page = ana.get(&link).await.form("/password/reset").with("password", "qwertyuiop");
    let page = ana.send(&page).await.has_status(422);
    switch(&ana, &page, "en").await.has_status(422).says("There is a problem");
    ana.get(&link).await.has_status(200);
}

/// Chooses a language on the page of a form that came back.
async fn switch(visitor: &Visitor, page: &Page, language: &str) -> Page {
    let choice = page.language(language);
    assert!(!choice.fields.iter().any(|(name, _)| name.ends_with("password")), "{choice:?}");
    let again = visitor.send(&choice).await.has_status(307).header("location").to_owned();
    visitor.send(&FilledForm { action: again, ..choice }).await
}

#[tokio::test]
async fn a_form_that_came_back_wrong_keeps_what_was_typed_in_another_language() {
    let site = TestSite::start().await;
    let visitor = site.visitor();
    let form = visitor.get("/signup/employee").await.form("/signup/employee").with("name", "Ana \"Ñ\" <b>");
    let form = form.with("email", "ana@example").with("profession", "x").with("password", PASSWORD);
    let mut page = visitor.send(&form).await.has_status(422).says("There is a problem");
    for (language, problem) in [("es", "Hay un problema"), ("en", "There is a problem"), ("es", "Hay un problema")] {
        page = switch(&visitor, &page, language).await.has_status(422).says(problem);
        assert_eq!(
            ["name", "email", "profession", "password"].map(|field| page.value(field)),
            ["Ana \"Ñ\" <b>", "ana@example", "x", ""]
        );
    }
    assert_eq!(lang_of_home(&visitor).await, "es");
    let ana = site.employee("ana@example.cl").await;
    let page = ana.post("/account", &[("name", ""), ("profession", "Bioquímica")]).await.has_status(422);
    assert_eq!(switch(&ana, &page, "es").await.has_status(422).value("profession"), "Bioquímica");
    // Without its picture the form would be right: the choice of a language must not save it.
    let fields = [("name", "Ana María"), ("profession", "Bióloga")];
    let page = ana.upload("/account", &fields, ("avatar", b"no picture".to_vec())).await.has_status(422);
    let page = switch(&ana, &page, "en").await.has_status(422).says("choose it again");
    assert_eq!(switch(&ana, &page, "es").await.has_status(422).value("name"), "Ana María");
    ana.get("/account").await.has_status(200).does_not_say("Ana María");
}

#[tokio::test]
async fn a_refused_log_in_gives_the_same_reason_in_another_language() {
    let site = TestSite::start().await;
    site.employee("ana@example.cl").await;
    let ana = site.visitor();
    let mut page = ana.log_in("ana@example.cl", "wrong").await.has_status(401);
    for (language, reason) in [
        ("es", "El correo o la contraseña no son correctos"),
        ("en", "Email or password is incorrect"),
        ("es", "El correo o la contraseña no son correctos"),
    ] {
        page = switch(&ana, &page, language).await.has_status(401).says(reason);
        assert_eq!(
            (page.texts("#problem li"), page.value("email")),
            (vec![reason.to_owned()], "ana@example.cl".to_owned())
        );
    }
    let form = page.form("/login").with("password", "");
    ana.send(&form).await.has_status(422).says("Escribe tu contraseña");
    ana.log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
}

/// Presses the button of a language while the form of a page is filled in, as a browser does; the answer.
pub(super) async fn press(visitor: &Visitor, page: &Page, form: &FilledForm, language: &str) -> (FilledForm, Page) {
    let button = |name: &str| page.attribute(&format!(".language button[value={language}]"), name);
    assert_eq!(button("form"), page.attribute("main form#typed", "id"), "the button sends the form");
    let choice = FilledForm { action: button("formaction").unwrap(), ..form.clone() }.with("lang", language);
    let answer = visitor.send(&choice).await;
    (choice, answer)
}

/// The same form in that language.
pub(super) async fn switch_unsent(visitor: &Visitor, page: &Page, form: &FilledForm, language: &str) -> Page {
    let (choice, answer) = press(visitor, page, form, language).await;
    let again = answer.has_status(307).header("location").to_owned();
    visitor.send(&FilledForm { action: again, ..choice }).await
}

#[tokio::test]
async fn a_form_that_is_not_sent_yet_keeps_what_was_typed_in_another_language() {
    let site = TestSite::start().await;
    let visitor = site.visitor();
    let before = site.database.contents();
    let mut page = visitor.get("/signup/organization").await;
    let form = page.form("/signup/organization").with("name", "Labo \"Ñ\"").with("email", "lab@");
    let mut form = form.with("password", PASSWORD);
    for (language, button) in
        [("es", "Crear nuestra cuenta"), ("en", "Create our account"), ("es", "Crear nuestra cuenta")]
    {
        page = switch_unsent(&visitor, &page, &form, language).await.has_status(200).says(button);
        let typed = ["name", "email", "password"].map(|field| page.value(field));
        assert_eq!(typed, ["Labo \"Ñ\"", "lab@", ""]);
        assert!(page.texts("#problem").is_empty(), "nothing was sent that could be wrong");
        form = page.form("/signup/organization");
    }
    // A form that is right as it stands does nothing either.
    for start in ["/waitlist?from=fair", "/?from=fair"] {
        let page = visitor.get(start).await;
        let form = page.form("/waitlist?from=fair").with("email", "lab@example.cl").with("role", "organization");
        let page = switch_unsent(&visitor, &page, &form, "en").await.has_status(200).says("Join the waitlist");
        let typed = page.form("/waitlist?from=fair");
        for kept in [("email", "lab@example.cl"), ("role", "organization"), ("source", "fair")] {
            assert!(typed.fields.contains(&(kept.0.to_owned(), kept.1.to_owned())), "{kept:?} {typed:?}");
        }
    }
    assert_eq!(site.database.changed_since(&before), [""; 0], "choosing a language has no other effect");
    let page = visitor.get("/?from=fair").await;
    let (_, answer) = press(&visitor, &page, &page.form("/waitlist?from=fair"), "es").await;
    answer.redirects_to("/?from=fair");
}

#[tokio::test]
async fn a_form_that_is_being_corrected_keeps_the_corrections_in_another_language() {
    let site = TestSite::start().await;
    let visitor = site.visitor();
    for path in ["/waitlist", "/signup/employee"] {
        let form = visitor.get(path).await.form(path).with("email", "ana@").with("role", "").with("name", "");
        let page = visitor.send(&form).await.has_status(422).says("There is a problem");
        let form = page.form(path).with("email", "ana@example.cl");
        let page = switch_unsent(&visitor, &page, &form, "es").await.has_status(422).says("Hay un problema");
        assert_eq!((page.value("email").as_str(), page.texts("#email-error").len()), ("ana@example.cl", 0), "{path}");
        let form = page.form(path).with("role", "employee").with("name", "Ana").with("profession", "Bióloga");
        let page = switch_unsent(&visitor, &page, &form.with("password", PASSWORD), "en").await.has_status(200);
        assert_eq!((page.value("email").as_str(), page.texts("#problem").len()), ("ana@example.cl", 0), "{path}");
    }
    let nobody = [site.database.values("count(*)", "waitlist"), site.database.values("count(*)", r#""user""#)];
    assert_eq!(nobody, [["0"], ["0"]], "what is right is not sent either");
}

#[tokio::test]
async fn a_list_that_waits_for_its_role_is_kept_in_another_language() {
    let site = TestSite::start().await;
    let boss = site.admin("boss@example.cl").await;
    let fields = [("language", "es"), ("confirmation", "confirmed")];
    let list = ("list", b"name,email\nAna,ana@example.cl\n".to_vec());
    let mut page = boss.upload("/admin/waitlist/imports", &fields, list).await.has_status(422);
    let kept = page.value("kept_file");
    for (language, problem) in [("es", "Hay un problema"), ("en", "There is a problem"), ("es", "Hay un problema")] {
        page = switch(&boss, &page, language).await.has_status(422).says(problem);
        assert_eq!(page.value("kept_file"), kept);
    }
    assert_eq!(site.database.values("count(*)", "waitlist_import"), ["0"], "choosing a language imports nothing");
}

#[tokio::test]
async fn the_choice_holds_for_errors_too() {
    let site = TestSite::start().await;
    let ana = site.visitor();
    ana.post("/language", &[("lang", "es")]).await.redirects_to("/");
    ana.get("/nothing").await.has_status(404).says("Esta página no existe");
    ana.post("/waitlist", &[]).await.has_status(422).says("Hay un problema");
    ana.get("/waitlist/confirm?token=x").await.has_status(410).says("Este enlace está incompleto");
}

#[tokio::test]
async fn a_language_that_we_do_not_speak_is_refused() {
    let site = TestSite::start().await;
    for lang in ["", "fr", "e", "español", "en\u{0}"] {
        site.visitor().post("/language", &[("lang", lang)]).await.has_status(400).leads_on();
    }
}

#[tokio::test]
async fn a_next_that_leads_away_leads_home() {
    let site = TestSite::start().await;
    let long = format!("/{}", "a".repeat(600));
    for next in [
        "",
        "waitlist",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/%09/evil.example/..//x",
        "/%2fevil.example",
        "/%5cevil.example",
        "/..//evil.example",
        "/.//evil.example",
        "https://evil.example",
        "https:evil.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "@evil.example",
        " /waitlist",
        "/a\r\nSet-Cookie: x=y",
        "/\u{2028}x",
        &long,
    ] {
        let page = site.visitor().post("/language", &[("lang", "es"), ("next", next)]).await.has_status(303);
        let location = page.header("location");
        let base = url::Url::parse("https://biovity.test/language").unwrap();
        assert_eq!(base.join(location).unwrap().origin(), base.origin(), "{next:?} leads to {location}");
        assert!(location == "/" || next.starts_with("/%09"), "{next:?} leads to {location}");
    }
}

#[tokio::test]
async fn logging_in_goes_on_only_within_the_site() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    ana.get("/login?next=%2Fwaitlist").await.redirects_to("/waitlist");
    for next in ["%2F%2Fevil.example", "https%3A%2F%2Fevil.example", "%2F%5Cevil.example", "%00", "%ff"] {
        ana.get(&format!("/login?next={next}")).await.redirects_to("/account");
    }
    ana.log_out().await.redirects_to("/");
    let page = ana.get("/login?next=//evil.example").await.has_status(200);
    assert_eq!(page.attribute("main [name=next]", "value"), None);
}

#[tokio::test]
async fn the_browser_is_asked_before_the_operator() {
    let site = TestSite::with(&[("DEFAULT_LOCALE", "es")]).await;
    for (asked, expected) in [
        ("en", "en"),
        ("en-GB,en;q=0.9,es;q=0.8", "en"),
        ("es-CL", "es"),
        ("fr, en;q=0.1", "en"),
        ("de-DE, fr;q=0.5", "es"),
        ("*", "es"),
        ("", "es"),
        ("en;q=0", "es"),
        ("es;q=0", "en"),
        ("es;q=0, *", "en"),
    ] {
        assert_eq!(lang_of_home(&Visitor::new(&site.base_url, asked, "127.0.0.1")).await, expected, "{asked}");
    }
    let english = TestSite::start().await;
    for (asked, expected) in [("fr", "en"), ("en;q=0, *", "es"), ("ES;Q=0.5, EN;Q=0.4", "es")] {
        assert_eq!(lang_of_home(&Visitor::new(&english.base_url, asked, "127.0.0.1")).await, expected, "{asked}");
    }
}

#[tokio::test]
async fn a_forged_language_cookie_counts_as_none() {
    let site = TestSite::start().await;
    for cookie in ["lang=fr", "lang=", "lang=%00", "lang=../../es", "lang=es%0d%0a"] {
        let page = send(site.visitor().request("GET", "/").header("cookie", cookie)).await.has_status(200);
        let lang = page.attribute("html", "lang").unwrap();
        assert!(lang == "en" || cookie.starts_with("lang=es"), "{cookie}: {lang}");
    }
}

/// The pages that name a language in their addresses, and that search engines may list.
const PUBLIC: [&str; 8] =
    ["/", "/waitlist", "/signup", "/signup/employee", "/signup/organization", "/login", "/password/forgot", "/privacy"];

#[tokio::test]
async fn the_language_that_an_address_names_wins_for_that_page_alone() {
    let site = TestSite::start().await;
    let ana = site.visitor();
    for path in PUBLIC.into_iter().chain(["/verify-email/resend", "/signup/check-email", "/waitlist/joined"]) {
        let page = ana.get(&format!("{path}?lang=es")).await.has_status(200);
        assert_eq!(page.attribute("html", "lang").as_deref(), Some("es"), "{path}");
        assert!(page.headers.get("set-cookie").is_none(), "{path}");
        assert_eq!(page.header("cache-control"), "private, no-cache", "{path}");
        assert_eq!(page.header("vary"), "Cookie", "{path}");
        let page = ana.get(path).await.has_status(200);
        assert_eq!(page.attribute("html", "lang").as_deref(), Some("en"), "{path}");
        assert_eq!(page.header("vary"), "Cookie, Accept-Language", "{path}");
    }
    ana.post("/language", &[("lang", "es")]).await.redirects_to("/");
    ana.get("/waitlist?lang=en").await.has_status(200).says("Join the waitlist");
    for unknown in ["fr", "", "x", "%00"] {
        ana.get(&format!("/waitlist?lang={unknown}")).await.has_status(200).says("Únete a la lista de espera");
    }
    ana.get("/nothing?lang=en").await.has_status(404).says("Esta página no existe");
}

#[tokio::test]
async fn a_page_in_the_language_of_its_address_leads_on_in_it() {
    let site = TestSite::start().await;
    let ana = site.visitor();
    let page = ana.get("/?lang=es").await.has_status(200);
    for path in ["/?lang=es", "/waitlist?lang=es", "/login?lang=es", "/signup?lang=es", "/privacy?lang=es"] {
        assert!(page.attribute(&format!("a[href='{path}']"), "href").is_some(), "{path}");
    }
    let page = ana.send(&page.form("/waitlist?lang=es")).await.has_status(422).says("Hay un problema");
    let form = page.form("/waitlist?lang=es").with("email", "ana@example.cl").with("role", "employee");
    ana.send(&form).await.redirects_to("/waitlist/joined?lang=es");
    assert!(site.mail("ana@example.cl").await.subject.contains("Confirma"));
    let page = ana.get("/signup/organization?lang=es").await.form("/signup/organization?lang=es");
    ana.send(&page).await.has_status(422).says("Hay un problema");
    let page = ana.get("/login?next=%2Faccount%2Femail&lang=es").await.form("/login?lang=es");
    let page = ana.send(&page).await.has_status(422).says("Hay un problema");
    assert_eq!(page.value("next"), "/account/email");
    let page = ana.get("/password/forgot?lang=es").await.form("/password/forgot?lang=es");
    ana.send(&page.with("email", "eva@example.cl")).await.redirects_to("/password/forgot/sent?lang=es");
}

#[tokio::test]
async fn choosing_a_language_leads_away_from_the_one_that_the_address_names() {
    let site = TestSite::start().await;
    let ana = site.visitor();
    let page = ana.get("/waitlist?role=organization&lang=es").await.has_status(200);
    let next = ana.send(&page.language("en")).await.has_status(303).header("location").to_owned();
    assert_eq!(next, "/waitlist?role=organization");
    ana.get(&next).await.has_status(200).says("Join the waitlist");
    let admin = site.admin("admin@example.cl").await;
    let page = admin.get("/admin?lang=es&days=90").await.has_status(200).says("Overview");
    assert_eq!(admin.send(&page.language("es")).await.has_status(303).header("location"), "/admin?days=90");
    let page = ana.post("/login?lang=es", &[("email", "ana@example.cl"), ("next", "/account/email")]).await;
    let page = switch(&ana, &page.has_status(422), "en").await.has_status(422).says("There is a problem");
    assert_eq!((page.value("email"), page.value("next")), ("ana@example.cl".to_owned(), "/account/email".to_owned()));
}

#[tokio::test]
async fn a_public_page_names_its_address_in_each_language() {
    let site = TestSite::start().await;
    let visitor = site.visitor();
    for path in PUBLIC {
        for (query, language) in [("", "en"), ("?lang=es", "es"), ("?lang=en", "en"), ("?utm_source=x&lang=es", "es")] {
            let page = visitor.get(&format!("{path}{query}")).await.has_status(200);
            let own = if query.contains("lang=") { format!("?lang={language}") } else { String::new() };
            let address = |query: &str| Some(format!("{}{path}{query}", site.base_url));
            assert_eq!(page.attribute("link[rel=canonical]", "href"), address(&own), "{path}{query}");
            assert_eq!(page.attribute("meta[property='og:url']", "content"), address(&own), "{path}{query}");
            for (name, query) in [("es", "?lang=es"), ("en", "?lang=en"), ("x-default", "")] {
                let alternate = page.attribute(&format!("link[rel=alternate][hreflang={name}]"), "href");
                assert_eq!(alternate, address(query), "{path} {name}");
            }
        }
    }
    let page = visitor.get("/verify-email?token=x").await;
    assert_eq!(page.attribute("link[rel=canonical], link[hreflang]", "href"), None);
}
