//! The client of a request: its address, which limits count and sessions remember, and its browser.

use std::future::{Ready, ready};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Once;

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};
use ipnet::IpNet;

use crate::config::Config;

/// Longest `User-Agent` that is kept, in characters.
const LONGEST_AGENT: usize = 300;

/// The client of a request, read from the connection and, behind our proxies, from the header that the operator named.
#[derive(Clone, Debug)]
pub struct Client {
    /// Its address.
    pub address: IpAddr,
    /// Its `User-Agent`, cut to 300 characters and without control characters.
    pub user_agent: String,
}

impl Client {
    /// The network that limits count: the IPv4 address, or the /64 network that one IPv6 subscriber has.
    #[must_use]
    pub fn network(&self) -> String {
        match self.address {
            IpAddr::V4(address) => address.to_string(),
            IpAddr::V6(address) => format!("{}/64", Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64))),
        }
    }
}

impl FromRequest for Client {
    type Error = actix_web::Error;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let agent = request.headers().get(header::USER_AGENT).map(|value| String::from_utf8_lossy(value.as_bytes()));
        let user_agent = agent.unwrap_or_default().chars().filter(|c| !c.is_control()).take(LONGEST_AGENT).collect();
        ready(Ok(Self { address: address(request), user_agent }))
    }
}

/// The address of the client: of the connection or, behind our proxies, of the header that the operator named.
#[must_use]
pub fn address(request: &HttpRequest) -> IpAddr {
    // Whoever comes by a Unix socket is on this machine.
    let peer = request.peer_addr().map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |peer| peer.ip().to_canonical());
    let Some(config) = request.app_data::<Data<Config>>() else { return peer };
    let Some(name) = config.client_ip_header.as_deref() else { return peer };
    let lines = request.headers().get_all(name).map(|value| value.to_str().unwrap_or_default());
    behind_proxies(peer, lines.collect::<Vec<_>>().join(",").as_str(), &config.trusted_proxies)
}

/// Warns once of a header that names no address: every client would count as the proxy.
static UNREADABLE: Once = Once::new();

/// The address before our own proxies: reads the hops from right to left and stops at the first that is not one of our
/// proxies, or is no address. The client wrote what is further left and may write anything there (better-auth#10203,
/// allauth 65.14.2).
fn behind_proxies(peer: IpAddr, hops: &str, trusted: &[IpNet]) -> IpAddr {
    let is_trusted = |address: &IpAddr| trusted.iter().any(|network| network.contains(address));
    let mut client = peer;
    for hop in hops.rsplit(',') {
        if !is_trusted(&client) {
            break;
        }
        let Some(address) = address_of(hop) else {
            if !hop.trim().is_empty() {
                UNREADABLE
                    .call_once(|| tracing::warn!("CLIENT_IP_HEADER holds what is no address; is it the right header?"));
            }
            break;
        };
        client = address.to_canonical();
    }
    client
}

/// The address of a hop: alone, with a port (`203.0.113.8:51234`), in brackets (`[2001:db8::1]:443`), or as the `for` of
/// a `Forwarded` element (RFC 7239 §4: `for="[2001:db8::1]:443";proto=https`).
fn address_of(hop: &str) -> Option<IpAddr> {
    let is_for = |name: &str| name.trim().eq_ignore_ascii_case("for");
    let mut parameters = hop.split(';').filter_map(|parameter| parameter.split_once('='));
    let node = parameters.find(|(name, _)| is_for(name)).map_or(hop, |(_, node)| node);
    let node = node.trim().trim_matches('"');
    let bare = node.strip_prefix('[').and_then(|node| node.strip_suffix(']'));
    let socket = || node.parse::<SocketAddr>().ok().map(|socket| socket.ip());
    bare.unwrap_or(node).parse().ok().or_else(socket)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(peer: &str, hops: &str) -> String {
        let trusted = ["10.0.0.0/8".parse().unwrap()];
        behind_proxies(peer.parse().unwrap(), hops, &trusted).to_string()
    }

    #[test]
    fn only_our_proxies_are_trusted() {
        assert_eq!(seen("192.0.2.1", "203.0.113.9"), "192.0.2.1");
        assert_eq!(seen("10.0.0.1", "203.0.113.9"), "203.0.113.9");
        assert_eq!(seen("10.0.0.1", "1.1.1.1, 203.0.113.9, 10.2.3.4"), "203.0.113.9");
        assert_eq!(seen("10.0.0.1", "203.0.113.9, garbage"), "10.0.0.1");
        assert_eq!(seen("10.0.0.1", ""), "10.0.0.1");
        assert_eq!(seen("10.0.0.1", "::ffff:203.0.113.9"), "203.0.113.9");
    }

    #[test]
    fn a_port_and_brackets_belong_to_no_address() {
        assert_eq!(seen("10.0.0.1", "203.0.113.8:51234"), "203.0.113.8");
        assert_eq!(seen("10.0.0.1", "[2001:db8::1]:443"), "2001:db8::1");
        assert_eq!(seen("10.0.0.1", "[2001:db8::1]"), "2001:db8::1");
        assert_eq!(seen("10.0.0.1", "2001:db8::1"), "2001:db8::1");
        assert_eq!(seen("10.0.0.1", "203.0.113.8:port"), "10.0.0.1");
    }

    #[test]
    fn a_forwarded_header_is_read_by_its_for() {
        assert_eq!(seen("10.0.0.1", r#"for="[2001:db8::1]:443";proto=https"#), "2001:db8::1");
        assert_eq!(seen("10.0.0.1", "proto=https;For=203.0.113.8, for=10.9.9.9"), "203.0.113.8");
        assert_eq!(seen("10.0.0.1", "for=unknown, for=_hidden"), "10.0.0.1");
    }

    #[test]
    fn one_subscriber_is_one_network() {
        let network = |address: &str| Client { address: address.parse().unwrap(), user_agent: String::new() }.network();
        assert_eq!(network("2001:db8:1:2:3::4"), network("2001:db8:1:2:ffff:ffff:ffff:ffff"));
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
        assert_ne!(network("203.0.113.9"), network("203.0.113.10"));
    }
}
