//! Whether an address is one of the public internet. Whoever may name an endpoint must not reach through us what only this
//! machine or its network can (server-side request forgery).

use std::net::IpAddr;
use std::sync::LazyLock;

use ipnet::{Ipv4Net, Ipv6Net};

/// What is not public of IPv4: IANA's special-purpose registry, multicast and reserved addresses.
const NOT_PUBLIC_V4: [&str; 15] = [
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.88.99.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/4",
    "240.0.0.0/4",
];
/// What is public of IPv6 is in here: unique local, link-local and translated addresses (NAT64) are not.
const PUBLIC_V6: &str = "2000::/3";
/// What of that is not: protocols and tunnels (Teredo, 6to4), which hold an IPv4 address, and documentation.
const NOT_PUBLIC_V6: [&str; 4] = ["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"];

static V4: LazyLock<Vec<Ipv4Net>> = LazyLock::new(|| NOT_PUBLIC_V4.iter().filter_map(|net| net.parse().ok()).collect());
static V6: LazyLock<Vec<Ipv6Net>> = LazyLock::new(|| NOT_PUBLIC_V6.iter().filter_map(|net| net.parse().ok()).collect());
static ALL_V6: LazyLock<Option<Ipv6Net>> = LazyLock::new(|| PUBLIC_V6.parse().ok());

/// Whether an address is public. One that is mapped to IPv6 is looked at as what it stands for.
#[must_use]
pub fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => !V4.iter().any(|net| net.contains(&address)),
        IpAddr::V6(address) => {
            ALL_V6.is_some_and(|net| net.contains(&address)) && !V6.iter().any(|net| net.contains(&address))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_network_of_the_tables_is_read() {
        assert_eq!((V4.len(), V6.len()), (NOT_PUBLIC_V4.len(), NOT_PUBLIC_V6.len()));
    }

    #[test]
    fn the_first_and_last_address_of_each_private_network_is_not_public_and_its_neighbours_are() {
        let edges = [
            ("9.255.255.255", "10.0.0.0", "10.255.255.255", "11.0.0.0"),
            ("100.63.255.255", "100.64.0.0", "100.127.255.255", "100.128.0.0"),
            ("126.255.255.255", "127.0.0.0", "127.255.255.255", "128.0.0.0"),
            ("169.253.255.255", "169.254.0.0", "169.254.255.255", "169.255.0.0"),
            ("172.15.255.255", "172.16.0.0", "172.31.255.255", "172.32.0.0"),
            ("192.167.255.255", "192.168.0.0", "192.168.255.255", "192.169.0.0"),
            ("223.255.255.255", "224.0.0.0", "255.255.255.255", "1.0.0.0"),
            ("2001:4860::8888", "2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "2606:4700::1111"),
        ];
        for (before, first, last, behind) in edges {
            let public = [before, first, last, behind].map(|address| is_public(address.parse().unwrap()));
            assert_eq!(public, [true, false, false, true], "{first} to {last}");
        }
        let never = "0.0.0.0 :: ::1 ::ffff:10.0.0.1 ::ffff:0:127.0.0.1 ::127.0.0.1 64:ff9b::a00:1 64:ff9b:1::1 100::1 \
                     2001::1 2002:a00:1:: fc00::1 fdff::1 fe80::1 fec0::1 ff02::1 5f00::1";
        for address in never.split_whitespace() {
            assert!(!is_public(address.parse().unwrap()), "{address}");
        }
        assert!(is_public("::ffff:1.1.1.1".parse().unwrap()), "mapped, and public");
    }
}
