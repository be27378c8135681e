//! What is typed into a form that is not sent yet, while another language is chosen.

use std::time::Duration;

use biovity::server;
use chrono::TimeDelta;

use super::language::{press, switch_unsent};
use crate::support::issuer::Issuer;
use crate::support::page::{FilledForm, Page};
use crate::support::visitor::Visitor;
use crate::support::{PASSWORD, TestSite};
use crate::webhook::receiver::Receiver;

/// A form of somebody, and what is typed into it.
struct Typed<'a> {
    visitor: &'a Visitor,
    page: &'a str,
    action: &'a str,
    kept: &'a [(&'a str, &'a str)],
    /// Secrets, which no page repeats.
    secret: &'a [&'a str],
}

impl Typed<'_> {
    /// Types, and chooses a language twice; the last page.
    async fn keeps_it(&self) -> Page {
        let mut page = self.visitor.get(self.page).await.has_status(200);
        let typed = self.kept.iter().fold(page.form(self.action), |form, (name, value)| form.with(name, value));
        let mut form = self.secret.iter().fold(typed, |form, name| form.with(name, PASSWORD));
        for language in ["en", "es"] {
            page = switch_unsent(self.visitor, &page, &form, language).await.has_status(200).does_not_say(PASSWORD);
            assert!(!page.body.contains(PASSWORD), "{}", self.page);
            assert_eq!(page.attribute("html", "lang").as_deref(), Some(language), "{}", self.page);
            assert!(page.texts("#problem").is_empty(), "{} tells something wrong", self.page);
            for (name, value) in self.kept {
                assert_eq!(page.value(name), *value, "{name} of {}", self.page);
            }
            form = page.form(self.action);
            assert!(self.secret.iter().all(|name| page.value(name).is_empty()), "{}", self.page);
        }
        page
    }
}

