//! The configuration: what operators set in the environment. It is read once, and all problems are reported at once.
//! Only this room reads the environment; it imports values alone.

mod environment;
mod listen_address;
mod service_manager;
mod settings;
mod variables;

pub use listen_address::ListenAddress;
pub use service_manager::{ServiceState, handed_over_sockets, tell_service_manager};
pub use settings::{Config, LogFormat, Problems};
pub use variables::{VARIABLES, Variable};
