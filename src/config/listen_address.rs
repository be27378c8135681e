//! `LISTEN`: where the server waits for connections.

use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::str::FromStr;

/// An address with a port, or a Unix socket for a proxy on the same machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ListenAddress {
    /// `127.0.0.1:8080`, or a port alone, which is one of 127.0.0.1.
    Tcp(SocketAddr),
    /// `/run/biovity/http.sock`.
    UnixSocket(PathBuf),
}

impl ListenAddress {
    /// The port, unless it is a Unix socket.
    #[must_use]
    pub fn port(&self) -> Option<u16> {
        match self {
            Self::Tcp(address) => Some(address.port()),
            Self::UnixSocket(_) => None,
        }
    }
}

impl FromStr for ListenAddress {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        if text.starts_with('/') && !text.ends_with('/') {
            return Ok(Self::UnixSocket(PathBuf::from(text)));
        }
        let local = |port| SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        text.parse().or_else(|_| text.parse().map(local)).map(Self::Tcp).map_err(|_| ())
    }
}

impl fmt::Display for ListenAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(address) => write!(f, "{address}"),
            Self::UnixSocket(path) => write!(f, "{}", path.display()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_a_unix_socket_and_all_else_has_a_port() {
        let parse = |text: &str| text.parse::<ListenAddress>().map(|address| (address.port(), address.to_string()));
        assert_eq!(parse("[::1]:80"), Ok((Some(80), "[::1]:80".to_owned())));
        assert_eq!(parse("/run/biovity/http.sock"), Ok((None, "/run/biovity/http.sock".to_owned())));
        assert_eq!(parse("8080"), Ok((Some(8080), "127.0.0.1:8080".to_owned())));
        for wrong in ["70000", "localhost", "run/http.sock", "/run/", ""] {
            assert_eq!(parse(wrong), Err(()), "{wrong}");
        }
    }
}
