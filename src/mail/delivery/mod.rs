//! Delivery: a worker claims letters that are due, sends them over SMTP or into the development mailbox, and records what
//! became of each. Only `relay.rs` speaks SMTP. It works on the tables `outbox_letter` and `outbox_breaker`.

mod message;
mod pace;
mod recorder;
mod relay;
mod send_result;
mod settlement;

pub mod circuit_breaker;
pub mod claim;
pub mod due_letter;
pub mod lease;
pub mod simulated_relay;
pub mod test_mail;
pub mod transport;
pub mod words;
pub mod worker;

pub use relay::Progress;
pub use send_result::SendResult;
