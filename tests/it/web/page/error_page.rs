//! Pages for whatever goes wrong: odd methods, addresses, headers and bytes on the wire.

use std::time::{Duration, Instant};

use crate::support::page::Page;
use crate::support::visitor::send;
use crate::support::wire::{Wire, exchange};
use crate::support::{TestSite, addresses};

/// Never a fault of ours, and what is refused is a page.
#[track_caller]
fn assert_answered(page: Page, what: &str) {
    let status = page.status.as_u16();
    assert!(status < 500, "{status} for {what}");
    if status >= 400 && !page.body.is_empty() {
        page.leads_on();
    }
}

#[tokio::test]
async fn a_method_that_a_page_does_not_know_is_refused_with_a_page() {
    let site = TestSite::start().await;
    for address in addresses::all() {
        for method in ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "FOO", "PROPFIND"] {
            let page = send(site.visitor().request(method, &address.path)).await;
            if address.path.starts_with("/admin") {
                assert_eq!(page.status, 303, "{method} {address:?}");
            } else if address.path == "/api/waitlist/x" && ["PATCH", "DELETE"].contains(&method) {
                page.has_status(401).leads_on();
            } else {
                assert!(!page.header("allow").is_empty(), "{method} {address:?}");
                page.has_status(405).leads_on();
            }
        }
    }
}

#[tokio::test]
async fn the_address_of_a_form_alone_leads_to_the_page_of_the_form() {
    let site = TestSite::start().await;
    let admin = site.admin("admin@example.cl").await;
    for (address, page) in [
        ("/logout", "/"),
        ("/waitlist/leave", "/waitlist/place"),
        ("/verify-email/not-me", "/verify-email"),
        ("/account/sessions/018f/end", "/account/sessions"),
        ("/organization/members/018f/release", "/organization/members"),
        ("/admin/users/018f/deactivate", "/admin/users/018f"),
        ("/admin/waitlist/waves/7/pause", "/admin/waitlist/waves/7"),
        ("/admin/mail/pause", "/admin/mail"),
    ] {
        let refused = admin.get(address).await.has_status(405);
        assert_eq!(refused.attribute("main a.button", "href").as_deref(), Some(page), "{address}");
    }
    let posted = admin.post("/privacy", &[]).await.has_status(405);
    assert_eq!(posted.attribute("main a.button", "href").as_deref(), Some("/privacy"));
}

#[tokio::test]
async fn head_answers_like_get_without_a_body() {
    let site = TestSite::start().await;
    let admin = site.admin("admin@example.cl").await;
    for address in addresses::all() {
        for visitor in [&site.visitor(), &admin] {
            let (get, head) = (visitor.get(&address.path).await, send(visitor.request("HEAD", &address.path)).await);
            assert_eq!((head.status, head.body.as_str()), (get.status, ""), "{address:?}");
            // An export tells of the one before, and each secret has a picture of its own.
            let differs = ["/account/export", "/account/second-factor"].contains(&address.path.as_str());
            let length = if differs { "etag" } else { "content-length" };
            for name in ["content-type", "cache-control", "location", length] {
                assert_eq!(head.header(name), get.header(name), "{name} of {address:?}");
            }
        }
    }
}

#[tokio::test]
async fn garbage_in_the_query_leaves_a_page_as_it_is() {
    let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
    let admin = site.admin("admin@example.cl").await;
    let token = "A".repeat(43);
    let queries = [
        "%",
        "%zz",
        "%00",
        "%ff",
        "&&&==&",
        "token=%00",
        "token=%ff",
        "token=a&token=b",
        &format!("token={token}"),
        &format!("token={token}%00"),
        "token[]=x",
        "role=%00&role=x&after=%ff&before=%00",
        "next=//evil.example&next=x",
        "next=%00",
        "next=%ff%fe",
        "a=%F0%9F%92%A9&%E2%80%AE=1",
        &"a=1&".repeat(2_000),
        &"x".repeat(20_000),
    ];
    for address in addresses::all() {
        let plain = admin.get(&address.path).await.status;
        for query in queries {
            let page = admin.get(&format!("{}?{query}", address.path)).await;
            // A link that is none is gone; a filter that cannot be read is refused.
            let refused = if query.starts_with("role=") { 422 } else { 410 };
            assert!(
                [plain.as_u16(), refused].contains(&page.status.as_u16()),
                "{} for {address:?} {query}",
                page.status
            );
            assert_answered(page, query);
        }
    }
}

