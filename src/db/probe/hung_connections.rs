//! Ends connections to a server that hangs: its kernel goes on acknowledging what is sent, so that neither libpq nor TCP ever
//! gives them up, while another server may lead by now.

/// Ends every connection of this process to one of these ports, so that whoever waits on it gets an error at once; returns
/// how many. A connection to another program at such a port, as to a standby that is well, is ended too: whoever used it opens
/// another. Only Linux can.
#[cfg(target_os = "linux")]
pub(super) fn end(ports: &[u16]) -> usize {
    use std::net::SocketAddr;

    use rustix::net::{Shutdown, getpeername, shutdown};
    use rustix::process::{PidfdFlags, PidfdGetfdFlags, getpid, pidfd_getfd, pidfd_open};

    let (Ok(process), Ok(open)) = (pidfd_open(getpid(), PidfdFlags::empty()), std::fs::read_dir("/proc/self/fd"))
    else {
        return 0;
    };
    let numbers = open.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    let leads_there = |number| {
        let socket = pidfd_getfd(&process, number, PidfdGetfdFlags::empty()).ok()?;
        let peer = SocketAddr::try_from(getpeername(&socket).ok()??).ok()?;
        ports.contains(&peer.port()).then_some(socket)
    };
    numbers.filter_map(leads_there).filter(|socket| shutdown(socket, Shutdown::Both).is_ok()).count()
}

/// Does nothing: the connections end when the server does.
#[cfg(not(target_os = "linux"))]
pub(super) fn end(_ports: &[u16]) -> usize {
    0
}
