//! Whose address counts, behind proxies and without.

use crate::support::TestSite;
use crate::support::visitor::send;

/// Joins wrongly with these headers.
async fn join(site: &TestSite, headers: &[(&str, &str)]) -> u16 {
    let mut request = site.visitor().request("POST", "/waitlist").form(&[("email", "")]);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    send(request).await.status.as_u16()
}

async fn behind_a_proxy() -> TestSite {
    TestSite::with(&[("TRUSTED_PROXIES", "127.0.0.0/8, 10.0.0.0/8"), ("CLIENT_IP_HEADER", "X-Forwarded-For")]).await
}

#[tokio::test]
async fn without_proxies_no_header_changes_who_is_counted() {
    let site = TestSite::start().await;
    for number in 0..60 {
        let address = format!("203.0.113.{number}");
        let headers =
            ["x-forwarded-for", "x-real-ip", "cf-connecting-ip", "true-client-ip"].map(|name| (name, address.as_str()));
        assert_eq!(join(&site, &headers).await, 422);
    }
    assert_eq!(join(&site, &[("x-forwarded-for", "198.51.100.1"), ("forwarded", "for=198.51.100.1")]).await, 429);
}

#[tokio::test]
async fn behind_a_proxy_the_right_most_foreign_hop_is_counted() {
    let site = behind_a_proxy().await;
    for number in 0..60 {
        let hops = format!("198.51.100.{number}, 203.0.113.9, 10.1.2.3");
        assert_eq!(join(&site, &[("x-forwarded-for", &hops)]).await, 422);
    }
    let limited = [
        "203.0.113.9",
        "198.51.100.200, 203.0.113.9",
        "garbage, 203.0.113.9",
        "203.0.113.9 , 127.0.0.9",
        "::ffff:203.0.113.9",
    ];
    for hops in limited {
        assert_eq!(join(&site, &[("x-forwarded-for", hops)]).await, 429, "{hops}");
    }
    for hops in ["203.0.113.10", "203.0.113.9, 203.0.113.11", "", "203.0.113.9, garbage"] {
        assert_eq!(join(&site, &[("x-forwarded-for", hops)]).await, 422, "{hops}");
    }
    let lines = [("x-forwarded-for", "198.51.100.1"), ("x-forwarded-for", "203.0.113.9")];
    assert_eq!(join(&site, &lines).await, 429, "two lines are one list");
    assert_eq!(join(&site, &[("x-real-ip", "203.0.113.9")]).await, 422, "only the header that was configured");
}

#[tokio::test]
async fn one_ipv6_subscriber_is_one_network() {
    let site = behind_a_proxy().await;
    for number in 0..60 {
        let address = format!("2001:db8:1:2:{number:x}::{number:x}");
        assert_eq!(join(&site, &[("x-forwarded-for", &address)]).await, 422);
    }
    assert_eq!(join(&site, &[("x-forwarded-for", "2001:DB8:1:2:ffff:ffff:ffff:ffff")]).await, 429);
    assert_eq!(join(&site, &[("x-forwarded-for", "2001:db8:1:3::1")]).await, 422);
}

#[tokio::test]
async fn a_peer_that_is_no_proxy_is_not_believed() {
    let site = TestSite::with(&[("TRUSTED_PROXIES", "127.0.0.2"), ("CLIENT_IP_HEADER", "x-forwarded-for")]).await;
    for number in 0..60 {
        assert_eq!(join(&site, &[("x-forwarded-for", &format!("203.0.113.{number}"))]).await, 422);
    }
    assert_eq!(join(&site, &[("x-forwarded-for", "203.0.113.200")]).await, 429);
    let proxy = site.visitor_from("127.0.0.2").request("POST", "/waitlist").form(&[("email", "")]);
    send(proxy.header("x-forwarded-for", "203.0.113.200")).await.has_status(422);
}

#[tokio::test]
async fn a_port_behind_the_address_does_not_make_every_client_the_proxy() {
    let site = behind_a_proxy().await;
    for port in 0..60 {
        assert_eq!(join(&site, &[("x-forwarded-for", &format!("203.0.113.8:{}", 50_000 + port))]).await, 422);
    }
    assert_eq!(join(&site, &[("x-forwarded-for", "203.0.113.8:51234")]).await, 429);
    for other in ["203.0.113.9:51234", "[2001:db8::1]:443"] {
        assert_eq!(join(&site, &[("x-forwarded-for", other)]).await, 422, "{other} is somebody else");
    }
}

#[tokio::test]
async fn the_forwarded_header_names_the_client() {
    let variables = [("TRUSTED_PROXIES", "127.0.0.0/8"), ("CLIENT_IP_HEADER", "Forwarded")];
    let site = TestSite::with(&variables).await;
    for port in 0..60 {
        let header = format!("for=\"[2001:db8::1]:{}\";proto=https", 400 + port);
        assert_eq!(join(&site, &[("forwarded", &header)]).await, 422);
    }
    assert_eq!(join(&site, &[("forwarded", "for=\"[2001:db8::1]\"")]).await, 429);
    assert_eq!(join(&site, &[("forwarded", "for=203.0.113.8")]).await, 422);
}
