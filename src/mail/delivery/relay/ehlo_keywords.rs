//! Puts the keywords of a relay's answer to EHLO in capitals as they arrive: any case is allowed (RFC 5321 §2.4), and lettre
//! knows capitals only.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use lettre::transport::smtp::client::AsyncTokioStream;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// A connection on which answers to EHLO have their keywords in capitals. Whatever else comes is left as it is, encrypted
/// bytes too: nobody sends EHLO below an encryption.
#[derive(Debug)]
pub(super) struct EhloKeywords {
    stream: TcpStream,
    /// Whether the last command was EHLO.
    follows_ehlo: bool,
    /// Where in a line of the answer the next byte is, and whether the line is one of those with keywords.
    column: usize,
    is_positive: bool,
}

impl EhloKeywords {
    /// Over a connection on which nothing was said yet.
    pub(super) fn new(stream: TcpStream) -> Self {
        Self { stream, follows_ehlo: false, column: 0, is_positive: false }
    }

    fn capitalize(&mut self, bytes: &mut [u8]) {
        for byte in bytes {
            match (self.column, *byte) {
                (_, b'\n') => {
                    self.column = 0;
                    continue;
                }
                (0, first) => self.is_positive = first == b'2',
                _ if self.is_positive => byte.make_ascii_uppercase(),
                _ => {}
            }
            self.column += 1;
        }
    }
}

impl AsyncRead for EhloKeywords {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(cx, buffer))?;
        if self.follows_ehlo {
            self.capitalize(&mut buffer.filled_mut()[before..]);
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for EhloKeywords {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.follows_ehlo = bytes.starts_with(b"EHLO ");
        self.column = 0;
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

impl AsyncTokioStream for EhloKeywords {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.stream.peer_addr()
    }
}
