//! The socket on which the server waits: handed over by the service manager, else opened here.

use std::fs::{self, Permissions};
use std::io;
use std::net::TcpListener;
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};

use crate::config::{self, ListenAddress};

/// Who may connect to a Unix socket: its owner, and the group that the proxy belongs to.
const SOCKET_MODE: u32 = 0o660;

/// An open socket.
#[derive(Debug)]
pub enum Listener {
    /// With an address and a port.
    Tcp(TcpListener),
    /// With a path; the file is removed at the end if it was made here.
    Unix(UnixListener, Option<PathBuf>),
}

impl Listener {
    /// The socket that the service manager handed over; else one that is opened at `address`.
    ///
    /// # Errors
    /// When the address is taken or not ours, or what was handed over is no such socket.
    pub fn open(address: &ListenAddress) -> io::Result<Self> {
        let mut sockets = config::handed_over_sockets();
        if sockets.len() == 0 {
            return Self::bind(address);
        }
        // The kind of the socket decides, and not LISTEN.
        let handed_over = match sockets.take_tcp_listener(0) {
            Ok(socket) => socket.map(Self::Tcp),
            Err(_) => sockets.take_unix_listener(0)?.map(|socket| Self::Unix(socket, None)),
        };
        handed_over.map_or_else(|| Self::bind(address), Ok)
    }

    fn bind(address: &ListenAddress) -> io::Result<Self> {
        match address {
            ListenAddress::Tcp(address) => TcpListener::bind(address).map(Self::Tcp),
            ListenAddress::UnixSocket(path) => {
                remove_stale(path)?;
                let listener = UnixListener::bind(path)?;
                fs::set_permissions(path, Permissions::from_mode(SOCKET_MODE))?;
                Ok(Self::Unix(listener, Some(path.clone())))
            }
        }
    }
}

/// Removes the socket of a process that was killed: nobody answers there. Any other file is left alone.
fn remove_stale(path: &Path) -> io::Result<()> {
    if !fs::symlink_metadata(path).is_ok_and(|file| file.file_type().is_socket()) {
        return Ok(());
    }
    match UnixStream::connect(path) {
        Ok(_) => Err(io::ErrorKind::AddrInUse.into()),
        Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => fs::remove_file(path),
        Err(error) => Err(error),
    }
}
