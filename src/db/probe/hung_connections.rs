//! Ends connections to a server that hangs: its kernel goes on acknowledging what is sent, so that neither libpq nor TCP ever
//! gives them up, while another server may lead by now.

use std::fs;

use nix::sys::socket::{Shutdown, SockaddrIn, SockaddrIn6, SockaddrStorage, getpeername, shutdown};

/// The connections and files of this process, by their numbers.
const OPEN: &str = if cfg!(target_os = "linux") { "/proc/self/fd" } else { "/dev/fd" };

/// Ends every connection of this process to one of these ports, so that whoever waits on it gets an error at once; returns
/// how many. A connection to another program at such a port, as to a standby that is well, is ended too: whoever used it opens
/// another.
///
/// libpq keeps its sockets to itself, so all that are open are looked at. This needs no system call that service managers and
/// containers forbid, as they do `pidfd_getfd`. A number may be closed and given to another connection in between, which is
/// then ended in its place.
pub(super) fn end(ports: &[u16]) -> usize {
    let Ok(open) = fs::read_dir(OPEN) else { return 0 };
    let numbers = open.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    let leads_there = |number: &i32| port_of_peer(*number).is_some_and(|port| ports.contains(&port));
    numbers.filter(leads_there).filter(|number| shutdown(*number, Shutdown::Both).is_ok()).count()
}

/// The port that a connection leads to.
fn port_of_peer(number: i32) -> Option<u16> {
    let peer = getpeername::<SockaddrStorage>(number).ok()?;
    let port = peer.as_sockaddr_in().map(SockaddrIn::port);
    port.or_else(|| peer.as_sockaddr_in6().map(SockaddrIn6::port))
}
