//! The address that a form was given.

use crate::support::page::Page;
use crate::support::visitor::Visitor;
use crate::support::{PASSWORD, TestSite};

#[tokio::test]
async fn the_page_after_a_form_repeats_the_address_for_some_minutes_and_leads_back() {
    let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
    let ana = site.visitor();
    ana.join(" Ana@EXAMPLE.cl ", "employee").await.redirects_to("/waitlist/joined");
    let back = |page: &Page| page.attribute(".address + a", "href");
    for page in [ana.get("/waitlist/joined").await, ana.get("/waitlist/joined").await] {
        assert_eq!(back(&page).as_deref(), Some("/waitlist?correct=yes"), "again after a reload");
        let page = page.says("ana@example.cl").says("Wrong address?");
        page.says("comes from no-reply@biovity.test, with the subject “Confirm your place on the Biovity waitlist”.");
    }
    site.visitor().get("/waitlist/joined").await.has_status(200).does_not_say("Wrong address?");
    ana.sign_up("organization", "lab@example.cl").await.redirects_to("/signup/check-email");
    let page = ana.get("/signup/check-email").await.says("lab@example.cl");
    let page = page.says("Our email comes from no-reply@biovity.test.");
    assert_eq!(back(&page).as_deref(), Some("/signup/organization?correct=yes"));
    ana.post("/verify-email/resend", &[("email", "eva@example.cl")]).await.redirects_to("/signup/check-email");
    let page = ana.get("/signup/check-email").await.says("eva@example.cl").does_not_say("lab@example.cl");
    assert_eq!(back(&page).as_deref(), Some("/verify-email/resend?correct=yes"));
    ana.post("/password/forgot?lang=es", &[("email", "iris@example.cl")])
        .await
        .redirects_to("/password/forgot/sent?lang=es");
    let page = ana.get("/password/forgot/sent?lang=es").await.says("iris@example.cl");
    let page = page.says("Nuestro correo viene de no-reply@biovity.test.");
    assert_eq!(back(&page).as_deref(), Some("/password/forgot?lang=es&correct=yes"));
    site.later(chrono::TimeDelta::minutes(11)).await;
    ana.get("/password/forgot/sent").await.has_status(200).does_not_say("iris@example.cl");
}

/// The form that the page after it leads back to.
async fn corrected(visitor: &Visitor, page: &str) -> Page {
    let back = visitor.get(page).await.attribute(".address + a", "href").unwrap();
    let form = visitor.get(&back).await.has_status(200);
    assert_eq!(form.header("cache-control"), "no-store", "{back}");
    form
}

#[tokio::test]
async fn a_wrong_address_is_corrected_in_the_form_with_all_that_was_typed() {
    let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
    let ana = site.visitor();
    ana.post("/waitlist?from=fair", &[("email", "ana@exmple.cl"), ("role", "organization"), ("source", "fair")])
        .await
        .redirects_to("/waitlist/joined?from=fair");
    let form = corrected(&ana, "/waitlist/joined?from=fair").await.form("/waitlist?from=fair");
    for typed in [("email", "ana@exmple.cl"), ("role", "organization"), ("source", "fair")] {
        assert!(form.fields.contains(&(typed.0.to_owned(), typed.1.to_owned())), "{typed:?} {form:?}");
    }
    ana.sign_up("employee", "ana@exmple.cl").await.redirects_to("/signup/check-email");
    let page = corrected(&ana, "/signup/check-email").await;
    assert_eq!(
        ["name", "email", "profession"].map(|field| page.value(field)),
        ["Ana Rojas", "ana@exmple.cl", "Biochemist"]
    );
    assert_eq!(page.attribute("#password", "value"), None, "no password is kept");
    // Whoever comes by another way, to another form or with another browser finds nothing.
    for path in ["/signup/employee", "/signup/organization?correct=yes", "/waitlist?correct=yes"] {
        assert_eq!(ana.get(path).await.value("email"), "", "{path}");
    }
    assert_eq!(site.visitor().get("/signup/employee?correct=yes").await.value("email"), "");
    for (form, after) in
        [("/password/forgot", "/password/forgot/sent"), ("/verify-email/resend", "/signup/check-email")]
    {
        ana.post(form, &[("email", "ana@exmple.cl")]).await.redirects_to(after);
        assert_eq!(corrected(&ana, after).await.value("email"), "ana@exmple.cl", "{form}");
    }
    site.later(chrono::TimeDelta::minutes(11)).await;
    assert_eq!(ana.get("/verify-email/resend?correct=yes").await.value("email"), "");
}

