//! Sending: what a worker does whatever the relay does.

mod lease;
mod relay;
mod worker;