/// The link of an invitation from the waitlist.
async fn invitation(site: &TestSite, admin: &Visitor, email: &str) -> String {
    site.visitor().join(email, "employee").await.redirects_to("/waitlist/joined");
    site.visitor().press(&site.mail(email).await.link()).await.has_status(303);
    admin.post("/admin/waitlist/waves", &[("employees", "1"), ("organizations", "0")]).await.has_status(303);
    site.app.clock.advance(TimeDelta::seconds(5));
    server::jobs::run_steps_once(&site.app).await.unwrap();
    let link = site.mail(email).await.link();
    // What is compared later is changed by no job that still runs.
    while site.database.values("count(*)", "waitlist_wave WHERE state = 'sending'") != ["0"] {
        server::jobs::run_steps_once(&site.app).await.unwrap();
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    link
}

#[tokio::test]
async fn whoever_is_invited_keeps_what_was_typed_and_the_link_in_another_language() {
    let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
    let admin = site.admin("admin@example.cl").await;
    let link = invitation(&site, &admin, "ana@example.cl").await;
    let (ana, action) = (site.visitor(), "/signup/invited");
    let kept = [("name", "Ana \"Ñ\" <b>"), ("profession", "Bioquímica"), ("username", "ana@example.cl")];
    let typed = Typed { visitor: &ana, page: &link, action, kept: &kept, secret: &["password"] };
    let before = site.database.contents();
    let page = typed.keeps_it().await;
    assert_eq!(site.database.changed_since(&before), [""; 0], "choosing a language opens no account");
    // Emptied again, nothing is typed: the link's page comes back as it was.
    let emptied = page.form(action).with("name", "").with("profession", "");
    let (_, answer) = press(&ana, &page, &emptied, "es").await;
    let page = ana.get(answer.has_status(303).header("location")).await.has_status(200).says("Crear mi cuenta");
    // One that came back wrong keeps what is corrected, and tells only what is wrong still.
    let form = page.form(action).with("name", "").with("profession", "");
    let page = ana.send(&form.with("password", PASSWORD)).await.has_status(422);
    let form = page.form(action).with("name", "Ana Rojas");
    let page = switch_unsent(&ana, &page, &form, "en").await.has_status(422).says("There is a problem");
    assert_eq!((page.value("name").as_str(), page.texts("#name-error").len()), ("Ana Rojas", 0));
    assert_eq!(page.texts("#profession-error").len(), 1);
    let right = page.form(action).with("profession", "Bioquímica").with("password", PASSWORD);
    let page = switch_unsent(&ana, &page, &right, "es").await.has_status(200);
    assert_eq!(site.database.changed_since(&before), [""; 0], "what is right is not sent either");
    ana.send(&page.form(action).with("password", PASSWORD)).await.redirects_to("/account");
}

#[tokio::test]
async fn whoever_an_organization_invites_keeps_what_was_typed_in_another_language() {
    let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
    let lab = site.organization("lab@example.cl").await;
    lab.post("/organization/members", &[("email", "ana@example.cl")]).await.redirects_to("/organization/members");
    let link = site.mail("ana@example.cl").await.link();
    let (ana, action, kept) =
        (site.visitor(), "/organization/invitation", [("name", "Ana"), ("profession", "Bioquímica")]);
    let before = site.database.contents();
    let page = Typed { visitor: &ana, page: &link, action, kept: &kept, secret: &["password"] }.keeps_it().await;
    // What the other forms of that link do is not done either.
    for (name, value) in [("password", PASSWORD), ("answer", "decline")] {
        let form = page.form(action).with("name", "Ana").with("profession", "Bioquímica").with(name, value);
        switch_unsent(&ana, &page, &form, "en").await.has_status(200);
    }
    assert_eq!(site.database.changed_since(&before), [""; 0], "choosing a language answers no invitation");
}

#[tokio::test]
async fn whoever_finishes_a_sign_up_with_a_provider_keeps_what_was_typed_in_another_language() {
    let issuer = Issuer::start();
    let site = TestSite::with_provider(&issuer.url).await;
    let ana = site.visitor();
    crate::accounts::provider::log_in(&ana, "oidc").await.redirects_to("/signup/finish");
    let before = site.database.contents();
    let kept = [("name", "Laboratorio Ñ"), ("profession", "Jefa"), ("role", "organization")];
    let typed =
        Typed { visitor: &ana, page: "/signup/finish", action: "/signup/finish", kept: &kept[..2], secret: &[] };
    typed.keeps_it().await;
    let page = ana.get("/signup/finish").await;
    let form = kept.iter().fold(page.form("/signup/finish"), |form, (name, value)| form.with(name, value));
    let page = switch_unsent(&ana, &page, &form, "en").await.has_status(200);
    assert_eq!(page.attribute("[name=role][checked]", "value").as_deref(), Some("organization"));
    assert_eq!(site.database.changed_since(&before), [""; 0], "choosing a language signs nobody up");
}

#[tokio::test]
async fn forms_keep_what_was_typed_in_another_language_and_do_nothing() {
    let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
    let ana = site.employee("ana@example.cl").await;
    let lab = site.organization("lab@example.cl").await;
    let admin = site.admin("admin@example.cl").await;
    let guest = site.visitor();
    for visitor in [&ana, &lab, &admin] {
        visitor.post("/language", &[("lang", "es")]).await.redirects_to("/");
    }
    let before = site.database.contents();
    let address = [("email", "eva@example.cl")];
    let profile = [("name", "Ana \"Ñ\""), ("profession", "Bioquímica")];
    let login = [("email", "eva@example.cl"), ("next", "/account/email")];
    for (visitor, page, action, kept, secret) in [
        (&guest, "/login?next=%2Faccount%2Femail", "/login", &login[..], &["password"][..]),
        (&guest, "/password/forgot", "/password/forgot", &address, &[]),
        (&guest, "/verify-email/resend", "/verify-email/resend", &address, &[]),
        (&ana, "/account", "/account", &profile, &[]),
        (&ana, "/account/email", "/account/email", &address, &["current_password", "code"]),
        (&ana, "/account/delete", "/account/delete", &[("email", "ana@example.cl")], &["password", "code"]),
        (&lab, "/organization/members", "/organization/members", &address, &[]),
        (&admin, "/admin/keys", "/admin/keys", &[("name", "CRM \"Ñ\"")], &[]),
        (&admin, "/admin/webhooks", "/admin/webhooks", &[("url", "https://hooks.example.com/a")], &[]),
    ] {
        Typed { visitor, page, action, kept, secret }.keeps_it().await;
        assert_eq!(site.database.changed_since(&before), [""; 0], "{page}: choosing a language has no other effect");
    }
}

#[tokio::test]
async fn the_home_of_an_account_stays_whole_in_another_language() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    let mut page = ana.get("/account").await.says("Still to do");
    for (language, told) in [("es", "Te falta"), ("en", "Still to do")] {
        let form = page.form("/account");
        page = switch_unsent(&ana, &page, &form, language).await.has_status(200).says(told);
    }
}

