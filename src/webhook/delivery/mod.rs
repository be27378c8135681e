//! Delivery: a worker claims what is due, endpoint by endpoint, sends it, and records the answers. Only `client.rs` calls
//! endpoints.

pub mod answer;
pub mod claim;
pub mod client;
pub mod message;
pub mod public_address;
pub mod record;
mod resolver;
mod schedule;
pub mod worker;
