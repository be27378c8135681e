//! The checks before any handler: the right host, and no form from another site.

use crate::support::visitor::{Visitor, send};
use crate::support::wire::exchange;
use crate::support::{TestSite, addresses};

use crate::web::{HOST, in_production};

/// What each value of `Sec-Fetch-Site` means for each `Origin` of [`origins`]: Go 1.25's `CrossOriginProtection`.
const RULE: [(&[&str], [bool; 6]); 9] = [
    (&[], [true, true, false, false, false, false]),
    (&["same-origin"], [true; 6]),
    (&["none"], [true; 6]),
    (&["same-site"], [false; 6]),
    (&["cross-site"], [false; 6]),
    (&["garbage"], [false; 6]),
    (&["Same-Origin"], [false; 6]),
    (&["same-origin, none"], [false; 6]),
    (&["same-origin", "same-origin"], [false; 6]),
];
const POSTS: [&str; 10] = [
    "/waitlist",
    "/waitlist/confirm",
    "/signup/employee",
    "/signup/organization",
    "/verify-email",
    "/verify-email/not-me",
    "/verify-email/resend",
    "/login",
    "/logout",
    "/language",
];

fn origins(ours: &str) -> [Vec<String>; 6] {
    let foreign = "https://evil.example";
    [&[][..], &[ours], &[foreign], &["null"], &[ours, ours], &[&format!("{ours}.evil.example")]]
        .map(|values| values.iter().map(|value| (*value).to_owned()).collect())
}

/// Sends with these headers and says whether it passed.
async fn passes(visitor: &Visitor, method: &str, sites: &[&str], origins: &[String]) -> bool {
    let mut request = visitor.request(method, "/language").form(&[("lang", "en")]);
    for site in sites {
        request = request.header("sec-fetch-site", *site);
    }
    for origin in origins {
        request = request.header("origin", origin);
    }
    let page = send(request).await;
    let what = format!("{method} {sites:?} {origins:?}: {}", page.status);
    match page.status.as_u16() {
        403 => {
            if method != "HEAD" {
                page.leads_on().says("This form came from another site");
            }
            false
        }
        303 if method == "POST" => true,
        405 if method != "POST" => true,
        _ => panic!("{what}"),
    }
}

#[tokio::test]
async fn a_form_passes_by_the_rule_of_go_1_25() {
    let site = TestSite::start().await;
    let visitor = site.visitor();
    for (sites, row) in RULE {
        for (origin, expected) in origins(&site.base_url).iter().zip(row) {
            for method in ["POST", "PUT", "PATCH", "DELETE", "FOO"] {
                assert_eq!(passes(&visitor, method, sites, origin).await, expected, "{method} {sites:?} {origin:?}");
            }
            for method in ["GET", "HEAD", "OPTIONS", "TRACE"] {
                assert!(passes(&visitor, method, sites, origin).await, "{method} {sites:?} {origin:?}");
            }
        }
    }
}

#[tokio::test]
async fn no_form_at_all_may_come_from_another_site() {
    let site = TestSite::start().await;
    let visitor = site.visitor();
    for path in POSTS {
        for (name, value) in [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")] {
            send(visitor.request("POST", path).header(name, value).form(&[("email", "a@b.cl")])).await.has_status(403);
        }
    }
    let joined = visitor.request("POST", "/api/waitlist").json(&[("email", "a@b.cl"), ("role", "employee")]);
    let page = send(joined.header("sec-fetch-site", "same-site")).await.has_status(403);
    assert_eq!(page.json()["error"], "This form came from another site");
}

#[tokio::test]
async fn a_page_opens_from_wherever_its_link_is() {
    let site = TestSite::start().await;
    for address in addresses::all() {
        let request = site.visitor().request("GET", &address.path).header("sec-fetch-site", "cross-site");
        let page = send(request.header("origin", "https://evil.example")).await;
        assert_ne!(page.status, 403, "{address:?}");
    }
}