#[tokio::test]
async fn what_is_ticked_and_chosen_is_kept_in_another_language() {
    let site = TestSite::start().await;
    let admin = site.admin("admin@example.cl").await;
    let page = admin.get("/admin/keys").await;
    let form = page.form("/admin/keys").with("name", "CRM").with("access", "write").with("lifetime", "30");
    let page = switch_unsent(&admin, &page, &form, "es").await.has_status(200);
    let chosen = ["access", "lifetime"].map(|name| page.attribute(&format!("#{name} [selected]"), "value").unwrap());
    assert_eq!(chosen, ["write", "30"]);
    let page = admin.get("/admin/webhooks").await;
    let mut form = page.form("/admin/webhooks").with("with_address", "on");
    form.fields.retain(|(name, value)| name != "event" || value == "waitlist.left");
    let page = switch_unsent(&admin, &page, &form, "en").await.has_status(200);
    let again = page.form("/admin/webhooks").fields;
    let ticked: Vec<_> = again.iter().filter(|(name, _)| ["event", "with_address"].contains(&name.as_str())).collect();
    assert_eq!(ticked.len(), 2, "{ticked:?}");
}

#[tokio::test]
async fn what_is_ticked_of_a_webhook_is_kept_in_another_language_with_what_was_seen() {
    let (site, receiver) = (TestSite::start().await, Receiver::start().await);
    let admin = site.admin("admin@example.cl").await;
    let fields = [("url", receiver.url.as_str()), ("event", "waitlist.joined"), ("with_address", "on")];
    let address = admin.post("/admin/webhooks", &fields).await.has_status(303).header("location").to_owned();
    let page = address.split('?').next().unwrap();
    let mut shown = admin.get(&address).await;
    let secret = shown.texts("code.secret");
    let mut form = shown.form(page).with("event", "waitlist.left");
    for language in ["es", "en"] {
        shown = switch_unsent(&admin, &shown, &form, language).await.has_status(200);
        assert_eq!((shown.texts("code.secret"), shown.texts("#problem").len()), (secret.clone(), 0), "{language}");
        form = shown.form(page);
        assert!(form.fields.contains(&("event".to_owned(), "waitlist.left".to_owned())), "{:?}", form.fields);
    }
    let saved = site.database.values("events::text || with_address", "webhook");
    assert_eq!(saved, ["{waitlist.joined}true"], "choosing a language saves nothing");
    // Another admin unticks the address meanwhile, which this page ticks no more.
    admin.post(page, &[("event", "waitlist.joined")]).await.redirects_to(page);
    shown = switch_unsent(&admin, &shown, &form, "es").await.has_status(200);
    admin.send(&shown.form(page)).await.has_status(409);
}

