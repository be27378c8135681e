//! Sending: what a worker does whatever the relay does.

mod lease;
mod priority;
mod relay;
mod settlement;
mod verdict;
mod worker;
