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

use std::net::{SocketAddr, TcpListener};
use std::process;
use std::sync::atomic::{AtomicU16, Ordering};

pub use site::TestSite;

/// A password that no test refuses.
pub const PASSWORD: &str = "quillay sobre el volcán 7";

/// The system gives those from 32,768 on to whoever asks for any and to whoever connects (`ip_local_port_range`): one of them,
/// found free, is taken by another test before the program that was to have it listens.
const FIRST_PORT: u16 = 20_000;
const PORTS: u16 = 12_000;
/// Test processes that run at once begin so far apart.
const APART: u32 = 251;

/// An address that nobody listens on, each time another: for a program that is started later.
pub fn unused_address() -> SocketAddr {
    static TAKEN: AtomicU16 = AtomicU16::new(0);
    let begin = u16::try_from(process::id().wrapping_mul(APART) % u32::from(PORTS)).unwrap();
    loop {
        let port = FIRST_PORT + (begin + TAKEN.fetch_add(1, Ordering::Relaxed) % PORTS) % PORTS;
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        if TcpListener::bind(address).is_ok() {
            return address;
        }
    }
}
