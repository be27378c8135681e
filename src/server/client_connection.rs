//! One connection of a client, within bounds that actix does not have: how long it may be at rest, also in the middle of the
//! head of a later request, and how long it may take nothing of an answer.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Sleep, sleep};

use crate::values::clock::Stopwatch;
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
    /// How many requests had been answered when this rest began, and since when it lasts.
    rest: Option<(u64, Stopwatch)>,
    rest_timer: Timer,
    stall: Option<Stopwatch>,
    stall_timer: Timer,
    _share: Option<Share>,
}

/// A timer that looks at the time left when it runs out, so that a request need not move it.
#[derive(Debug, Default)]
struct Timer(Option<Pin<Box<Sleep>>>);

impl Timer {
    /// Ready when `most` has passed since then.
    fn poll(&mut self, since: Stopwatch, most: Duration, cx: &mut Context<'_>) -> Poll<()> {
        let left = || most.saturating_sub(since.elapsed());
        let sleeping = self.0.get_or_insert_with(|| Box::pin(sleep(left())));
        loop {
            ready!(sleeping.as_mut().poll(cx));
            if left().is_zero() {
                return Poll::Ready(());
            }
            sleeping.set(sleep(left()));
        }
    }
}

impl<Io> ClientConnection<Io> {
    /// With its share of its network's connections, where those are counted.
    pub(super) fn new(io: Io, metrics: Metrics, share: Option<Share>) -> Self {
        let (requests, rest_timer, stall_timer) = Default::default();
        Self { io, requests, metrics, rest: None, rest_timer, stall: None, stall_timer, _share: share }
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
        let (_, since) = *self
            .rest
            .insert(self.rest.filter(|(before, _)| *before == ended).unwrap_or_else(|| (ended, Stopwatch::start())));
        self.rest_timer.poll(since, MOST_AT_REST, cx)
    }

    fn poll_stall(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let since = *self.stall.get_or_insert_with(Stopwatch::start);
        self.stall_timer.poll(since, MOST_STALLED, cx)
    }

    fn written(&mut self, written: Poll<io::Result<usize>>, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        if written.is_ready() {
            self.stall = None;
            return written;
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
        this.written(written, cx)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().io).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().io).poll_shutdown(cx)
    }
}
