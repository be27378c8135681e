//! What every answer carries.

use crate::support::page::Page;
use crate::support::visitor::{Visitor, send};
use crate::support::wire::Wire;
use crate::support::{PASSWORD, TestSite, addresses};

use crate::web::{HOST, in_production};

const CSP: &str = "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; form-action 'self'; \
                   base-uri 'none'; frame-ancestors 'none'";
const ALWAYS: [(&str, &str); 7] = [
    ("content-security-policy", CSP),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("cross-origin-embedder-policy", "require-corp"),
];

/// Carries each security header once, says what may be kept, and not what serves it.
#[track_caller]
fn assert_guarded(page: &Page, what: &str) {
    for (name, value) in ALWAYS {
        let values: Vec<_> = page.headers.get_all(name).iter().collect();
        assert_eq!(values, [value], "{name} of {what}");
    }
    for powerful in ["camera=()", "geolocation=()", "microphone=()"] {
        assert!(page.header("permissions-policy").contains(powerful), "{what}");
    }
    assert_eq!(page.headers.get_all("cache-control").iter().count(), 1, "{what}");
    for name in ["server", "x-powered-by", "access-control-allow-origin"] {
        assert_eq!(page.header(name), "", "{name} of {what}");
    }
}

/// One answer of every status that a visitor can bring about.
async fn one_of_each(site: &TestSite) -> Vec<Page> {
    let ana = site.visitor();
    let form = |path: &str, body: &str| {
        let request = ana.request("POST", path).header("content-type", "application/x-www-form-urlencoded");
        send(request.header("host", HOST).body(body.to_owned()))
    };
    let get = |path: &str| send(ana.request("GET", path).header("host", HOST));
    let join = "email=ana%40example.cl&role=employee";
    let mut pages = vec![get("/").await.has_status(200)];
    pages.push(form("/waitlist", join).await.has_status(303));
    pages.push(form("/waitlist", "email=%00").await.has_status(400));
    pages.push(form("/login", "email=a%40b.cl&password=x").await.has_status(401));
    let foreign = ana.request("POST", "/waitlist").header("host", HOST).header("origin", "null");
    pages.push(send(foreign).await.has_status(403));
    pages.push(get("/nothing").await.has_status(404));
    pages.push(form("/", "").await.has_status(405));
    pages.push(form("/waitlist", join).await.has_status(409));
    pages.push(get("/waitlist/confirm?token=x").await.has_status(410));
    pages.push(form("/waitlist", &"x".repeat(20_000)).await.has_status(413));
    pages.push(send(ana.request("POST", "/waitlist").header("host", HOST).body("x")).await.has_status(415));
    pages.push(form("/waitlist", "").await.has_status(422));
    form("/verify-email/resend", "email=a%40b.cl").await.has_status(303);
    pages.push(form("/verify-email/resend", "email=a%40b.cl").await.has_status(429));
    let json = |email: &str| {
        ana.request("POST", "/api/waitlist").json(&serde_json::json!({"email": email, "role": "employee"}))
    };
    pages.push(send(json("eva@example.cl").header("host", HOST)).await.has_status(201));
    pages.push(send(json("eva").header("host", HOST)).await.has_status(422));
    site.database.go_away();
    pages.push(form("/waitlist", join).await.has_status(503));
    pages
}

#[tokio::test]
async fn every_address_carries_every_security_header() {
    let site = TestSite::start().await;
    let (guest, admin) = (site.visitor(), site.admin("admin@example.cl").await);
    for address in addresses::all() {
        for (visitor, method) in [(&guest, "GET"), (&guest, "HEAD"), (&admin, "GET"), (&guest, "FOO"), (&guest, "POST")]
        {
            let page = send(visitor.request(method, &address.path)).await;
            assert_guarded(&page, &format!("{method} {address:?}"));
            assert_eq!(page.header("strict-transport-security"), "", "plain http promises nothing");
        }
    }
}

#[tokio::test]
async fn every_status_carries_every_security_header() {
    let site = TestSite::start().await;
    for page in one_of_each(&site).await {
        assert_guarded(&page, page.status.as_str());
    }
}

#[tokio::test]
async fn every_answer_of_production_asks_for_https() {
    let site = in_production().await;
    let mut pages = one_of_each(&site).await;
    pages.push(send(site.visitor().request("GET", "/")).await.has_status(421));
    pages.push(site.visitor().get("/healthz").await.has_status(200));
    for page in pages {
        assert_guarded(&page, page.status.as_str());
        let hsts = page.header("strict-transport-security");
        assert_eq!(hsts, "max-age=63072000; includeSubDomains", "{}", page.status);
    }
}

#[tokio::test]
async fn a_full_or_lost_database_and_a_limit_say_when_to_come_back() {
    let site = TestSite::start().await;
    for page in one_of_each(&site).await.iter().filter(|page| matches!(page.status.as_u16(), 429 | 503)) {
        assert!(page.header("retry-after").parse::<u64>().unwrap() > 0, "{}", page.status);
    }
}