#[tokio::test]
async fn an_address_that_leads_nowhere_is_a_page_that_leads_on() {
    let site = TestSite::start().await;
    let deep = "/a".repeat(5_000);
    let paths = [
        "/nothing",
        "/WAITLIST",
        "//waitlist",
        "/waitlist//joined",
        "/%2e%2e/etc/passwd",
        "/static/..%2f..%2fCargo.toml",
        "/static/%2e%2e/%2e%2e/etc/passwd",
        "/static/..%5c..%5cCargo.toml",
        "/static/%00",
        "/dev/mailbox/..%2f..%2fetc%2fpasswd",
        "/dev/mailbox/%00",
        "/dev/mailbox/%ff",
        "/.env",
        "/.git/config",
        "/.well-known/security.txt",
        "/api/nothing",
        "/%ff%fe",
        "/%zz",
        &deep,
    ];
    for path in paths {
        site.visitor().get(path).await.has_status(404).leads_on();
    }
    let raw = |path: &'static str| exchange(&site.base_url, format!("GET {path} HTTP/1.1\r\nHost: x\r\n\r\n"));
    for path in ["/../../etc/passwd", "/static/../../Cargo.toml", "/./waitlist/../../x", "/static/.%2e/x"] {
        raw(path).await.unwrap().has_status(404).leads_on();
    }
}

#[tokio::test]
async fn the_development_mailbox_shows_its_own_folder_alone() {
    let site = TestSite::with(&[("SMTP_URL", "")]).await;
    let visitor = site.visitor();
    visitor.get("/dev/mailbox").await.has_status(200);
    for id in ["..%2f..%2f..%2fetc%2fpasswd", "%2fetc%2fpasswd", "%00", "%ff", "x", "a%2fb"] {
        visitor.get(&format!("/dev/mailbox/{id}")).await.has_status(404).leads_on();
    }
}

/// Headers that somebody reads on the way to a page, and some that nobody may.
const HEADERS: [&str; 15] = [
    "cookie",
    "accept-language",
    "accept-encoding",
    "accept",
    "range",
    "if-modified-since",
    "if-none-match",
    "user-agent",
    "x-forwarded-for",
    "x-forwarded-host",
    "forwarded",
    "x-http-method-override",
    "content-type",
    "expect",
    "upgrade",
];
const GARBAGE: [&[u8]; 12] = [
    b"biovity=x",
    b"biovity=\xff\xfe",
    b"biovity=%00%ff; lang=%00",
    b"biovity=; biovity=; lang=; =; ;;",
    b"lang=\xff",
    b"\xc3\x28",
    b"es;q=9e999, en;q=-1, *;q=NaN",
    b"es;q=NaN,en;q=nan",
    b"-,_,;,;;q==",
    b"bytes=0-18446744073709551616,5-1,-",
    b"gzip;q=\xff, br;;;q",
    b"\"",
];

#[tokio::test]
async fn garbage_in_a_header_is_overlooked() {
    let site = TestSite::start().await;
    let (many, huge) = ("c=x; ".repeat(100), format!("biovity={}", "A".repeat(60_000)));
    let values = GARBAGE.into_iter().chain([many.as_bytes(), huge.as_bytes()]);
    for (name, value) in HEADERS.into_iter().flat_map(|name| values.clone().map(move |value| (name, value))) {
        for (path, expected) in [("/", 200), ("/account", 303), ("/robots.txt", 200)] {
            let page = send(site.visitor().request("GET", path).header(name, value)).await;
            let shown = String::from_utf8_lossy(value).chars().take(60).collect::<String>();
            assert_eq!(page.status, expected, "{path} {name}: {shown}");
        }
    }
    for name in HEADERS {
        let post = site.visitor().request("POST", "/waitlist").header(name, &b"\xff\xfe\x80"[..]);
        assert_answered(send(post.form(&[("email", "x")])).await, name);
    }
}