#[tokio::test]
async fn production_answers_to_its_own_name_alone() {
    let site = in_production().await;
    let visitor = site.visitor();
    let get = |path: &str, host: &[u8]| send(visitor.request("GET", path).header("host", host));
    get("/", HOST.as_bytes()).await.has_status(200);
    get("/", b"Biovity.TEST").await.has_status(200);
    for same in [&b"biovity.test:443"[..], b"biovity.test.", b"BIOVITY.test.:443"] {
        get("/", same).await.has_status(200);
    }
    let foreign: [&[u8]; 9] = [
        b"evil.example",
        b"biovity.test.evil.example",
        b"evil.example/biovity.test",
        b"biovity.test@evil.example",
        b"biovity.test:8080",
        b"biovity.test, evil.example",
        b"127.0.0.1",
        b"biovity.test\xff",
        b"",
    ];
    for host in foreign {
        for path in ["/", "/waitlist", "/robots.txt", "/nothing"] {
            get(path, host).await.has_status(421).leads_on().says("This is not the address of Biovity");
        }
        for probe in ["/healthz", "/readyz"] {
            get(probe, host).await.has_status(200);
        }
    }
    let post = visitor.request("POST", "/api/waitlist").header("host", "evil.example");
    send(post.json(&[("a", "b")])).await.has_status(421).leads_on();
}

#[tokio::test]
async fn production_refuses_a_host_that_is_missing_or_named_twice() {
    let site = in_production().await;
    let missing = exchange(&site.base_url, "GET / HTTP/1.0\r\n\r\n").await.unwrap();
    missing.has_status(421).leads_on();
    let twice = "GET / HTTP/1.1\r\nHost: biovity.test\r\nHost: evil.example\r\n\r\n";
    let refused = exchange(&site.base_url, twice).await.unwrap();
    assert!(refused.status.is_client_error(), "{}", refused.status);
}

#[tokio::test]
async fn a_laptop_answers_to_any_name() {
    let site = TestSite::start().await;
    let named = |host: &'static [u8]| send(site.visitor().request("GET", "/").header("host", host));
    for host in [&b"localhost:8080"[..], b"ana.local", b"\xff\xfe", b"", b"a b", &[b'x'; 4_000]] {
        named(host).await.has_status(200).says("Biovity");
    }
}

#[tokio::test]
async fn a_path_in_disguise_is_no_path_of_ours() {
    let site = TestSite::start().await;
    let admin = site.admin("admin@example.cl").await;
    for path in ["/favicon%2Eico", "/%61dmin", "/admin%2Fwaitlist", "/signup/%6Frganization"] {
        admin.get(path).await.has_status(404);
    }
}

#[tokio::test]
async fn an_absolute_target_names_the_host() {
    let site = in_production().await;
    let ask = async |target: &str, host: &str| {
        exchange(&site.base_url, format!("GET {target} HTTP/1.1\r\nHost: {host}\r\n\r\n"))
            .await
            .unwrap()
            .status
            .as_u16()
    };
    assert_eq!(ask("http://biovity.test/", "evil.example").await, 200);
    assert_eq!(ask("http://evil.example/", "biovity.test").await, 421);
}

#[tokio::test]
async fn an_absolute_target_leads_back_to_its_page() {
    let site = TestSite::start().await;
    let ask = async |method: &str, path: &str| {
        let target = format!("{}{path}", site.base_url);
        exchange(&site.base_url, format!("{method} {target} HTTP/1.1\r\nHost: x\r\ncontent-length: 0\r\n\r\n"))
            .await
            .unwrap()
    };
    let next = "/login?next=%2Fadmin%2Fwaitlist%3Frole%3Demployee";
    ask("GET", "/admin/waitlist?role=employee").await.redirects_to(next);
    let page = ask("GET", "/waitlist?role=employee").await.has_status(200);
    assert_eq!(page.value("next"), "/waitlist?role=employee");
    assert_eq!(ask("GET", "/login/").await.has_status(308).header("location"), "/login");
    ask("GET", "/").await.has_status(200);
}

#[tokio::test]
async fn a_slash_at_the_end_leads_to_the_page() {
    let site = TestSite::start().await;
    let visitor = site.visitor();
    let token = "A".repeat(43);
    for (typed, page) in [
        ("/login/".to_owned(), "/login".to_owned()),
        (format!("/waitlist/confirm/?token={token}"), format!("/waitlist/confirm?token={token}")),
        ("/nothing/".to_owned(), "/nothing".to_owned()),
    ] {
        let moved = visitor.get(&typed).await.has_status(308);
        assert_eq!(moved.header("location"), page);
    }
    visitor.post("/login/", &[]).await.has_status(308);
    for away in ["//evil.example/", "//evil.example//", "/%2fevil.example/", "/\\evil.example/"] {
        let page = exchange(&site.base_url, format!("GET {away} HTTP/1.1\r\nHost: localhost\r\n\r\n")).await.unwrap();
        assert!(!page.headers.contains_key("location"), "{away}: {:?}", page.headers);
    }
}
