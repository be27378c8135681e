//! Webhooks: what endpoints are told, and what becomes of it whatever they answer.

mod delivery;
mod endpoint_page;
mod receiver;
