//! The address of an endpoint: https, and no address of a private network, unless the operator allows its host.

use std::net::IpAddr;

use url::{Host, Url};

use super::delivery::public_address::is_public;

/// Longest address, in bytes.
pub const LONGEST: usize = 2_000;

/// What is wrong with an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UrlProblem {
    /// There is none.
    Empty,
    /// It is no address of the web, or is too long.
    NotAnAddress,
    /// It holds a user name or a password.
    NamesUser,
    /// It does not begin with `https`.
    NotHttps,
    /// It leads into a private network, or to this machine.
    Private,
}

/// Reads an address. The parser writes an IP address in one way, however it was spelled: as a decimal, octal or hexadecimal
/// number, or mapped to IPv6. What a name stands for is looked at when it is called.
///
/// # Errors
/// Says what is wrong with it.
pub fn parse(typed: &str, allowed_hosts: &[String]) -> Result<Url, UrlProblem> {
    if typed.trim().is_empty() {
        return Err(UrlProblem::Empty);
    }
    let url = Url::parse(typed.trim()).map_err(|_| UrlProblem::NotAnAddress)?;
    let host = url.host().ok_or(UrlProblem::NotAnAddress)?;
    if typed.len() > LONGEST || url.fragment().is_some() || !["http", "https"].contains(&url.scheme()) {
        return Err(UrlProblem::NotAnAddress);
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(UrlProblem::NamesUser);
    }
    if allowed_hosts.contains(&host.to_string()) {
        return Ok(url);
    }
    let address = match host {
        Host::Domain(_) => None,
        Host::Ipv4(address) => Some(IpAddr::from(address)),
        Host::Ipv6(address) => Some(IpAddr::from(address)),
    };
    if address.is_some_and(|address| !is_public(address)) {
        return Err(UrlProblem::Private);
    }
    if url.scheme() == "https" { Ok(url) } else { Err(UrlProblem::NotHttps) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_private_address_is_refused_in_every_spelling() {
        let spellings = [
            "127.0.0.1",
            "2130706433",
            "0x7f000001",
            "0x7f.1",
            "0177.0.0.1",
            "017700000001",
            "127.1",
            "0",
            "[::1]",
            "[::]",
            "[::ffff:127.0.0.1]",
            "[::ffff:7f00:1]",
            "[0:0:0:0:0:ffff:a00:1]",
            "[64:ff9b::7f00:1]",
            "[2002:7f00:1::]",
            "10.0.0.1",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "[fe80::1]",
            "[fc00::1]",
            "[ff02::1]",
            "１２７.０.０.１",
        ];
        for host in spellings {
            assert_eq!(parse(&format!("https://{host}/hook"), &[]), Err(UrlProblem::Private), "{host}");
        }
    }

    #[test]
    fn only_https_is_taken_and_nothing_that_holds_a_user() {
        assert!(parse(" https://hooks.example.com:8443/in?team=1 ", &[]).is_ok());
        assert_eq!(parse("http://hooks.example.com/", &[]), Err(UrlProblem::NotHttps));
        for typed in ["https://u:p@example.com/", "https://u@example.com/", "https://:p@example.com/"] {
            assert_eq!(parse(typed, &[]), Err(UrlProblem::NamesUser), "{typed}");
        }
        assert_eq!(parse(" ", &[]), Err(UrlProblem::Empty));
        for typed in ["hooks", "ftp://example.com/", "https://a.cl/#x", "https:///"] {
            assert_eq!(parse(typed, &[]), Err(UrlProblem::NotAnAddress), "{typed}");
        }
        assert_eq!(parse(&format!("https://a.cl/{}", "a".repeat(LONGEST)), &[]), Err(UrlProblem::NotAnAddress));
    }

    #[test]
    fn the_operator_may_allow_a_host_by_name_or_address() {
        let allowed = ["hooks.internal".to_owned(), "10.0.0.7".to_owned()];
        for typed in ["http://hooks.internal/", "http://HOOKS.internal:81/", "http://10.0.0.7/", "https://167772167/"] {
            assert!(parse(typed, &allowed).is_ok(), "{typed}");
        }
        assert_eq!(parse("http://10.0.0.8/", &allowed), Err(UrlProblem::Private));
        assert_eq!(parse("http://other.internal/", &allowed), Err(UrlProblem::NotHttps));
    }
}
