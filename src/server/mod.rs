//! The running server. It puts the application together from the rooms below, names every address, orders the
//! middleware, runs the background jobs, and starts and stops. Only here do `accounts` and `waitlist` meet, by the
//! hooks that [`assembly`] wires. It owns no table.

pub mod assembly;
mod client_connection;
pub mod connection;
pub mod erasure;
mod failing_jobs;
pub mod http_server;
pub mod jobs;
pub mod listener;
pub mod metrics_page;
mod metrics_text;
pub mod middleware_order;
pub mod panics;
mod resource;
pub mod routes;
pub mod running;

pub use assembly::{assemble, settings, standby, webhook_worker, worker};
pub use connection::{connect, migrate};
pub use listener::Listener;
pub use middleware_order::site;
pub use running::Running;
