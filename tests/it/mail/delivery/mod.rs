//! Sending: what a worker does whatever the relay does.

mod broken_link;
mod lease;
mod priority;
mod recorder;
mod relay;
mod settlement;
mod verdict;
mod worker;
