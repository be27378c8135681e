//! The application as its users meet it: over HTTP and mail, on a real PostgreSQL.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on says so and stops"
)]

mod access;
mod accounts;
mod api_key;
mod architecture;
mod audit;
mod cli;
mod db;
mod deploy;
mod mail;
mod pitfalls;
mod plans;
mod schema;
mod search;
mod server;
mod support;
mod waitlist;
mod web;
mod webhook;
