//! Where a log-in leads: to a path on this site, and nowhere else.

use crate::support::page::Page;
use crate::support::visitor::{Visitor, send};
use crate::support::{PASSWORD, TestSite};

const EVIL: [&str; 22] = [
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "\u{0}/account",
    "/%2fevil.example",
    "/%2Fevil.example",
    "/%5cevil.example",
    "/.//evil.example",
    "/..//evil.example",
    "http://evil.example",
    "https:evil.example",
    "HTTPS://127.0.0.1@evil.example/",
    "javascript:alert(1)",
    "data:text/html,x",
    "evil.example",
    "@evil.example",
    " //evil.example",
    "/\u{2028}x",
    "//127.0.0.1/account",
];

async fn log_in_then(visitor: &Visitor, next: &str) -> Page {
    visitor.post("/login", &[("email", "ana@example.cl"), ("password", PASSWORD), ("next", next)]).await
}

fn form_then(next: &str) -> String {
    format!("/login?next={}", form_urlencoded::byte_serialize(next.as_bytes()).collect::<String>())
}

/// Where the log-in form goes on to; the choice of the language has a `next` of its own.
fn next_of(page: &Page) -> String {
    page.attribute("main [name=next]", "value").unwrap_or_default()
}

#[tokio::test]
async fn a_path_on_this_site_is_gone_on_to() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    ana.log_out().await.redirects_to("/");
    for next in ["/account", "/waitlist?role=employee&x=%2F", "/", "/privacy"] {
        let form = site.visitor().get(&form_then(next)).await.has_status(200);
        assert_eq!(next_of(&form), next);
        log_in_then(&ana, &next_of(&form)).await.redirects_to(next);
        ana.get(&form_then(next)).await.redirects_to(next);
    }
}

#[tokio::test]
async fn whatever_leads_elsewhere_is_dropped() {
    let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
    let ana = site.employee("ana@example.cl").await;
    for next in EVIL {
        let form = site.visitor().get(&form_then(next)).await.has_status(200);
        assert_eq!(next_of(&form), "", "{next:?}");
        ana.get(&form_then(next)).await.redirects_to("/account");
        let page = log_in_then(&site.visitor(), next).await;
        // A NUL is no form at all.
        if next.contains('\0') {
            page.has_status(400)
        } else {
            page.redirects_to("/account")
        };
    }
}

#[tokio::test]
async fn a_refused_log_in_keeps_where_it_was_going() {
    let site = TestSite::start().await;
    let ana = site.visitor();
    let guest = ana.get("/account?tab=1").await;
    let page = ana.get(guest.redirects_to("/login?next=%2Faccount%3Ftab%3D1").header("location")).await;
    let next = next_of(&page);
    let refused = ana.post("/login", &[("email", "ana@example.cl"), ("password", "wrong"), ("next", &next)]).await;
    assert_eq!(next_of(&refused.has_status(401)), "/account?tab=1");
}

#[tokio::test]
async fn a_next_that_is_sent_twice_is_refused() {
    let site = TestSite::start().await;
    site.employee("ana@example.cl").await;
    let fields =
        [("email", "ana@example.cl"), ("password", PASSWORD), ("next", "/privacy"), ("next", "//evil.example")];
    site.visitor().post("/login", &fields).await.has_status(400);
    let page = site.visitor().get("/login?next=/privacy&next=//evil.example").await.has_status(200);
    assert_eq!(next_of(&page), "");
}

#[tokio::test]
async fn a_path_that_answers_no_get_is_not_gone_on_to() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    for next in ["/logout", "/language?x=1", "/account/email/cancel", "/admin/users/018f/deactivate"] {
        ana.log_out().await.redirects_to("/");
        log_in_then(&ana, next).await.redirects_to("/account");
        ana.get(&form_then(next)).await.redirects_to("/account");
        ana.post("/reauth", &[("password", PASSWORD), ("next", next)]).await.redirects_to("/account");
    }
    ana.post("/language", &[("lang", "en"), ("next", "/logout")]).await.redirects_to("/");
}

#[tokio::test]
async fn a_form_sent_after_the_session_ended_leads_back_to_its_page() {
    let site = TestSite::start().await;
    let guest = site.visitor();
    for path in ["/account", "/account/password", "/admin/waitlist/imports"] {
        guest.post(path, &[("name", "Ana")]).await.was_sent_too_late(path);
    }
    let send = |referer: String| send(guest.request("POST", "/account/email/cancel").header("referer", referer));
    let site = site.app.config.base_url.origin();
    send(format!("{site}/account/email?x=1")).await.was_sent_too_late("/account/email?x=1");
    for other in ["https://evil.example/account", "", "/account", &format!("{site}/logout"), &format!("{site}.evil/x")]
    {
        send(other.to_owned()).await.was_sent_too_late("/account/email");
    }
}

#[tokio::test]
async fn a_form_sent_after_logging_out_elsewhere_says_that_nothing_was_saved() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    for (language, says) in [
        ("en", "Your session had ended: nothing was saved. Log in and do it again."),
        ("es", "Tu sesión se había cerrado y no se guardó nada. Ingresa y hazlo otra vez."),
    ] {
        ana.post("/language", &[("lang", language), ("next", "/account")]).await.redirects_to("/account");
        let form = ana.get("/account").await.form("/account").with("name", "Ana Soto");
        ana.log_out().await.redirects_to("/");
        let log_in = ana.send(&form).await.was_sent_too_late("/account").header("location").to_owned();
        // After a reload too.
        for page in [ana.get(&log_in).await, ana.get(&log_in).await] {
            assert_eq!(page.texts("[role=status] .problem"), [says]);
            assert_eq!(next_of(&page), "/account");
        }
        log_in_then(&ana, "/account").await.redirects_to("/account");
        ana.get("/account").await.says("Ana Rojas").does_not_say("Ana Soto");
    }
    ana.log_out().await.redirects_to("/");
    let page = ana.get("/account").await.redirects_to(&form_then("/account"));
    assert!(ana.get(page.header("location")).await.texts("[role=status] p").is_empty(), "nothing was sent");
}
