//! Webhooks: what endpoints are told, and what becomes of it whatever they answer.

mod by_hand;
mod delivery;
mod endpoint_acts;
pub mod endpoint_page;
mod example;
mod hostile_receiver;
mod many_deliveries;
pub mod receiver;
mod recording;
mod refusals;
mod taken_back;
mod three_workers;
mod unticked;