#[tokio::test]
async fn a_request_that_lies_about_its_length_joins_nobody() {
    let site = TestSite::start().await;
    let head = "POST /waitlist HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n";
    let body = "email=ana%40example.cl&role=employee";
    let requests = [
        format!("{head}Content-Length: 4000\r\n\r\n{body}"),
        format!("{head}Content-Length: -1\r\n\r\n{body}"),
        format!("{head}Content-Length: +36\r\n\r\n{body}"),
        format!("{head}Content-Length: 99999999999999999999\r\n\r\n{body}"),
        format!("{head}Content-Length: x\r\n\r\n{body}"),
        format!("{head}Content-Length: 36\r\nContent-Length: 5\r\n\r\n{body}"),
        format!("{head}Content-Length: 36\r\nTransfer-Encoding: chunked\r\n\r\n{body}"),
        format!("{head}Transfer-Encoding: chunked\r\n\r\nzz\r\n{body}\r\n0\r\n\r\n"),
        format!("{head}Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n{body}"),
        format!("{head}Transfer-Encoding: gzip\r\n\r\n{body}"),
        format!("{head}\r\n{body}"),
        format!("{head}Content-Length: 5\r\n\r\n{body}"),
    ];
    for request in requests {
        let mut wire = Wire::to(&site.base_url).await;
        wire.send(&request).await;
        wire.end().await;
        if let Some(page) = wire.answer().await {
            assert!(page.status.is_client_error(), "{} for {request}", page.status);
            assert_answered(page, &request);
        }
    }
    site.visitor().join("ana@example.cl", "employee").await.redirects_to("/waitlist/joined");
}

#[tokio::test]
async fn a_body_in_chunks_has_the_same_bound() {
    let site = TestSite::start().await;
    let head = "POST /waitlist HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n\
                Transfer-Encoding: chunked\r\n\r\n";
    let chunk = format!("400\r\n{}\r\n", "x".repeat(1024));
    let large = format!("{head}{}0\r\n\r\n", chunk.repeat(17));
    exchange(&site.base_url, large).await.unwrap().has_status(413).leads_on();
    let endless = format!("{head}{}", chunk.repeat(2_000));
    exchange(&site.base_url, endless).await.unwrap().has_status(413).leads_on();
    let body = "email=ana%40example.cl&role=employee";
    let small = format!("{head}{:x}\r\n{body}\r\n0\r\n\r\n", body.len());
    exchange(&site.base_url, small).await.unwrap().redirects_to("/waitlist/joined");
}

#[tokio::test]
async fn a_slow_body_is_cut_after_five_seconds() {
    let site = TestSite::start().await;
    let mut wire = Wire::to(&site.base_url).await;
    wire.send("POST /waitlist HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n").await;
    wire.send("Content-Length: 36\r\n\r\nemail=").await;
    let since = Instant::now();
    let page = wire.answer().await.unwrap();
    assert!(
        since.elapsed() > Duration::from_secs(4) && since.elapsed() < Duration::from_secs(9),
        "{:?}",
        since.elapsed()
    );
    page.has_status(408).leads_on();
    site.visitor().get("/").await.has_status(200);
}

#[tokio::test]
async fn bytes_that_are_no_http_are_refused_or_cut() {
    let site = TestSite::start().await;
    let many = format!("GET / HTTP/1.1\r\n{}\r\n", "a: b\r\n".repeat(500));
    let long = format!("GET /{} HTTP/1.1\r\nHost: x\r\n\r\n", "a".repeat(200_000));
    let requests: [&[u8]; 12] = [
        b"\0\0\0\0\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /\xff HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHo st: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nx: a\0b\r\n\r\n",
        b"GET / HTTP/1.1\r\n folded: x\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\n",
        many.as_bytes(),
        long.as_bytes(),
    ];
    for request in requests {
        let mut wire = Wire::to(&site.base_url).await;
        wire.send(request).await;
        wire.end().await;
        if let Some(page) = wire.answer().await {
            assert!(
                page.status.is_client_error(),
                "{} {:?}",
                page.status,
                String::from_utf8_lossy(&request[..20.min(request.len())])
            );
        }
    }
    let absolute = "GET http://evil.example/waitlist HTTP/1.1\r\nHost: x\r\n\r\n";
    let page = exchange(&site.base_url, absolute).await.unwrap().has_status(200);
    assert!(!page.body.contains("http://evil.example\""), "{}", page.body);
}
