//! Sending: what a worker does whatever the relay does.

mod broken_link;
mod lease;
mod postfix;
mod priority;
mod recorder;
mod relay;
mod settlement;
mod three_workers;
mod verdict;
mod worker;
