//! The private PostgreSQL cluster that serves when no `DATABASE_URL` is given.
//!
//! It is a real server, found on the machine, with durable settings and nothing but a Unix socket in a private folder.
//! Three things end it: [`Cluster::stop`], dropping the [`Cluster`], and the watcher, a shell that outlives a killed
//! process and then stops the server that this process left. When the server ends by itself, a thread starts it again.
//!
//! ```text
//! <data_dir>/                 lock: held by the application
//!   postgres/                 server.lock: held by the server; server.log, server.log.old
//!     data/                   the cluster; made as data.new, renamed when it is whole
//!     run/                    the socket
//!   restoring/                a cluster that is being filled from a backup
//! ```

pub mod backup_file;
mod cluster;
mod error;
mod file_lock;
mod folders;
mod initdb;
mod launch;
mod orphan;
mod programs;
mod restoration;
mod server;
mod server_log;
mod supervisor;
mod system_user;
mod version;
mod watcher;

pub use cluster::{Cluster, Settings, exists, running};
pub use error::Error;
pub use restoration::Restoration;