#[tokio::test]
async fn nothing_personal_is_kept_by_a_browser() {
    let site = TestSite::start().await;
    for page in one_of_each(&site).await.iter().filter(|page| page.status != 200) {
        assert_eq!(page.header("cache-control"), "no-store", "{}", page.status);
    }
    site.database.come_back();
    site.settle().await;
    let ana = site.employee("rosa@example.cl").await;
    for path in ["/", "/waitlist", "/account", "/account?x", "/privacy", "/admin", "/nothing"] {
        assert_eq!(ana.get(path).await.header("cache-control"), "no-store", "{path}");
    }
    let eva = site.visitor();
    eva.join("olga@example.cl", "employee").await.redirects_to("/waitlist/joined");
    let link = site.mail("olga@example.cl").await.link();
    for page in [eva.get(&link).await.has_status(200), eva.get(&link.replace("token", "t%6fken")).await] {
        assert_eq!(page.header("cache-control"), "no-store");
    }
    let place = eva.press(&link).await.has_status(303).header("location").to_owned();
    assert_eq!(eva.get(&place).await.has_status(200).header("cache-control"), "no-store");
}

#[tokio::test]
async fn a_page_that_anyone_sees_alike_may_be_kept_by_the_browser() {
    let site = TestSite::start().await;
    for path in ["/", "/waitlist", "/signup", "/login", "/privacy"] {
        let page = site.visitor().get(path).await.has_status(200);
        assert_eq!(page.header("cache-control"), "private, no-cache", "{path}");
        assert_eq!(page.header("vary"), "Cookie, Accept-Language", "{path}");
    }
}

#[tokio::test]
async fn a_guest_who_only_reads_gets_no_cookie() {
    let site = TestSite::start().await;
    for address in addresses::all() {
        let page = site.visitor().get(&address.path).await;
        assert_eq!(page.header("set-cookie"), "", "{address:?}");
    }
}

/// The attributes of the cookie of this name that an answer sets.
fn cookie(page: &Page, name: &str) -> Vec<String> {
    let set = page.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap());
    let ours = set.filter(|cookie| cookie.starts_with(&format!("{name}="))).collect::<Vec<_>>();
    assert_eq!(ours.len(), 1, "{name}: {:?}", page.headers);
    let mut attributes: Vec<_> =
        ours[0].split("; ").skip(1).map(|a| a.split("Max-Age").next().unwrap().to_owned()).collect();
    attributes.retain(|attribute| !attribute.is_empty());
    attributes.sort();
    attributes
}

async fn set_cookies(visitor: &Visitor, host: &str) -> (Page, Page) {
    let post = |path: &str| visitor.request("POST", path).header("host", host);
    let fields = [("name", "Ana"), ("email", "ana@example.cl"), ("profession", "x"), ("password", PASSWORD)];
    let signed_up = send(post("/signup/employee").form(&fields)).await.redirects_to("/signup/check-email");
    let chosen = send(post("/language").form(&[("lang", "es")])).await.redirects_to("/");
    (signed_up, chosen)
}

#[tokio::test]
async fn cookies_are_bound_to_https_and_to_the_host_in_production() {
    let site = in_production().await;
    let (signed_up, chosen) = set_cookies(&site.visitor(), HOST).await;
    assert_eq!(cookie(&signed_up, "__Host-biovity"), ["HttpOnly", "Path=/", "SameSite=Lax", "Secure"]);
    assert_eq!(cookie(&chosen, "lang"), ["HttpOnly", "Path=/", "SameSite=Lax", "Secure"]);
}

#[tokio::test]
async fn cookies_work_over_plain_http_on_a_laptop() {
    let site = TestSite::start().await;
    let (signed_up, chosen) = set_cookies(&site.visitor(), "localhost").await;
    assert_eq!(cookie(&signed_up, "biovity"), ["HttpOnly", "Path=/", "SameSite=Lax"]);
    assert_eq!(cookie(&chosen, "lang"), ["HttpOnly", "Path=/", "SameSite=Lax"]);
}

/// Two requests in one write: actix remembers for the whole connection whether the last one was a HEAD.
#[tokio::test]
async fn the_answer_to_a_head_has_no_body_whatever_comes_right_behind_it() {
    let site = TestSite::start().await;
    for path in ["/privacy", "/nothing", "/waitlist/place?token=x"] {
        let request = |method, path| {
            format!("{method} {path} HTTP/1.1\r\nHost: {}\r\n\r\n", site.base_url.trim_start_matches("http://"))
        };
        let mut wire = Wire::to(&site.base_url).await;
        wire.send(request("HEAD", path) + &request("GET", "/healthz")).await;
        wire.end().await;
        let answers = wire.rest().await;
        let (head, behind) = answers.split_once("\r\n\r\n").unwrap();
        assert!(head.contains("content-length: "), "{head}");
        assert!(behind.starts_with("HTTP/1.1 200") && behind.ends_with("\r\n\r\nalive\n"), "{path}: {behind}");
    }
}
