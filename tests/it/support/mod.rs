//! What the tests stand on: a real PostgreSQL, a real SMTP server, visitors who read pages and mails.
#![allow(dead_code, missing_docs, reason = "each test binary uses a part of it")]

pub mod addresses;
pub mod database;
pub mod fault_proxy;
pub mod issuer;
pub mod joins_ledger;
pub mod oidc_provider;
pub mod page;
pub mod patroni;
pub mod pictures;
pub mod site;
pub mod smtp;
pub mod statements;
pub mod torture;
pub mod transaction_pooler;
pub mod visitor;
pub mod wire;

pub use site::TestSite;

/// A password that no test refuses.
pub const PASSWORD: &str = "quillay sobre el volcán 7";
