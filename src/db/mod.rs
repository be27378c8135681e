//! The way to PostgreSQL: `Db::read` and `Db::write` over a bounded pool, the private cluster that serves when no
//! database is configured, migrations, and exact counts shared by all replicas. Only this room touches the pool and hands
//! work to blocking threads. It owns the tables `migrations` and `rate_limit`.

mod attempt;
mod connection_pool;
mod connector;
mod error;
mod image_worker;
mod password_hasher;
mod permits;
mod pooler;
mod probe;

pub mod batch;
pub mod binds;
pub mod embedded;
pub mod functions;
pub mod migrations;
pub mod sequences;
pub mod sliding_window;
pub mod work_queue;

pub use batch::BATCH;
pub use connection_pool::standby::{Standby, StandbyState};
pub use connection_pool::{Db, PoolUsage, Settings};
pub use connector::establish;
pub use error::{Error, Queue};
pub use functions::{clock_timestamp, coalesce, lower, names_any};
pub use image_worker::ImageWorker;
pub use password_hasher::{Memory, PasswordHasher};
pub use permits::caller::Caller;
pub use permits::worker_threads::Usage;
pub use probe::health::Health;