#[tokio::test]
async fn a_slip_in_a_common_domain_is_asked_about_and_corrected_with_one_press() {
    let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
    let ana = site.visitor();
    let meant = |page: &Page| page.attribute(".notice a.address", "href");
    ana.join("ana@gmial.com", "organization").await.redirects_to("/waitlist/joined");
    let page = ana.get("/waitlist/joined").await.says("Did you mean ana@gmail.com").says("Wrong address?");
    let form = ana.get(&meant(&page).unwrap()).await.has_status(200).form("/waitlist");
    for typed in [("email", "ana@gmail.com"), ("role", "organization")] {
        assert!(form.fields.contains(&(typed.0.to_owned(), typed.1.to_owned())), "{typed:?} {form:?}");
    }
    ana.send(&form).await.redirects_to("/waitlist/joined");
    assert_eq!(meant(&ana.get("/waitlist/joined").await.says("ana@gmail.com")), None);
    // The same whether or not the address has an account.
    let _eva = site.employee("eva@hotmal.com").await;
    for email in ["eva@hotmal.com", "nobody@hotmal.com"] {
        ana.sign_up("employee", email).await.redirects_to("/signup/check-email");
        let page = ana.get("/signup/check-email").await.says("Did you mean");
        let form = ana.get(&meant(&page).unwrap()).await;
        assert_eq!(form.header("cache-control"), "no-store");
        let (typed, right) = (["name", "email", "profession"], email.replace("hotmal.com", "hotmail.com"));
        assert_eq!(typed.map(|field| form.value(field)), ["Ana Rojas", right.as_str(), "Biochemist"]);
    }
    ana.post("/password/forgot?lang=es", &[("email", "eva@outlok.com")]).await.has_status(303);
    let page = ana.get("/password/forgot/sent?lang=es").await.says("¿Quisiste decir eva@outlook.com");
    assert_eq!(ana.get(&meant(&page).unwrap()).await.value("email"), "eva@outlook.com");
}

#[tokio::test]
async fn a_repeated_address_goes_with_the_session() {
    let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
    let ana = site.employee("ana@example.cl").await;
    ana.post("/password/forgot", &[("email", "ana@example.cl")]).await.has_status(303);
    ana.log_out().await;
    ana.get("/password/forgot/sent").await.has_status(200).does_not_say("ana@example.cl");
}

#[tokio::test]
async fn a_browser_forgets_a_given_address_after_ten_minutes() {
    let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
    let ana = site.visitor();
    let joined = ana.join("ana@example.cl", "employee").await.redirects_to("/waitlist/joined");
    let forgot = ana.post("/password/forgot", &[("email", "ana@example.cl")]).await.has_status(303);
    for page in [&joined, &forgot] {
        assert_eq!(page.headers.get_all("set-cookie").iter().count(), 1, "nothing of it is in the session's: {page:?}");
        assert!(seconds_kept(page).is_some_and(|seconds| (500..=600).contains(&seconds)), "{page:?}");
    }
    let form = ana.get("/signup/employee").await.form("/signup/employee");
    let form = form.with("name", "Eva Soto").with("profession", "Biochemist");
    let form = form.with("email", "eva@example.cl").with("password", PASSWORD);
    ana.send(&form).await.redirects_to("/signup/check-email");
    site.app.clock.advance(chrono::TimeDelta::minutes(4));
    let again = ana.send(&form).await.redirects_to("/signup/check-email");
    assert!(
        seconds_kept(&again).is_some_and(|seconds| (200..=360).contains(&seconds)),
        "no longer than at first: {again:?}"
    );
}

/// How long the browser keeps the address that this answer gives it.
fn seconds_kept(page: &Page) -> Option<i64> {
    let mut cookies = page.headers.get_all("set-cookie").iter().filter_map(|it| it.to_str().ok());
    let given = cookies.find(|cookie| cookie.starts_with("biovity-given="))?;
    given.split("Max-Age=").nth(1)?.split(';').next()?.parse().ok()
}