#[tokio::test]
async fn what_is_still_wrong_is_told_in_another_language_and_what_was_corrected_is_kept() {
    let site = TestSite::start().await;
    let admin = site.admin("admin@example.cl").await;
    let (path, wrong) = ("/admin/webhooks", "http://example.com/");
    let form = admin.get(path).await.form(path).with("url", wrong);
    let page = admin.send(&form).await.has_status(422).says("There is a problem");
    let form = page.form(path);
    let page = switch_unsent(&admin, &page, &form, "es").await.has_status(422).says("Hay un problema");
    let form = page.form(path).with("url", "https://example.com/");
    let page = switch_unsent(&admin, &page, &form, "en").await.has_status(200);
    assert_eq!((page.value("url").as_str(), page.texts("#problem").len()), ("https://example.com/", 0));
    assert_eq!(site.database.values("count(*)", "webhook"), ["0"], "what is right is not sent either");
}

#[tokio::test]
async fn a_language_that_is_chosen_before_anything_is_typed_leads_back_to_the_page_of_the_form() {
    let site = TestSite::start().await;
    let ana = site.visitor();
    let page = ana.get("/login?next=%2Faccount%2Femail").await;
    let (_, answer) = press(&ana, &page, &page.form("/login"), "es").await;
    answer.redirects_to("/login?next=%2Faccount%2Femail");
}

#[tokio::test]
async fn a_picture_that_was_chosen_is_asked_for_again_in_another_language() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    let page = ana.get("/account").await;
    let enctype = page.attribute(".language button[value=es]", "formenctype");
    assert_eq!(enctype.as_deref(), Some("application/x-www-form-urlencoded"), "no file is sent with the choice");
    // So sent, a file is its name.
    let form = page.form("/account").with("name", "Ana María").with("avatar", "ana.jpg");
    let page = switch_unsent(&ana, &page, &form, "es").await.has_status(422).says("elígela otra vez");
    assert_eq!(page.value("name"), "Ana María");
    ana.get("/account").await.does_not_say("Ana María");
}

#[tokio::test]
async fn what_is_typed_into_a_filter_is_kept_in_another_language_and_an_untouched_one_keeps_its_place() {
    let site = TestSite::start().await;
    let admin = site.admin("admin@example.cl").await;
    // The page, the fields of its filter as they are sent, and where the choice leads.
    for (page, sent, there) in [
        ("/admin?days=90", "q=ana", "/admin?days=90&q=ana"),
        ("/admin/search", "q=ana", "/admin/search?q=ana"),
        ("/admin/search?q=ana", "q=", "/admin/search"),
        ("/admin/users?q=ana&state=active", "q=&kind=&state=active", "/admin/users?state=active"),
        (
            "/admin/users?state=active&after=x",
            "q=%C3%B1+%26&kind=&state=active",
            "/admin/users?q=%C3%B1+%26&state=active",
        ),
        ("/admin/audit?who=ana&before=1", "who=ana&action=&from=&to=", "/admin/audit?who=ana&before=1"),
        ("/admin/mail", "state=sent", "/admin/mail?state=sent"),
        ("/admin/waitlist?q=nobody", "q=nob&state=left", "/admin/waitlist?q=nob&state=left"),
        ("/admin/waitlist?from=x", "q=&from=2026-01-01", "/admin/waitlist?from=2026-01-01"),
    ] {
        let shown = admin.get(page).await;
        let fields = form_urlencoded::parse(sent.as_bytes()).into_owned().collect::<Vec<_>>();
        let names = fields.iter().map(|(name, _)| format!("#typed [name={name}]"));
        assert!(names.into_iter().all(|name| shown.attribute(&name, "id").is_some()), "{page}: {sent}");
        let (_, answer) = press(&admin, &shown, &FilledForm { action: String::new(), fields }, "es").await;
        answer.redirects_to(there);
        let q = admin.get(there).await.value("q");
        assert_eq!(q.is_empty(), !there.contains("q="), "{there}: {q}");
    }
}
