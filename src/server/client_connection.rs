//! One connection of a client, within bounds that actix does not have: how long it may be at rest, also in the middle of the
//! head of a later request, and how long it may take nothing of an answer.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep_until};

use crate::web::metrics::metrics::Metrics;
use crate::web::protection::network_shares::Share;
use crate::web::protection::requests_in_hand::RequestsInHand;

/// Longest time without a request in hand: as long as an idle connection is kept, and as long again as a head may take.
/// actix times the head of the first request only, so that a client could send the second one byte by byte for ever.
pub(super) const MOST_AT_REST: Duration = Duration::from_secs(20);
/// Longest time in which a client takes nothing of what is sent.
const MOST_STALLED: Duration = Duration::from_secs(30);

/// The connection. Its share of its network's connections goes with it.
#[derive(Debug)]
pub(super) struct ClientConnection<Io> {
    io: Io,
    requests: RequestsInHand,
    metrics: Metrics,
    /// How many requests had been answered when this rest began, and when it ends.
    rest: Option<(u64, Instant)>,
    stall: Option<Instant>,
    timers: [Timer; 2],
    _share: Option<Share>,
}

/// A timer that is moved seldom: it looks at the deadline again when it has run out.
#[derive(Debug, Default)]
struct Timer(Option<Pin<Box<Sleep>>>);

impl Timer {
    /// Ready when the deadline has passed.
    fn poll(&mut self, deadline: Instant, cx: &mut Context<'_>) -> Poll<()> {
        let sleep = self.0.get_or_insert_with(|| Box::pin(sleep_until(deadline)));
        loop {
            if sleep.deadline() > deadline {
                sleep.as_mut().reset(deadline);
            }
            ready!(sleep.as_mut().poll(cx));
            if sleep.deadline() >= deadline {
                return Poll::Ready(());
            }
            sleep.as_mut().reset(deadline);
        }
    }
}

impl<Io> ClientConnection<Io> {
    /// With its share of its network's connections, where those are counted.
    pub(super) fn new(io: Io, metrics: Metrics, share: Option<Share>) -> Self {
        let (requests, timers) = Default::default();
        Self { io, requests, metrics, rest: None, stall: None, timers, _share: share }
    }

    /// The requests that are being answered on it.
    pub(super) fn requests(&self) -> RequestsInHand {
        self.requests.clone()
    }

    fn poll_rest(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if self.requests.are_any() {
            return Poll::Pending;
        }
        let ended = self.requests.ended();
        let end = match self.rest {
            Some((since, end)) if since == ended => end,
            _ => Instant::now() + MOST_AT_REST,
        };
        self.rest = Some((ended, end));
        self.timers[0].poll(end, cx)
    }

    fn poll_stall(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let end = *self.stall.get_or_insert_with(|| Instant::now() + MOST_STALLED);
        self.timers[1].poll(end, cx)
    }

    fn written<T>(&mut self, written: Poll<T>, cx: &mut Context<'_>) -> Poll<io::Result<T>> {
        if let Poll::Ready(written) = written {
            self.stall = None;
            return Poll::Ready(Ok(written));
        }
        ready!(self.poll_stall(cx));
        Poll::Ready(Err(self.cut("slow_reader")))
    }

    fn cut(&self, reason: &'static str) -> io::Error {
        self.metrics.overloads().count(reason);
        io::ErrorKind::TimedOut.into()
    }
}

impl<Io: AsyncRead + Unpin> AsyncRead for ClientConnection<Io> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if let Poll::Ready(read) = Pin::new(&mut this.io).poll_read(cx, buffer) {
            return Poll::Ready(read);
        }
        ready!(this.poll_rest(cx));
        Poll::Ready(Err(this.cut("slow_head")))
    }
}

impl<Io: AsyncWrite + Unpin> AsyncWrite for ClientConnection<Io> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let written = Pin::new(&mut this.io).poll_write(cx, bytes);
        this.written(written, cx)?.map(|written| written)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().io).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().io).poll_shutdown(cx)
    }
}
