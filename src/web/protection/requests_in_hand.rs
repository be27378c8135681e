//! The requests of one connection that are being answered: while there is none, the connection waits for a head.

use std::cell::Cell;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::web::Bytes;

/// The requests of one connection. Clones share it; a connection stays on its thread.
#[derive(Clone, Debug, Default)]
pub struct RequestsInHand(Rc<Counts>);

#[derive(Debug, Default)]
struct Counts {
    begun: Cell<u64>,
    ended: Cell<u64>,
}

impl RequestsInHand {
    /// A request has arrived; it is in hand as long as the guard is there.
    #[must_use]
    pub fn begin(&self) -> InHand {
        self.0.begun.set(self.0.begun.get() + 1);
        InHand(self.clone())
    }

    /// Whether one is in hand.
    #[must_use]
    pub fn are_any(&self) -> bool {
        self.0.begun.get() > self.0.ended.get()
    }

    /// How many were answered so far.
    #[must_use]
    pub fn ended(&self) -> u64 {
        self.0.ended.get()
    }
}

/// A request in hand.
#[derive(Debug)]
pub struct InHand(RequestsInHand);

impl Drop for InHand {
    fn drop(&mut self) {
        let counts = &self.0.0;
        counts.ended.set(counts.ended.get() + 1);
    }
}

/// The body of an answer, with what is held until it is sent or given up.
#[derive(Debug)]
pub struct HeldBody<Held> {
    body: BoxBody,
    _held: Held,
}

impl<Held> HeldBody<Held> {
    /// Holds it as long as the body is there.
    pub fn new(body: BoxBody, held: Held) -> Self {
        Self { body, _held: held }
    }
}

impl<Held: Unpin> MessageBody for HeldBody<Held> {
    type Error = Box<dyn std::error::Error>;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, Self::Error>>> {
        Pin::new(&mut self.body).poll_next(cx)
    }
}
